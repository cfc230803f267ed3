/** What heads do: what `npm run evaluate` writes to public/model/heads.json. */
import { plain } from '../../src/attention/plain.ts';
import { nameScenes } from '../../src/language/name-scenes.ts';
import { mulberry32 } from '../../src/language/random.ts';
import { type BindingScene, bindingScenes } from '../../src/language/scenes.ts';
import { wordKind } from '../../src/language/word-kinds.ts';
import {
  allHeads,
  type HeadHabits,
  type HeadPlace,
  headHabits,
  type LabelledText,
  type Look,
  type MeanWeight,
  meanWeights,
} from '../../src/model/heads.ts';
import type { Odds } from '../../src/model/odds.ts';
import type { LanguageModel } from '../../src/model/open.ts';
import { type Choice, choose, gapOf, type PricedText, textCosts } from '../../src/model/quality.ts';
import { heldOutText, idOf } from '../texts.ts';
import { choiceOf, type Test, type Tests } from './tests.ts';

/** A simpler explanation of what a head seems to do, and what was measured against it. */
export interface Check {
  rival: string;
  measured: string;
  value: number;
  /** Whether the value speaks against the rival. */
  refuted: boolean;
}

/** What speaks for a head having a role, or for the best candidate not having it. */
export interface Evidence extends HeadPlace {
  claim: string;
  measured: string;
  value: number;
  checks: Check[];
  convincing: boolean;
  /** Other heads for which the claim holds against all rivals. */
  alsoConvincing: HeadPlace[];
  /** How the claim fares as the words looked at stand farther away. */
  byDistance?: { distance: number; weight: number; count: number }[];
  /** Without the head: the share of right adjectives where the noun asked about stands nearer to the question than the
   * other one, and where it stands farther away. What is left without binding may still go by nearness. */
  withoutIt?: { nearer: number; farther: number };
}

/** Results of all tests, with all heads or without one. */
export interface Scores {
  /** Nats a word above the language's entropy. */
  gap: number;
  /** kind of question → share of right answers; for names, the mean probability of the right one. */
  guide: Record<string, number>;
  frames: Record<string, number>;
  names: Record<string, number>;
  senses: Record<string, number>;
}

export interface HeadsReport {
  roles: Record<string, HeadPlace>;
  /** role → why no head has it */
  noHead: Record<string, string>;
  evidence: Record<string, Evidence>;
  /** Scores with all heads … */
  scores: Scores;
  heads: (HeadPlace & {
    /** In a sentence, made from `habits`. */
    looks: string;
    /** Nats a word that are lost without it. */
    costs: number;
    /** … and without this one. */
    scoresWithout: Scores;
  } & HeadHabits)[];
}

/** Frames in which every noun follows its adjective, two of them … */
const TWO_DESCRIBED = [
  'person with thing',
  'thing with person',
  'person with thing, sentence between',
  'thing with person, sentence between',
  'list of two',
];
/** … or three. */
const THREE_DESCRIBED = ['list of three', 'with and a third'];
/** Held-out texts from here on are for heads. */
const FIRST_TEXT = 20_000;
/** Rarer than this, a distance says nothing. */
const FEWEST_AT_DISTANCE = 10;
/** A head has a role when it gives this much of its weight to it, and a rival explains at most half of that. */
const ENOUGH = 0.5;
/** Below this share of right answers the binding is broken … */
export const BROKEN = 0.6;
/** … and above this all is well. */
const WELL = 0.9;

export interface HeadCounts {
  /** Held-out texts in which heads are watched, and by which muting is judged. */
  texts: number;
  /** Scenes of each kind in which heads are watched. */
  scenes: number;
}

