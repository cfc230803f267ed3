/**
 * All heads, awake: one of them is chosen and shown large, any of them is muted, and the next word answers. The pictures
 * are drawn by the functions that the build used.
 */
import type { FigureData } from '../../figures/figure-data.ts';
import { type Heads, headsData, headsOf, headsOfTrace, layersOf } from '../../figures/heads-data.ts';
import { headsHtml } from '../../figures/heads-picture.ts';
import { wholePercents, withPercentSign } from '../../figures/numbers.ts';
import { type Odds, oddsOfModel, topWords } from '../../figures/odds.ts';
import { oddsList } from '../../figures/odds-picture.ts';
import { called, noticeOfRow, peakOf, readText } from '../../figures/pattern.ts';
import { drawColumn, drawStrip } from '../../figures/strip.ts';
import { inlineHtml, OTHER_WORDS, plainText } from '../../figures/text.ts';
import type { HeadPlace } from '../../figures/world.ts';
import { readChanges, readHead, readPlace, sameHead, sayChanges, sayHead } from '../attention-state.ts';
import { beforeAndNow, sayMove } from '../before-and-now.ts';
import { openWorld, type PageWorld } from '../engine.ts';
import { announce, figureJson, fromHtml, type IslandState, resetButton, state } from '../island.ts';
import { canRead, OwnWords, ownWordsLabel } from '../own-words.ts';
import { sayAgain } from '../said-again.ts';
import { focusWord, placeByKey } from '../strip-keys.ts';

/** Next words that are shown. */
const NEXT = 5;

/** @throws Error when the model or the figure's numbers cannot be fetched or read */
export async function bringToLife(element: HTMLElement): Promise<void> {
  const [world, data] = await Promise.all([openWorld(), figureJson(element)]);
  await new LiveHeads(element, data, world).start();
}

class LiveHeads {
  private readonly element: HTMLElement;
  private readonly world: PageWorld;
  private readonly data: FigureData;
  private readonly home: Heads;
  private readonly homeText: string;
  private readonly state: IslandState;
  private readonly own: OwnWords;
  private readonly reset: HTMLButtonElement;
  private readonly parts: ReturnType<LiveHeads['build']>;
  private text: string;
  private heads: Heads;
  private chosen: HeadPlace | undefined;
  /** The word that the reader looks from; absent: as the figure has it. */
  private looking: number | undefined;
  private mute: HeadPlace[] = [];
  private now: Odds = new Map();
  /** The odds with no head muted; absent where none is. */
  private before: Odds | undefined;
  /** Such odds of the words that were read last, so that a change costs one run and not two. */
  private unaltered: { text: string; odds: Odds } | undefined;
  /** Counts changes, so that an answer that comes late is not drawn over a later one. */
  private turn = 0;

  constructor(element: HTMLElement, data: FigureData, world: PageWorld) {
    this.element = element;
    this.world = world;
    this.data = data;
    this.home = headsOf(data);
    this.homeText = data.detail.text as string;
    this.state = state(data.name);
    this.text = this.homeText;
    this.heads = this.home;
    this.own = new OwnWords(`${data.name}-words`, ownWordsLabel(world), world, (text) => void this.changeWords(text));
    this.own.show(this.text);
    this.own.field.input.addEventListener('input', () => this.offerReset());
    this.reset = resetButton(() => void this.undoAll());
    this.parts = this.build();
  }

  async start() {
    this.element.addEventListener('click', (event) => this.click(event));
    this.element.addEventListener('keydown', (event) => this.key(event));
    const values = this.state.read();
    const { config } = this.world.model;
    if (values.text !== undefined && canRead(values.text, this.world)) {
      this.text = values.text;
      this.own.show(this.text);
      this.toggleWords(true);
    }
    const { words } = readText(this.text, this.world);
    this.chosen = readHead(values.head, config);
    this.looking = readPlace(values.word, words.length);
    this.mute = readChanges(values, words.length, config, true).mute;
    await this.compute();
  }

