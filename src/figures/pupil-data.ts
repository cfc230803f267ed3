/** A small model while it is trained, as the data of a figure: one text before and now, and the curve of its surprise. */
import type { Cell, FigureData } from './figure-data.ts';
import type { Look } from './moments-data.ts';
import { rounded, sayShare, saySigned, wholePercents, withPercentSign } from './numbers.ts';
import { remainder, topWords } from './odds.ts';
import { called, peakOf } from './pattern.ts';
import { type PupilPoint, pupilEntropy, pupilParameters, pupilTexts } from './pupil-training.ts';
import { OTHER_WORDS } from './text.ts';

export interface Pupil {
  /** `words[0]` is the start; the last one looks. */
  words: readonly string[];
  seed: number;
  /** Of the whole training. */
  steps: number;
  /** From before the first step until now. */
  curve: readonly PupilPoint[];
  before: Look;
  now: Look;
}

/** How many of the likeliest next words have a row. */
const NEXT = 4;

/** The figure. */
export function pupilData(
  ask: { title: string; caption: string; sentence: string },
  pupil: Pupil,
  name: string,
): FigureData {
  const { words, curve, before, now, seed, steps } = pupil;
  const next = topWords(now.odds, NEXT).top.map(([word]) => word);
  const shares = [before, now].map(({ odds }) => next.map((word) => rounded(odds.get(word) ?? 0)));
  const looks = [before, now].map(({ weights }) => weights.map(rounded));
  const rows: Cell[][] = [
    ...words.map((word, i): Cell[] => [word, looks[0][i], looks[1][i], null, null, null, null, null]),
    ...[...next, OTHER_WORDS].map((word, k): Cell[] => {
      const of = (list: number[]) => (k < next.length ? list[k] : remainder(list));
      return [word, null, null, of(shares[0]), of(shares[1]), null, null, null];
    }),
    ...curve.map(({ step, loss, last }): Cell[] => [
      `step ${step}`,
      null,
      null,
      null,
      null,
      rounded(loss),
      rounded(last),
      rounded(pupilEntropy),
    ]),
  ];
  const done = curve[curve.length - 1].step;
  const after = done === steps ? 'After' : `After ${done} steps`;
  const source = `a model of one head, trained for this picture, seed ${seed}`;
  return {
    kind: 'pupil',
    name,
    title: ask.title,
    caption: ask.caption,
    series: [
      { id: 'now', label: 'The small model', provenance: 'learned', source },
      { id: 'before', label: 'Before training', provenance: 'random', source: `the same model before, seed ${seed}` },
      { id: 'language', label: 'Its language', provenance: 'exact', source: 'the rules of its little language' },
    ],
    axes: { rows: 'steps of training', columns: 'surprise at a word, in nats' },
    columns: [
      { id: 'word', label: 'Word', unit: 'word' },
      { id: 'before', label: 'Weight before', unit: 'weight', series: 'before' },
      { id: 'now', label: `Weight ${after.toLowerCase()}`, unit: 'weight', series: 'now' },
      { id: 'next before', label: 'Before', unit: 'probability', series: 'before' },
      { id: 'next', label: after, unit: 'probability', series: 'now' },
      { id: 'loss', label: 'All words', unit: 'nats', series: 'now' },
      { id: 'last', label: 'The last word alone', unit: 'nats', series: 'now' },
      { id: 'entropy', label: 'The least there can be', unit: 'nats', series: 'language' },
    ],
    rows,
    groups: [
      { from: 0, to: words.length, columns: ['word', 'before', 'now'], total: 'All together' },
      {
        label: 'What could come next',
        from: words.length,
        to: words.length + next.length + 1,
        columns: ['word', 'next before', 'next'],
        first: 'Next word',
        total: 'All together',
      },
      {
        label: 'Surprise at a word, in nats',
        from: words.length + next.length + 1,
        to: rows.length,
        columns: ['word', 'loss', 'last', 'entropy'],
        first: 'After',
      },
    ],
    notice: noticeOfPupil(pupil),
    detail: { sentence: ask.sentence, words, seed, steps, parameters: pupilParameters, texts: pupilTexts },
  };
}

/** What a figure's table holds. */
export function pupilOf(data: FigureData): Pupil {
  const { words, seed, steps } = data.detail as unknown as Pupil;
  const column = (id: string) => data.columns.findIndex((one) => one.id === id);
  const [next, surprise] = data.groups!.slice(1);
  const look = (weight: string, odds: string): Look => ({
    weights: data.rows.slice(0, words.length).map((row) => row[column(weight)] as number),
    odds: new Map(data.rows.slice(next.from, next.to).map((row) => [String(row[0]), row[column(odds)] as number])),
  });
  const curve = data.rows.slice(surprise.from).map((row) => ({
    step: Number(String(row[0]).replace('step ', '')),
    loss: row[column('loss')] as number,
    last: row[column('last')] as number,
  }));
  return { words, seed, steps, curve, before: look('before', 'next before'), now: look('now', 'next') };
}

/** What has changed, said only where it is so. */
export function noticeOfPupil({ words, curve, before, now, steps }: Pupil): string {
  const looking = words.length - 1;
  const end = curve[curve.length - 1];
  const peak = peakOf(now.weights);
  const share = ({ weights }: Look) => {
    const percent = wholePercents(weights)[peak];
    return percent === 0 ? 'less than 1\u00a0%' : withPercentSign(percent);
  };
  const [[word, p]] = topWords(now.odds, 1).top;
  const when = end.step === 0 ? 'Before the first step' : end.step === steps ? 'At the end' : `After ${end.step} steps`;
  const looks = `${when}, *${words[looking]}* gives ${share(now)} of its weight to ${called(words, peak, looking)}`;
  const was = end.step === 0 ? '' : `, where it gave ${share(before)} before training`;
  return `${looks}${was}. Likeliest to come next: *${word}* (${sayShare(p)}). Surprise at the last word: ${saySigned(end.last, 2)} nats${end.step === 0 ? '' : `, from ${saySigned(curve[0].last, 2)}`}.`;
}
