/**
 * One pass with every number open: a reader picks a sentence, a word and a head, and opens any number to the lists that made
 * it, and those to theirs, down to what is stored. Computed in double precision, so that what is shown adds up.
 */
import { reference } from '../../attention/reference.ts';
import type { FigureData } from '../../figures/figure-data.ts';
import { openedHtml, sayOpened } from '../../figures/number-opened.ts';
import {
  type NumberName,
  numberOf,
  type Pass,
  readName,
  type Source,
  sourceOf,
  writeName,
} from '../../figures/number-source.ts';
import { peakOf, readText } from '../../figures/pattern.ts';
import { type RowSteps, rowSteps, stepsData } from '../../figures/steps-data.ts';
import { stepSections } from '../../figures/steps-picture.ts';
import { escapeHtml, inlineHtml, plainText, START } from '../../figures/text.ts';
import { createWorld, type HeadPlace, type World } from '../../figures/world.ts';
import { openWorld } from '../engine.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';
import { canRead, OwnWords, ownWordsLabel } from '../own-words.ts';
import { badgeAgain, sayAgain } from '../said-again.ts';

/** What is shown: a text, the word that looks, a head, the word whose key and value are shown (absent: the one looked at most). */
interface Asked extends HeadPlace {
  text: string;
  looking: number;
  at?: number;
}

/** @throws Error when the figure's numbers or the model cannot be fetched */
export async function bringToLife(element: HTMLElement): Promise<void> {
  const [data, page] = await Promise.all([figureJson(element), openWorld()]);
  const world = createWorld({ model: page.model, attend: reference, precision: 'float64' });
  await new LiveSteps(element, data, world).start();
}

class LiveSteps {
  private readonly element: HTMLElement;
  private readonly printed: FigureData;
  private readonly world: World;
  private readonly state: ReturnType<typeof state>;
  private readonly home: Asked;
  private readonly homeWords: readonly string[];
  private readonly words: OwnWords;
  private readonly reset: HTMLButtonElement;
  private readonly controls: HTMLElement;
  private readonly others: HTMLElement;
  private asked: Asked;
  private pass!: Pass;
  private row!: RowSteps;
  private data!: FigureData;
  /** The opened number, last, and those on the way to it. */
  private trail: NumberName[] = [];
  private whole = false;
  /** The sections as they stand in the page. */
  private drawn: string[] = [];
  private turn = 0;

  constructor(element: HTMLElement, printed: FigureData, world: World) {
    const { text, looking, layer, head, opened, words } = printed.detail as Record<string, never>;
    this.element = element;
    this.printed = printed;
    this.world = world;
    this.state = state(printed.name);
    this.home = { text, looking, layer, head, at: opened };
    this.homeWords = words;
    this.asked = this.home;
    const { model } = world;
    this.words = new OwnWords(
      `${printed.name}-words`,
      ownWordsLabel(world),
      world,
      (typed) => void this.changeWords(typed),
    );
    this.reset = resetButton(() => void this.goHome());
    const options = (count: number) => Array.from({ length: count }, (_, i) => `<option>${i + 1}</option>`).join('');
    this.controls = fromHtml(
      '<div class="pass-controls"><div class="lookers" role="group" aria-label="The word that looks"></div><div class="row"></div></div>',
    );
    this.others = fromHtml(
      `<details class="engine"><summary>Your own sentence, another head</summary><div class="heads"><label>Layer <select class="layer">${options(model.config.nLayers)}</select></label><label>Head <select class="head">${options(model.config.nHeads)}</select></label></div></details>`,
    );
    this.others.querySelector('.heads')!.before(this.words.element);
    this.controls.append(this.others);
  }

  async start() {
    const { element, controls } = this;
    element.querySelector('.picture')!.before(controls);
    controls.querySelector('.row')!.append(this.reset);
    element.addEventListener('click', (event) => this.click(event));
    element.addEventListener('keydown', (event) => this.key(event));
    element.addEventListener('pointermove', (event) => this.drag(event));
    for (const select of this.others.querySelectorAll('select')) {
      select.addEventListener('change', () => void this.changeHead());
    }
    await this.restore();
  }

  private select(name: 'layer' | 'head') {
    return this.others.querySelector<HTMLSelectElement>(`.${name}`)!;
  }

