/**
 * What an awake figure of one head does: another word looks, the words change, another head is picked, a link is cut, the
 * head is muted, the mask comes off, the graphics chip computes. Everything is drawn by the functions that the build used,
 * from the same model, so nothing changes until a reader does; and one button takes all of it back.
 */
import type { Backend } from '../attention/gpu.ts';
import type { FigureData } from '../figures/figure-data.ts';
import { type LiveAsk, liveAsk, liveData } from '../figures/live-ask.ts';
import { heatmapHtml, type Staircase, staircaseOf } from '../figures/matrix.ts';
import { wholePercents, withPercentSign } from '../figures/numbers.ts';
import { type Odds, topWords } from '../figures/odds.ts';
import { oddsList } from '../figures/odds-picture.ts';
import {
  called,
  heatmapData,
  type Pattern,
  patternOf,
  readPattern,
  readText,
  TOOLS,
  type Tool,
} from '../figures/pattern.ts';
import { noticeHtml, tableHtml } from '../figures/shell.ts';
import { arcsHtml, drawColumn, drawStrip } from '../figures/strip.ts';
import { escapeHtml, inlineHtml, OTHER_WORDS, plainText, START, wordNames } from '../figures/text.ts';
import type { Changes, HeadPlace, Link } from '../figures/world.ts';
import { readChanges, readHead, readPlace, sameHead, sameLink, sayChanges, sayHead } from './attention-state.ts';
import { beforeAndNow, sayMove } from './before-and-now.ts';
import { type ChipRun, openWorld, type PageForm, type PageWorld, runOnChip } from './engine.ts';
import { announce, figureJson, fromHtml, type IslandState, resetButton, state } from './island.ts';
import { canRead, OwnWords, ownWordsLabel } from './own-words.ts';
import { badgeAgain } from './said-again.ts';
import { focusWord, placeByKey } from './strip-keys.ts';

/** Next words in the panel of a figure that shows none by itself. */
const NEXT = 5;

const OWN_FORM = { simd: 'the form in WebAssembly', plain: 'the plain form' };

const CHIP: Record<Backend, string> = {
  webgpu: 'WebGPU, on the graphics chip',
  webgl2: 'WebGL 2, on the graphics chip',
  webasm: 'WebAssembly, on the processor',
  cpu: 'plain JavaScript, on the processor',
  plain: 'the plain form, on the processor',
};

/**
 * Gives a figure its controls.
 * @param element `<live-figure>` around the figure as the server wrote it
 * @throws Error when the model or the figure's numbers cannot be fetched or read
 */
export async function bringToLife(element: HTMLElement): Promise<void> {
  const [world, data] = await Promise.all([openWorld(), figureJson(element)]);
  const ask = liveAsk(data);
  const pattern = await readPattern(ask, world, { causal: ask.causal });
  await new AliveFigure(element, ask, pattern, world).start();
}

class AliveFigure {
  private readonly element: HTMLElement;
  private readonly world: PageWorld;
  private readonly state: IslandState;
  /** As the lesson asked for it. */
  private readonly home: LiveAsk;
  private readonly homePattern: Pattern;
  private ask: LiveAsk;
  private pattern: Pattern;
  /** Links taken away and heads silenced by the reader; whether the mask is on stands in `ask`. */
  private cut: Link[] = [];
  private mute: HeadPlace[] = [];
  /** The odds for the same words with nothing changed; absent where nothing is. */
  private before: Odds | undefined;
  /** Such odds of the words that were read last, so that a change costs one run and not two. */
  private unaltered: { text: string; odds: Odds };
  /** What a click or a key does to a word or a cell. */
  private mode: 'look' | 'cut' = 'look';
  /** Every figure has at least a last word that looks. */
  private looking: number;
  /** The chosen cell's column in the looking word's row, if one is chosen. */
  private column: number | undefined;
  private readonly own: OwnWords;
  private readonly reset: HTMLButtonElement;
  private readonly parts: ReturnType<AliveFigure['build']>;
  /** Counts changes, so that an answer that comes late is not drawn over a later one. */
  private turn = 0;