/** Watches every head, mutes every head, and gives the roles. `say` is told what comes next. */
export function measureHeads(
  model: LanguageModel,
  odds: Odds,
  tests: Tests,
  counts: HeadCounts,
  say: (what: string) => void,
): HeadsReport {
  const heads = allHeads(model);
  const texts = Array.from({ length: counts.texts }, (_, i) => heldOutText(FIRST_TEXT + i));
  say('where heads look');
  const labelled = texts.map(({ words, ids }) => labelledText(words, ids));
  const habits = headHabits(model, labelled, plain);
  const weights = meanWeights(
    model,
    [...labelled.map(ordinaryLooks), ...labelled.map(shuffledLooks), ...sceneLooks(counts.scenes)],
    plain,
  );
  const scores = scoresOf(odds, texts, tests);
  const without = heads.map((place) => {
    say(`without layer ${place.layer}, head ${place.head}`);
    return scoresOf(odds, texts, tests, place);
  });

  const evidence: Record<string, Evidence> = {
    'previous-word': positionEvidence(heads, weights, 'word before', 'Looks one word back.'),
    'second-word-back': positionEvidence(heads, weights, 'second word back', 'Looks two words back.'),
    adjective: adjectiveEvidence(heads, weights),
    noun: questionEvidence(heads, weights),
    'asked-adjective': askedAdjectiveEvidence(heads, weights),
    copy: copyEvidence(heads, weights),
    binding: bindingEvidence(heads, without),
  };
  const ordered = byOrder(counts.scenes);
  const withoutBinding = (list: readonly Choice[]) => choose(odds, list, [evidence.binding]).share;
  evidence.binding.withoutIt = { nearer: withoutBinding(ordered.nearer), farther: withoutBinding(ordered.farther) };
  const roles: HeadsReport['roles'] = {};
  const noHead: HeadsReport['noHead'] = {};
  for (const [role, found] of Object.entries(evidence)) {
    const { layer, head, convincing } = found;
    if (convincing) roles[role] = { layer, head };
    else noHead[role] = whyNot(found);
  }
  return {
    roles,
    noHead,
    evidence,
    scores,
    heads: heads.map((place, i) => ({
      ...place,
      looks: inWords(habits[i]),
      costs: without[i].gap - scores.gap,
      ...habits[i],
      scoresWithout: without[i],
    })),
  };
}

/** A head's habits as a sentence or two. */
export function inWords({ habits, clear, covered }: HeadHabits): string {
  const clauses = habits.map(({ from, to, share }, i) => {
    return `${oneOf(from)} ${i === 0 ? 'looks at' : 'at'} ${to} (${Math.round(100 * share)} %)`;
  });
  if (!clear) return `No clear habit. The nearest to one: ${clauses[0]}.`;
  const said = clauses.join('; ');
  return `${said[0].toUpperCase()}${said.slice(1)}.${covered < 0.5 ? ' Other words have no clear habit here.' : ''}`;
}

/** Sorts of word that together are a simpler one. */
const TOGETHER: readonly [simpler: string, sorts: readonly string[]][] = [
  ['noun', ['noun named before', 'new noun with an adjective', 'new noun without an adjective']],
  ['new noun', ['new noun with an adjective', 'new noun without an adjective']],
  ['name', ['name heard before', 'new name']],
  ['*was*', ['*was* after a noun named before', '*was* after a pronoun', 'other *was*']],
];

/** *a name, a verb or an article* */
function oneOf(sources: readonly string[]): string {
  let sorts = [...sources];
  for (const [simpler, parts] of TOGETHER) {
    if (parts.every((part) => sorts.includes(part)))
      sorts = [simpler, ...sorts.filter((sort) => !parts.includes(sort))];
  }
  const named = sorts.map((sort) => {
    if (sort === 'any word' || sort.startsWith('*')) return sort;
    return sort.startsWith('other') ? `an${sort}` : `${/^[aeiou]/.test(sort) ? 'an' : 'a'} ${sort}`;
  });
  return named.length === 1 ? named[0] : `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`;
}

