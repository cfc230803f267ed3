/** One head on two texts that differ in a word, as the data of a figure. */
import type { Cell, Column, FigureData, Group } from './figure-data.ts';
import { rounded, wholePercents, withPercentSign } from './numbers.ts';
import { type Odds, remainder, topWords } from './odds.ts';
import { called, headSeries, type Pattern, peakOf } from './pattern.ts';
import { OTHER_WORDS } from './text.ts';
import type { World } from './world.ts';

/** The same head on two texts of one length. */
export interface Pair {
  first: Pattern;
  second: Pattern;
  /** The word that looks, in both. */
  looking: number;
}

/** Places at which the two texts differ. */
export function differences(words: readonly string[], others: readonly string[]): number[] {
  return words.flatMap((word, i) => (word === others[i] ? [] : [i]));
}

/** What tells a text from the other, in words: 'woman', or 'a … woman' where more than one differs. */
export function nameOf(words: readonly string[], changed: readonly number[]): string {
  return changed.map((i, k) => `${k > 0 && i > changed[k - 1] + 1 ? '… ' : ''}${words[i]}`).join(' ');
}

/** The figure. */
export function compareData(
  ask: { title: string; caption: string; text: string; other: string; role?: string; next?: number },
  pair: Pair,
  world: World,
  name: string,
): FigureData {
  const { first, second, looking } = pair;
  const changed = differences(first.words, second.words);
  const names = [nameOf(first.words, changed), nameOf(second.words, changed)];
  const columns: Column[] = [
    { id: 'word', label: `Word, with ${names[0]}`, unit: 'word' },
    { id: 'other', label: `Word, with ${names[1]}`, unit: 'word' },
    { id: 'place', label: 'Place', unit: 'count' },
    ...['weight', 'other weight'].map(
      (id, k): Column => ({
        id,
        label: `Weight, with ${names[k]}`,
        unit: 'weight',
        series: 'weight',
        empty: 'not read yet',
      }),
    ),
  ];
  const rows: Cell[][] = first.words.map((word, i) => [
    word,
    second.words[i],
    i,
    ...[first, second].map(({ weights }) => (i <= looking ? weights[looking][i] : null)),
  ]);
  const series = [headSeries('weight', world, first)];
  const groups: Group[] = [{ from: 0, to: rows.length, total: 'All together' }];
  if (ask.next) {
    groups[0].columns = columns.map(({ id }) => id);
    series.push({ id: 'next', label: 'Next word', provenance: 'learned', source: world.model.name });
    const ids = ['next', 'other next'];
    ids.forEach((id, k) => {
      columns.push({ id, label: `Being next, with ${names[k]}`, unit: 'probability', series: 'next' });
    });
    for (const row of rows) row.push(null, null);
    const next = bothNext(first.odds, second.odds, ask.next);
    const from = rows.length;
    rows.push(...next.map(([word, p, q]): Cell[] => [word, null, null, null, null, p, q]));
    groups.push({
      label: 'What it will say next',
      from,
      to: rows.length,
      columns: ['word', ...ids],
      first: 'Next word',
      total: 'All together',
    });
  }
  return {
    kind: 'compare',
    name,
    title: ask.title,
    caption: ask.caption,
    series,
    axes: { rows: 'the word looked at', columns: `how much *${first.words[looking]}* looks at it, in either text` },
    columns,
    rows,
    groups,
    notice: noticeOfPair(pair, ask.next),
    detail: {
      text: ask.text,
      other: ask.other,
      words: first.words,
      others: second.words,
      looking,
      layer: first.layer,
      head: first.head,
      ...(ask.role ? { role: ask.role } : {}),
    },
  };
}

/** The likeliest words of either, the likeliest first, and all others in one row, so that both columns add up to 1. */
export function bothNext(first: Odds, second: Odds, count: number): [word: string, p: number, q: number][] {
  const top = (odds: Odds) => [...odds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, count);
  const words = [...new Set([...top(first), ...top(second)].map(([word]) => word))];
  const rows = words
    .map((word): [string, number, number] => [word, rounded(first.get(word) ?? 0), rounded(second.get(word) ?? 0)])
    .sort((a, b) => Math.max(b[1], b[2]) - Math.max(a[1], a[2]) || (a[0] < b[0] ? -1 : 1));
  return [...rows, [OTHER_WORDS, remainder(rows.map((row) => row[1])), remainder(rows.map((row) => row[2]))]];
}

/** What the change of a word changes, said only where it is so. */
export function noticeOfPair({ first, second, looking }: Pair, count = 0): string {
  const changed = differences(first.words, second.words);
  const [here, there] = [nameOf(first.words, changed), nameOf(second.words, changed)].map((words) => `*${words}*`);
  const asker = first.words[looking] === second.words[looking] ? `*${first.words[looking]}*` : 'the word that looks';
  const parts: string[] = [];
  if (changed[0] > looking) {
    const what = changed.length === 1 ? 'the word that differs has' : 'the words that differ have';
    parts.push(`When ${asker} is read, ${what} not come yet: its row is the same in both texts.`);
  } else {
    const [a, b] = [first.weights[looking], second.weights[looking]];
    const [from, to] = [peakOf(a), peakOf(b)];
    const say = (row: readonly number[], j: number) => {
      const percent = wholePercents(row)[j];
      return percent === 0 ? 'less than 1\u00a0%' : withPercentSign(percent);
    };
    const atHere = called(first.words, from, looking);
    const atThere = called(second.words, to, looking);
    if (from !== to) {
      parts.push(
        `With ${here}, ${asker} looks most at ${atHere} (${say(a, from)}); with ${there}, at ${atThere} (${say(b, to)}).`,
      );
    } else if (changed.includes(from) && from !== looking) {
      parts.push(`In both texts ${asker} looks most at the word that differs: ${say(a, from)}, and ${say(b, from)}.`);
    } else {
      parts.push(
        `In both texts ${asker} looks most at ${atHere}: ${say(a, from)} with ${here}, ${say(b, from)} with ${there}.`,
      );
    }
  }
  if (count > 0) {
    const next = bothNext(first.odds, second.odds, count);
    // The percentages are those that the picture shows, whose columns add up to 100.
    const [[wordHere, p], [wordThere, q]] = [first.odds, second.odds].map((odds, k) => {
      const [[word]] = topWords(odds, 1).top;
      const percent = wholePercents(next.map((row) => row[k + 1] as number))[next.findIndex((row) => row[0] === word)];
      return [word, percent === 0 ? 'less than 1\u00a0%' : withPercentSign(percent)];
    });
    parts.push(
      wordHere === wordThere
        ? `Likeliest to come next is *${wordHere}* in both: ${p} and ${q}.`
        : `Likeliest to come next: *${wordHere}* (${p}) with ${here}, *${wordThere}* (${q}) with ${there}.`,
    );
  }
  return parts.join(' ');
}
