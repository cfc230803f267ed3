/**
 * An awake table of next words: the reader's own words, a sampler with its knobs, and words drawn one after the other. The
 * columns of the model and of the language are worked out anew; those that were typed or captured stand for the printed
 * words and say so.
 */
import type { FigureData, ProvenanceKind } from '../../figures/figure-data.ts';
import { exactColumn, modelColumn, nextWordData, type OddsColumn } from '../../figures/next-word-data.ts';
import { sayDecimal } from '../../figures/numbers.ts';
import { type Odds, oddsOfModel } from '../../figures/odds.ts';
import { chancesOf, NEUTRAL, type SamplerSettings, throwOf, wordAt } from '../../figures/odds-sampler.ts';
import { chancesHtml, lineHtml, sayChance } from '../../figures/odds-sampler-picture.ts';
import { nextWordHtml } from '../../figures/odds-table.ts';
import { END_OF_TEXT, escapeHtml, inlineHtml, OTHER_WORDS, spokenOf } from '../../figures/text.ts';
import { openWorld, type PageWorld } from '../engine.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';
import { canRead, OwnWords, ownWordsLabel } from '../own-words.ts';
import { badgeAgain, sayAgain } from '../said-again.ts';

/** The throws of every page come in the same order, so that a copied address draws the same words. */
const SEED = 2;
/** What a standing column says of a word that its printed table does not have. */
const NOT_PRINTED = 'not printed';

/** The knobs: attribute of the sampler, name, range, and how a value is said. */
const KNOBS = [
  { key: 'temperature', short: 't', name: 'Temperature', min: 0, max: 2, step: 0.1 },
  { key: 'topK', short: 'k', name: 'Top-k', min: 1, max: 41, step: 1 },
  { key: 'topP', short: 'p', name: 'Top-p', min: 0.05, max: 1, step: 0.05 },
] as const;
type Knob = (typeof KNOBS)[number];

/** @throws Error when the figure's numbers or the model cannot be fetched */
export async function bringToLife(element: HTMLElement): Promise<void> {
  const [data, world] = await Promise.all([figureJson(element), openWorld()]);
  const { text } = data.detail as { text: string };
  new LiveNextWord(
    element,
    data,
    world,
    oddsOfModel(await world.run(world.model.tokenizer.encode(text).ids), world),
  ).start();
}

class LiveNextWord {
  private readonly element: HTMLElement;
  private readonly home: FigureData;
  private readonly homeText: string;
  private readonly homeOdds: Odds;
  private readonly world: PageWorld;
  private readonly address: ReturnType<typeof state>;
  private readonly own: OwnWords;
  private readonly panel: HTMLElement;
  private readonly toggle: HTMLButtonElement;
  private readonly reset: HTMLButtonElement;
  private settings: SamplerSettings = NEUTRAL;
  private text: string;
  private odds: Odds;
  /** Throws so far; undoing all takes them back, taking back a word does not. */
  private throws = 0;
  /** The last throw: where it fell on which chances. */
  private last: { at: number; word: string; line: string; before: string } | undefined;
  /** True until the word just drawn has been read: the next throw falls on other chances. */
  private drawing = false;
  /** Counts changes, so that an answer that comes late is not drawn over a later one. */
  private turn = 0;

  constructor(element: HTMLElement, data: FigureData, world: PageWorld, odds: Odds) {
    const { name } = data;
    const { name: model } = world.model;
    this.element = element;
    this.home = data;
    this.homeText = String(data.detail.text);
    this.homeOdds = odds;
    this.text = this.homeText;
    this.odds = odds;
    this.world = world;
    this.address = state(name);
    this.own = new OwnWords(`${name}-words`, ownWordsLabel(world), world, (text) => void this.changeText(text));
    this.own.show(this.homeText);
    const knobs = KNOBS.map(
      ({ key, name: knob, min, max, step }) =>
        `<div class="knob"><label for="${name}-${key}">${knob}</label><input id="${name}-${key}" type="range" min="${min}" max="${max}" step="${step}" data-knob="${key}"><output for="${name}-${key}"></output></div>`,
    );
    this.panel = fromHtml(
      `<div class="sampler" id="${name}-sampler" hidden><p class="part">The sampler: ${escapeHtml(model)} has given its odds; now one word is drawn</p><div class="knobs">${knobs.join('')}</div><p class="part">The chances, end to end</p><div class="now"></div><div class="draws"><button type="button" class="quiet draw">Draw a word</button><button type="button" class="quiet take" hidden>Take it back</button></div><div class="thrown" role="status"></div><div class="chances"></div></div>`,
    );
    this.toggle = fromHtml(
      `<button type="button" class="quiet try" aria-expanded="false" aria-controls="${name}-sampler">Draw a word, or type your own</button>`,
    );
    this.reset = resetButton(() => void this.undo());
    this.part('.draws').append(this.reset);
  }