function whyNot({ layer, head, measured, value, checks }: Evidence): string {
  const against = checks.filter(({ refuted }) => !refuted);
  return (
    `The nearest to it is layer ${layer}, head ${head}. ${measured}: ${value.toFixed(2)}.` +
    against.map((check) => ` Not ruled out: ${check.rival} ${check.measured}: ${check.value.toFixed(2)}.`).join('')
  );
}

/** The text with the kind of each word. The start marker is the vocabulary's first entry. */
export function labelledText(words: readonly string[], ids: readonly number[]): LabelledText {
  return { ids: [0, ...ids], words: ['', ...words], kinds: ['start', ...words.map(wordKind)] };
}

/** Looks that can be measured in any text. */
function ordinaryLooks({ ids, kinds }: LabelledText): { ids: readonly number[]; looks: Look[] } {
  const looks: Look[] = [];
  for (let t = 1; t < ids.length; t++) {
    const add = (name: string, key: number) => {
      if (key > 0) looks.push({ name, query: t, keys: [key] });
    };
    add('word before', t - 1);
    add('second word back', t - 2);
    const earlier = ids.lastIndexOf(ids[t], t - 1);
    if (earlier > 0 && earlier + 1 < t) add('after the same word', earlier + 1);
    if (kinds[t] !== 'noun' || ids.indexOf(ids[t]) < t) continue; // only where a noun comes up first
    const described = kinds[t - 1] === 'adjective';
    add(described ? 'described noun on its adjective' : 'bare noun on the word before', t - 1);
    if (described && kinds[t - 2] === 'adjective') add('described noun on its first adjective', t - 2);
    else if (described) add('described noun on the word before its adjective', t - 2);
  }
  return { ids, looks };
}

