/**
 * Where a number of a pass through the model comes from: the lists that were multiplied, each with its own name, so that it
 * can be asked the same question, down to what is stored. Pure arithmetic over a finished pass; nothing is computed anew
 * but the products themselves.
 */
import type { FloatArray } from '../attention/attend.ts';
import { rotationTable, swish } from '../model/layers.ts';
import type { ForwardTrace } from '../model/llama.ts';
import type { LanguageModel } from '../model/open.ts';
import { ordinal } from './pattern.ts';
import { sayRoot } from './steps-data.ts';
import { START, wordNames } from './text.ts';

/** A finished pass over a text; `words[0]` is the start. */
export interface Pass {
  trace: ForwardTrace;
  words: readonly string[];
  model: LanguageModel;
}

/**
 * What a number is, in the order in which a pass makes them: as stored; as a layer takes it in; its size and standard size;
 * query and key before and after turning; value; dot product, divided, weight; blend; what a head adds; after attention;
 * size and standard size once more; gate, up and hidden of the feed-forward step; what that adds; as the layer hands it on.
 */
export const whats = [
  ...(['stored', 'size', 'normed', 'unturned-query', 'query', 'unturned-key', 'key', 'value'] as const),
  ...(['score', 'scaled', 'weight', 'blend', 'part', 'attended'] as const),
  ...(['forward-size', 'forward-normed', 'gate', 'up', 'hidden', 'forward', 'output'] as const),
];
export type What = (typeof whats)[number];

/** The name of one number. */
export interface NumberName {
  what: What;
  /** Counted from 1; 0 where it belongs to none. */
  layer: number;
  head: number;
  /** Places among the words, the start being 0. Of a score or a weight: the word that looks. */
  word: number;
  /** Place in its list, from 0; of a score or a weight: the word looked at. */
  entry: number;
}

/** A name in an address: 'score-1-2-5-4'. */
export function writeName({ what, layer, head, word, entry }: NumberName): string {
  return `${what}-${layer}-${head}-${word}-${entry}`;
}

/** The name again, or undefined for what names no number of this pass: addresses are typed and go stale. */
export function readName(text: string, { words, model: { config } }: Pass): NumberName | undefined {
  const match = /^([a-z-]+?)-(\d+)-(\d+)-(\d+)-(\d+)$/.exec(text);
  if (!match || !(whats as readonly string[]).includes(match[1])) return undefined;
  const what = match[1] as What;
  const [layer, head, word, entry] = match.slice(2).map(Number);
  const isStored = what === 'stored';
  const inHead = headed.includes(what);
  if (isStored ? layer !== 0 : layer < 1 || layer > config.nLayers) return undefined;
  if (inHead ? head < 1 || head > config.nHeads : head !== 0) return undefined;
  if (word >= words.length || entry >= lengthOf(what, words.length, config)) return undefined;
  if (what === 'weight' && entry > word) return undefined;
  return { what, layer, head, word, entry };
}

/** Those that belong to a head. */
export const headed: readonly What[] = [
  'unturned-query',
  'query',
  'unturned-key',
  'key',
  'value',
  'score',
  'scaled',
  'weight',
  'blend',
  'part',
];

/** How long the list is in which such a number stands. */
export function lengthOf(what: What, nWords: number, config: LanguageModel['config']): number {
  if (what === 'size' || what === 'forward-size') return 1;
  if (what === 'score' || what === 'scaled' || what === 'weight') return nWords;
  if (what === 'gate' || what === 'up' || what === 'hidden') return config.feedForward;
  return headed.includes(what) && what !== 'part' ? config.headDim : config.width;
}

/** A number that goes into another: one that can be asked for its own source, one that is stored, or one that follows from where a word stands. */
export interface Operand {
  value: number;
  name?: NumberName;
  stored?: boolean;
}

/** One line of a sum. */
export interface Line {
  /** What the line is about, where it is not simply the next place of two lists. */
  label?: string;
  first: Operand;
  second?: Operand;
  /** first × second; of one operand alone, what became of it. */
  result: number;
}

/** What is done to a number after the sum: 'Divided by 4, …'. */
export interface After {
  /** *word* is a word spoken of as a word. */
  say: string;
  operand?: Operand;
  result: number;
}