  start() {
    const { element, panel } = this;
    panel.prepend(this.own.element);
    element.querySelector('.picture')!.before(panel);
    element.querySelector('.fig-foot')!.prepend(this.toggle);
    this.toggle.addEventListener('click', () => {
      this.open(Boolean(panel.hidden));
      // The sampler stands above the table, where it stays while the table grows and shrinks.
      if (!panel.hidden) this.part('.draw').focus();
    });
    this.part('.draw').addEventListener('click', () => void this.draw());
    this.part('.take').addEventListener('click', () => void this.takeBack());
    for (const knob of KNOBS) {
      this.inputOf(knob).addEventListener('input', () => this.turnKnob(knob));
    }
    const saved = this.address.read();
    if (Object.keys(saved).length > 0) void this.read(saved);
    else this.showSampler();
  }

  private part<E extends HTMLElement>(selector: string): E {
    return this.panel.querySelector<E>(selector)!;
  }

  private inputOf({ key }: Knob): HTMLInputElement {
    return this.part<HTMLInputElement>(`input[data-knob=${key}]`);
  }

  // What a reader does.

  private open(wanted: boolean) {
    this.panel.hidden = !wanted;
    this.toggle.setAttribute('aria-expanded', String(wanted));
    this.toggle.textContent = wanted ? 'Close the sampler' : 'Draw a word, or type your own';
  }

  private async changeText(text: string) {
    this.last = undefined;
    if (!(await this.show(text))) return;
    this.save();
    this.speak();
  }

  private turnKnob(knob: Knob) {
    const value = Number(this.inputOf(knob).value);
    // The last step of top-k keeps all.
    this.settings = { ...this.settings, [knob.key]: knob.key === 'topK' && value === knob.max ? 0 : value };
    this.showSampler();
    this.save();
    const [first, second] = chancesOf(this.odds, this.settings);
    announce(this.element, `${knob.name} ${sayKnob(knob, this.settings)}: ${sayChance(first)}, ${sayChance(second)}.`);
  }

  private async draw() {
    if (this.drawing || this.part('.draw').getAttribute('aria-disabled') === 'true') return;
    this.drawing = true;
    const chances = chancesOf(this.odds, this.settings);
    const at = throwOf(SEED, this.throws);
    const word = wordAt(chances, at);
    this.throws += 1;
    this.last = { at, word, line: lineHtml(chances, { at, word }), before: this.text };
    if (word === END_OF_TEXT) this.showSampler();
    else {
      const text = `${this.text.trim()} ${word}`;
      this.own.show(text);
      const { input } = this.own.field;
      input.scrollLeft = input.scrollWidth;
      await this.show(text);
    }
    this.drawing = false;
    this.save();
  }

  private async takeBack() {
    if (!this.last) return;
    const { before } = this.last;
    this.last = undefined;
    this.own.show(before);
    await this.show(before);
    this.save();
    this.part('.draw').focus();
    this.speak();
  }

  private async undo() {
    this.settings = NEUTRAL;
    this.throws = 0;
    this.last = undefined;
    this.own.show(this.homeText);
    await this.show(this.homeText);
    this.address.clear();
    this.part('.draw').focus();
    announce(this.element, 'As printed.');
  }

  // The address.

  private save() {
    const { temperature, topK, topP } = this.settings;
    this.address.write({
      text: this.isPrinted ? '' : this.text,
      t: temperature === NEUTRAL.temperature ? '' : String(temperature),
      k: topK === NEUTRAL.topK ? '' : String(topK),
      p: topP === NEUTRAL.topP ? '' : String(topP),
      throws: this.throws === 0 ? '' : String(this.throws),
    });
  }

  private async read(saved: Record<string, string>) {
    const within = ({ short, min, max }: Knob, otherwise: number) => {
      const value = saved[short] === undefined ? Number.NaN : Number(saved[short]);
      return value >= min && value <= max ? value : otherwise;
    };
    const [temperature, topK, topP] = KNOBS;
    this.settings = {
      temperature: within(temperature, NEUTRAL.temperature),
      topK: Math.round(within(topK, NEUTRAL.topK)) % topK.max,
      topP: within(topP, NEUTRAL.topP),
    };
    const throws = Number(saved.throws ?? 0);
    this.throws = Number.isInteger(throws) && throws >= 0 && throws < 1000 ? throws : 0;
    const text = saved.text !== undefined && canRead(saved.text, this.world) ? saved.text : this.homeText;
    this.open(true);
    this.own.show(text);
    await this.show(text);
  }

  // What is shown.

  private get isPrinted() {
    return this.text.trim().toLowerCase() === this.homeText;
  }

  /** @returns false when a later change has overtaken this one */
  private async show(text: string): Promise<boolean> {
    const turn = ++this.turn;
    const { ids, words } = this.world.model.tokenizer.encode(text);
    const home = words.join(' ') === this.homeText;
    const odds = home ? this.homeOdds : oddsOfModel(await this.world.run(ids), this.world);
    const exact = home || !this.home.columns.some(({ id }) => id === 'exact') ? undefined : await trueOdds(words);
    if (turn !== this.turn) return false;
    this.text = home ? this.homeText : text;
    this.odds = odds;
    this.showTable(home ? this.home : nextWordData(this.ask(words), this.columns(exact), this.home.name), home);
    this.showSampler();
    return true;
  }