/** The same words in a random order, in which only places can be a habit. */
function shuffledLooks({ ids }: LabelledText, seed: number): { ids: readonly number[]; looks: Look[] } {
  const random = mulberry32(seed);
  const mixed = [...ids];
  for (let i = mixed.length - 1; i > 1; i--) {
    const j = 1 + Math.floor(random() * i);
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  const looks: Look[] = [];
  for (let t = 2; t < mixed.length; t++) {
    looks.push({ name: 'shuffled: word before', query: t, keys: [t - 1] });
    if (t > 2) looks.push({ name: 'shuffled: second word back', query: t, keys: [t - 2] });
  }
  return { ids: mixed, looks };
}

/** Looks in scenes that end in a question. */
function sceneLooks(count: number): { ids: readonly number[]; looks: Look[] }[] {
  return [
    ...TWO_DESCRIBED.flatMap((frame, i) =>
      bindingScenes(frame, count, 300 + i).map((scene) => bindingLooks(scene, '')),
    ),
    ...THREE_DESCRIBED.flatMap((frame, i) =>
      bindingScenes(frame, count, 320 + i).map((scene) => bindingLooks(scene, 'of three: ')),
    ),
    ...nameScenes('surname', count, 340).map(surnameLooks),
  ];
}

/** Where the asked noun and the others were introduced: each just behind its adjective. */
function bindingLooks({ words, right, wrong }: BindingScene, prefix: string) {
  const ids = [0, ...words.map(idOf)];
  const was = ids.length - 1;
  const place = (adjective: string) => 1 + words.indexOf(adjective);
  const [own, others] = [place(right), wrong.map(place)];
  const looks: Look[] = [];
  const add = (name: string, query: number, ...keys: number[]) => looks.push({ name: prefix + name, query, keys });
  const nouns = others.map((other) => other + 1);
  const order = others.every((other) => other > own) ? 'farther' : others.every((other) => other < own) ? 'nearer' : '';
  for (const suffix of ['', ...(order ? [` (own ${order})`] : [])]) {
    add(`was on own noun${suffix}`, was, own + 1);
    add(`was on other noun${suffix}`, was, ...nouns);
    add(`was on own adjective${suffix}`, was, own);
    add(`was on other adjective${suffix}`, was, ...others);
    add(`asked noun on own adjective${suffix}`, was - 1, own);
    add(`asked noun on other adjective${suffix}`, was - 1, ...others);
  }
  add(`was on own noun at ${was - own - 1}`, was, own + 1);
  const [first, second] = [own, ...others].sort((a, b) => a - b);
  add('second noun on own adjective', second + 1, second);
  add('second noun on first adjective', second + 1, first);
  return { ids, looks };
}

/** Scenes with two described nouns, by whether the one asked about is the nearer or the farther one. */
function byOrder(count: number): { nearer: Choice[]; farther: Choice[] } {
  const scenes = TWO_DESCRIBED.flatMap((frame, i) => bindingScenes(frame, count, 300 + i));
  const isNearer = ({ words, right, wrong }: BindingScene) => words.indexOf(right) > words.indexOf(wrong[0]);
  return {
    nearer: scenes.filter(isNearer).map(choiceOf),
    farther: scenes.filter((scene) => !isNearer(scene)).map(choiceOf),
  };
}

/** *anna smith met ben jones . anna*: the last word is a name heard before. */
function surnameLooks({ words, right, wrong }: BindingScene) {
  const ids = [0, ...words.map(idOf)];
  const last = ids.length - 1;
  const place = (surname: string) => 1 + words.indexOf(surname);
  const [own, other] = [place(right), place(wrong[0])];
  const looks: Look[] = [];
  for (const suffix of ['', other > own ? ' (own farther)' : ' (own nearer)', ` at ${last - own}`]) {
    looks.push({ name: `name on own surname${suffix}`, query: last, keys: [own] });
    looks.push({ name: `name on other surname${suffix}`, query: last, keys: [other] });
  }
  return { ids, looks };
}

type Weights = readonly Map<string, MeanWeight>[];

/** The best head by a score, with what it takes to convince. */
function bestOf(
  heads: readonly HeadPlace[],
  score: (index: number) => number,
  evidenceOf: (index: number) => Omit<Evidence, 'layer' | 'head' | 'convincing' | 'alsoConvincing'>,
  enough = (value: number) => value >= ENOUGH,
): Evidence {
  const convinces = (index: number) => {
    const { value, checks } = evidenceOf(index);
    return enough(value) && checks.every(({ refuted }) => refuted);
  };
  const ranked = heads.map((_, index) => index).sort((a, b) => score(b) - score(a));
  const best = ranked.find(convinces) ?? ranked[0];
  return {
    ...heads[best],
    ...evidenceOf(best),
    convincing: convinces(best),
    alsoConvincing: heads.filter((_, index) => index !== best && convinces(index)),
  };
}

const weightOf = (weights: Weights, index: number, name: string) => weights[index].get(name)?.weight ?? 0;

function positionEvidence(heads: readonly HeadPlace[], weights: Weights, where: string, claim: string): Evidence {
  const value = (index: number) => weightOf(weights, index, where);
  return bestOf(heads, value, (index) => {
    const shuffled = weightOf(weights, index, `shuffled: ${where}`);
    return {
      claim,
      measured: `Mean weight on the ${where}, in held-out texts`,
      value: value(index),
      checks: [
        {
          rival: 'It looks for the kind of word that often stands there.',
          measured: `The same with the words of each text in random order`,
          value: shuffled,
          refuted: shuffled >= value(index) / 2,
        },
      ],
    };
  });
}

function adjectiveEvidence(heads: readonly HeadPlace[], weights: Weights): Evidence {
  const w = (index: number, name: string) => weightOf(weights, index, name);
  const claimed = (index: number) => w(index, 'described noun on its adjective');
  const bare = (index: number) => w(index, 'bare noun on the word before');
  return bestOf(
    heads,
    (index) => claimed(index) - bare(index),
    (index) => {
      const value = claimed(index);
      const first = w(index, 'second noun on first adjective');
      const [double, single] = [
        w(index, 'described noun on its first adjective'),
        w(index, 'described noun on the word before its adjective'),
      ];
      return {
        claim: 'A noun that comes up with an adjective looks at that adjective.',
        measured: 'Mean weight from a new noun on the adjective before it, in held-out texts',
        value,
        checks: [
          {
            rival: 'It only looks one word back.',
            measured: 'Mean weight on the word before from a new noun that has no adjective',
            value: bare(index),
            refuted: bare(index) <= value / 2,
          },
          {
            rival: 'Any adjective will do.',
            measured: "With a described noun in between, mean weight from the second noun on the first one's adjective",
            value: first,
            refuted: first <= value / 2,
          },
          {
            rival: 'It looks two words back when it does not look one back.',
            measured:
              'Mean weight two words back where an article stands there ' +
              `(where a first adjective does, as in "small black cat": ${double.toFixed(2)})`,
            value: single,
            refuted: single <= value / 2,
          },
        ],
      };
    },
  );
}

function questionEvidence(heads: readonly HeadPlace[], weights: Weights): Evidence {
  const w = (index: number, name: string) => weightOf(weights, index, name);
  return bestOf(
    heads,
    (index) => w(index, 'was on own noun') - w(index, 'was on other noun'),
    (index) => {
      const value = w(index, 'was on own noun');
      const other = w(index, 'was on other noun');
      const farther = w(index, 'was on own noun (own farther)');
      const nearer = w(index, 'was on own noun (own nearer)');
      const three = w(index, 'of three: was on own noun');
      const byDistance = distances(weights[index], 'was on own noun at ');
      return {
        claim: 'At the end of "… the woman was", *was* looks at the woman where she was introduced.',
        measured: 'Mean weight from *was* on the noun asked about, in scenes with two described nouns',
        value,
        checks: [
          {
            rival: 'Any described noun will do.',
            measured: 'Mean weight on the other noun',
            value: other,
            refuted: other <= value / 2,
          },
          {
            rival: 'It takes the nearest described noun.',
            measured: 'Mean weight on the noun asked about where the other one stands in between',
            value: farther,
            refuted: farther >= ENOUGH,
          },
          {
            rival: 'It takes the first described noun.',
            measured: 'Mean weight on the noun asked about where it came second',
            value: nearer,
            refuted: nearer >= ENOUGH,
          },
          distanceCheck(byDistance, ENOUGH),
          {
            rival: 'A third noun confuses it.',
            measured: 'Mean weight on the noun asked about in scenes with three described nouns',
            value: three,
            refuted: three >= ENOUGH,
          },
        ],
        byDistance,
      };
    },
  );
}

function askedAdjectiveEvidence(heads: readonly HeadPlace[], weights: Weights): Evidence {
  const w = (index: number, name: string) => weightOf(weights, index, name);
  const lead = (index: number, from: string) =>
    w(index, `${from} on own adjective`) - w(index, `${from} on other adjective`);
  const stronger = (index: number) => (lead(index, 'was') >= lead(index, 'asked noun') ? 'was' : 'asked noun');
  return bestOf(
    heads,
    (index) => lead(index, stronger(index)),
    (index) => {
      const from = stronger(index);
      const value = w(index, `${from} on own adjective`);
      const other = w(index, `${from} on other adjective`);
      const farther = w(index, `${from} on own adjective (own farther)`);
      return {
        claim: 'At the end of "… the woman was", the adjective of the woman is looked at directly.',
        measured: `Mean weight from ${from === 'was' ? '*was*' : 'the noun before *was*'} on the adjective of the noun asked about`,
        value,
        checks: [
          {
            rival: 'Any adjective will do.',
            measured: 'Mean weight on the other adjective',
            value: other,
            refuted: other <= value / 2,
          },
          {
            rival: 'It takes the nearest adjective.',
            measured: 'Mean weight on the right adjective where the other one stands in between',
            value: farther,
            refuted: farther >= value / 2,
          },
        ],
      };
    },
  );
}

function copyEvidence(heads: readonly HeadPlace[], weights: Weights): Evidence {
  const w = (index: number, name: string) => weightOf(weights, index, name);
  return bestOf(
    heads,
    (index) => w(index, 'name on own surname') - w(index, 'name on other surname'),
    (index) => {
      const value = w(index, 'name on own surname');
      const other = w(index, 'name on other surname');
      const farther = w(index, 'name on own surname (own farther)');
      const nearer = w(index, 'name on own surname (own nearer)');
      const byDistance = distances(weights[index], 'name on own surname at ');
      return {
        claim: 'A name heard before looks at the surname that followed it then.',
        measured: 'Mean weight on that surname at the end of "anna smith met ben jones . anna"',
        value,
        checks: [
          {
            rival: 'Any surname will do.',
            measured: 'Mean weight on the other surname',
            value: other,
            refuted: other <= value / 2,
          },
          {
            rival: 'It takes the nearest surname.',
            measured: 'Mean weight on the right surname where the other name stands in between',
            value: farther,
            refuted: farther >= value / 2,
          },
          {
            rival: 'It takes the first surname.',
            measured: 'Mean weight on the right surname where it came second',
            value: nearer,
            refuted: nearer >= value / 2,
          },
          distanceCheck(byDistance, value / 2),
        ],
        byDistance,
      };
    },
  );
}

function bindingEvidence(heads: readonly HeadPlace[], without: readonly Scores[]): Evidence {
  const right = (index: number) => mean(Object.values(without[index].frames));
  const senses = (index: number) => mean(Object.values(without[index].senses));
  // of heads that break it, the one that costs least besides
  const score = (index: number) => (right(index) < BROKEN ? 100 - without[index].gap : -right(index));
  return bestOf(
    heads,
    score,
    (index) => {
      const others = heads.map((_, other) => right(other)).filter((_, other) => other !== index);
      const median = others.sort((a, b) => a - b)[Math.floor(others.length / 2)];
      return {
        claim: 'Without it, adjectives no longer find their nouns.',
        measured: 'Share of right adjectives without it, mean over all kinds of sentence',
        value: right(index),
        checks: [
          {
            rival: 'Silence any head, and the binding breaks.',
            measured: 'The same without one other head, median over the others',
            value: median,
            refuted: median >= WELL,
          },
          {
            rival: 'Without it, everything breaks.',
            measured: 'Share of homonyms in the right sense without it',
            value: senses(index),
            refuted: senses(index) >= WELL,
          },
        ],
      };
    },
    (value) => value < BROKEN,
  );
}

/** Whether the weight stays as the words looked at stand nearer or farther. One distance alone refutes nothing. */
function distanceCheck(byDistance: ReturnType<typeof distances>, enough: number): Check {
  const least = Math.min(1, ...byDistance.map(({ weight }) => weight));
  return {
    rival: 'It counts words: some distances only.',
    measured: `Least mean weight at any of the distances ${byDistance.map(({ distance }) => distance).join(', ')}`,
    value: least,
    refuted: byDistance.length > 1 && least >= enough,
  };
}

/** Mean weights by distance, from names that end in the distance. */
function distances(weights: ReadonlyMap<string, MeanWeight>, name: string) {
  return [...weights]
    .filter(([key, { count }]) => key.startsWith(name) && count >= FEWEST_AT_DISTANCE)
    .map(([key, { weight, count }]) => ({ distance: Number(key.slice(name.length)), weight, count }))
    .sort((a, b) => a.distance - b.distance);
}

function scoresOf(odds: Odds, texts: readonly PricedText[], tests: Tests, without?: HeadPlace): Scores {
  const muted = without && [without];
  const run = (list: readonly Test[], of: 'share' | 'right') =>
    Object.fromEntries(list.map(({ name, choices }) => [name, choose(odds, choices, muted)[of]]));
  return {
    gap: gapOf(textCosts(odds, texts, muted)).gap,
    guide: run(tests.guide, 'share'),
    frames: run(tests.frames, 'share'),
    names: run(tests.names, 'right'),
    senses: run(tests.senses, 'share'),
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