  private build() {
    const { name } = this.data;
    const above = fromHtml(`<div class="your-words" id="${name}-your-words" hidden></div>`);
    above.append(this.own.element);
    const large = fromHtml(
      '<div class="one-head" hidden><p class="part which"></p><div class="picture"></div><p class="found"></p><div class="tools"><button type="button" class="quiet mute">Mute this head</button><button type="button" class="quiet listen" hidden>Hear all heads again</button></div><p class="altered"></p><div class="then"></div></div>',
    );
    const hint = fromHtml(
      '<span class="hint"><span class="by-mouse">Choose a head, by a click or the arrow keys.</span><span class="by-touch">Touch a head.</span></span>',
    );
    const toggle = fromHtml(
      `<button type="button" class="quiet try" aria-expanded="false" aria-controls="${name}-your-words">Try your own words</button>`,
    );
    const picture = this.element.querySelector<HTMLElement>('.picture')!;
    picture.before(above);
    picture.after(large);
    this.element.querySelector('.fig-foot')!.prepend(hint, toggle, this.reset);
    const find = <T extends HTMLElement>(selector: string) => large.querySelector<T>(selector)!;
    return {
      picture,
      above,
      large,
      toggle,
      which: find('.which'),
      strip: find('.picture'),
      found: find('.found'),
      muteIt: find('.mute'),
      listen: find('.listen'),
      altered: find('.altered'),
      nextWords: find('.then'),
    };
  }

  /** The place that looks in the large strip: the reader's, the figure's, or the last. */
  private get from(): number {
    return this.looking ?? this.heads.looking ?? this.heads.words.length - 1;
  }

  private click(event: Event) {
    const target = event.target as Element;
    const head = target.closest<HTMLElement>('button.one');
    const word = target.closest<SVGElement>('.strip .word[data-place]');
    if (head) this.choose({ layer: Number(head.dataset.layer), head: Number(head.dataset.head) });
    else if (word) this.look(Number(word.dataset.place));
    else if (target.closest('.mute')) void this.toggleMute();
    else if (target.closest('.listen')) void this.listen();
    else if (target.closest('.try')) {
      this.toggleWords(this.parts.above.hidden !== false);
      if (!this.parts.above.hidden) this.own.field.input.focus();
    }
  }

  private key(event: KeyboardEvent) {
    const place = placeByKey(event, this.heads.words.length - 1);
    if (place !== undefined) return this.look(place);
    const button = (event.target as Element).closest<HTMLElement>('button.one');
    if (!button || event.altKey || event.ctrlKey || event.metaKey) return;
    const { shown } = this.heads;
    const perRow = this.world.model.config.nHeads;
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const here = { layer: Number(button.dataset.layer), head: Number(button.dataset.head) };
    const next = shown[shown.findIndex((one) => sameHead(one, here)) + step];
    if (next) this.choose({ layer: next.layer, head: next.head });
  }

  private choose(head: HeadPlace) {
    this.chosen = head;
    this.draw();
    this.element
      .querySelector<HTMLElement>(`button.one[data-layer="${head.layer}"][data-head="${head.head}"]`)
      ?.focus();
    const { words } = this.heads;
    const row = this.weightsOf(head)[this.from];
    const peak = peakOf(row);
    announce(
      this.element,
      `Layer ${head.layer}, head ${head.head}: ${words[this.from]} looks most at ${plainText(called(words, peak, this.from))}, ${withPercentSign(wholePercents(row)[peak])}.`,
    );
  }

  private look(place: number) {
    this.looking = place;
    this.draw();
    focusWord(this.parts.strip, place);
    const { words } = this.heads;
    const row = this.weightsOf(this.chosen!)[place];
    const peak = peakOf(row);
    announce(
      this.element,
      `${words[place]} looks most at ${plainText(called(words, peak, place))}: ${withPercentSign(wholePercents(row)[peak])}.`,
    );
  }

  private weightsOf(head: HeadPlace): number[][] {
    return this.heads.shown.find((one) => sameHead(one, head))!.weights;
  }

  private async toggleMute() {
    const head = this.chosen!;
    const isMuted = this.mute.some((one) => sameHead(one, head));
    this.mute = isMuted ? this.mute.filter((one) => !sameHead(one, head)) : [...this.mute, head];
    if (!(await this.compute())) return;
    const done = `Layer ${head.layer}, head ${head.head} ${isMuted ? 'heard again' : 'muted'}.`;
    announce(this.element, this.before ? `${done} ${sayMove(this.before, this.now)}` : done);
  }

  private async listen() {
    this.mute = [];
    if (!(await this.compute())) return;
    this.parts.muteIt.focus();
    announce(this.element, 'All heads are heard again.');
  }

  private toggleWords(isOpen: boolean) {
    const { above, toggle } = this.parts;
    above.hidden = !isOpen;
    toggle.setAttribute('aria-expanded', String(isOpen));
    toggle.textContent = isOpen ? 'Close' : 'Try your own words';
  }

