/** Which words a next-word figure names, and what it says about them. */
import type { Cell, Column, FigureData, Group, ProvenanceKind, Series } from './figure-data.ts';
import { rounded, sayDecimal, sayPerMillion } from './numbers.ts';
import { type Odds, remainder } from './odds.ts';
import { OTHER_WORDS, spokenOf } from './text.ts';

/** One column before its numbers are cut down to rows. */
export interface OddsColumn {
  id: string;
  label: string;
  provenance: ProvenanceKind;
  source: string;
  /** What it means that a word has no number here. */
  empty: string;
  odds: Odds;
  /** Entries of the vocabulary that the odds were given out among; absent where there is none. */
  vocabulary?: number;
  /** Words that are several entries of that vocabulary, so that no one number belongs to them. */
  inPieces?: ReadonlySet<string>;
  /** True of a column that goes on standing for the printed words when a reader has put in others. */
  stands?: boolean;
}

/** What a cell says of a word in pieces. */
const IN_PIECES = 'in pieces';

/** The column of what is true of the little language; without odds where it never says such a thing. */
export function exactColumn(odds: Odds): OddsColumn {
  return {
    id: 'exact',
    label: 'The little language',
    provenance: 'exact',
    source: 'the grammar of the little language',
    empty: odds.size > 0 ? 'unknown word' : 'never said',
    odds,
    vocabulary: odds.size || undefined,
  };
}

/** The column of a model of ours. */
export function modelColumn(odds: Odds, name: string): OddsColumn {
  return {
    id: 'easel',
    label: name,
    provenance: 'learned',
    source: name,
    empty: 'unknown word',
    odds,
    vocabulary: odds.size,
  };
}

interface Ask {
  title: string;
  caption: string;
  text: string;
  order?: string;
  rows?: number;
  words?: string[];
}

/** How many of the likeliest words are named where nobody says otherwise. */
const TOP = 7;

/** Below this in every column, three decimals say nothing and a row counts in parts per million. */
const RARE = 0.001;

/**
 * The figure: likeliest words first, then rare ones by name, then all others in one row. Where some columns go on standing
 * for other words, the words of their table come in a group of their own.
 */
export function nextWordData(ask: Ask, columns: readonly OddsColumn[], name: string): FigureData {
  const alive = columns.filter(({ stands, odds }) => !stands && odds.size > 0);
  const order = alive.find((c) => c.id === (ask.order ?? 'exact')) ?? alive[0] ?? columns[0];
  const handMade = columns.find((c) => c.provenance === 'hand-made');
  const ranks = [order, ...(handMade ? [handMade] : []), ...columns];
  const byOrder = (a: string, b: string) => {
    for (const { odds } of ranks) {
      const difference = (odds.get(b) ?? -1) - (odds.get(a) ?? -1);
      if (difference !== 0) return difference;
    }
    return a < b ? -1 : 1;
  };
  const top = [...order.odds.keys()]
    .filter((word) => order.odds.get(word)! > 0)
    .sort(byOrder)
    .slice(0, ask.rows ?? TOP);
  const standing = columns.some(({ stands }) => stands);
  const named = [...new Set([...top, ...(handMade?.odds.keys() ?? []), ...(ask.words ?? [])])];
  const unknown = named.filter((word) => columns.every((c) => !c.odds.has(word)));
  const rest = named.filter((word) => !unknown.includes(word));
  const rare = standing ? [] : rest.filter((word) => columns.every((c) => (c.odds.get(word) ?? 0) < RARE));
  const kept = standing ? rest.filter((word) => !top.includes(word)) : [];
  const common = rest.filter((word) => !rare.includes(word) && !kept.includes(word)).sort(byOrder);
  rare.sort((a, b) => (handMade ? (handMade.odds.get(b) ?? -1) - (handMade.odds.get(a) ?? -1) : 0) || byOrder(a, b));

  const cell = (column: OddsColumn, word: string): Cell => {
    const p = column.odds.get(word);
    if (p !== undefined) return rounded(p);
    return column.inPieces?.has(word) ? IN_PIECES : null;
  };
  const words = [...common, ...kept, ...rare, ...unknown];
  const rows: Cell[][] = words.map((word) => [word, ...columns.map((c) => cell(c, word))]);
  const shares = (k: number) => rows.map((row) => row[k + 1]).filter((p) => typeof p === 'number');
  rows.push([OTHER_WORDS, ...columns.map((c, k) => (c.odds.size > 0 ? remainder(shares(k)) : null))]);

  const groups: Group[] = [];
  const group = (count: number, more: Omit<Group, 'from' | 'to'> = {}) => {
    const from = groups.at(-1)?.to ?? 0;
    if (count > 0) groups.push({ ...more, from, to: from + count });
  };
  group(common.length);
  group(kept.length, { label: 'The other words of the printed table' });
  const impossible = columns
    .filter((c) => c.provenance === 'exact')
    .some((c) => rare.every((word) => (c.odds.get(word) ?? 0) === 0));
  group(rare.length, {
    label: `${impossible ? 'Words that cannot come here' : 'Words that hardly ever come here'}, counted in parts per million`,
    perMillion: true,
  });
  group(unknown.length, {
    label: columns.some(({ inPieces }) => inPieces) ? 'A word without a number' : 'Words that nobody here knows',
  });
  group(1, { total: 'All together' });

  const series: Series[] = columns.map(({ id, label, provenance, source }) => ({ id, label, provenance, source }));
  return {
    kind: 'next-word',
    name,
    title: ask.title,
    caption: ask.caption,
    series,
    axes: { rows: 'the word that may come next', columns: 'its probability' },
    columns: [
      { id: 'word', label: 'Next word', unit: 'word' },
      ...columns.map((c): Column => ({ id: c.id, label: c.label, unit: 'probability', series: c.id, empty: c.empty })),
    ],
    rows,
    groups,
    notice: noticeOfOdds(
      columns.filter(({ stands, odds }) => !stands && odds.size > 0),
      common,
      rare,
    ),
    detail: {
      text: ask.text,
      order: order.id,
      top: ask.rows ?? TOP,
      vocabulary: Object.fromEntries(columns.flatMap(({ id, vocabulary }) => (vocabulary ? [[id, vocabulary]] : []))),
      ...(standing && { stands: columns.flatMap(({ id, stands }) => (stands ? [id] : [])) }),
    },
  };
}

