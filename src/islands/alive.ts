/**
 * What an awake figure does: another word looks, the words change, another head is picked, the graphics chip computes.
 * Everything is drawn by the functions that the build used, from the same model, so nothing changes until a reader does.
 */
import type { Backend } from '../attention/gpu.ts';
import type { FigureData } from '../figures/figure-data.ts';
import { type LiveAsk, liveAsk, liveData } from '../figures/live-ask.ts';
import { heatmapHtml, staircaseOf } from '../figures/matrix.ts';
import { wholePercents, withPercentSign } from '../figures/numbers.ts';
import { topWords } from '../figures/odds.ts';
import { oddsList } from '../figures/odds-picture.ts';
import { called, heatmapData, type Pattern, patternOf, readPattern } from '../figures/pattern.ts';
import { badgeHtml, noticeHtml, tableHtml } from '../figures/shell.ts';
import { arcsHtml, drawColumn, drawStrip } from '../figures/strip.ts';
import { escapeHtml, inlineHtml, OTHER_WORDS, START } from '../figures/text.ts';
import { type ChipRun, openWorld, type PageForm, type PageWorld, runOnChip } from './engine.ts';
import { announce, figureJson, fromHtml } from './island.ts';
import { WordField } from './word-field.ts';

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
  const pattern = await readPattern(ask, world);
  new AliveFigure(element, ask, pattern, world).start();
}

class AliveFigure {
  private readonly element: HTMLElement;
  private readonly world: PageWorld;
  /** As the lesson asked for it. */
  private readonly home: LiveAsk;
  private readonly homeWords: readonly string[];
  private ask: LiveAsk;
  private pattern: Pattern;
  /** Every figure has at least a last word that looks. */
  private looking: number;
  private readonly field: WordField;
  private readonly parts: ReturnType<AliveFigure['build']>;
  /** The chosen cell's column in the looking word's row, if one is chosen. */
  private column: number | undefined;
  /** Counts changes, so that an answer that comes late is not drawn over a later one. */
  private turn = 0;

  constructor(element: HTMLElement, ask: LiveAsk, pattern: Pattern, world: PageWorld) {
    this.element = element;
    this.world = world;
    this.home = ask;
    this.homeWords = pattern.words;
    this.ask = ask;
    this.pattern = pattern;
    this.looking = ask.place ?? pattern.words.length - 1;
    const { name, tokenizer } = world.model;
    const label = `Your words, from the ${(tokenizer.vocabulary.length - 1).toLocaleString('en')} that ${name} knows`;
    this.field = new WordField(`${ask.name}-words`, label, world, () => void this.changeWords());
    this.field.text = ask.text;
    this.parts = this.build();
  }

  start() {
    tell(this.parts.ran, sayNotRun(this.world));
    this.draw();
    this.element.addEventListener('click', (event) => this.click(event));
    this.element.addEventListener('keydown', (event) => this.key(event));
    for (const select of [this.parts.layer, this.parts.head]) {
      select.addEventListener('change', () => void this.changeHead());
    }
  }