  constructor(element: HTMLElement, ask: LiveAsk, pattern: Pattern, world: PageWorld) {
    this.element = element;
    this.world = world;
    this.state = state(ask.name);
    this.home = ask;
    this.homePattern = pattern;
    this.ask = ask;
    this.pattern = pattern;
    this.unaltered = { text: ask.text, odds: pattern.odds };
    this.looking = ask.place ?? pattern.words.length - 1;
    this.own = new OwnWords(`${ask.name}-words`, ownWordsLabel(world), world, (text) => void this.changeWords(text));
    this.own.show(ask.text);
    // A way back, from words that cannot be read too.
    this.own.field.input.addEventListener('input', () => this.offerReset());
    this.reset = resetButton(() => this.undoAll());
    this.parts = this.build();
  }

  async start() {
    tell(this.parts.ran, sayNotRun(this.world));
    this.element.addEventListener('click', (event) => this.click(event));
    this.element.addEventListener('keydown', (event) => this.key(event));
    for (const select of [this.parts.layer, this.parts.head]) {
      select.addEventListener('change', () => this.changeHead());
    }
    await this.restore(this.state.read());
  }

  /** The controls, which stand in the page only from here on. */
  private build() {
    const { name } = this.home;
    const { nLayers, nHeads } = this.world.model.config;
    const numbers = (count: number, chosen: number) =>
      Array.from({ length: count }, (_, i) => `<option${i + 1 === chosen ? ' selected' : ''}>${i + 1}</option>`).join(
        '',
      );
    const above = fromHtml(`<div class="your-words" id="${name}-your-words" hidden></div>`);
    above.append(this.own.element);
    const tools: Record<Tool, string> = {
      cut: '<span class="seg" role="group" aria-label="What a touch on a word does"><button type="button" data-mode="look">Look</button><button type="button" data-mode="cut">Cut</button></span>',
      mask: '<span class="seg" role="group" aria-label="The mask"><button type="button" data-mask="on">Mask on</button><button type="button" data-mask="off">Mask off</button></span>',
      mute: '<button type="button" class="quiet mute">Mute this head</button>',
    };
    const changes = fromHtml(
      `<div class="changes"><div class="tools" id="${name}-tools"${this.home.tools ? '' : ' hidden'}>${TOOLS.filter(
        (tool) => this.tools.includes(tool),
      )
        .map((tool) => tools[tool])
        .join('')}<span class="do"></span></div><p class="altered"></p><div class="then"></div></div>`,
    );
    const below = fromHtml(
      `<div class="more" hidden><div class="row"></div><div class="both"><div class="every"></div><div class="then"></div></div><details class="engine"><summary>Another head, or another machine</summary><div class="heads"><label>Layer <select class="layer">${numbers(nLayers, this.home.layer)}</select></label><label>Head <select class="head">${numbers(nHeads, this.home.head)}</select></label></div><p class="ran" role="status"></p><button type="button" class="quiet run">Run on your graphics chip</button></details></div>`,
    );
    const toggle = fromHtml(
      `<button type="button" class="quiet try" aria-expanded="false" aria-controls="${name}-your-words">Try your own words</button>`,
    );
    const meddle = fromHtml(
      `<button type="button" class="quiet meddle" aria-expanded="false" aria-controls="${name}-tools">Cut or mute</button>`,
    );
    const hint = fromHtml(
      '<span class="hint"><span class="by-mouse">Choose another word, or use the arrow keys.</span><span class="by-touch">Touch another word.</span></span>',
    );
    const numbersSeg = fromHtml(
      '<span class="seg" role="group" aria-label="Numbers in the cells"><button type="button" data-numbers="none">No numbers</button><button type="button" data-numbers="row">This row</button><button type="button" data-numbers="all">All</button></span>',
    );
    const picture = this.element.querySelector<HTMLElement>('.picture')!;
    picture.before(above);
    picture.after(changes);
    this.element.querySelector('figcaption')!.after(below);
    this.element
      .querySelector('.fig-foot')!
      .prepend(this.home.kind === 'arcs' ? hint : numbersSeg, toggle, ...(this.home.tools ? [] : [meddle]), this.reset);
    const find = <T extends HTMLElement>(root: HTMLElement, selector: string) => root.querySelector<T>(selector)!;
    return {
      picture,
      above,
      below,
      toggle,
      meddle,
      hint,
      numbers: numbersSeg,
      tools: find(changes, '.tools'),
      does: find(changes, '.do'),
      altered: find(changes, '.altered'),
      nextWords: find(changes, '.then'),
      layer: find<HTMLSelectElement>(below, '.layer'),
      head: find<HTMLSelectElement>(below, '.head'),
      ran: find(below, '.ran'),
      run: find<HTMLButtonElement>(below, '.run'),
    };
  }