  private async changeWords(text: string) {
    this.text = text;
    // The last word looks, as long as the reader picks no other in these words.
    this.looking = undefined;
    await this.compute();
  }

  private async undoAll() {
    this.text = this.homeText;
    this.chosen = undefined;
    this.looking = undefined;
    this.mute = [];
    this.own.show(this.text);
    await this.compute();
    // The button that was pressed is gone.
    this.parts.toggle.focus();
    announce(this.element, 'All heads, as they were.');
  }

  /** Runs the model as it is asked for now, and draws. False where another change came in between. */
  private async compute(): Promise<boolean> {
    const turn = ++this.turn;
    const { world, home, mute } = this;
    const text = readText(this.text, world);
    const trace = await world.run(text.ids, { mute });
    const now = oddsOfModel(trace, world);
    let { unaltered } = this;
    if (mute.length === 0) unaltered = { text: this.text, odds: now };
    else if (unaltered?.text !== this.text) {
      unaltered = { text: this.text, odds: oddsOfModel(await world.run(text.ids), world) };
    }
    if (turn !== this.turn) return false;
    const isHome = this.text === this.homeText || home.looking === undefined;
    const looking = isHome ? home.looking : text.words.length - 1;
    const shown = headsOfTrace(trace, text, layersOf(home), world);
    this.heads = { words: text.words, shown, framed: home.framed, looking };
    this.now = now;
    this.unaltered = unaltered;
    this.before = mute.length > 0 ? unaltered?.odds : undefined;
    this.draw();
    return true;
  }

  private draw() {
    const { element, parts, world, home, chosen } = this;
    // Below the heads: the word that the reader looks from, once there is one.
    const heads: Heads = { ...this.heads, framed: chosen ?? home.framed, looking: this.looking ?? this.heads.looking };
    const data = headsData({ ...this.data, text: this.text }, heads, world, this.data.name);
    const first = heads.shown[0];
    parts.picture.innerHTML = headsHtml(heads, { chosen: heads.framed ?? first, muted: this.mute });
    sayAgain(element, data);
    const isMine = this.text !== this.homeText;
    element.querySelector('figcaption')!.innerHTML = isMine
      ? 'Your words, read in this page by the same model. The files below hold the figure as it was printed.'
      : inlineHtml(this.data.caption);
    this.drawLarge();
    this.state.write({
      text: isMine ? this.text : '',
      head: chosen ? sayHead(chosen) : '',
      word: this.looking === undefined ? '' : String(this.looking),
      ...sayChanges({ mute: this.mute }, true),
    });
    this.offerReset();
  }

  /** The chosen head's strip, and what the next word would be. */
  private drawLarge() {
    const { parts, chosen, from, heads, mute } = this;
    parts.large.hidden = !chosen;
    if (!chosen) return;
    const row = { words: heads.words, looking: from, weights: this.weightsOf(chosen)[from] };
    const strip = drawStrip(row, { alive: true });
    parts.which.textContent = `Layer ${chosen.layer}, head ${chosen.head}`;
    parts.strip.className = strip ? 'picture' : 'picture long';
    parts.strip.innerHTML = `<div class="sentence">${strip}${drawColumn(row, { alive: true })}</div>`;
    parts.found.innerHTML = inlineHtml(noticeOfRow(heads.words, row.weights, from));
    const isMuted = mute.some((one) => sameHead(one, chosen));
    parts.muteIt.setAttribute('aria-pressed', String(isMuted));
    parts.muteIt.textContent = isMuted ? 'This head is muted' : 'Mute this head';
    parts.listen.hidden = mute.length === 0;
    parts.altered.innerHTML =
      mute.length === 0
        ? ''
        : `<b>Muted:</b> ${mute.map(({ layer, head }) => `layer ${layer}, head ${head}`).join('; ')}.${isMuted ? ' This head still looks; what it finds is thrown away.' : ''}`;
    const { top, rest } = topWords(this.now, NEXT);
    parts.nextWords.innerHTML = this.before
      ? beforeAndNow(this.before, this.now, NEXT)
      : oddsList([...top, [OTHER_WORDS, rest]]);
  }

  private offerReset() {
    const isHome = !this.chosen && this.looking === undefined && this.mute.length === 0 && this.text === this.homeText;
    this.reset.hidden = isHome && this.own.field.text === this.homeText;
  }
}