  private ask(words: readonly string[]) {
    const { title, caption, detail, rows } = this.home;
    const printed = rows.map((row) => String(row[0])).filter((word) => word !== OTHER_WORDS);
    return {
      title,
      caption,
      text: words.join(' '),
      order: String(detail.order),
      rows: Number(detail.top),
      words: printed,
    };
  }

  /** The columns for the reader's words; `exact` is undefined where the language could not be fetched. */
  private columns(exact: Odds | undefined): OddsColumn[] {
    return this.home.columns.slice(1).map((column) => {
      if (column.id === 'easel') return modelColumn(this.odds, column.label);
      if (column.id === 'exact' && exact) return exactColumn(exact);
      return this.standing(column.id);
    });
  }

  /** A column as it was printed. */
  private standing(id: string): OddsColumn {
    const c = this.home.columns.findIndex((column) => column.id === id);
    const { label, provenance, source } = this.home.series.find((series) => series.id === id)!;
    const cells = this.home.rows.flatMap((row) => (row[0] === OTHER_WORDS ? [] : [[String(row[0]), row[c]] as const]));
    return {
      id,
      label,
      provenance: provenance as ProvenanceKind,
      source,
      empty: NOT_PRINTED,
      odds: new Map(cells.flatMap(([word, p]) => (typeof p === 'number' ? [[word, p] as const] : []))),
      vocabulary: (this.home.detail.vocabulary as Record<string, number>)[id],
      inPieces: new Set(cells.flatMap(([word, p]) => (typeof p === 'string' ? [word] : []))),
      stands: true,
    };
  }

  private showTable(data: FigureData, printed: boolean) {
    const { element } = this;
    const slid = element.querySelector('.picture .scroll')?.scrollLeft ?? 0;
    element.querySelector('.picture')!.innerHTML = nextWordHtml(data);
    element.querySelector('.picture .scroll')!.scrollLeft = slid;
    sayAgain(element, data);
    badgeAgain(element, data);
    element.querySelector('figcaption')!.innerHTML = printed
      ? inlineHtml(this.home.caption)
      : `Your words, read in this page. ${standsHtml(data)}The files below hold the figure as it was printed.`;
  }

  private showSampler() {
    const { settings, last } = this;
    const chances = chancesOf(this.odds, settings);
    for (const knob of KNOBS) {
      const input = this.inputOf(knob);
      const value = settings[knob.key] || (knob.key === 'topK' ? knob.max : settings[knob.key]);
      input.value = String(value);
      const said = sayKnob(knob, settings);
      input.setAttribute('aria-valuetext', said);
      input.nextElementSibling!.textContent = said;
    }
    this.part('.now').innerHTML = lineHtml(chances);
    this.part('.chances').innerHTML = chancesHtml(chances, this.world.model.name);
    this.part('.take').hidden = !last;
    const { tokenizer, name } = this.world.model;
    const isFull = tokenizer.encode(this.text).words.length >= tokenizer.mostWords;
    const isOver = last?.word === END_OF_TEXT;
    this.part('.draw').setAttribute('aria-disabled', String(isFull || isOver));
    this.part('.draw').textContent = last ? 'Draw another' : 'Draw a word';
    const end = isOver ? ' The story is over.' : isFull ? ` ${escapeHtml(name)} reads no more words than these.` : '';
    const sentence = last
      ? `<p>The last throw fell at ${sayDecimal(last.at)} of the line, on ${inlineHtml(spokenOf(last.word))}.${end}</p>${last.line}`
      : end && `<p>${end}</p>`;
    if (this.part('.thrown').innerHTML !== sentence) this.part('.thrown').innerHTML = sentence;
    this.reset.hidden = this.isPrinted && this.throws === 0 && settings === NEUTRAL;
  }

  private speak() {
    const [first, second] = chancesOf(this.odds, this.settings);
    announce(this.element, `After ${this.text.trim().split(/\s+/).at(-1)}: ${sayChance(first)}, ${sayChance(second)}.`);
  }
}

function sayKnob({ key }: Knob, settings: SamplerSettings): string {
  const value = settings[key];
  return key === 'topK' && value === 0 ? 'all' : String(value);
}

/** Which columns go on standing for the printed words. */
function standsHtml(data: FigureData): string {
  const ids = (data.detail.stands as string[] | undefined) ?? [];
  const labels = data.columns.filter(({ id }) => ids.includes(id)).map(({ label }) => escapeHtml(label));
  if (labels.length === 0) return '';
  const [column, stands] = labels.length === 1 ? ['column', 'stands'] : ['columns', 'stand'];
  return `The ${column} ${labels.join(' and ')} still ${stands} for the printed words. `;
}

/** What is true after some words; empty where the language never says them, undefined where it cannot be fetched. */
async function trueOdds(words: readonly string[]): Promise<Odds | undefined> {
  try {
    const { oddsTrue } = await import('../../figures/odds-true.ts');
    try {
      return oddsTrue(words);
    } catch {
      return new Map();
    }
  } catch {
    return undefined;
  }
}