  private get isOpen() {
    return !this.parts.above.hidden;
  }

  private get tools(): readonly Tool[] {
    return this.home.tools ?? TOOLS;
  }

  private get causal() {
    return this.ask.causal !== false;
  }

  private get homeIsCausal() {
    return this.home.causal !== false;
  }

  private get changes(): Changes {
    return { cut: this.cut, mute: this.mute, causal: this.causal };
  }

  /** Whether the model does not work as the lesson shows it. */
  private get isAltered() {
    return this.cut.length > 0 || this.mute.length > 0 || this.causal !== this.homeIsCausal;
  }

  // What the address says, and what is written there.

  private async restore(values: Record<string, string>) {
    if (Object.keys(values).length === 0) return this.draw();
    const { config } = this.world.model;
    const text = values.text ?? this.home.text;
    const isReadable = canRead(text, this.world);
    if (isReadable && text !== this.home.text) {
      this.own.show(text);
      this.open();
    }
    const length = isReadable ? readText(text, this.world).words.length : this.homePattern.words.length;
    const { cut, mute, causal } = readChanges(values, length, config, this.homeIsCausal);
    this.cut = cut;
    this.mute = mute;
    this.looking = readPlace(values.word, length) ?? (isReadable && values.text ? length - 1 : this.looking);
    this.column = readPlace(values.cell, causal ? this.looking + 1 : length);
    const head = readHead(values.head, config) ?? this.home;
    this.parts.layer.selectedIndex = head.layer - 1;
    this.parts.head.selectedIndex = head.head - 1;
    const numbers = ['none', 'row', 'all'].includes(values.numbers) ? values.numbers : undefined;
    this.ask = {
      ...this.home,
      text: isReadable ? text : this.home.text,
      layer: head.layer,
      head: head.head,
      ...(values.word && { place: this.looking }),
      ...(numbers && { numbers: numbers as LiveAsk['numbers'] }),
      ...(causal !== this.homeIsCausal && { causal }),
    };
    if (this.isAltered) this.showTools(true, 'look');
    await this.compute();
  }

  /** All that a reader changed; nothing where it is as the lesson shows it. */
  private get values(): Record<string, string> {
    const { ask, home } = this;
    const homePlace = home.place ?? this.homePattern.words.length - 1;
    const isSameText = ask.text === home.text;
    return {
      text: isSameText ? '' : ask.text,
      word: isSameText && this.looking === homePlace && ask.place === home.place ? '' : String(this.looking),
      cell: this.column === undefined ? '' : String(this.column),
      head: sameHead(ask, home) ? '' : sayHead(ask),
      numbers: ask.numbers === home.numbers ? '' : (ask.numbers ?? ''),
      ...sayChanges(this.changes, this.homeIsCausal),
    };
  }

  // What a reader does.

  private click(event: Event) {
    const target = event.target as Element;
    const numbers = target.closest<HTMLElement>('.seg button[data-numbers]');
    const mode = target.closest<HTMLElement>('.seg button[data-mode]');
    const mask = target.closest<HTMLElement>('.seg button[data-mask]');
    const link = target.closest<SVGElement>('.strip [data-to]');
    const word = target.closest<SVGElement>('.strip .word[data-place]');
    const cell = target.closest<SVGElement>('.matrix .cell[data-row]');
    if (cell) this.touch(Number(cell.dataset.row), Number(cell.dataset.column));
    else if (link) this.touch(this.looking, Number(link.dataset.to));
    else if (word) this.touchWord(Number(word.dataset.place));
    else if (numbers) this.showNumbers(numbers.dataset.numbers as LiveAsk['numbers']);
    else if (mode) this.setMode(mode.dataset.mode as 'look' | 'cut');
    else if (mask) void this.setMask(mask.dataset.mask === 'on');
    else if (target.closest('.mute')) void this.toggleMute();
    else if (target.closest('.try')) this.toggleWords();
    else if (target.closest('.meddle')) this.showTools(Boolean(this.parts.tools.hidden), 'cut');
    else if (target.closest('.run')) void this.runOnChip();
  }