  /** What the address asks for; whatever it asks in vain is as the lesson has it. */
  private async restore() {
    const kept = this.state.read();
    const { config, tokenizer } = this.world.model;
    const whole = (text: string | undefined, least: number, most: number) =>
      text !== undefined && /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most
        ? Number(text)
        : undefined;
    const text = kept.text !== undefined && canRead(kept.text, this.world) ? kept.text : this.home.text;
    const last = tokenizer.encode(text).words.length;
    const isHome = text === this.home.text;
    this.asked = {
      text,
      looking: whole(kept.word, 0, last) ?? (isHome ? this.home.looking : last),
      layer: whole(kept.layer, 1, config.nLayers) ?? this.home.layer,
      head: whole(kept.head, 1, config.nHeads) ?? this.home.head,
    };
    const at = whole(kept.at, 0, last);
    if (at !== undefined) this.asked.at = at;
    else if (this.isHomeRow()) this.asked.at = this.home.at;
    await this.compute();
    const opened = (kept.open ?? '').split('.').map((name) => readName(name, this.pass));
    if (kept.open === 'none') this.trail = [];
    else if (kept.open && opened.every((name) => name !== undefined)) this.trail = opened as NumberName[];
    else this.trail = [this.dotProduct()];
    this.whole = kept.all === 'yes';
    this.drawAll();
  }

  private isHomeRow() {
    const { text, looking, layer, head } = this.asked;
    return (
      [text, looking, layer, head].join() ===
      [this.home.text, this.home.looking, this.home.layer, this.home.head].join()
    );
  }

  /** The dot product that the printed picture shows opened. */
  private dotProduct(): NumberName {
    const { layer, head, looking } = this.asked;
    return { what: 'score', layer, head, word: looking, entry: this.at };
  }

  private get at() {
    return this.asked.at ?? peakOf(this.row.weights);
  }

  private async compute() {
    const turn = ++this.turn;
    const { text, looking } = this.asked;
    const { ids, words } = readText(text, this.world);
    const trace = this.pass?.trace.ids.join() === ids.join() ? this.pass.trace : await this.world.run(ids);
    if (turn !== this.turn) return false;
    this.pass = { trace, words, model: this.world.model };
    this.row = rowSteps(trace, words, this.asked, looking, this.world);
    const { title, caption, name } = this.printed;
    this.data = stepsData({ title, caption, text }, this.row, this.at, this.world, name);
    return true;
  }

  // What a reader does.

  private click(event: Event) {
    const target = event.target as Element;
    const pressed = <T extends string>(name: T) => target.closest<HTMLElement>(`button[data-${name}]`)?.dataset[name];
    const number = pressed('number');
    const looking = pressed('looking');
    const at = pressed('at');
    const back = pressed('back');
    const list = target.closest<SVGElement>('.weave-row[data-list]');
    if (number) this.open(number, target.closest('.opened') !== null);
    else if (looking !== undefined) void this.look(Number(looking));
    else if (at !== undefined) void this.show(Number(at));
    else if (back !== undefined) this.goBack(Number(back));
    else if (list) this.choose(list, this.placeOn(list, (event as MouseEvent).clientX));
    else if (target.closest('[data-close]')) this.close();
    else if (target.closest('[data-whole]')) {
      this.whole = !this.whole;
      this.drawPicture();
      this.element.querySelector<HTMLElement>('[data-whole]')?.focus();
      this.keep();
    }
  }

