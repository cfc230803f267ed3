/**
 * The numbers that stand in the built pages, read out of their HTML and worked out again: Easel's by the other hands of
 * ../recompute.ts, the language's by the language itself. Nothing of src/figures or src/attention takes part.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { trueNextWord } from '../../src/language/language.ts';
import { narrow } from '../../src/language/narrowing.ts';
import { openByOtherHands, type Recomputed, type RecomputedModel } from '../recompute.ts';
import { addedCell, arrowsCell, blendCell, productsCell, spreadCell } from './arithmetic-cells.ts';
import { apartCell, listsOf, stepsCell } from './inside-cells.ts';

const folder = inject('site') ? inject('siteFolder') : '';
const root = join(import.meta.dirname, '../..');

interface Declaration {
  kind: string;
  text?: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  at?: string;
  words?: string[];
  near?: string;
  pairs?: number[];
  sprites?: number[];
  noun?: string;
  steps?: { say: string; modifiers?: string[] }[];
  handMade?: Record<string, number>;
  /** One word with its list, or a list alone. */
  query?: number[] | Record<string, number[]>;
  keys?: Record<string, number[]>;
  key?: number[];
  lengths?: number[];
  seed?: number;
  before?: number[];
  after?: number[];
  space?: 'head' | 'word';
  causal?: boolean;
  /** One word in two texts. */
  texts?: { say: string; text: string }[];
  show?: string;
}

const model = openByOtherHands(readFileSync(join(root, 'public/model/easel.gguf')));
const { roles } = JSON.parse(readFileSync(join(root, 'public/model/heads.json'), 'utf8')) as {
  roles: Record<string, { layer: number; head: number }>;
};

/** What the published model said, as it was written down. */
const captured = JSON.parse(readFileSync(join(root, 'content/captured/smollm2.json'), 'utf8')) as {
  model: string;
  odds: Record<string, number>;
};

