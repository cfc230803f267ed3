/** Which words a next-word figure names, and what it says about them. */
import type { Cell, Column, FigureData, Group, ProvenanceKind, Series } from './figure-data.ts';
import { rounded, sayDecimal, sayPerMillion } from './numbers.ts';
import { type Odds, remainder } from './odds.ts';
import { OTHER_WORDS, plainText } from './text.ts';

/** One column before its numbers are cut down to rows. */
export interface OddsColumn {
  id: string;
  label: string;
  provenance: ProvenanceKind;
  source: string;
  /** What it means that a word has no number here. */
  empty: string;
  odds: Odds;
  /** True where `odds` holds every word of a vocabulary. */
  whole?: boolean;
}

interface Ask {
  title: string;
  caption: string;
  text: string;
  order?: string;
  rows?: number;
  words?: string[];
}

/** Below this in every column, three decimals say nothing and a row counts in parts per million. */
const RARE = 0.001;

/** The figure: likeliest words first, then rare ones by name, then all others in one row. */
export function nextWordData(ask: Ask, columns: readonly OddsColumn[], name: string): FigureData {
  const order = columns.find((c) => c.id === (ask.order ?? 'exact')) ?? columns[0];
  const handMade = columns.find((c) => c.provenance === 'hand-made');
  const byOrder = (a: string, b: string) =>
    (order.odds.get(b) ?? -1) - (order.odds.get(a) ?? -1) ||
    (handMade?.odds.get(b) ?? -1) - (handMade?.odds.get(a) ?? -1) ||
    (a < b ? -1 : 1);
  const top = [...order.odds.keys()]
    .filter((word) => order.odds.get(word)! > 0)
    .sort(byOrder)
    .slice(0, ask.rows ?? 7);
  const named = [...new Set([...top, ...(handMade?.odds.keys() ?? []), ...(ask.words ?? [])])];
  const unknown = named.filter((word) => columns.every((c) => !c.odds.has(word)));
  const rare = named.filter((word) => !unknown.includes(word) && columns.every((c) => (c.odds.get(word) ?? 0) < RARE));
  const common = named.filter((word) => !unknown.includes(word) && !rare.includes(word)).sort(byOrder);
  rare.sort((a, b) => (handMade ? (handMade.odds.get(b) ?? -1) - (handMade.odds.get(a) ?? -1) : 0) || byOrder(a, b));

  const cell = (column: OddsColumn, word: string): number | null => {
    const p = column.odds.get(word);
    return p === undefined ? null : rounded(p);
  };
  const rows: Cell[][] = [...common, ...rare, ...unknown].map((word) => [word, ...columns.map((c) => cell(c, word))]);
  rows.push([
    OTHER_WORDS,
    ...columns.map((_, k) => remainder(rows.map((row) => row[k + 1]).filter((p): p is number => p !== null))),
  ]);
  const groups: Group[] = [{ from: 0, to: common.length }];
  if (rare.length > 0) {
    const impossible = columns
      .filter((c) => c.provenance === 'exact')
      .some((c) => rare.every((word) => (c.odds.get(word) ?? 0) === 0));
    groups.push({
      label: `${impossible ? 'Words that cannot come here' : 'Words that hardly ever come here'}, counted in parts per million`,
      from: common.length,
      to: common.length + rare.length,
      perMillion: true,
    });
  }
  if (unknown.length > 0) {
    const from = common.length + rare.length;
    groups.push({ label: 'Words that nobody here knows', from, to: from + unknown.length });
  }
  groups.push({ from: rows.length - 1, to: rows.length, total: 'All together' });

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
    notice: noticeOfOdds(columns, common, rare),
    detail: {
      text: ask.text,
      order: order.id,
      vocabulary: Object.fromEntries(columns.filter((c) => c.whole).map((c) => [c.id, c.odds.size])),
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
        ? `${model.label} puts first what the language puts first, *${trueWord}*, with ${say(modelShare)} where ${say(trueShare)} is true.`
        : `${model.label} puts *${modelWord}* first (${say(modelShare)}); in the language *${trueWord}* is likeliest (${say(trueShare)}).`,
    );
    const widest = common
      .filter((word) => truth.odds.has(word) && model.odds.has(word))
      .map((word) => ({ word, t: truth.odds.get(word)!, m: model.odds.get(word)! }))
      .sort((a, b) => Math.abs(b.t - b.m) - Math.abs(a.t - a.m))[0];
    if (widest && widest.word !== trueWord && say(widest.t) !== say(widest.m)) {
      parts.push(
        `The widest gap of the words shown is at *${widest.word}*: ${say(widest.m)} instead of ${say(widest.t)}.`,
      );
    }
    const [ghost] = rare
      .filter((word) => truth.odds.get(word) === 0 && (model.odds.get(word) ?? 0) > 0)
      .sort((a, b) => model.odds.get(b)! - model.odds.get(a)!);
    if (ghost) {
      const share = sayPerMillion(model.odds.get(ghost)!);
      parts.push(
        `Nothing is quite impossible for a model: *${ghost}*, which the language never says here, still gets ${share} in a million.`,
      );
    }
    const least = rare.filter((word) => (truth.odds.get(word) ?? 0) > 0 && model.odds.has(word)).at(-1);
    if (least && !ghost) {
      const [t, m] = [truth, model].map((column) => sayPerMillion(column.odds.get(least)!));
      parts.push(
        `Of a million times, the language says *${least}* here ${t} times, and ${model.label} would ${m} times.`,
      );
    }
  } else {
    for (const column of [truth, model]) {
      if (!column) continue;
      const [word, share] = first(column);
      parts.push(`*${plainText(word)}* is likeliest, with ${say(share)} of ${column.odds.size} words' shared 1.`);
    }
  }
  if (parts.length === 0) {
    const [word, share] = first(columns[0]);
    parts.push(`*${word}* comes first, with ${say(share)}.`);
  }
  return parts.join(' ');
}
