/** What the card of Easel says: counted from the weights, read from what was measured on them, and from nothing else. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mulberry32 } from '../src/language/random.ts';
import { bindingFrames } from '../src/language/scenes.ts';
import { vocabulary } from '../src/language/vocabulary.ts';
import { EASEL_START, initialWeights } from '../src/model/initialise.ts';
import { modelFile } from '../src/model/open.ts';
import { type EaselFiles, readEaselFiles, refuseOtherWeights } from '../src/site/easel-files.ts';
import {
  factsOf,
  framesTable,
  headCard,
  headCards,
  jobReports,
  kindsTable,
  partsTable,
  seedsTable,
  targetsTable,
  worstTable,
} from '../src/site/easel-report.ts';
import { inventedCalibration, inventedLog, untrainedConfig } from './untrained.ts';

let folder: string;
let bytes: Uint8Array;
const sha256 = (of: Uint8Array) => createHash('sha256').update(of).digest('hex');

function weights(start: string, command = 'npm run train -- --seed 3'): Uint8Array {
  const flat = initialWeights(untrainedConfig, EASEL_START, mulberry32(3));
  const last = inventedLog.rows.at(-1)!;
  return modelFile(untrainedConfig, flat, vocabulary, [
    ['general.name', 'string', 'Easel'],
    ['easel.training.command', 'string', command],
    ['easel.training.start', 'string', start],
    ['easel.training.steps', 'uint32', last.step],
    ['easel.training.tokens', 'uint32', last.tokens],
    ['easel.quality.entropy_nats', 'float32', inventedLog.entropy],
    ['easel.quality.gap_nats', 'float32', last.gap],
  ]);
}

const target = (statement: string, value: number, bound: object, met: boolean | null) => ({
  statement,
  value,
  unit: statement.startsWith('nats') ? 'nats' : statement.startsWith('right') ? 'share' : 'distance',
  ...bound,
  met,
});
const tested = (name: string, share: number) => ({ name, texts: 40, share, right: share, wrong: 0.01 });
const scores = (right: number, gap: number) => ({
  gap,
  guide: { 'the person': right, it: right },
  frames: { one: right, two: right },
  names: { surname: 0.9 },
  senses: { 'bank, river': 1 },
});
const example = (key: number, expected: number[]) => ({
  text: 'there was a beautiful woman',
  query: 5,
  key,
  weight: 0.874,
  expected,
});
const head = (layer: number, head: number, right: number) => ({
  layer,
  head,
  looks: 'Looks from *was* at the word before (90 %).',
  habits: [{ from: ['was'], to: 'the word before', share: 0.9, sentences: 0.83 }],
  clear: true,
  example: example(4, [4]),
  counterExample: layer === 1 ? example(0, [4]) : null,
  scoresWithout: scores(right, 0.5),
});

function reports(): Record<string, object> {
  const model = { file: 'easel.gguf', sha256: sha256(bytes), seed: 3 };
  return {
    'training.json': inventedLog,
    'quality.json': {
      model,
      targets: [
        target("nats a word above the language's entropy", 0.0164, { atMost: 0.02 }, true),
        target('total variation after "there was a"', 0.02, { atMost: 0.08 }, true),
        target('total variation after "there was a cat . it was"', 0.12, { atMost: 0.08 }, false),
        target('right adjective: person with thing', 0.98, { atLeast: 0.97 }, true),
        target('right adjective: thing with person', 0.975, { atLeast: 0.97 }, true),
        target('right adjective, words never seen there: person with thing', 0.6, {}, null),
        target('right of another kind', 0.5, { atLeast: 0.6 }, false),
      ],
      gap: { loss: 1.1164, entropy: 1.1, gap: 0.0164, standardError: 0.0012, texts: 500 },
      prefixes: { count: 90, variation: 0.031, worst: [{ text: 'there was a cat . it', variation: 0.4 }] },
      prompts: [],
      frames: [tested(bindingFrames[0], 0.98), tested(bindingFrames[1], 0.5)],
      strange: [tested(bindingFrames[0], 0.7)],
      kinds: [
        { kind: 'names', share: 0.3, entropy: 1, divergence: 0.01, texts: 9 },
        { kind: 'something new', share: 0.7, entropy: 1, divergence: 0.02, texts: 9 },
      ],
      calibration: inventedCalibration,
    },
    'heads.json': {
      model,
      roles: { adjective: { layer: 2, head: 1 } },
      noHead: { copy: 'The nearest to it is layer 1, head 1. Mean weight at the end of "anna . anna": 0.20.' },
      evidence: {
        copy: {
          layer: 1,
          head: 1,
          claim: 'A name looks at "smith".',
          measured: 'Mean weight',
          value: 0.2,
          checks: [{ rival: 'Any will do.', measured: 'Mean weight on the other', value: 0.19, refuted: false }],
          convincing: false,
          alsoConvincing: [],
        },
        adjective: {
          layer: 2,
          head: 1,
          claim: 'A noun looks at its own adjective.',
          measured: 'Mean weight',
          value: 0.8,
          checks: [{ rival: 'It only looks back.', measured: 'Without one', value: 0.1, refuted: true }],
          convincing: true,
          alsoConvincing: [{ layer: 2, head: 2 }],
        },
      },
      scores: scores(1, 0.4),
      heads: [head(1, 1, 0.4), head(1, 2, 1), head(2, 1, 1), head(2, 2, 1)],
    },
    'seeds.json': {
      models: [model, { ...model, sha256: '0'.repeat(64), seed: 4 }],
      statements: [
        { statement: 'right sense: bank: at least 0.99', values: [1, 1], holds: [true, true], holdsInAll: true },
        {
          statement: 'right name: surname: at least 0.9',
          values: [0.95, 0.8],
          holds: [true, false],
          holdsInAll: false,
        },
        { statement: 'some head does it', values: ['layer 1', 'none'], holds: [true, false], holdsInAll: false },
        { statement: 'a head of layer 1 looks back', values: [0.9, 0.95], holds: [true, true], holdsInAll: true },
      ],
    },
  };
}

let clock = 1_700_000_000;
/** A folder of files, with some of them changed; undefined: not there. */
function files(change: Record<string, object | string | Uint8Array | undefined> = {}): EaselFiles {
  const all = { 'easel.gguf': bytes, 'easel.q8_0.gguf': bytes.subarray(0, 1234), ...reports(), ...change };
  for (const [name, content] of Object.entries(all)) {
    const path = join(folder, name);
    rmSync(path, { force: true });
    if (content === undefined) continue;
    const isText = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(path, isText ? content : JSON.stringify(content));
    utimesSync(path, clock, clock);
  }
  clock += 1;
  return readEaselFiles(folder);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'in-context-easel-'));
  bytes = weights('random, no head was given a job');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the files of Easel', () => {
  it('are read where they belong together', () => {
    const { weights, small, seeds } = files();
    expect(weights).toEqual({ name: 'easel.gguf', bytes: bytes.length, sha256: sha256(bytes) });
    expect(small.bytes).toBe(1234);
    expect(seeds!.models).toHaveLength(2);
    expect(files({ 'seeds.json': undefined }).seeds).toBeUndefined();
  });

  it('are refused where one is missing, damaged, or measured on other weights; the way out is said', () => {
    for (const name of ['quality.json', 'heads.json', 'training.json', 'easel.gguf', 'easel.q8_0.gguf']) {
      expect(() => files({ [name]: undefined })).toThrow(new RegExp(`There is no .*${name}.*npm run (train|evaluate)`));
    }
    for (const name of ['quality.json', 'heads.json']) {
      const other = { ...reports()[name], model: { file: 'x', sha256: 'a'.repeat(64), seed: 1 } };
      expect(() => files({ [name]: other })).toThrow(/measured on other weights.*npm run evaluate/);
      expect(() => files({ [name]: '{' })).toThrow(new RegExp(`${name} is not JSON`));
      expect(() => files({ [name]: {} })).toThrow(new RegExp(`${name} is not what it should be`));
    }
    const others = reports()['seeds.json'] as { models: object[] };
    expect(() => files({ 'seeds.json': { ...others, models: others.models.toReversed() } })).toThrow(/other weights/);
    expect(() => files({ 'training.json': { ...inventedLog, entropy: 2 } })).toThrow(/log of another training/);
  });

  it('that do not say what they were measured on are taken as they are', () => {
    expect(() => refuseOtherWeights(undefined, bytes, 'heads.json')).not.toThrow();
    expect(() => refuseOtherWeights(sha256(bytes), bytes, 'heads.json')).not.toThrow();
  });
});