const runs = new Map<RecomputedModel, Map<string, { words: string[] } & Recomputed>>();
/** A text through the model, once; words[0] is the start. */
function read(text: string, by: RecomputedModel = model, causal = true) {
  const key = `${causal ? 'masked' : 'open'}: ${text}`;
  const ofModel: NonNullable<ReturnType<typeof runs.get>> = runs.get(by) ?? new Map();
  runs.set(by, ofModel);
  const known = ofModel.get(key);
  if (known) return known;
  const words = ['start', ...(text.toLowerCase().match(/[a-z'-]+|[^\sa-z]/g) ?? [])];
  const ids = words.map((word, i) => (i === 0 ? 0 : model.tokens.indexOf(word)));
  expect(ids).not.toContain(-1);
  const run = { words, ...by.run(ids, causal) };
  ofModel.set(key, run);
  return run;
}

function headOf({ role, layer, head }: Declaration) {
  const place = role === undefined ? { layer: layer!, head: head! } : roles[role];
  return { layer: place.layer - 1, head: place.head - 1 };
}

function lookingOf({ word }: Declaration, words: readonly string[]): number {
  return placeOf(word ?? words.at(-1)!, words);
}

function placeOf(word: string, words: readonly string[]): number {
  const [, asked, count] = /^(.*?)(?: (\d+))?$/.exec(word)!;
  const places = words.flatMap((w, i) => (w === asked ? [i] : []));
  return count ? places[Number(count) - 1] : places.at(-1)!;
}

/** A file beside the weights, as training or evaluation left it. */
function left<T>(name: string): T {
  return JSON.parse(readFileSync(join(root, 'public/model', name), 'utf8'));
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/**
 * The places of words along the two directions of most spread, from the products of their lists with one another: power
 * iteration finds the largest eigenvector, which is then taken out. The farthest word is on the positive side.
 */
function placesOf(lists: readonly (readonly number[])[]): number[][] {
  const mean = lists[0].map((_, i) => lists.reduce((sum, list) => sum + list[i], 0) / lists.length);
  const centred = lists.map((list) => list.map((x, i) => x - mean[i]));
  let products = centred.map((a) => centred.map((b) => dot(a, b)));
  return [0, 1].map(() => {
    let along = lists.map((_, i) => Math.cos(i));
    let value = 0;
    for (let round = 0; round < 20_000; round++) {
      const next = products.map((row) => dot(row, along));
      value = Math.sqrt(dot(next, next));
      along = next.map((x) => x / value);
    }
    products = products.map((row, i) => row.map((x, j) => x - value * along[i] * along[j]));
    const farthest = along.reduce((far, x) => (Math.abs(x) > Math.abs(far) ? x : far), 0);
    return along.map((x) => x * Math.sign(farthest) * Math.sqrt(value));
  });
}
const places = new Map<string, number[][]>();

/** A cell of a figure that shows where words are stored; the kind of a word and its neighbour are words, not numbers. */
function scatterCell(words: readonly string[], row: number, label: string): number | null {
  const near = /^Likeness to (.*)$/.exec(label)?.[1];
  if (near === words[row]) return null;
  if (near) return likeness(near, words[row]);
  const key = words.join(' ');
  if (!places.has(key)) places.set(key, placesOf(words.map((word) => model.embedding[model.tokens.indexOf(word)])));
  if (label === 'Along the first direction') return places.get(key)![0][row];
  if (label === 'Along the second') return places.get(key)![1][row];
  if (!label.startsWith('Their likeness')) return null;
  return Math.max(...words.filter((_, i) => i !== row).map((other) => likeness(words[row], other)));
}

function likeness(word: string, other: string): number {
  const [a, b] = [word, other].map((one) => model.embedding[model.tokens.indexOf(one)]);
  return cosine(a, b);
}

const cosine = (a: readonly number[], b: readonly number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

/** A cell of the paths of one word in two texts: the bare word, then either text layer by layer, all lists at one size. */
function pathsCell({ word, texts }: Declaration, row: number, label: string): number | null {
  const [first, second] = listsOf(
    texts!.map(({ text }) => read(text)),
    word!,
  ).map((all) => all.filter((_, s) => s % 2 === 0));
  if (label === 'In which text') return null;
  const nLayers = first.length - 1;
  const stage = row === 0 ? 0 : ((row - 1) % nLayers) + 1;
  if (label.startsWith('Likeness')) return cosine(first[stage], second[stage]);
  const lists = [first[0], ...first.slice(1), ...second.slice(1)].map((list) => {
    const length = Math.sqrt(dot(list, list));
    return list.map((x) => x / length);
  });
  const key = texts!.map(({ text }) => text).join('|');
  if (!places.has(key)) places.set(key, placesOf(lists));
  return places.get(key)![label === 'Along the first direction' ? 0 : 1][row];
}

/** A cell of every step of one word in one head. */
function passCell(d: Declaration, row: number, label: string): number | null {
  const run = read(d.text!);
  const at = d.at === undefined ? undefined : placeOf(d.at, run.words);
  return stepsCell(run, model, { ...headOf(d), looking: lookingOf(d, run.words), at }, row, label);
}

/** A cell of words that part in two texts. */
function partedCell(d: Declaration, row: number, name: string, label: string, named: string[]): number | null {
  const runs = d.texts!.map(({ text }) => read(text));
  const odds = (text: number, word: string) => {
    return runs[text].next.at(-1)![word === 'end of text' ? 0 : model.tokens.indexOf(word)];
  };
  const shape = { words: d.words!, texts: d.texts!, ...(d.show !== undefined && { show: d.show }) };
  return apartCell(runs, shape, row, label, (text) => {
    if (name !== 'every other word') return odds(text, name);
    return 1 - named.reduce((sum, word) => sum + odds(text, word), 0);
  });
}

/** A cell of a picture in many numbers and in few. */
function resolutionCell({ sprites = [48] }: Declaration, row: number, label: string): number {
  const width = row === 0 ? 7680 : sprites[row - 1];
  const height = (width * 9) / 16;
  const [each, bits] = row === 0 ? [3, 8] : [1, 2];
  const numbers = width * height * each;
  return {
    'Points across': width,
    'Points down': height,
    'Numbers a point': each,
    'Values that a number may have': 2 ** bits,
    'Numbers in all': numbers,
    Bytes: (numbers * bits) / 8,
  }[label]!;
}

/** A cell of lists of numbers: of a word as it is stored or after a layer, or a query, key or value of one head. */
function vectorsCell(d: Declaration, row: number, label: string): number {
  const bare = /^Bare (.*)$/.exec(label)?.[1];
  if (bare) return model.embedding[model.tokens.indexOf(bare)][row];
  const run = read(d.text!);
  const after = /^(.*) after layer (\d+)$/.exec(label);
  if (after) return run.streams[2 * Number(after[2])][placeOf(after[1].toLowerCase(), run.words)][row];
  const [, role, word] = /^The (query|key|value) of (.*)$/.exec(label)!;
  const { layer, head } = headOf(d);
  const place = placeOf(word, run.words);
  if (role === 'value') return run.values[layer][head][place][row];
  return model.turn((role === 'query' ? run.queries : run.keys)[layer][head][place], place)[row];
}

/** A cell of a figure of turning; its rows say in words where query and key stand. */
function rotationCell(d: Declaration, name: string, label: string): number {
  const { words, queries, keys } = read(d.text!);
  const { layer, head } = headOf(d);
  const looking = lookingOf(d, words);
  const at = d.at === undefined ? looking - 1 : placeOf(d.at, words);
  const [query, key] = [queries[layer][head][looking], keys[layer][head][at]];
  const degrees = 180 / Math.PI;
  const speed = (pair: number) => degrees * model.ropeBase ** ((-2 * (pair - 1)) / query.length);
  const pair = Number(/pair (\d+)/i.exec(label)?.[1] ?? d.pairs?.[0] ?? 1);
  const place = /^place (\d+)$/.exec(name);
  if (place) return Number(place[1]) * speed(pair);
  const distance = /^distance (\d+)$/.exec(name);
  if (distance) {
    const further = Number(/(\d+) places further on/.exec(label)?.[1] ?? 0);
    return dot(model.turn(query, Number(distance[1]) + further), model.turn(key, further));
  }
  const [, queryAt, keyAt] = /^query at (\d+), key at (\d+)$/.exec(name)!.map(Number);
  const hand = (list: readonly number[], stands: number) =>
    degrees * Math.atan2(list[2 * pair - 1], list[2 * pair - 2]) + stands * speed(pair);
  if (label.startsWith('Query')) return hand(query, queryAt);
  return label.startsWith('Key') ? hand(key, keyAt) : hand(query, queryAt) - hand(key, keyAt);
}

/** A cell of one dot product: an author's lists, whose one weight is 1, or a head's. */
function openedCell(d: Declaration, name: string, label: string): number {
  if (d.key) return productsCell(d.query as number[], d.key, 1, name, label);
  const { words, queries, keys, weights } = read(d.text!);
  const { layer, head } = headOf(d);
  const looking = lookingOf(d, words);
  const at = d.at === undefined ? looking - 1 : placeOf(d.at, words);
  const turned = [model.turn(queries[layer][head][looking], looking), model.turn(keys[layer][head][at], at)];
  return productsCell(turned[0], turned[1], weights[layer][head][looking][at], name, label);
}

/** A cell of a blend, in the numbers of the head or, handed on, in those of the word. */
function mixedCell(d: Declaration, row: number, name: string, label: string): number {
  const { words, weights, values, streams } = read(d.text!);
  const { layer, head } = headOf(d);
  const looking = lookingOf(d, words);
  const inWord = d.space === 'word';
  const own = values[layer][head].slice(0, looking + 1);
  const parts = {
    weights: weights[layer][head][looking],
    values: inWord ? own.map((value) => model.handOn(value, layer, head)) : own,
    before: inWord ? streams[2 * layer][looking] : own[looking],
    inWord,
  };
  return blendCell(parts, words, row, name, label);
}

const moments = new Map<string, RecomputedModel>();
/** The model as it was at a moment of its training, by the label of that moment's column. */
function momentOf(label: string): RecomputedModel {
  const list = left<{ moments: { step: number; file: string }[] }>('moments/index.json').moments;
  const step = label === 'Before training' ? 0 : Number(/[\d,]+/.exec(label)?.[0].replaceAll(',', ''));
  const { file } = label === 'At the end' ? list.at(-1)! : list.find((moment) => moment.step === step)!;
  const known = moments.get(file);
  if (known) return known;
  const opened = openByOtherHands(readFileSync(join(root, 'public/model/moments', file)));
  moments.set(file, opened);
  return opened;
}

/** A cell of one text at moments of the training: first what the looking word looks at, then what could come next. */
function momentCell(d: Declaration, row: number, name: string, label: string, named: string[]): number {
  const { words, weights, next } = read(d.text!, momentOf(label));
  const { layer, head } = headOf(d);
  const looking = lookingOf(d, words);
  if (row <= looking) return weights[layer][head][looking][row];
  const odds = (word: string) => next.at(-1)![model.tokens.indexOf(word)];
  if (name !== 'every other word') return odds(name);
  return 1 - named.reduce((sum, word) => sum + odds(word), 0);
}

/** A cell of all heads: `name` is the row-th pair of a word and one that it sees. */
function headsCell(d: Declaration, row: number, label: string): number {
  const looks = Math.floor((Math.sqrt(8 * row + 1) - 1) / 2);
  const [, layer, head] = /Layer (\d+), head (\d+)/.exec(label)!.map(Number);
  return read(d.text!).weights[layer - 1][head - 1][looks][row - (looks * (looks + 1)) / 2];
}

/** A cell of a figure that was read from a file rather than worked out; undefined for a label it does not have. */
function readCell(kind: string, row: number, label: string): number | undefined {
  if (kind === 'calibration') {
    const bin = left<{ calibration: Record<string, number>[] }>('quality.json').calibration[row];
    return { 'On average': bin.predicted, 'The truth': bin.truth, 'It came': bin.observed, Words: bin.count }[label];
  }
  const { entropy, rows } = left<{ entropy: number; rows: Record<string, number>[] }>('training.json');
  const { tokens, gap, loss } = rows[row];
  return {
    'Words read': tokens,
    'Easel, nats a word': entropy + gap,
    'The language itself': entropy,
    'Between the two': gap,
    'On the texts it practised on': loss,
  }[label];
}

/** What a cell should say: a number, null where there is none to say. `named` are the other first cells of its table. */
function expectedCell(d: Declaration, row: number, name: string, column: number, label: string, named: string[]) {
  if (d.kind === 'narrowing') {
    const shareAt = (step: number) => (step < 0 ? 1 : narrow(d.noun!, d.steps![step].modifiers ?? []).share);
    if (label === 'Bits added by this step') return Math.log2(shareAt(row - 1) / shareAt(row));
    return label === 'Bits' ? -Math.log2(shareAt(row)) : shareAt(row);
  }
  if (d.kind === 'steps') return passCell(d, row, label);
  if (d.kind === 'apart') return partedCell(d, row, name, label, named);
  if (d.kind === 'scatter' && d.texts) return pathsCell(d, row, label);
  if (d.kind === 'scatter') return scatterCell(named, row, label);
  if (d.kind === 'resolution') return resolutionCell(d, row, label);
  if (d.kind === 'vectors') return vectorsCell(d, row, label);
  if (d.kind === 'rotation') return rotationCell(d, name, label);
  if (d.kind === 'arrows') return arrowsCell(d, row, label);
  if (d.kind === 'products') return openedCell(d, name, label);
  if (d.kind === 'spread') return spreadCell(d, row, name, label);
  if (d.kind === 'added') return addedCell(d, row, label);
  if (d.kind === 'blend') return mixedCell(d, row, name, label);
  if (d.kind === 'training' || d.kind === 'calibration') return readCell(d.kind, row, label) ?? null;
  if (d.kind === 'moments') return label === 'Place' ? row : momentCell(d, row, name, label, named);
  if (d.kind === 'heads') return headsCell(d, row, label);
  const run = read(d.text!, model, d.causal ?? true);
  if (d.kind === 'heatmap' || label === 'Weight') {
    const { layer, head } = headOf(d);
    const [looks, at] = d.kind === 'heatmap' ? [row, column - 1] : [lookingOf(d, run.words), row];
    expect(name).toBe(run.words[row]);
    return run.weights[layer][head][looks][at] ?? null;
  }
  if (label === 'Place') return row;
  const odds = (word: string): number | null => {
    if (label === 'A made-up table') return d.handMade![word] ?? null;
    if (label === captured.model) return captured.odds[word] ?? null;
    const id = word === 'end of text' ? 0 : model.tokens.indexOf(word);
    if (id < 0) return null;
    if (label !== 'The little language') return run.next.at(-1)![id];
    return trueNextWord(run.words.slice(1)).get(id === 0 ? '<end>' : word) ?? 0;
  };
  if (name === 'every other word') return 1 - named.reduce((sum, word) => sum + (odds(word) ?? 0), 0);
  return odds(name);
}

/** What numbers a printed one may stand for: half a unit of its last digit either way. Null where it is none. */
function meaning(text: string, perMillion: boolean): [number, number] | null {
  const below = /^(?:below|less than) ([\d.]+)(\s*%)?$/.exec(text);
  const above = /^above ([\d.]+)(\s*%)$/.exec(text);
  const minus = /^−(.*)$/.exec(text);
  if (minus) {
    const [from, to] = meaning(minus[1], perMillion) ?? [Number.NaN, Number.NaN];
    return [-to, -from];
  }
  const plain = /^([\d,]*\.?\d+)(\s*%|°)?$/.exec(text);
  const unit = perMillion ? 1e-6 : text.endsWith('%') ? 0.01 : 1;
  if (below) return [0, Number(below[1]) * unit];
  if (above) return [Number(above[1]) * unit, 1];
  if (!plain) return null;
  const digits = plain[1].replaceAll(',', '');
  const half = digits.includes('.') ? 0.5 * 10 ** -(digits.length - digits.indexOf('.') - 1) : 0.5;
  // '1' and '0' in a column of decimals are said of numbers that round to them in three.
  const slack = unit === 1 && (digits === '1' || digits === '0') ? 0.0005 : half;
  return [(Number(digits) - slack) * unit, (Number(digits) + slack) * unit];
}

/** Columns whose numbers are said in prose as shares or in parts per million. */
const probabilities = ['Probability of being next', 'A made-up table', 'The little language', 'Easel'];

/** How a figure's table heads the column that prose asks for by its id, as the figure's own download says. */
function labelOf(figure: Element, id: string | null): string | undefined {
  const address = figure.querySelector('a[download$=".json"]')!.getAttribute('href')!;
  const file = join(folder, address.slice(address.indexOf('/figures/')));
  const { columns } = JSON.parse(readFileSync(file, 'utf8')) as { columns: { id: string; label: string }[] };
  return columns.find((column) => column.id === id)?.label;
}

/** Every cell of a figure's tables as it is printed, and the number that it should stand for. */
function cellsOf({ declaration, element }: { declaration: Declaration; element: Element }) {
  let row = 0;
  return [...element.querySelectorAll('table.numbers')].flatMap((table) => {
    const labels = [...table.querySelectorAll('thead th')].map((cell) => cell.textContent.trim());
    const bodies = [...table.querySelectorAll('tbody:not(.total)')];
    const named = bodies
      .flatMap((body) =>
        [...body.querySelectorAll('tr:not(.sub) th[scope=row]')].map((cell) => cell.textContent.trim()),
      )
      .filter((name) => name !== 'every other word');
    return bodies.flatMap((body) => {
      const perMillion = /parts per million/.test(body.querySelector('.sub')?.textContent ?? '');
      return [...body.querySelectorAll('tr:not(.sub)')].flatMap((line) => {
        const [name, ...texts] = [...line.children].map((cell) => cell.textContent.trim());
        const cells = texts.map((text, i) => {
          const label = labels[i + 1];
          const expected = expectedCell(declaration, row, name, i + 1, label, named);
          return { name, label, text, perMillion, expected, where: `${name}, ${label}` };
        });
        row += 1;
        return cells;
      });
    });
  });
}

const tolerance = 1e-5;

describe.skipIf(!folder)('the numbers in the built pages', () => {
  const figures: { page: string; name: string; declaration: Declaration; element: Element }[] = [];
  const pages = folder ? globSync('**/*.html', { cwd: folder }).map((file) => file.replaceAll('\\', '/')) : [];
  for (const page of pages) {
    const source = join(root, 'content/docs', `${page.replace(/(\/index)?\.html$/, '')}.mdx`);
    if (!existsSync(source)) continue;
    const frontmatter = /^---\n([\s\S]*?)\n---/.exec(readFileSync(source, 'utf8'))?.[1] ?? '';
    const declared = (parse(frontmatter) as { figures?: Record<string, Declaration> })?.figures ?? {};
    const { document } = parseHTML(readFileSync(join(folder, page), 'utf8'));
    for (const element of document.querySelectorAll('figure[data-figure]')) {
      const name = element.getAttribute('data-figure')!;
      // What the small model learns is held against Node in learning.test.ts, by training it once more.
      if (element.getAttribute('data-kind') === 'pupil') continue;
      figures.push({ page, name, declaration: declared[name], element: element as unknown as Element });
    }
  }

  it('are there, of every kind', () => {
    const kinds = new Set(figures.map(({ declaration }) => declaration.kind));
    for (const kind of ['arcs', 'heatmap', 'narrowing', 'next-word', 'resolution', 'rotation', 'scatter', 'vectors']) {
      expect(kinds).toContain(kind);
    }
  });

  it.for(figures)('$page: $name', (figure) => {
    const cells = cellsOf(figure);
    for (const { where, text, perMillion, expected } of cells) {
      const said = meaning(text, perMillion);
      if (expected === null) {
        expect(said, `${where} says ${text}, but there is no number to say`).toBeNull();
        continue;
      }
      expect(said, `${where} says ${text}, where ${expected} should be`).not.toBeNull();
      const slack = tolerance * Math.max(1, Math.abs(expected));
      expect(expected, where).toBeGreaterThanOrEqual(said![0] - slack);
      expect(expected, where).toBeLessThanOrEqual(said![1] + slack);
    }
    expect(cells.filter(({ label, expected }) => label !== 'Place' && expected !== null).length).toBeGreaterThan(1);
    for (const total of figure.element.querySelectorAll('tbody.total td.num')) {
      const heads = [...total.closest('table')!.querySelectorAll('thead th')].map((head) => head.textContent.trim());
      const label = heads[[...total.parentElement!.children].indexOf(total)];
      const text = total.textContent.trim();
      if (!['Product', 'Weight × size'].includes(label)) {
        expect(text, label).toBe('1');
        continue;
      }
      const sum = cells.reduce((all, cell) => (cell.label === label ? all + cell.expected! : all), 0);
      const [from, to] = meaning(text, false)!;
      expect(sum, label).toBeGreaterThanOrEqual(from - tolerance * Math.max(1, Math.abs(sum)));
      expect(sum, label).toBeLessThanOrEqual(to + tolerance * Math.max(1, Math.abs(sum)));
    }
  });

  it('are those that the prose quotes', () => {
    let quoted = 0;
    for (const page of new Set(figures.map((figure) => figure.page))) {
      const { document } = parseHTML(readFileSync(join(folder, page), 'utf8'));
      for (const quote of document.querySelectorAll('.value-of')) {
        const figure = figures.find((f) => f.page === page && f.name === quote.getAttribute('data-figure'))!;
        const row = quote.getAttribute('data-row')!;
        const label = labelOf(figure.element, quote.getAttribute('data-column')) ?? 'Weight';
        const inColumn = cellsOf(figure).filter((cell) => cell.label === label);
        const named = inColumn.find((cell) => cell.name === row);
        const [, word, count] = /^(.*?)(?: (\d+))?$/.exec(row)!;
        const { expected } = named ?? inColumn.filter((cell) => cell.name === word)[Number(count) - 1];
        const text = quote.textContent.trim();
        // After the number the sentence may go on to say what it counts.
        const inMillion = !text.endsWith('%') && probabilities.includes(label);
        const said = meaning(text, inMillion);
        // Percentages of weights are rounded together, so that they add up: each may be a point off.
        const slack = ['Weight', 'Share of all that is brought'].includes(label) ? 0.01 : tolerance;
        expect(said, `${page} quotes ${text}`).not.toBeNull();
        expect(expected, `${page} quotes ${text}`).toBeGreaterThanOrEqual(said![0] - slack);
        expect(expected, `${page} quotes ${text}`).toBeLessThanOrEqual(said![1] + slack);
        quoted += 1;
      }
    }
    expect(quoted).toBeGreaterThan(5);
  });
});
