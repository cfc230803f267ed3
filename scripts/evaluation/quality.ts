/** How good a model is: what `npm run evaluate` writes to public/model/quality.json. */
import { kinds } from '../../src/language/grammar.ts';
import { trueNextWord, trueNextWords, vocabulary } from '../../src/language/language.ts';
import { Sampler } from '../../src/language/sampler.ts';
import type { Odds } from '../../src/model/odds.ts';
import {
  type CalibrationBin,
  type Chosen,
  calibration,
  choose,
  divergence,
  gapOf,
  textCosts,
  totalVariation,
} from '../../src/model/quality.ts';
import { heldOutText, idOf } from '../texts.ts';
import { guidePrompts } from './guide-prompts.ts';
import type { Test, Tests } from './tests.ts';

/** One line of the report: what was measured, and what should come out. */
export interface Target {
  statement: string;
  value: number;
  /** The bound, and on which side of it the value should be; null where the value is only told. */
  atMost?: number;
  atLeast?: number;
  unit: 'nats' | 'distance' | 'share' | 'probability';
  met: boolean | null;
}

export interface Quality {
  gap: ReturnType<typeof gapOf> & { texts: number };
  /** Over places of held-out texts: mean distance to the truth, mean divergence from it in nats, and the worst places. */
  prefixes: { count: number; variation: number; divergence: number; worst: { text: string; variation: number }[] };
  prompts: { text: string; variation: number; words: { word: string; truth: number; model: number }[] }[];
  guide: Tested[];
  frames: Tested[];
  strange: Tested[];
  names: Tested[];
  senses: Tested[];
  calibration: CalibrationBin[];
  /** Kinds of text: their share of the language, its entropy there and the model's gap, in nats a word. */
  kinds: { kind: string; share: number; entropy: number; divergence: number; texts: number }[];
  /** Held-out texts, each [what the language needs, what the model needs], in nats a word. */
  texts: [entropy: number, loss: number][];
}
type Tested = { name: string; texts: number } & Chosen;

export interface Counts {
  /** Held-out texts for the gap. */
  texts: number;
  /** Places of held-out texts at which the whole distribution is compared. */
  prefixes: number;
  /** Texts of each kind, of which the language has nine or ten. */
  ofKind: number;
}

/** Every so many places one is compared: near places of a text have much in common. */
const STRIDE = 12;
/** The first place of those. */
const FIRST = 5;
/** Words this rare in truth and model are left out of the prompts' tables. */
const RARE = 0.005;
/** As many points as a scatter plot can show. */
const POINTS = 300;
/** How many of the worst places are told. */
const WORST = 12;
/** Texts of one kind are numbered from here, apart from all others. */
const KIND_SEED = 0x60000000;

/** Measures everything but heads. `say` is told what comes next. */
export function measureQuality(odds: Odds, tests: Tests, counts: Counts, say: (what: string) => void): Quality {
  say('held-out texts');
  const texts = Array.from({ length: counts.texts }, (_, i) => heldOutText(i));
  const costs = textCosts(odds, texts);
  say('held-out prefixes');
  const { prefixes, bins } = comparePrefixes(odds, counts.prefixes);
  say('kinds of text');
  const ofKinds = compareKinds(odds, counts.ofKind);
  say('prompts');
  const prompts = comparePrompts(odds);
  say('scenes');
  const run = (list: readonly Test[]): Tested[] =>
    list.map(({ name, choices }) => ({ name, texts: choices.length, ...choose(odds, choices) }));
  return {
    gap: { ...gapOf(costs), texts: texts.length },
    prefixes,
    prompts,
    guide: run(tests.guide),
    frames: run(tests.frames),
    strange: run(tests.strange),
    names: run(tests.names),
    senses: run(tests.senses),
    calibration: bins,
    kinds: ofKinds,
    texts: costs.slice(0, POINTS).map(({ entropy, loss, places }) => [entropy / places, loss / places]),
  };
}

