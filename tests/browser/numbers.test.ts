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
import { openByOtherHands } from '../recompute.ts';

const folder = inject('site') ? inject('siteFolder') : '';
const root = join(import.meta.dirname, '../..');

interface Declaration {
  kind: string;
  text?: string;
  role?: string;
  layer?: number;
  head?: number;
  word?: string;
  noun?: string;
  steps?: { say: string; modifiers?: string[] }[];
  handMade?: Record<string, number>;
}

const model = openByOtherHands(readFileSync(join(root, 'public/model/easel.gguf')));
const { roles } = JSON.parse(readFileSync(join(root, 'public/model/heads.json'), 'utf8')) as {
  roles: Record<string, { layer: number; head: number }>;
};

const runs = new Map<string, { words: string[] } & ReturnType<typeof model.run>>();
/** A text through the model, once; words[0] is the start. */
function read(text: string) {
  const known = runs.get(text);
  if (known) return known;
  const words = ['start', ...(text.toLowerCase().match(/[a-z'-]+|[^\sa-z]/g) ?? [])];
  const ids = words.map((word, i) => (i === 0 ? 0 : model.tokens.indexOf(word)));
  expect(ids).not.toContain(-1);
  const run = { words, ...model.run(ids) };
  runs.set(text, run);
  return run;
}

function headOf({ role, layer, head }: Declaration) {
  const place = role === undefined ? { layer: layer!, head: head! } : roles[role];
  return { layer: place.layer - 1, head: place.head - 1 };
}

function lookingOf({ word }: Declaration, words: readonly string[]): number {
  const [, asked, count] = /^(.*?)(?: (\d+))?$/.exec(word ?? words.at(-1)!)!;
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
function placesOf(words: readonly string[]): number[][] {
  const lists = words.map((word) => model.embedding[model.tokens.indexOf(word)]);
  const mean = lists[0].map((_, i) => lists.reduce((sum, list) => sum + list[i], 0) / lists.length);
  const centred = lists.map((list) => list.map((x, i) => x - mean[i]));
  let products = centred.map((a) => centred.map((b) => dot(a, b)));
  return [0, 1].map(() => {
    let along = words.map((_, i) => Math.cos(i));
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
  const key = words.join(' ');
  if (!places.has(key)) places.set(key, placesOf(words));
  if (label === 'Along the first direction') return places.get(key)![0][row];
  if (label === 'Along the second') return places.get(key)![1][row];
  if (!label.startsWith('Their likeness')) return null;
  const [own, ...others] = [words[row], ...words.filter((_, i) => i !== row)].map(
    (word) => model.embedding[model.tokens.indexOf(word)],
  );
  return Math.max(...others.map((other) => dot(own, other) / Math.sqrt(dot(own, own) * dot(other, other))));
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
  if (d.kind === 'scatter') return scatterCell(named, row, label);
  if (d.kind === 'training' || d.kind === 'calibration') return readCell(d.kind, row, label) ?? null;
  const run = read(d.text!);
  if (d.kind === 'heatmap' || label === 'Weight') {
    const { layer, head } = headOf(d);
    const [looks, at] = d.kind === 'heatmap' ? [row, column - 1] : [lookingOf(d, run.words), row];
    expect(name).toBe(run.words[row]);
    return run.weights[layer][head][looks][at] ?? null;
  }
  if (label === 'Place') return row;
  const odds = (word: string): number | null => {
    if (label === 'A made-up table') return d.handMade![word] ?? null;
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
  const plain = /^([\d,]*\.?\d+)(\s*%)?$/.exec(text);
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

/** Ids by which prose asks for a column, and how a table heads it. */
const columnLabels: Record<string, string> = {
  weight: 'Weight',
  next: 'Probability of being next',
  'hand-made': 'A made-up table',
  exact: 'The little language',
  easel: 'Easel',
  share: 'Share that still fits',
  added: 'Bits added by this step',
  bits: 'Bits',
};

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
      figures.push({ page, name, declaration: declared[name], element: element as unknown as Element });
    }
  }

  it('are there, of every kind', () => {
    const kinds = new Set(figures.map(({ declaration }) => declaration.kind));
    expect([...kinds].sort()).toEqual(['arcs', 'heatmap', 'narrowing', 'next-word']);
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
      expect(expected, where).toBeGreaterThanOrEqual(said![0] - tolerance);
      expect(expected, where).toBeLessThanOrEqual(said![1] + tolerance);
    }
    expect(cells.filter(({ label, expected }) => label !== 'Place' && expected !== null).length).toBeGreaterThan(1);
    for (const total of figure.element.querySelectorAll('tbody.total td.num')) {
      expect(total.textContent.trim()).toBe('1');
    }
  });

  it('are those that the prose quotes', () => {
    let quoted = 0;
    for (const page of new Set(figures.map((figure) => figure.page))) {
      const { document } = parseHTML(readFileSync(join(folder, page), 'utf8'));
      for (const quote of document.querySelectorAll('.value-of')) {
        const figure = figures.find((f) => f.page === page && f.name === quote.getAttribute('data-figure'))!;
        const [, row, count] = /^(.*?)(?: (\d+))?$/.exec(quote.getAttribute('data-row')!)!;
        const label = columnLabels[quote.getAttribute('data-column') ?? ''] ?? 'Weight';
        const cells = cellsOf(figure).filter((cell) => cell.name === row && cell.label === label);
        const { expected } = cells[Number(count ?? 1) - 1];
        const text = quote.textContent.trim();
        // After the number the sentence may go on to say what it counts.
        const inMillion = !text.endsWith('%') && label !== 'Weight' && !label.startsWith('Bits');
        const said = meaning(text, inMillion);
        // Percentages of weights are rounded together, so that they add up: each may be a point off.
        const slack = label === 'Weight' ? 0.01 : tolerance;
        expect(said, `${page} quotes ${text}`).not.toBeNull();
        expect(expected, `${page} quotes ${text}`).toBeGreaterThanOrEqual(said![0] - slack);
        expect(expected, `${page} quotes ${text}`).toBeLessThanOrEqual(said![1] + slack);
        quoted += 1;
      }
    }
    expect(quoted).toBeGreaterThan(5);
  });
});