export interface Source {
  name: NumberName;
  value: number;
  /** 'the dot product of *woman* and *beautiful*' */
  called: string;
  /** How it is made, in a sentence. */
  how: string;
  /** Two lists and their products, or one list and what becomes of each of its numbers; its sum. */
  sum?: { first: string; second?: string; result: string; lines: Line[]; total: number };
  after: After[];
  /** What is made of it next, by name. */
  becomes: { say: string; value: number; name: NumberName }[];
}

/** The number itself. */
export function numberOf(name: NumberName, pass: Pass): number {
  const { trace, words, model } = pass;
  const { width, nHeads, nKeyHeads, headDim, feedForward, epsilon } = model.config;
  const { what, word, entry } = name;
  const n = words.length;
  if (what === 'stored') return trace.embedding[word * width + entry];
  const layer = trace.layers[name.layer - 1];
  const h = name.head - 1;
  const keyHead = Math.floor((h * nKeyHeads) / nHeads);
  const inHead = (all: FloatArray, head: number) => all[(head * n + word) * headDim + entry];
  const ofPair = (all: FloatArray) => all[(h * n + word) * n + entry];
  switch (what) {
    case 'size':
      return sizeOf(row(layer.input, word, width), epsilon);
    case 'normed':
      return layer.attentionNorm[word * width + entry];
    case 'unturned-query':
      return inHead(layer.queriesBeforeRotation, h);
    case 'query':
      return inHead(layer.queries, h);
    case 'unturned-key':
      return inHead(layer.keysBeforeRotation, keyHead);
    case 'key':
      return inHead(layer.keys, keyHead);
    case 'value':
      return inHead(layer.values, keyHead);
    case 'score':
      return ofPair(layer.attention.scores);
    case 'scaled':
      return ofPair(layer.attention.scaled);
    case 'weight':
      return ofPair(layer.attention.weights);
    case 'blend':
      return inHead(layer.attention.output, h);
    case 'part':
      return partLines(name, pass).reduce((sum, { result }) => sum + result, 0);
    case 'attended':
      return layer.afterAttention[word * width + entry];
    case 'forward-size':
      return sizeOf(row(layer.afterAttention, word, width), epsilon);
    case 'forward-normed':
      return layer.feedForwardNorm[word * width + entry];
    case 'gate':
      return layer.gate[word * feedForward + entry];
    case 'up':
      return layer.up[word * feedForward + entry];
    case 'hidden':
      return layer.hidden[word * feedForward + entry];
    case 'forward':
      return layer.feedForwardOutput[word * width + entry];
    case 'output':
      return layer.output[word * width + entry];
  }
}