  private key(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target as Element;
    if (target.matches('.scroll') && target.querySelector('.matrix')) return this.keyInStaircase(event);
    const place = placeByKey(event, this.pattern.words.length - 1);
    if (place === undefined) return;
    const here = Number(target.closest<SVGElement>('.word')?.dataset.place);
    // Where a touch cuts, arrow keys only walk.
    if (this.mode === 'look' || place === here) this.touchWord(place);
    else focusWord(this.element, place);
  }

  /** In the staircase, arrow keys move the chosen cell; the first press chooses the darkest of the row. */
  private keyInStaircase(event: KeyboardEvent) {
    if ((event.key === 'Enter' || event.key === ' ') && this.mode === 'cut' && this.column !== undefined) {
      event.preventDefault();
      return this.touch(this.looking, this.column);
    }
    const [down, right] =
      { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    if (down === undefined || right === undefined) return;
    event.preventDefault();
    const row = this.pattern.weights[this.looking];
    const last = this.pattern.words.length - 1;
    if (this.column === undefined) return this.look(this.looking, row.indexOf(Math.max(...row)));
    const next = Math.max(0, Math.min(last, this.looking + down));
    this.look(next, Math.max(0, Math.min(this.pattern.weights[next].length - 1, this.column + right)));
  }

  /** A cell or a stroke: in one mode it is read out, in the other its link is cut, or mended. */
  private touch(row: number, column: number) {
    if (this.mode === 'cut') void this.toggleCut(row, column);
    else if (column !== this.column || row !== this.looking) this.look(row, column);
  }

  private touchWord(place: number) {
    if (this.mode === 'look') this.look(place);
    else if (place < this.pattern.weights[this.looking].length) void this.toggleCut(this.looking, place);
    focusWord(this.element, place);
  }

  private look(place: number, column?: number) {
    this.looking = place;
    this.column = column;
    const numbers = this.ask.numbers === 'none' ? 'row' : this.ask.numbers;
    this.ask = { ...this.ask, place, ...(this.ask.kind === 'heatmap' && { numbers }) };
    this.draw();
    this.announce();
  }

  private showNumbers(numbers: LiveAsk['numbers']) {
    // Numbers of one row need a row.
    this.ask = { ...this.ask, numbers, ...(numbers === 'row' && { place: this.looking }) };
    this.draw();
  }

  private async toggleCut(query: number, key: number) {
    const link: Link = { layer: this.ask.layer, head: this.ask.head, query, key };
    const isThere = this.cut.some((one) => sameLink(one, link));
    this.cut = isThere ? this.cut.filter((one) => !sameLink(one, link)) : [...this.cut, link];
    const isCell = query !== this.looking || this.column !== undefined || this.ask.kind === 'heatmap';
    const focused = (document.activeElement as SVGElement | null)?.dataset?.place;
    this.looking = query;
    if (isCell) this.column = key;
    const numbers = this.ask.numbers === 'none' ? 'row' : this.ask.numbers;
    this.ask = { ...this.ask, place: query, ...(this.ask.kind === 'heatmap' && { numbers }) };
    if (!(await this.compute())) return;
    if (focused !== undefined) focusWord(this.element, Number(focused));
    const { words } = this.pattern;
    const to = key === query ? 'itself' : words[key];
    this.say(`Link from ${words[query]} to ${to} ${isThere ? 'mended' : 'cut'}.`);
  }

  private async toggleMute() {
    const { layer, head } = this.ask;
    const isThere = this.mute.some((one) => sameHead(one, this.ask));
    this.mute = isThere ? this.mute.filter((one) => !sameHead(one, this.ask)) : [...this.mute, { layer, head }];
    if (await this.compute()) this.say(`Layer ${layer}, head ${head} ${isThere ? 'heard again' : 'muted'}.`);
  }

  private async setMask(causal: boolean) {
    if (causal === this.causal) return;
    this.ask = { ...this.ask, causal };
    if (causal) {
      this.cut = this.cut.filter(({ query, key }) => key <= query);
      if (this.column !== undefined && this.column > this.looking) this.column = undefined;
    }
    if (await this.compute())
      this.say(causal ? 'The mask is on.' : 'The mask is off: words see what comes after them.');
  }

  private setMode(mode: 'look' | 'cut') {
    this.mode = mode;
    this.draw();
  }

  private showTools(isOpen: boolean, mode: 'look' | 'cut') {
    const { tools, meddle } = this.parts;
    tools.hidden = !isOpen && !this.home.tools;
    meddle.setAttribute('aria-expanded', String(isOpen));
    meddle.textContent = isOpen ? 'Put the tools away' : 'Cut or mute';
    this.setMode(isOpen && this.tools.includes('cut') ? mode : 'look');
  }

  private toggleWords() {
    if (this.isOpen) return this.close();
    this.open();
    this.draw();
    const { input } = this.own.field;
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  }

  private open() {
    const { above, below, toggle } = this.parts;
    above.hidden = false;
    below.hidden = false;
    toggle.setAttribute('aria-expanded', 'true');
    toggle.textContent = 'Close';
  }

  private close() {
    const { above, below, toggle } = this.parts;
    above.hidden = true;
    below.hidden = true;
    toggle.setAttribute('aria-expanded', 'false');
    toggle.textContent = 'Try your own words';
    this.draw();
  }

  private async changeWords(text: string) {
    const before = this.pattern.words;
    const atEnd = this.looking === before.length - 1;
    const { words } = readText(text, this.world);
    const last = words.length - 1;
    // A link is between two words: where either has changed, there is no such link any more.
    const same = (place: number) => place <= last && words[place] === before[place];
    this.cut = this.cut.filter(({ query, key }) => same(query) && same(key));
    this.column = undefined;
    this.looking = atEnd ? last : Math.min(this.looking, last);
    const framed = this.ask.place !== undefined || this.ask.kind === 'arcs';
    this.ask = { ...this.ask, text, ...(framed && { place: this.looking }) };
    if (await this.compute()) this.announce();
  }

  private async changeHead() {
    const { layer, head } = this.parts;
    this.ask = { ...this.ask, layer: layer.selectedIndex + 1, head: head.selectedIndex + 1 };
    if (await this.compute()) this.announce();
  }

  /** Everything as the lesson shows it. */
  private undoAll() {
    this.turn += 1;
    this.ask = this.home;
    this.pattern = this.homePattern;
    this.cut = [];
    this.mute = [];
    this.before = undefined;
    this.column = undefined;
    this.mode = 'look';
    this.looking = this.home.place ?? this.pattern.words.length - 1;
    this.own.show(this.home.text);
    this.parts.layer.selectedIndex = this.home.layer - 1;
    this.parts.head.selectedIndex = this.home.head - 1;
    this.forgetRun();
    this.draw();
    // The button that was pressed is gone.
    (this.isOpen ? this.own.field.input : this.parts.toggle).focus();
    this.announce();
  }

  /** Runs the model as it is asked for now, and draws. False where another change came in between. */
  private async compute(): Promise<boolean> {
    const turn = ++this.turn;
    const pattern = await readPattern(this.ask, this.world, this.changes);
    const { text } = this.ask;
    let { unaltered } = this;
    if (!this.isAltered) unaltered = { text, odds: pattern.odds };
    else if (unaltered.text !== text) {
      unaltered = { text, odds: (await readPattern(this.ask, this.world, { causal: this.homeIsCausal })).odds };
    }
    if (turn !== this.turn) return false;
    this.pattern = pattern;
    this.unaltered = unaltered;
    this.before = this.isAltered ? unaltered.odds : undefined;
    this.forgetRun();
    this.draw();
    return true;
  }

  // The graphics chip.

  private async runOnChip() {
    const { run, ran } = this.parts;
    // Not `disabled`: a button that is disabled while it has the focus loses it.
    if (run.getAttribute('aria-disabled') === 'true') return;
    run.setAttribute('aria-disabled', 'true');
    tell(ran, 'Fetching gpu.js and building its kernels …');
    const turn = this.turn;
    const wanted = (this.element.dataset.backend ?? 'auto') as 'auto' | Backend;
    try {
      const done = await runOnChip(this.world, this.pattern.ids, wanted, this.changes);
      if (turn !== this.turn) return;
      this.pattern = patternOf(done.trace, this.pattern, this.pattern, this.world, this.changes);
      this.draw();
      tell(ran, sayRun(done, this.pattern.words.length, this.world));
      ran.dataset.backend = done.backend;
      ran.dataset.difference = String(done.difference);
      const { weights, odds } = this.pattern;
      this.element.dispatchEvent(new CustomEvent('chip-run', { detail: { ...done, weights, odds: [...odds] } }));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      tell(ran, escapeHtml(`Not run on the graphics chip: ${why}. The numbers above are the page’s own.`));
      ran.dataset.backend = 'none';
    } finally {
      run.removeAttribute('aria-disabled');
      if (turn === this.turn) run.textContent = 'Run it again';
    }
  }

  private forgetRun() {
    const { ran, run } = this.parts;
    tell(ran, sayNotRun(this.world));
    delete ran.dataset.backend;
    delete ran.dataset.difference;
    run.textContent = 'Run on your graphics chip';
  }

  // Drawing.

  private draw() {
    const at = this.keepPlace();
    const { element, world, pattern, ask, parts } = this;
    const data = this.altered(liveData({ ...ask, title: this.title() }, pattern, world));
    const odds = this.before && beforeAndNow(this.before, pattern.odds, ask.next ?? NEXT);
    if (ask.kind === 'arcs') {
      const row = { alive: true, cut: this.cutIn(this.looking) };
      const html = arcsHtml(data, { ...row, ...(ask.next && odds && { odds: `<div class="next">${odds}</div>` }) });
      parts.picture = replace(parts.picture, html) as HTMLElement;
    } else {
      parts.picture.innerHTML = heatmapHtml(this.mark(staircaseOf(data)), ask.name, { alive: true });
    }
    parts.nextWords.innerHTML = odds && !ask.next ? odds : '';
    tell(parts.altered, this.sayAltered());
    element.querySelector('.title')!.innerHTML = inlineHtml(data.title);
    badgeAgain(element, data);
    replace(element.querySelector('.notice')!, noticeHtml(data));
    const table = element.querySelector('.as-table .scroll');
    if (table) replace(table, tableHtml(data));
    element.querySelector('figcaption')!.innerHTML = this.caption();
    this.press();
    if (this.isOpen) this.drawMore(data);
    this.state.write(this.values);
    this.offerReset();
    at.restore();
  }

  /** Which buttons are pressed, and what a touch would do. */
  private press() {
    const { parts, ask, mode, element } = this;
    element.dataset.mode = mode;
    const press = (root: HTMLElement, key: string, value: string) => {
      for (const button of root.querySelectorAll<HTMLElement>(`[data-${key}]`)) {
        button.setAttribute('aria-pressed', String(button.dataset[key] === value));
      }
    };
    press(parts.numbers, 'numbers', ask.numbers ?? 'none');
    press(parts.tools, 'mode', mode);
    press(parts.tools, 'mask', this.causal ? 'on' : 'off');
    const isMuted = this.mute.some((one) => sameHead(one, ask));
    const mute = parts.tools.querySelector('.mute');
    mute?.setAttribute('aria-pressed', String(isMuted));
    parts.hint.hidden = mode === 'cut';
    const what = ask.kind === 'arcs' ? 'a word' : 'a cell';
    const keys = ask.kind === 'arcs' ? 'arrow keys and Enter' : 'arrow keys and Enter in the table';
    parts.does.innerHTML =
      mode === 'cut'
        ? `<span class="by-mouse">Click ${what} to cut its link, again to mend it; or ${keys}.</span><span class="by-touch">Touch ${what} to cut its link, again to mend it.</span>`
        : '';
  }

  /** Regions that slide are drawn anew, but stay where they were, and keep the focus. */
  private keepPlace(): { restore(): void } {
    const regions = () => [...this.element.querySelectorAll<HTMLElement>('.scroll')];
    const before = regions().map((region) => ({ left: region.scrollLeft, focused: document.activeElement === region }));
    return {
      restore: () => {
        regions().forEach((region, i) => {
          if (!before[i]) return;
          region.scrollLeft = before[i].left;
          if (before[i].focused) region.focus({ preventScroll: true });
        });
      },
    };
  }

  /** Strip, staircase and next words, as far as the figure does not show them itself. */
  private drawMore(data: FigureData) {
    const { pattern, looking, world, ask, parts } = this;
    const part = (name: string) => parts.below.querySelector<HTMLElement>(`.${name}`)!;
    const row = { words: pattern.words, looking, weights: pattern.weights[looking], cut: this.cutIn(looking) };
    if (ask.kind === 'heatmap') {
      const strip = drawStrip(row, { alive: true });
      part('row').innerHTML =
        `<div class="picture${strip ? '' : ' long'}"><div class="sentence">${strip}${drawColumn(row, { alive: true })}</div></div>`;
    } else {
      const square = heatmapData({ ...ask, place: looking, numbers: 'row' }, pattern, world, `${data.name}-every`);
      const every = part('every');
      every.innerHTML = `<p class="part">Every word at once</p>${heatmapHtml(this.mark(staircaseOf(square)), `${data.name}-every`, { alive: true })}`;
      // As wide as its staircase, so that the next words stand beside it where there is room.
      every.style.width = every.querySelector<SVGElement>('.matrix')!.style.getPropertyValue('--native');
    }
    if (ask.next) return;
    const { top, rest } = topWords(pattern.odds, NEXT);
    part('then').innerHTML = this.before ? '' : oddsList([...top, [OTHER_WORDS, rest]]);
  }

  /** Places that this head's word at `place` may not look at any more. */
  private cutIn(place: number): number[] {
    return this.cut.filter((link) => sameHead(link, this.ask) && link.query === place).map(({ key }) => key);
  }

  /** A staircase with its chosen cell and its cut links. */
  private mark(stair: Staircase): Staircase {
    const { looking, column } = this;
    const cut = this.cut.filter((link) => sameHead(link, this.ask)).map(({ query, key }) => [query, key] as const);
    return { ...stair, cut, ...(column !== undefined && { picked: [looking, column] as const }) };
  }

  /** The figure's badge and sentence, as they are true of a model that was meddled with. */
  private altered(data: FigureData): FigureData {
    const { words } = this.pattern;
    const here = this.cutIn(this.looking);
    const { layer, head } = this.ask;
    const source = `${this.world.model.name}, layer ${layer}, head ${head}, changed`;
    // What the mask does, the source says by itself.
    const isChanged = this.cut.length > 0 || this.mute.length > 0;
    const series = isChanged ? data.series.map((one) => ({ ...one, source })) : data.series;
    const left = this.pattern.weights[this.looking].some((w) => w > 0);
    if (here.length === 0 || !left) return { ...data, series };
    const names = here.map((place) => called(words, place, this.looking));
    const list = new Intl.ListFormat('en-GB').format(names);
    const notice = `With ${here.length > 1 ? 'the links' : 'the link'} to ${list} cut, ${here.length > 1 ? 'their share goes' : 'its share goes'} to the words that are left, which still add up to 100\u00a0%. ${data.notice}`;
    return { ...data, series, notice };
  }

  /** What has been changed, in words. */
  private sayAltered(): string {
    const names = wordNames(this.pattern.words);
    const where = ({ layer, head }: HeadPlace) => `layer ${layer}, head ${head}`;
    const said: string[] = [];
    if (this.cut.length > 0) {
      const links = this.cut.map((link) => {
        const to = link.key === link.query ? 'itself' : `<i>${escapeHtml(names[link.key])}</i>`;
        return `<i>${escapeHtml(names[link.query])}</i> to ${to}${sameHead(link, this.ask) ? '' : ` (${where(link)})`}`;
      });
      said.push(`<b>Cut:</b> ${links.join('; ')}.`);
    }
    if (this.mute.length > 0) {
      const isHere = this.mute.some((one) => sameHead(one, this.ask));
      said.push(
        `<b>Muted:</b> ${this.mute.map(where).join('; ')}.${isHere ? ' This head still looks; what it finds is thrown away.' : ''}`,
      );
    }
    if (this.causal !== this.homeIsCausal) said.push(`<b>Mask:</b> ${this.causal ? 'on' : 'off'}.`);
    return said.join(' ');
  }

  private caption(): string {
    const { name } = this.world.model;
    const said = [
      this.isMine
        ? 'Your words, read in this page by the same model. The files below hold the figure as it was printed.'
        : this.causal && !this.homeIsCausal
          ? 'The same head with its mask on, as in training. The files below hold the figure as it was printed.'
          : inlineHtml(this.home.caption),
    ];
    if (!this.causal && this.homeIsCausal) {
      said.unshift(
        `Without its mask, ${escapeHtml(name)} sees words that were always hidden from it in training, and is used as it never was. What it does with them is an accident.`,
      );
    }
    return said.join(' ');
  }

  private offerReset() {
    this.reset.hidden =
      Object.values(this.values).every((value) => value === '') && this.own.field.text === this.home.text;
  }

  private get isMine() {
    const { text, layer, head } = this.ask;
    return text !== this.home.text || layer !== this.home.layer || head !== this.home.head;
  }

  /** The lesson's question, about the word that looks now. */
  private title(): string {
    const { words } = this.homePattern;
    const first = words[this.home.place ?? words.length - 1];
    const now = this.pattern.words[this.looking];
    return this.home.title.replace(`*${first}*`, now === START ? 'the start' : `*${now}*`);
  }

  private announce() {
    const { words, weights } = this.pattern;
    const percents = wholePercents(weights[this.looking]);
    const at = this.column ?? percents.indexOf(Math.max(...percents));
    const manner = this.column === undefined ? 'looks most at' : 'looks at';
    announce(
      this.element,
      `${words[this.looking]} ${manner} ${plainText(called(words, at, this.looking))}: ${withPercentSign(percents[at])}.`,
    );
  }

  /** What was done, and what it did to the next word. */
  private say(done: string) {
    announce(this.element, this.before ? `${done} ${sayMove(this.before, this.pattern.odds)}` : done);
  }
}

const told = new WeakMap<Element, string>();

/** Writes into a region that is read aloud, but only what is new there: it is read again with every writing. */
function tell(region: Element, html: string) {
  if (told.get(region) === html) return;
  told.set(region, html);
  region.innerHTML = html;
}

/** Puts new HTML, one element, in the place of an old one. */
function replace(element: Element, html: string): Element {
  const fresh = fromHtml(html);
  element.replaceWith(fresh);
  return fresh;
}

function sayNotRun({ form, obstacle }: PageForm): string {
  const why = obstacle === '' ? '' : ` <span class="why">Why not in WebAssembly: ${escapeHtml(obstacle)}.</span>`;
  return `These numbers were computed in this page by ${OWN_FORM[form]}. They have not been run on your graphics chip.${why}`;
}

function sayRun(run: ChipRun, words: number, { form }: PageForm): string {
  const time = (ms: number) => (ms < 10 ? ms.toFixed(1) : String(Math.round(ms)));
  const digits = Math.min(10, Math.max(1, -Math.floor(Math.log10(run.difference))));
  const difference = run.difference === 0 ? '0' : run.difference.toFixed(digits);
  const ran =
    run.backend === 'plain'
      ? 'Not run on a graphics chip: none would do. The plain form ran instead.'
      : `Ran by gpu.js with <b>${CHIP[run.backend]}</b>.`;
  return `${ran} One pass over ${words} places took ${time(run.milliseconds)} ms; ${OWN_FORM[form]} takes ${time(run.ownMilliseconds)} ms. Largest difference in any weight or probability: ${difference}. <span class="why">Why this one: ${escapeHtml(run.reason)}.</span>`;
}