/** The bar, line by line. */
export function targetsOf(quality: Quality): Target[] {
  const { gap, prefixes, prompts, guide, frames, strange, names, senses } = quality;
  const atMost = (statement: string, value: number, bound: number, unit: Target['unit']): Target => {
    return { statement, value, atMost: bound, unit, met: value <= bound };
  };
  const atLeast = (statement: string, value: number, bound: number, unit: Target['unit']): Target => {
    return { statement, value, atLeast: bound, unit, met: value >= bound };
  };
  return [
    atMost("nats a word above the language's entropy", gap.gap, 0.02, 'nats'),
    atMost('mean total variation over held-out prefixes', prefixes.variation, 0.04, 'distance'),
    ...prompts.map(({ text, variation }) => atMost(`total variation after "${text}"`, variation, 0.08, 'distance')),
    ...guide.map(({ name, share }) => atLeast(`right adjective, the guide's sentence: ${name}`, share, 0.99, 'share')),
    ...frames.map(({ name, share }) => atLeast(`right adjective: ${name}`, share, 0.97, 'share')),
    ...strange.map(
      ({ name, share }): Target => ({
        statement: `right adjective, words never seen there: ${name}`,
        value: share,
        unit: 'share',
        met: null,
      }),
    ),
    ...names.map(({ name, right }) => atLeast(`right name: ${name}`, right, 0.9, 'probability')),
    ...senses.map(({ name, share }) => atLeast(`right sense: ${name}`, share, 0.99, 'share')),
  ];
}

/** Model against truth at every twelfth place of held-out texts. */
function comparePrefixes(odds: Odds, count: number) {
  const measured: { text: string; variation: number; divergence: number }[] = [];
  const bins = calibration();
  let place = 0;
  for (let index = 0; measured.length < count; index++) {
    const { words, ids } = heldOutText(index);
    const truths = trueNextWords(words);
    odds([[0, ...ids]], (_, after) => {
      truths.forEach((truth, t) => {
        if (place++ % STRIDE !== FIRST || measured.length === count) return;
        const next = after(t);
        const known = byId(truth);
        measured.push({
          text: words.slice(0, t).join(' '),
          variation: totalVariation(next, known),
          divergence: divergence(next, known),
        });
        bins.add(next, known, ids[t] ?? 0);
      });
    });
  }
  const worst = [...measured].sort((a, b) => b.variation - a.variation).slice(0, WORST);
  const prefixes = {
    count,
    variation: mean(measured.map(({ variation }) => variation)),
    divergence: mean(measured.map((one) => one.divergence)),
    worst: worst.map(({ text, variation }) => ({ text, variation })),
  };
  return { prefixes, bins: bins.bins() };
}

function comparePrompts(odds: Odds): Quality['prompts'] {
  return guidePrompts().map((text) => {
    const words = text.split(' ').filter(Boolean);
    const truth = trueNextWord(words);
    let compared: Quality['prompts'][number] | undefined;
    odds([[0, ...words.map(idOf)]], (_, after) => {
      const next = after(words.length);
      const shown = [...truth.keys(), ...vocabulary.filter((word) => !truth.has(word))]
        .map((word) => ({ word, truth: truth.get(word) ?? 0, model: next[idOf(word)] }))
        .filter((row) => row.truth >= RARE || row.model >= RARE);
      compared = { text, variation: totalVariation(next, byId(truth)), words: shown };
    });
    return compared!;
  });
}

/** The kinds of text one by one: where is the model worst? */
function compareKinds(odds: Odds, count: number): Quality['kinds'] {
  return Object.entries(kinds).map(([kind, { share, tell }], k) => {
    let entropy = 0;
    let more = 0;
    let places = 0;
    for (let i = 0; i < count; i++) {
      const sampler = new Sampler(KIND_SEED + k * 100_000 + i);
      tell(sampler);
      const { words } = sampler;
      const truths = trueNextWords(words);
      odds([[0, ...words.map(idOf)]], (_, after) => {
        truths.forEach((truth, t) => {
          for (const probability of truth.values()) entropy -= probability * Math.log(probability);
          more += divergence(after(t), byId(truth));
          places++;
        });
      });
    }
    return { kind, share, entropy: entropy / places, divergence: more / places, texts: count };
  });
}

const byId = (truth: ReadonlyMap<string, number>): Map<number, number> =>
  new Map([...truth].map(([word, probability]) => [idOf(word), probability]));

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