  /** The controls, which stand in the page only from here on. */
  private build() {
    const { name } = this.home;
    const { nLayers, nHeads } = this.world.model.config;
    const numbers = (count: number, chosen: number) =>
      Array.from({ length: count }, (_, i) => `<option${i + 1 === chosen ? ' selected' : ''}>${i + 1}</option>`).join(
        '',
      );
    const above = fromHtml(
      `<div class="your-words" id="${name}-your-words" hidden><div class="unknown" role="status"></div><button type="button" class="quiet back" hidden>Back to the first words</button></div>`,
    );
    above.prepend(this.field.element);
    const below = fromHtml(
      `<div class="more" hidden><div class="row"></div><div class="both"><div class="every"></div><div class="then"></div></div><details class="engine"><summary>Another head, or another machine</summary><div class="heads"><label>Layer <select class="layer">${numbers(nLayers, this.home.layer)}</select></label><label>Head <select class="head">${numbers(nHeads, this.home.head)}</select></label></div><p class="ran" role="status"></p><button type="button" class="quiet run">Run on your graphics chip</button></details></div>`,
    );
    const toggle = fromHtml(
      `<button type="button" class="quiet try" aria-expanded="false" aria-controls="${name}-your-words">Try your own words</button>`,
    );
    const hint = fromHtml(
      '<span class="hint"><span class="by-mouse">Choose another word, or use the arrow keys.</span><span class="by-touch">Touch another word.</span></span>',
    );
    const numbersSeg = fromHtml(
      '<span class="seg" role="group" aria-label="Numbers in the cells"><button type="button" data-numbers="none">No numbers</button><button type="button" data-numbers="row">This row</button><button type="button" data-numbers="all">All</button></span>',
    );
    const picture = this.element.querySelector<HTMLElement>('.picture')!;
    picture.before(above);
    this.element.querySelector('figcaption')!.after(below);
    this.element
      .querySelector('.fig-foot')!
      .prepend(...(this.home.kind === 'arcs' ? [hint, toggle] : [numbersSeg, toggle]));
    const find = <T extends HTMLElement>(root: HTMLElement, selector: string) => root.querySelector<T>(selector)!;
    return {
      picture,
      above,
      below,
      toggle,
      numbers: numbersSeg,
      unknown: find(above, '.unknown'),
      back: find(above, '.back'),
      layer: find<HTMLSelectElement>(below, '.layer'),
      head: find<HTMLSelectElement>(below, '.head'),
      ran: find(below, '.ran'),
      run: find<HTMLButtonElement>(below, '.run'),
    };
  }

  private get isOpen() {
    return !this.parts.above.hidden;
  }

  // What a reader does.

  private click(event: Event) {
    const target = event.target as Element;
    const numbers = target.closest<HTMLElement>('.seg button[data-numbers]');
    const word = target.closest<SVGElement>('.strip .word[data-place]');
    const cell = target.closest<SVGElement>('.matrix .cell[data-row]');
    const known = target.closest<HTMLElement>('.unknown button');
    if (word) this.look(Number(word.dataset.place), true);
    else if (cell) this.look(Number(cell.dataset.row), false, Number(cell.dataset.column));
    else if (known) this.field.replace(known.dataset.unknown!, known.dataset.known!);
    else if (numbers) this.showNumbers(numbers.dataset.numbers as LiveAsk['numbers']);
    else if (target.closest('.try')) this.toggle();
    else if (target.closest('.back')) void this.goBack();
    else if (target.closest('.run')) void this.runOnChip();
  }

  private key(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target as Element;
    if (target.matches('.scroll') && target.querySelector('.matrix')) return this.keyInStaircase(event);
    const word = target.closest<SVGElement>('.strip .word[data-place]');
    if (!word) return;
    const last = this.pattern.words.length - 1;
    const here = Number(word.dataset.place);
    const places: Record<string, number> = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: last,
      Enter: here,
      ' ': here,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    if (place >= 0 && place <= last) this.look(place, true);
  }