/** What the columns show, said only where it is so. */
export function noticeOfOdds(
  columns: readonly OddsColumn[],
  common: readonly string[],
  rare: readonly string[],
): string {
  const first = (c: OddsColumn) => [...c.odds].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  const say = (p: number) => sayDecimal(p);
  const truth = columns.find((c) => c.provenance === 'exact');
  const model = columns.find((c) => c.provenance === 'learned');
  const parts: string[] = [];
  if (truth && model) {
    const [trueWord, trueShare] = first(truth);
    const [modelWord, modelShare] = first(model);
    parts.push(
      trueWord === modelWord
        ? `${model.label} puts first what the language puts first, ${spokenOf(trueWord)}, with ${say(modelShare)} where ${say(trueShare)} is true.`
        : `${model.label} puts ${spokenOf(modelWord)} first (${say(modelShare)}); in the language ${spokenOf(trueWord)} is likeliest (${say(trueShare)}).`,
    );
    const widest = common
      .filter((word) => truth.odds.has(word) && model.odds.has(word))
      .map((word) => ({ word, t: truth.odds.get(word)!, m: model.odds.get(word)! }))
      .sort((a, b) => Math.abs(b.t - b.m) - Math.abs(a.t - a.m))[0];
    if (widest && widest.word !== trueWord && say(widest.t) !== say(widest.m)) {
      parts.push(
        `The widest gap of the words shown is at ${spokenOf(widest.word)}: ${say(widest.m)} instead of ${say(widest.t)}.`,
      );
    }
    const [ghost] = rare
      .filter((word) => truth.odds.get(word) === 0 && (model.odds.get(word) ?? 0) > 0)
      .sort((a, b) => model.odds.get(b)! - model.odds.get(a)!);
    if (ghost) {
      const share = sayPerMillion(model.odds.get(ghost)!);
      parts.push(
        `Nothing is quite impossible for a model: ${spokenOf(ghost)}, which the language never says here, still gets ${share} in a million.`,
      );
    }
    const least = rare.filter((word) => (truth.odds.get(word) ?? 0) > 0 && model.odds.has(word)).at(-1);
    if (least && !ghost) {
      const [t, m] = [truth, model].map((column) => sayPerMillion(column.odds.get(least)!));
      parts.push(
        `Of a million times, the language says ${spokenOf(least)} here ${t} times, and ${model.label} would ${m} times.`,
      );
    }
  } else {
    for (const column of [truth, model]) {
      if (!column) continue;
      const [word, share] = first(column);
      parts.push(
        `${capital(spokenOf(word))} is likeliest, with ${say(share)} of the 1 that ${column.odds.size} words share.`,
      );
    }
  }
  const published = columns.find((c) => c.provenance === 'published model');
  const here = truth ?? model;
  if (published && here) {
    const [[theirs, share], [ours]] = [first(published), first(here)];
    const inTheirs = published.odds.get(ours);
    const other = inTheirs === undefined || theirs === ours ? '' : `, and gives ${spokenOf(ours)} ${say(inTheirs)}`;
    parts.push(`${published.label} puts ${spokenOf(theirs)} first, with ${say(share)}${other}.`);
  }
  if (parts.length === 0) {
    const [word, share] = first(columns[0]);
    parts.push(`${capital(spokenOf(word))} comes first, with ${say(share)}.`);
  }
  return parts.join(' ');
}

const capital = (text: string) => text.replace(/[a-z]/, (letter) => letter.toUpperCase());