describe('the facts', () => {
  it('are those of the files', () => {
    const facts = factsOf(files());
    expect(facts).toMatchObject({
      layers: '2',
      heads: '4',
      width: '16',
      vocabulary: String(vocabulary.length - 1),
      tokens: '1.02\u00a0million',
      steps: '500',
      command: 'npm run train -- --seed 3',
      sha256: sha256(bytes),
      gap: '.016',
      'choices of Easel': Math.exp(1.1164).toFixed(2),
      variation: '3.1\u00a0%',
      frames: '2',
      'right, mean': '74\u00a0%',
      'right, worst': '50\u00a0%',
      'unpractised, worst': '70\u00a0%',
      jobs: '2',
    });
    expect(Object.values(facts).join()).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('say of planted heads that they were planted, and of found ones that they were found', () => {
    expect(factsOf(files()).start).toMatch(/No head was given a job/);
    bytes = weights('heads 1 and 2 of layer 1 started as "look one word back"');
    expect(factsOf(files()).start).toMatch(/Not everything was left to training: heads 1 and 2 of layer 1/);
    bytes = weights('random, no head was given a job');
  });

  it('say when exercises were read, out of the command', () => {
    const said = (command: string) => {
      bytes = weights('random', command);
      const { exercises } = factsOf(files());
      bytes = weights('random, no head was given a job');
      return exercises;
    };
    expect(said('npm run train')).toBe('It reads the language alone.');
    expect(said('npm run train -- --pairs-until 1300 --lists-until 5000')).toMatch(
      /^For the first 1,300 steps .*\. Then lists .* until step 5,000: .*\. From there on it reads the language alone\.$/,
    );
    expect(said('npm run train -- --lists-until 5000')).toMatch(/^At the beginning lists are mixed in/);
    expect(said('npm run train -- --pairs-until 9 --lists-until 0')).toMatch(/come back\. Then it reads the language/);
  });

  it('name the aims that were missed', () => {
    expect(factsOf(files()).targets).toBe(
      '4 of 6 aims are met. Missed: misplaced odds after *there was a cat. it was*; right of another kind.',
    );
  });
});

describe('the tables', () => {
  it('of parts add up to all numbers of the model', () => {
    const { rows } = partsTable(files());
    const numbers = rows.map(([, count]) => Number(count.replaceAll(',', '')));
    expect(numbers.slice(0, -1).reduce((a, b) => a + b, 0)).toBe(numbers.at(-1));
    expect(factsOf(files()).parameters).toBe(rows.at(-1)![1]);
  });

  it('of aims show the worst of each family, and leave none out', () => {
    const short = targetsTable(files()).rows;
    expect(short.map(([, value, aim, met]) => [value, aim, met])).toEqual([
      ['.0164', 'at most .02', 'met'],
      ['12\u00a0%', 'at most 8\u00a0%', 'missed'],
      ['98\u00a0%', 'at least 97\u00a0%', 'met'],
      ['50\u00a0%', 'at least 60\u00a0%', 'missed'],
    ]);
    expect(short[1][0]).toContain('2 beginnings');
    expect(targetsTable(files(), true).rows).toHaveLength(7);
    expect(targetsTable(files(), true).rows[5].slice(2)).toEqual(['none', 'only told']);
  });

  it('of sentences begin with the hardest, each with an example', () => {
    const { rows } = framesTable(files());
    expect(rows.map((row) => row.slice(1))).toEqual([
      ['50\u00a0%', 'not asked'],
      ['98\u00a0%', '70\u00a0%'],
    ]);
    for (const [example] of rows) expect(example).toMatch(/^\*[a-z .]+ was\* … \*[a-z]+\*$/);
  });

  it('of worst places and kinds of text say what was measured', () => {
    expect(worstTable(files()).rows).toEqual([['*there was a cat. it …*', '40\u00a0%']]);
    expect(kindsTable(files()).rows.map(([name, share]) => [name, share])).toEqual([
      ['Something new', '70\u00a0%'],
      ['Two people with names: surnames, gifts, jobs', '30\u00a0%'],
    ]);
  });

  it('of trainings tell what held in all from what did not; none where there was one training', () => {
    expect(seedsTable(files(), true)!.rows).toEqual([
      ['1 of 2 aims', 'met', 'met'],
      ['A head of layer 1 looks back', '.900', '.950'],
    ]);
    expect(seedsTable(files(), false)!.rows).toEqual([
      ['Right name: surname: at least 0.9', '.950', '.800 (no)'],
      ['Some head does it', 'layer 1', 'none (no)'],
    ]);
    expect(seedsTable(files({ 'seeds.json': undefined }), true)).toBeUndefined();
  });
});

describe('the card of a head', () => {
  it('is found by its job or its place, and says what is lost without it', () => {
    const cards = headCards(files());
    expect(cards.map(({ layer, head, jobs }) => [layer, head, jobs.length])).toEqual([
      [1, 1, 0],
      [1, 2, 0],
      [2, 1, 1],
      [2, 2, 0],
    ]);
    expect(headCard(files(), { role: 'adjective' })).toEqual({ card: cards[2] });
    expect(headCard(files(), { layer: 1, head: 1 })).toEqual({ card: cards[0] });
    expect(cards[0].cost).toBe(
      'Without it, a word costs .100 nats more, and 40\u00a0% of the adjectives are right instead of 100\u00a0%.',
    );
    expect(cards[1].cost).toContain('as many of the adjectives are right: 100\u00a0%');
    expect(cards[0].costs.rows[2].slice(1)).toEqual(['100\u00a0%', '40\u00a0%']);
  });

  it('shows one look that keeps the habit and one that does not', () => {
    const { example, counterExample } = headCards(files())[0];
    expect(example).toEqual({
      words: ['start', 'there', 'was', 'a', 'beautiful', 'woman'],
      key: 4,
      percent: '87\u00a0%',
      instead: [],
    });
    expect(counterExample).toMatchObject({ key: 0, instead: ['beautiful'] });
    expect(headCards(files())[2].counterExample).toBeUndefined();
  });

  it('of a job that nobody has says why, and of one that nobody looked for which there are', () => {
    expect(headCard(files(), { role: 'copy' })).toEqual({
      none: 'The nearest to it is layer 1, head 1. Mean weight at the end of *anna. anna*: 0.20.',
    });
    expect(() => headCard(files(), { role: 'chef' })).toThrow(/'chef'. There are: copy, adjective/);
    expect(() => headCard(files(), { layer: 3, head: 1 })).toThrow(/2 layers of 2 heads/);
  });

  it('stands beside the claims and what they were tried against', () => {
    expect(jobReports(files()).map(({ who, claim, checks }) => [who, claim, checks[0].refuted])).toEqual([
      ['layer 2, head 1; also layer 2, head 2', 'A noun looks at its own adjective.', true],
      ['nobody; the nearest is layer 1, head 1', 'A name looks at *smith*.', false],
    ]);
  });
});