/** Where a number comes from. */
export function sourceOf(name: NumberName, pass: Pass): Source {
  const { words, model } = pass;
  const { config, weights } = model;
  const { width, nHeads, headDim, feedForward, epsilon } = config;
  const { what, word, entry } = name;
  const value = numberOf(name, pass);
  const operand = (what: What, place: number, over: Partial<NumberName> = {}): Operand => {
    const named = { ...name, what, entry: place, ...over };
    if (!headed.includes(what)) named.head = 0;
    return { value: numberOf(named, pass), name: named };
  };
  const stored = (all: FloatArray, place: number): Operand => ({ value: all[place], stored: true });
  /** The list as the layer takes it in: stored, or handed on by the layer before. */
  const taken = (place: number): Operand =>
    name.layer === 1 ? operand('stored', place, { layer: 0 }) : operand('output', place, { layer: name.layer - 1 });
  const product = (first: Operand, second: Operand, label?: string): Line => ({
    ...(label !== undefined && { label }),
    ...{ first, second, result: first.value * second.value },
  });
  const places = (length: number) => Array.from({ length }, (_, i) => i);
  const names = wordNames(words);
  const say = (place: number) => (place === 0 ? `the ${START}` : `*${names[place]}*`);
  const who = say(word);
  const nth = ordinal(entry + 1);
  const inLayer = name.layer > 1 ? `, in layer ${name.layer}` : '';
  const plain = { name, value, after: [], becomes: [] };
  if (what === 'stored') {
    return {
      ...plain,
      called: `the ${nth} number of ${who}, as stored`,
      how: `It comes from nowhere in this text. Training set it, it is stored with ${who === `the ${START}` ? 'the marker' : 'the word'}, and it is the same in every text.`,
    };
  }
  const w = weights.layers[name.layer - 1];
  const h = name.head - 1;
  const keyHead = Math.floor((h * config.nKeyHeads) / nHeads);
  const sumOf = (lines: Line[], heads: { first: string; second?: string; result: string }) => ({
    sum: { ...heads, lines, total: lines.reduce((sum, { result }) => sum + result, 0) },
  });
  /** normed × one row of a stored table, and the number that is stored to be added. */
  const throughTable = (table: FloatArray, output: number, from: What, length: number, bias?: FloatArray) => {
    const lines = places(length).map((i) => product(operand(from, i), stored(table, output * length + i)));
    if (bias) lines.push({ label: 'one more', first: stored(bias, output), result: bias[output] });
    return lines;
  };
  const table = (said: string) => ({ first: 'number of the word', second: `stored, for ${said}`, result: 'product' });
  /** Turned by the place of its word: each pair of numbers gives two products. */
  const turned = (from: What) => {
    const { cos, sin, pairs } = rotationTable([word], headDim, config.ropeBase);
    const pair = Math.floor(entry / 2);
    const [c, s] = [cos[pair % pairs], sin[pair % pairs]];
    const [own, other] = [operand(from, entry), operand(from, entry % 2 === 0 ? entry + 1 : entry - 1)];
    const lines = [
      product(own, { value: c }, 'itself × cosine'),
      product(other, { value: entry % 2 === 0 ? -s : s }, `its partner × ${entry % 2 === 0 ? 'minus ' : ''}sine`),
    ];
    return sumOf(lines, { first: 'before', second: 'of the angle', result: 'product' });
  };
  const angle = (word / config.ropeBase ** ((2 * Math.floor(entry / 2)) / headDim)) * (180 / Math.PI);
  const turning = `Its pair of numbers is turned by ${sayAngle(angle)}, because ${who} stands at place ${word}: a sum of two products. A later lesson shows this as dials.`;
  const sized = (list: readonly Operand[]) => {
    const lines = list.map((first): Line => ({ first, second: first, result: first.value * first.value }));
    const { sum } = sumOf(lines, { first: 'number', second: 'times itself', result: 'square' });
    return {
      sum,
      after: [
        { say: `Divided by ${list.length}, how many they are`, result: sum.total / list.length },
        {
          say: 'A very small number added, so that it is never 0',
          operand: { value: epsilon, stored: true },
          result: sum.total / list.length + epsilon,
        },
        { say: 'The square root of that', result: value },
      ],
    };
  };
  const standard = (from: Operand, size: Operand, gain: Operand): After[] => [
    { say: 'The number as it came', operand: from, result: from.value },
    { say: 'Divided by the size of its list', operand: size, result: from.value / size.value },
    { say: 'Times a stored number that belongs to this place', operand: gain, result: value },
  ];
  switch (what) {
    case 'size':
      return {
        ...plain,
        called: `the size of the list of ${who}${inLayer}`,
        how: 'The typical number of the list, its sign left out: every number times itself, the average of that, and the root.',
        ...sized(places(width).map(taken)),
      };
    case 'normed':
      return {
        ...plain,
        called: `the ${nth} number of ${who} at standard size${inLayer}`,
        how: 'Lists are brought to a standard size before they are used, so that a long one does not shout.',
        after: standard(taken(entry), operand('size', 0), stored(w.attentionNorm, entry)),
      };
    case 'unturned-query':
    case 'unturned-key':
    case 'value': {
      const [role, all, bias] = {
        'unturned-query': ['query', w.query, w.queryBias] as const,
        'unturned-key': ['key', w.key, w.keyBias] as const,
        value: ['value', w.value, w.valueBias] as const,
      }[what];
      const output = (what === 'unturned-query' ? h : keyHead) * headDim + entry;
      return {
        ...plain,
        called: `the ${nth} number of the ${role} of ${who}${what === 'value' ? '' : ', before it is turned'}${inLayer}`,
        how: `The ${width} numbers of ${who}, at standard size, times ${width} that are stored for just this place of a ${role}; one more stored number is added.`,
        ...sumOf(throughTable(all, output, 'normed', width, bias), table(`the ${nth} of a ${role}`)),
      };
    }
    case 'query':
      return {
        ...plain,
        called: `the ${nth} number of the query of ${who}${inLayer}`,
        how: turning,
        ...turned('unturned-query'),
      };
    case 'key':
      return {
        ...plain,
        called: `the ${nth} number of the key of ${who}${inLayer}`,
        how: turning,
        ...turned('unturned-key'),
      };
    case 'score': {
      const other = say(entry);
      const lines = places(headDim).map((c) => product(operand('query', c), operand('key', c, { word: entry })));
      const seen = entry <= word;
      return {
        ...plain,
        called: `the dot product of ${who} and ${entry === word ? 'itself' : other}${inLayer}`,
        how: `The query of ${who} and the key of ${entry === word ? 'the same word' : other}, number by number, multiplied and added up.`,
        ...sumOf(lines, { first: `query of ${who}`, second: `key of ${other}`, result: 'product' }),
        becomes: [
          { say: `Divided by ${sayRoot(headDim)}, the root of how long the lists are`, ...becoming('scaled') },
          ...(seen ? [{ say: 'Softmax, with the other words of the row', ...becoming('weight') }] : []),
        ],
      };
    }
    case 'scaled':
      return {
        ...plain,
        called: `the score of ${say(entry)} for ${who}, divided${inLayer}`,
        how: `Lists of ${headDim} numbers give larger sums than short ones, so the sum is divided by ${sayRoot(headDim)}, the root of ${headDim}.`,
        after: [
          {
            say: 'The dot product',
            operand: operand('score', entry),
            result: numberOf({ ...name, what: 'score' }, pass),
          },
          { say: `Divided by ${sayRoot(headDim)}`, result: value },
        ],
        becomes: entry <= word ? [{ say: 'Softmax, with the other words of the row', ...becoming('weight') }] : [],
      };
    case 'weight': {
      const scaled = places(word + 1).map((j) => operand('scaled', j));
      const largest = Math.max(...scaled.map((one) => one.value));
      const lines = scaled.map(
        (first, j): Line => ({ label: plainName(names, j), first, result: Math.exp(first.value - largest) }),
      );
      const { sum } = sumOf(lines, { first: 'divided score', result: 'power' });
      const alone = word === 0 ? ' There is only one, so it gets all of the weight, whatever its score.' : '';
      return {
        ...plain,
        called: `the weight of ${say(entry)} for ${who}${inLayer}`,
        how: `2.718, called e, to the power of each score in the row; then this word’s power, divided by all of them. (The largest score is taken off first. The shares stay the same, and no power grows beyond 1.)${alone}`,
        sum,
        after: [
          { say: `The power of ${say(entry)}`, result: lines[entry].result },
          { say: 'Divided by all of them together', result: value },
        ],
      };
    }
    case 'blend': {
      const lines = places(word + 1).map((j) =>
        product(operand('weight', j), operand('value', entry, { word: j }), plainName(names, j)),
      );
      return {
        ...plain,
        called: `the ${nth} number of the blend for ${who}${inLayer}`,
        how: `The ${nth} number of every value, times the weight of its word, added up.`,
        ...sumOf(lines, { first: 'weight', second: 'value', result: 'product' }),
      };
    }
    case 'part':
      return {
        ...plain,
        called: `the ${nth} number of what head ${name.head} adds to ${who}${inLayer}`,
        how: `The ${headDim} numbers of the blend, through the stored output table.`,
        ...sumOf(partLines(name, pass), { first: 'blend', second: 'stored, in the output table', result: 'product' }),
      };
    case 'attended': {
      const from = taken(entry);
      const lines: Line[] = [
        { label: 'the word as it came', first: from, result: from.value },
        ...places(nHeads).map((head): Line => {
          const first = operand('part', entry, { head: head + 1 });
          return { label: `head ${head + 1}`, first, result: first.value };
        }),
      ];
      return {
        ...plain,
        called: `the ${nth} number of ${who} after attention${inLayer}`,
        how: `What the word brought along, and what all ${nHeads} heads of the layer add to it.`,
        ...sumOf(lines, { first: 'number', result: 'added' }),
      };
    }
    case 'forward-size':
      return {
        ...plain,
        called: `the size of the list of ${who} after attention${inLayer}`,
        how: 'The typical number of the list, its sign left out: every number times itself, the average of that, and the root.',
        ...sized(places(width).map((i) => operand('attended', i))),
      };
    case 'forward-normed':
      return {
        ...plain,
        called: `the ${nth} number of ${who}, at standard size for the feed-forward step${inLayer}`,
        how: 'Brought to a standard size once more.',
        after: standard(operand('attended', entry), operand('forward-size', 0), stored(w.feedForwardNorm, entry)),
      };
    case 'gate':
    case 'up':
      return {
        ...plain,
        called: `the ${nth} number of the ${what === 'gate' ? 'gate' : 'other list'} in the feed-forward step of ${who}${inLayer}`,
        how: `The ${width} numbers of ${who}, at standard size, times ${width} stored ones. No other word comes into it.`,
        ...sumOf(
          throughTable(what === 'gate' ? w.gate : w.up, entry, 'forward-normed', width),
          table(`its ${nth} number`),
        ),
      };
    case 'hidden': {
      const [gate, up] = [operand('gate', entry), operand('up', entry)];
      const bent = swish(gate.value);
      return {
        ...plain,
        called: `the ${nth} of ${feedForward} numbers in the middle of the feed-forward step of ${who}${inLayer}`,
        how: 'One number opens or shuts the way for another.',
        after: [
          { say: 'The gate', operand: gate, result: gate.value },
          { say: 'Bent: nearly nothing where it is far below 0, as it is where it is far above (swish)', result: bent },
          { say: 'Times the other number', operand: up, result: value },
        ],
      };
    }
    case 'forward':
      return {
        ...plain,
        called: `the ${nth} number of what the feed-forward step adds to ${who}${inLayer}`,
        how: `The ${feedForward} numbers in the middle, through one more stored table.`,
        ...sumOf(throughTable(w.down, entry, 'hidden', feedForward), {
          first: 'in the middle',
          second: 'stored',
          result: 'product',
        }),
      };
    case 'output': {
      const parts = [operand('attended', entry), operand('forward', entry)];
      const lines = parts.map(
        (first, k): Line => ({ label: ['after attention', 'the feed-forward step'][k], first, result: first.value }),
      );
      return {
        ...plain,
        called: `the ${nth} number of ${who} after layer ${name.layer}`,
        how: 'What it was after attention, and what the feed-forward step adds to it.',
        ...sumOf(lines, { first: 'number', result: 'added' }),
      };
    }
  }

  function becoming(what: What) {
    const named = { ...name, what };
    return { value: numberOf(named, pass), name: named };
  }
}

/** One head's share of what a layer's attention adds: blend × output table. */
function partLines({ layer, head, word, entry }: NumberName, pass: Pass): Line[] {
  const { nHeads, headDim } = pass.model.config;
  const table = pass.model.weights.layers[layer - 1].attentionOutput;
  return Array.from({ length: headDim }, (_, c): Line => {
    const name: NumberName = { what: 'blend', layer, head, word, entry: c };
    const first = { value: numberOf(name, pass), name };
    const second = { value: table[entry * nHeads * headDim + (head - 1) * headDim + c], stored: true };
    return { first, second, result: first.value * second.value };
  });
}

/** The list of word `t` in [n, width]. */
function row(all: FloatArray, t: number, width: number): FloatArray {
  return all.subarray(t * width, (t + 1) * width);
}

/** The root of the mean square, as RMS norm divides by it. */
function sizeOf(list: FloatArray, epsilon: number): number {
  let squares = 0;
  for (const x of list) squares += x * x;
  return Math.sqrt(squares / list.length + epsilon);
}

function sayAngle(degrees: number): string {
  return `${degrees < 10 ? Number(degrees.toPrecision(2)) : Math.round(degrees)}°`;
}

const plainName = (names: readonly string[], j: number) => (j === 0 ? START : names[j]);