  /** On a row of threads the arrow keys go from number to number. */
  private key(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target as Element;
    if (event.key === 'Escape' && this.trail.length > 0 && target.closest('.opened')) {
      this.close();
      return;
    }
    const list = target.closest<SVGElement>('.weave-row[data-list]');
    if (!list) return;
    const here = Number(list.getAttribute('aria-valuenow')) - 1;
    const last = Number(list.getAttribute('aria-valuemax')) - 1;
    const isChosen = list.querySelector('.chosen') !== null;
    const places: Record<string, number> = {
      ...{ ArrowRight: isChosen ? here + 1 : here, ArrowUp: isChosen ? here + 1 : here },
      ...{ ArrowLeft: here - 1, ArrowDown: here - 1, PageUp: here + 8, PageDown: here - 8 },
      ...{ Home: 0, End: last, Enter: here, ' ': here },
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.choose(list, Math.max(0, Math.min(last, place)));
  }

  /** A pressed pointer is followed along the threads. */
  private drag(event: PointerEvent) {
    const list = (event.target as Element).closest<SVGElement>('.weave-row[data-list]');
    if (!list || event.buttons !== 1) return;
    const place = this.placeOn(list, event.clientX);
    const isShown = Number(list.getAttribute('aria-valuenow')) - 1 === place && list.querySelector('.chosen');
    if (!isShown) this.choose(list, place);
  }

  private placeOn(list: SVGElement, x: number): number {
    const { left, width } = list.getBoundingClientRect();
    const count = Number(list.getAttribute('aria-valuemax'));
    return Math.max(0, Math.min(count - 1, Math.floor(((x - left) / width) * count)));
  }

  private choose(list: SVGElement, entry: number) {
    const [name, label] = [list.dataset.list!, list.getAttribute('aria-label')];
    const named = readName(`${name}-${entry}`, this.pass);
    if (!named) return;
    this.trail = [named];
    this.whole = false;
    this.drawPicture();
    // Two rows may show one list; the focus stays on the one that was used.
    const rows = [...this.element.querySelectorAll<SVGElement>(`.weave-row[data-list="${name}"]`)];
    rows.find((one) => one.getAttribute('aria-label') === label)?.focus({ preventScroll: true });
    this.say();
    this.keep();
  }

  private open(name: string, isDeeper: boolean) {
    const named = readName(name, this.pass);
    if (!named) return;
    const known = this.trail.findIndex((one) => writeName(one) === name);
    if (!isDeeper) this.trail = [named];
    else if (known >= 0) this.trail = this.trail.slice(0, known + 1);
    else this.trail = [...this.trail, named];
    this.whole = false;
    // Key and value of the word whose score is opened.
    const { layer, head, looking } = this.asked;
    const isOfRow = named.layer === layer && named.head === head && named.word === looking;
    if (!isDeeper && isOfRow && ['score', 'scaled', 'weight'].includes(named.what)) this.setAt(named.entry);
    this.drawPicture();
    this.toPanel();
    this.say();
    this.keep();
  }

  private goBack(step: number) {
    this.trail = this.trail.slice(0, step + 1);
    this.whole = false;
    this.drawPicture();
    this.toPanel();
    this.say();
    this.keep();
  }

  private close() {
    const [first] = this.trail;
    this.trail = [];
    this.drawPicture();
    const origin = first && this.element.querySelector<HTMLElement>(`.stages [data-number="${writeName(first)}"]`);
    const list =
      first && this.element.querySelector<SVGElement>(`[data-list="${writeName(first).replace(/-\d+$/, '')}"]`);
    (origin ?? list)?.focus();
    announce(this.element, 'Closed.');
    this.keep();
  }

  private setAt(at: number) {
    this.asked = { ...this.asked, at };
    const { title, caption, name } = this.printed;
    this.data = stepsData({ title, caption, text: this.asked.text }, this.row, at, this.world, name);
  }

  private async show(at: number) {
    this.setAt(at);
    this.trail = [this.dotProduct()];
    this.whole = false;
    this.drawAll();
    this.element.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus({ preventScroll: true });
    this.say();
    this.keep();
  }

  private async look(looking: number) {
    const { at: _, ...rest } = this.asked;
    await this.change({ ...rest, looking });
    this.element.querySelector<HTMLElement>(`[data-looking="${looking}"]`)?.focus({ preventScroll: true });
  }

  private async changeWords(text: string) {
    const { at: _, ...rest } = this.asked;
    const last = this.world.model.tokenizer.encode(text).words.length;
    const wasLast = this.asked.looking === this.pass.words.length - 1;
    const { looking } = this.asked;
    await this.change({ ...rest, text, looking: wasLast ? last : Math.min(looking, last) });
  }

  private async changeHead() {
    const { at: _, ...rest } = this.asked;
    const [layer, head] = [this.select('layer').selectedIndex + 1, this.select('head').selectedIndex + 1];
    await this.change({ ...rest, layer, head });
  }

  private async change(asked: Asked) {
    this.asked = asked;
    if (!(await this.compute())) return;
    this.trail = [this.dotProduct()];
    this.whole = false;
    this.drawAll();
    announce(this.element, plainText(this.data.notice));
    this.keep();
  }

  private async goHome() {
    this.state.clear();
    this.asked = this.home;
    await this.compute();
    this.trail = [this.dotProduct()];
    this.whole = false;
    this.drawAll();
    announce(this.element, 'As it was at first.');
    this.element.querySelector<HTMLElement>('[data-looking][aria-pressed="true"]')?.focus({ preventScroll: true });
  }

  /** The heading of the panel takes the focus: what was pressed may be gone. */
  private toPanel() {
    const heading = this.element.querySelector<HTMLElement>('.opened > .part');
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: 'nearest' });
  }

  private keep() {
    const { text, looking, layer, head, at } = this.asked;
    const { home } = this;
    const isHome = this.isHomeRow();
    const opened = this.trail.map(writeName).join('.');
    const open = opened === writeName(this.dotProduct()) ? '' : opened || 'none';
    const most = isHome ? home.at : peakOf(this.row.weights);
    this.state.write({
      text: text === home.text ? '' : text,
      word: isHome ? '' : String(looking),
      layer: layer === home.layer ? '' : String(layer),
      head: head === home.head ? '' : String(head),
      at: at === undefined || at === most ? '' : String(at),
      open,
      all: this.whole ? 'yes' : '',
    });
    this.reset.hidden = isHome && open === '' && this.at === home.at;
  }

  // Drawing.

  private sources(): Source[] {
    return this.trail.map((name) => sourceOf(name, this.pass));
  }

  private drawPicture() {
    const sources = this.sources();
    const last = sources.at(-1);
    const panel = last && openedHtml(last, { trail: sources.slice(0, -1), whole: this.whole });
    const sections = stepSections(this.data, { ...(panel && { panel, chosen: this.trail[0] }) });
    const shown = [...this.element.querySelectorAll('.picture > section')];
    // Only what has changed is drawn anew: the page is long, and a key may be held.
    sections.forEach((html, k) => {
      if (this.drawn[k] === html) return;
      const scrolled = shown[k].querySelector('.scroll')?.scrollLeft ?? 0;
      const fresh = fromHtml(html);
      shown[k].replaceWith(fresh);
      const region = fresh.querySelector('.scroll');
      if (region) region.scrollLeft = scrolled;
    });
    this.drawn = sections;
  }

  private drawAll() {
    const { element, data, asked, pass } = this;
    this.drawPicture();
    const words = pass.words.map((word, i) => {
      const name = i === 0 ? `<span class="say">${START}</span>` : escapeHtml(word);
      return `<button type="button"${i === 0 ? '' : ' class="lang"'} data-looking="${i}" aria-pressed="${i === asked.looking}">${name}</button>`;
    });
    this.controls.querySelector('.lookers')!.innerHTML = words.join('');
    if (document.activeElement !== this.words.field.input) this.words.show(asked.text);
    this.select('layer').selectedIndex = asked.layer - 1;
    this.select('head').selectedIndex = asked.head - 1;
    const word = this.homeWords[this.home.looking];
    const now = pass.words[asked.looking];
    const title = this.printed.title.replace(`*${word}*`, asked.looking === 0 ? 'the start' : `*${now}*`);
    element.querySelector('.title')!.innerHTML = inlineHtml(title);
    badgeAgain(element, data);
    sayAgain(element, data);
    const isMine = asked.text !== this.home.text || asked.layer !== this.home.layer || asked.head !== this.home.head;
    element.querySelector('figcaption')!.innerHTML = isMine
      ? 'Worked out in this page by the same model. The files below hold the figure as it was printed.'
      : inlineHtml(this.printed.caption);
    this.reset.hidden =
      this.isHomeRow() &&
      this.at === this.home.at &&
      this.trail.length === 1 &&
      writeName(this.trail[0]) === writeName(this.dotProduct());
  }

  /** The opened number in one sentence. */
  private say() {
    const name = this.trail.at(-1);
    if (!name) return;
    const { called, sum } = sourceOf(name, this.pass);
    const made = sum ? `, the sum of ${sum.lines.length} lines` : '';
    announce(
      this.element,
      `${plainText(called)}: ${sayOpened(numberOf(name, this.pass))}${name.what === 'weight' ? '' : made}.`,
    );
  }
}