  /** In the staircase, arrow keys move the chosen cell; the first press chooses the darkest of the row. */
  private keyInStaircase(event: KeyboardEvent) {
    const [down, right] =
      { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    if (down === undefined || right === undefined) return;
    event.preventDefault();
    const row = this.pattern.weights[this.looking];
    const last = this.pattern.words.length - 1;
    if (this.column === undefined) return this.look(this.looking, false, row.indexOf(Math.max(...row)));
    const next = Math.max(0, Math.min(last, this.looking + down));
    this.look(next, false, Math.max(0, Math.min(next, this.column + right)));
  }

  private look(place: number, focus: boolean, column?: number) {
    this.looking = place;
    this.column = column;
    const numbers = this.ask.numbers === 'none' ? 'row' : this.ask.numbers;
    this.ask = { ...this.ask, place, ...(this.ask.kind === 'heatmap' && { numbers }) };
    this.draw();
    if (focus) {
      const shown = [...this.element.querySelectorAll<SVGElement>(`.strip .word[data-place="${place}"]`)];
      shown.find((word) => word.getClientRects().length > 0)?.focus();
    }
    this.announce();
  }

  private showNumbers(numbers: LiveAsk['numbers']) {
    // Numbers of one row need a row.
    this.ask = { ...this.ask, numbers, ...(numbers === 'row' && { place: this.looking }) };
    this.draw();
  }

  private toggle() {
    const { above, below, toggle } = this.parts;
    const open = !this.isOpen;
    above.hidden = !open;
    below.hidden = !open;
    toggle.setAttribute('aria-expanded', String(open));
    toggle.textContent = open ? 'Close' : 'Try your own words';
    if (!open) return;
    this.draw();
    this.field.input.focus();
    this.field.input.setSelectionRange(this.field.text.length, this.field.text.length);
  }

  private async changeWords() {
    const { tokenizer, name } = this.world.model;
    const { unknown } = this.parts;
    const read = tokenizer.encode(this.field.text);
    // A word that is still being typed is not yet unknown.
    const half = this.field.unfinished;
    const strangers = read.unknown.filter(({ word, index }) => !(word === half && index === read.words.length - 1));
    if (read.tooLong) {
      tell(
        unknown,
        `${name} reads at most ${read.tooLong.most} words at once, and these are ${read.tooLong.words}. The picture waits.`,
      );
    } else if (read.words.length === 0) {
      tell(unknown, 'Type a word to begin with. The picture waits.');
    } else {
      const marks = new Set(strangers.map(({ word }) => word).filter((word) => !/[\p{L}\p{N}]/u.test(word)));
      const named = new Map(
        strangers.filter(({ word }) => !marks.has(word)).map((stranger) => [stranger.word, stranger]),
      );
      const said = [...named.values()].map(({ word, suggestions }) => {
        const offers = suggestions.map(
          (known) =>
            `<button type="button" class="quiet lang" data-unknown="${escapeHtml(word)}" data-known="${escapeHtml(known)}">${escapeHtml(known)}</button>`,
        );
        const nearest = offers.length > 0 ? ` Did you mean ${offers.join(' or ')}?` : '';
        return `<p>${escapeHtml(name)} never learned the word <i>${escapeHtml(word)}</i>, so the picture waits.${nearest}</p>`;
      });
      if (marks.size > 0) {
        const list = [...marks].map((mark) => `<i>${escapeHtml(mark)}</i>`).join(' ');
        said.push(
          `<p>${escapeHtml(name)} never learned to read ${list}, so the picture waits until ${marks.size > 1 ? 'they are' : 'it is'} left out.</p>`,
        );
      }
      tell(unknown, said.join(''));
    }
    this.offerBack();
    if (read.tooLong || read.words.length === 0 || read.unknown.length > 0) return;

    const atEnd = this.looking === this.pattern.words.length - 1;
    const turn = ++this.turn;
    const pattern = await readPattern({ ...this.ask, text: this.field.text }, this.world);
    if (turn !== this.turn) return;
    const last = pattern.words.length - 1;
    this.pattern = pattern;
    this.column = undefined;
    this.looking = atEnd ? last : Math.min(this.looking, last);
    const framed = this.ask.place !== undefined || this.ask.kind === 'arcs';
    this.ask = { ...this.ask, text: this.field.text, ...(framed && { place: this.looking }) };
    this.forgetRun();
    this.draw();
    this.announce();
  }

  private async changeHead() {
    const { layer, head } = this.parts;
    const turn = ++this.turn;
    const place = { layer: layer.selectedIndex + 1, head: head.selectedIndex + 1 };
    const pattern = await readPattern({ text: this.ask.text, ...place }, this.world);
    if (turn !== this.turn) return;
    this.pattern = pattern;
    this.ask = { ...this.ask, ...place };
    this.forgetRun();
    this.draw();
    this.announce();
  }

  private async goBack() {
    const turn = ++this.turn;
    const pattern = await readPattern(this.home, this.world);
    if (turn !== this.turn) return;
    this.ask = this.home;
    this.column = undefined;
    this.pattern = pattern;
    this.looking = this.home.place ?? pattern.words.length - 1;
    this.field.text = this.home.text;
    this.parts.layer.selectedIndex = this.home.layer - 1;
    this.parts.head.selectedIndex = this.home.head - 1;
    tell(this.parts.unknown, '');
    this.forgetRun();
    this.draw();
    this.field.input.focus();
    this.announce();
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
      const done = await runOnChip(this.world, this.pattern.ids, wanted);
      if (turn !== this.turn) return;
      this.pattern = patternOf(done.trace, this.pattern, this.pattern, this.world);
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
    const data = liveData({ ...ask, title: this.title() }, pattern, world);
    if (ask.kind === 'arcs') parts.picture = replace(parts.picture, arcsHtml(data, { alive: true })) as HTMLElement;
    else
      parts.picture.innerHTML = heatmapHtml(pick(staircaseOf(data), this.looking, this.column), ask.name, {
        alive: true,
      });
    element.querySelector('.title')!.innerHTML = inlineHtml(data.title);
    const badge = element.querySelector('.fig-head .badge');
    if (badge) replace(badge, badgeHtml(data));
    replace(element.querySelector('.notice')!, noticeHtml(data));
    const table = element.querySelector('.as-table .scroll');
    if (table) replace(table, tableHtml(data));
    const mine = this.isMine;
    this.offerBack();
    element.querySelector('figcaption')!.innerHTML = mine
      ? 'Your words, read in this page by the same model. The files below hold the figure as it was printed.'
      : inlineHtml(this.home.caption);
    for (const button of parts.numbers.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset.numbers === (ask.numbers ?? 'none')));
    }
    if (this.isOpen) this.drawMore(data);
    at.restore();
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
    const row = { words: pattern.words, looking, weights: pattern.weights[looking] };
    if (ask.kind === 'heatmap') {
      const strip = drawStrip(row, { alive: true });
      part('row').innerHTML =
        `<div class="picture${strip ? '' : ' long'}"><div class="sentence">${strip}${drawColumn(row, { alive: true })}</div></div>`;
    } else {
      const square = heatmapData({ ...ask, place: looking, numbers: 'row' }, pattern, world, `${data.name}-every`);
      const stair = pick(staircaseOf(square), looking, this.column);
      const every = part('every');
      every.innerHTML = `<p class="part">Every word at once</p>${heatmapHtml(stair, `${data.name}-every`, { alive: true })}`;
      // As wide as its staircase, so that the next words stand beside it where there is room.
      every.style.width = every.querySelector<SVGElement>('.matrix')!.style.getPropertyValue('--native');
    }
    if (ask.next) return;
    const { top, rest } = topWords(pattern.odds, NEXT);
    part('then').innerHTML = oddsList([...top, [OTHER_WORDS, rest]]);
  }

  /** A way back, from other words and from words that cannot be read. */
  private offerBack() {
    this.parts.back.hidden = !this.isMine && this.field.text === this.home.text;
  }

  private get isMine() {
    const { text, layer, head } = this.ask;
    return text !== this.home.text || layer !== this.home.layer || head !== this.home.head;
  }

  /** The lesson's question, about the word that looks now. */
  private title(): string {
    const first = this.homeWords[this.home.place ?? this.homeWords.length - 1];
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
      `${words[this.looking]} ${manner} ${called(words, at, this.looking).replaceAll('*', '')}: ${withPercentSign(percents[at])}.`,
    );
  }
}

/** A staircase with one cell chosen in the framed row. */
function pick<T extends { looking?: number }>(stair: T, looking: number, column?: number) {
  return column === undefined || column > looking ? stair : { ...stair, picked: [looking, column] as const };
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
