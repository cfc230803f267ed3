/** What the card of Easel says in numbers: facts for its sentences, and rows for its tables. All of it is read or counted. */
import { sayDecimal, sayLarge, sayPart, sayShare, saySigned, withPercentSign } from '../figures/numbers.ts';
import { bindingScenes } from '../language/scenes.ts';
import { parameterCount, tensorPlaces } from '../model/parameters.ts';
import type { EaselFiles, HeadExample, HeadReport, HeadsReport } from './easel-files.ts';
import { kindsInWords } from './language-report.ts';

/** A table: every row has a cell for each column; text may set *a word* in italics. */
export interface Table {
  columns: { label: string; number?: true }[];
  rows: string[][];
}

const count = (value: number) => value.toLocaleString('en');
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)}\u00a0kB`;
const choices = (nats: number) => Math.exp(nats).toFixed(2);

/** What each sentence of the card may quote, by name. */
export function factsOf(files: EaselFiles): Record<string, string> {
  const { model, weights, small, training, quality, heads } = files;
  const { config, metadata } = model;
  const { gap, prefixes, frames, strange } = quality;
  const bound = quality.targets.filter(({ met }) => met !== null);
  const missed = bound.filter(({ met }) => met === false);
  const right = frames.map(({ share }) => share);
  const unpractised = strange.map(({ share }) => share);
  const start = String(metadata.get('easel.training.start'));
  const parameters = parameterCount(config);
  return {
    parameters: count(parameters),
    'parameters, roughly': count(Math.round(parameters / 1000) * 1000),
    layers: count(config.nLayers),
    'heads a layer': count(config.nHeads),
    heads: count(config.nLayers * config.nHeads),
    width: count(config.width),
    vocabulary: count(config.vocabularySize - 1),
    'longest text': count(config.contextLength - 1),
    steps: count(training.rows[training.rows.length - 1].step),
    tokens: sayLarge(training.rows[training.rows.length - 1].tokens),
    command: String(metadata.get('easel.training.command')),
    start: startSentence(start),
    exercises: exercisesSentence(String(metadata.get('easel.training.command'))),
    sha256: weights.sha256,
    size: kilobytes(weights.bytes),
    'small size': kilobytes(small.bytes),
    texts: count(gap.texts),
    gap: saySigned(gap.gap),
    'gap is uncertain by': saySigned(gap.standardError, 4),
    'choices of Easel': choices(gap.loss),
    'choices of the language': choices(gap.entropy),
    places: count(prefixes.count),
    variation: sayShare(prefixes.variation),
    targets: targetsSentence(
      bound.length,
      missed.map(({ statement }) => statement),
    ),
    frames: count(frames.length),
    'texts of a frame': count(frames[0].texts),
    'right, mean': sayShare(mean(right)),
    'right, worst': sayShare(Math.min(...right)),
    'unpractised, mean': sayShare(mean(unpractised)),
    'unpractised, worst': sayShare(Math.min(...unpractised)),
    'heads with a job': count(new Set(Object.values(heads.roles).map(({ layer, head }) => `${layer}.${head}`)).size),
    jobs: count(Object.keys(heads.evidence).length),
  };
}

/** When training read exercises, and when the language alone: out of the command's options. */
function exercisesSentence(command: string): string {
  const option = (name: string) => Number(new RegExp(`--${name} (\\d+)`).exec(command)?.[1] ?? 0);
  const [pairs, lists] = [option('pairs-until'), option('lists-until')];
  const first =
    pairs > 0 ? `For the first ${count(pairs)} steps it reads nothing but pairs of words that come back. ` : '';
  if (lists <= pairs) return `${first}Then it reads the language alone.`.replace(/^Then it/, 'It');
  const mixed = `lists are mixed in, fewer and fewer until step ${count(lists)}: two or three things with an adjective each, then question after question about them.`;
  return `${first}${pairs > 0 ? 'Then' : 'At the beginning'} ${mixed} From there on it reads the language alone.`;
}

/** Whether heads were given their jobs or found them: said either way. */
function startSentence(start: string): string {
  return start.startsWith('random')
    ? 'Training started from random numbers. No head was given a job; what the heads do now, training found.'
    : `Not everything was left to training: ${start.replace(/"([^"]*)"/g, '“$1”')}. What those heads do was put there, and training only kept it.`;
}

function targetsSentence(all: number, missed: readonly string[]): string {
  if (missed.length === 0) return `All ${all} aims are met.`;
  const named = missed.slice(0, 3).map(statementInWords).join('; ');
  const more = missed.length > 3 ? `; and ${missed.length - 3} more, in the table` : '';
  return `${all - missed.length} of ${all} aims are met. Missed: ${named}${more}.`;
}

/** 'total variation after "there was a"' as the card says it. */
function statementInWords(statement: string): string {
  return inPrint(statement.replace('total variation', 'misplaced odds'));
}

/** Quotations in italics, spaced as one writes them; real apostrophes, and no line break before a sign of per cent. */
function inPrint(text: string): string {
  return text
    .replace(/"([^"]+)"/g, (_, quoted: string) => `*${quoted.replaceAll(' .', '.')}*`)
    .replaceAll("'", '’')
    .replaceAll(' %', '\u00a0%');
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Where the numbers of the model are: parts as the lessons name them. */
export function partsTable({ model: { config } }: EaselFiles): Table {
  const parts: [name: string, belongs: RegExp][] = [
    ['A list for each word of the vocabulary; the same lists score the next word', /^token_embd/],
    ['Queries, keys and values', /attn_[qkv]\./],
    ['Bringing the heads of a layer together', /attn_output/],
    ['Each word by itself: the feed-forward blocks', /ffn_(gate|up|down)/],
    ['Bringing lists to a standard size', /norm/],
  ];
  const places = tensorPlaces(config);
  const sums = parts.map(([, belongs]) =>
    places.filter(({ name }) => belongs.test(name)).reduce((sum, { length }) => sum + length, 0),
  );
  const total = parameterCount(config);
  if (sums.reduce((a, b) => a + b, 0) !== total) throw new Error('Some numbers of the model are in none of its parts.');
  return {
    columns: [{ label: 'Part' }, { label: 'Numbers', number: true }, { label: 'Share', number: true }],
    rows: [
      ...parts.map(([name], i) => [name, count(sums[i]), sayShare(sums[i] / total)]),
      ['All together', count(total), sayShare(1)],
    ],
  };
}

type Target = EaselFiles['quality']['targets'][number];

const sayValue = (value: number, unit: Target['unit']) => (unit === 'nats' ? saySigned(value, 4) : sayShare(value));
const sayAim = (value: number, unit: Target['unit']) =>
  unit === 'nats' ? saySigned(value, 4).replace(/0+$/, '') : sayPart(value);
const sayBound = ({ atMost, atLeast, unit }: Target) => {
  if (atMost !== undefined) return `at most ${sayAim(atMost, unit)}`;
  return atLeast === undefined ? 'none' : `at least ${sayAim(atLeast, unit)}`;
};
const sayMet = ({ met }: Target) => (met === null ? 'only told' : met ? 'met' : 'missed');

/** How far on the wrong side of its bound a target lies; below 0 where it is met. */
function excess({ value, atMost, atLeast }: Target): number {
  return atMost !== undefined ? value - atMost : (atLeast ?? Number.NEGATIVE_INFINITY) - value;
}

/** Statements that say the same of many texts, and what they are together. */
const families: [together: (n: number) => string, belongs: RegExp][] = [
  [() => 'Nats a word above the language’s entropy', /^nats a word/],
  [() => 'Share of the odds that is misplaced, on average', /^mean total variation/],
  [(n) => `The same after ${n} beginnings that the lessons use: the worst`, /^total variation after/],
  [
    (n) => `The right adjective in the guide’s own sentence, ${n} ways to ask: the worst`,
    /^right adjective, the guide/,
  ],
  [(n) => `The right adjective in ${n} other kinds of sentence: the worst`, /^right adjective:/],
  [(n) => `The right name, ${n} kinds of sentence: the worse`, /^right name/],
  [(n) => `The right sense of a word with several, ${n} senses: the worst`, /^right sense/],
];

/** What was aimed at and what came of it, a line for each kind of question; `all`: a line for each question. */
export function targetsTable({ quality: { targets } }: EaselFiles, all = false): Table {
  const columns: Table['columns'] = [
    { label: 'What' },
    { label: 'Easel', number: true },
    { label: 'Aim', number: true },
    { label: 'Reached?' },
  ];
  const line = (what: string, t: Target) => [what, sayValue(t.value, t.unit), sayBound(t), sayMet(t)];
  if (all) return { columns, rows: targets.map((t) => line(statementInWords(t.statement), t)) };
  const bound = targets.filter(({ met }) => met !== null);
  const rows = families.flatMap(([together, belongs]) => {
    const own = bound.filter(({ statement }) => belongs.test(statement));
    if (own.length === 0) return [];
    const worst = own.reduce((a, b) => (excess(b) > excess(a) ? b : a));
    return [line(together(own.length), worst)];
  });
  const others = bound.filter(({ statement }) => !families.some(([, belongs]) => belongs.test(statement)));
  return { columns, rows: [...rows, ...others.map((t) => line(statementInWords(t.statement), t))] };
}

/** Kinds of sentence with an example each: how often the right adjective wins, also with words never seen there. */
export function framesTable({ quality: { frames, strange } }: EaselFiles): Table {
  const strangeBy = new Map(strange.map(({ name, share }) => [name, share]));
  return {
    columns: [
      { label: 'For example' },
      { label: 'Right', number: true },
      { label: 'With words never seen in such a sentence', number: true },
    ],
    rows: [...frames]
      .sort((a, b) => a.share - b.share)
      .map(({ name, share }) => {
        const [{ words, right }] = bindingScenes(name, 1, 7);
        const unpractised = strangeBy.get(name);
        return [
          `*${spoken(words)}* … *${right}*`,
          sayShare(share),
          unpractised === undefined ? 'not asked' : sayShare(unpractised),
        ];
      }),
  };
}

/** Places in texts it had not read where its odds are farthest from the true ones. */
export function worstTable({ quality: { prefixes } }: EaselFiles): Table {
  return {
    columns: [{ label: 'After' }, { label: 'Misplaced', number: true }],
    rows: prefixes.worst.map(({ text, variation }) => [
      text === '' ? 'nothing, before the first word' : `*${spoken(text.split(' '))} …*`,
      sayShare(variation),
    ]),
  };
}

/** Kinds of text, the one that costs Easel most first. */
export function kindsTable({ quality: { kinds } }: EaselFiles): Table {
  return {
    columns: [
      { label: 'Kind of text' },
      { label: 'Share of the language', number: true },
      { label: 'Its own entropy', number: true },
      { label: 'What Easel adds', number: true },
    ],
    rows: [...kinds]
      .sort((a, b) => b.divergence - a.divergence)
      .map(({ kind, share, entropy, divergence }) => [
        capital(kindsInWords[kind] ?? kind),
        sayShare(share),
        saySigned(entropy),
        saySigned(divergence),
      ]),
  };
}

/** Statements that are aims of the training; the others are about heads. */
const isAim = (statement: string) => /: at (most|least) [\d.]+$/.test(statement);

/**
 * What came out in all trainings, or what did not; undefined where only one was measured. The aims that all of them meet are
 * one line, since there are many.
 */
export function seedsTable({ seeds }: EaselFiles, inAll: boolean): Table | undefined {
  if (!seeds) return undefined;
  const { models, statements } = seeds;
  const wanted = statements.filter(({ holdsInAll }) => holdsInAll === inAll);
  const aims = wanted.filter(({ statement }) => isAim(statement));
  const told = inAll ? wanted.filter(({ statement }) => !isAim(statement)) : wanted;
  const rows = told.map(({ statement, values, holds }) => [
    capital(statementInWords(statement)),
    ...values.map((value, i) => `${typeof value === 'number' ? sayNumber(value) : value}${holds[i] ? '' : ' (no)'}`),
  ]);
  const all = statements.filter(({ statement }) => isAim(statement)).length;
  if (inAll && aims.length > 0) {
    rows.unshift([
      `${aims.length === all ? `All ${all}` : `${aims.length} of ${all}`} aims`,
      ...models.map(() => 'met'),
    ]);
  }
  return { columns: [{ label: 'Statement' }, ...models.map(({ seed }) => ({ label: `Seed ${seed}` }))], rows };
}

const sayNumber = (value: number) => (Number.isInteger(value) ? count(value) : saySigned(value));

/** Files to take away. */
export function filesOf({
  weights,
  small,
}: EaselFiles): { name: string; says: string; size: string; sha256: string }[] {
  return [
    { ...weights, says: 'Two bytes a number (F16): the file that these pages run' },
    { ...small, says: 'About one byte a number (Q8_0): the same model in fewer digits' },
  ].map(({ name, says, bytes, sha256 }) => ({ name, says, size: kilobytes(bytes), sha256 }));
}

/** What a head's job is called in the guide. */
const jobNames: Record<string, string> = {
  'previous-word': 'one word back',
  'second-word-back': 'two words back',
  adjective: 'from a noun to its adjective',
  noun: 'from the question to the noun',
  'asked-adjective': 'from the question to the adjective',
  copy: 'to what followed before',
  binding: 'keeps adjectives and nouns together',
};

/** The name of a job in words. */
export const jobName = (role: string): string => jobNames[role] ?? role.replaceAll('-', ' ');

/** One head, ready to be shown. */
export interface HeadCard {
  layer: number;
  head: number;
  jobs: string[];
  /** Where it looks; *words* in italics. */
  looks: string;
  often: string;
  example: ShownExample;
  counterExample?: ShownExample;
  /** What is lost without it, in a sentence and as a table. */
  cost: string;
  costs: Table;
}

/** A look in a sentence: the words before the one that looks, of which one gets most of the weight. */
export interface ShownExample {
  /** The start first, as a place; the last word is the one that looks. */
  words: string[];
  key: number;
  percent: string;
  /** The words that its habit would have chosen; empty where it chose them. */
  instead: string[];
}

/** Every head, layer by layer. */
export function headCards({ heads: report }: EaselFiles): HeadCard[] {
  return report.heads.map((head) => cardOf(head, report));
}

/**
 * One head by its job, or by layer and head, counted from 1.
 *
 * @returns the card; where no head has the job, why
 * @throws {Error} naming the jobs there are, or how many heads
 */
export function headCard(
  files: EaselFiles,
  asked: { role?: string; layer?: number; head?: number },
): { card: HeadCard } | { none: string } {
  const report = files.heads;
  const { role } = asked;
  if (role !== undefined && role in report.noHead) return { none: inPrint(report.noHead[role]) };
  if (role !== undefined && !(role in report.roles)) {
    throw new Error(`No head has the job '${role}'. There are: ${Object.keys(report.evidence).join(', ')}.`);
  }
  const { layer, head } = role === undefined ? asked : report.roles[role];
  const found = report.heads.find((one) => one.layer === layer && one.head === head);
  if (found) return { card: cardOf(found, report) };
  const { nLayers, nHeads } = files.model.config;
  throw new Error(`There is no head ${head} in layer ${layer}. Easel has ${nLayers} layers of ${nHeads} heads.`);
}

function cardOf(head: HeadReport, report: HeadsReport): HeadCard {
  const [habit] = head.habits;
  const jobs = Object.entries(report.roles).filter(([, own]) => own.layer === head.layer && own.head === head.head);
  const kept = `for most such words of a sentence in ${sayShare(habit.sentences)} of the sentences that have one.`;
  const which = head.habits.length > 1 ? 'The first of these holds' : 'It does so';
  const often = head.clear ? `${which} ${kept}` : `Even that holds only ${kept}`;
  return {
    layer: head.layer,
    head: head.head,
    jobs: jobs.map(([role]) => jobName(role)),
    looks: inPrint(head.looks),
    often,
    example: shown(head.example),
    ...(head.counterExample && { counterExample: shown(head.counterExample) }),
    cost: costSentence(report.scores, head.scoresWithout),
    costs: costsTable(report.scores, head.scoresWithout),
  };
}

function shown({ text, key, weight, expected }: HeadExample): ShownExample {
  const words = ['start', ...text.split(' ')];
  const instead = expected.includes(key)
    ? []
    : [...new Set(expected.map((place) => (place === 0 ? 'the start' : words[place])))];
  return { words, key, percent: withPercentSign(Math.round(weight * 100)), instead };
}

function costSentence(all: HeadsReport['scores'], without: HeadsReport['scores']): string {
  const [right, rightWithout] = [all, without].map(({ frames }) => sayShare(mean(Object.values(frames))));
  const more = without.gap - all.gap;
  const nats = `a word costs ${saySigned(Math.abs(more))} nats ${more < 0 ? 'less' : 'more'}`;
  return right === rightWithout
    ? `Without it, ${nats}, and as many of the adjectives are right: ${right}.`
    : `Without it, ${nats}, and ${rightWithout} of the adjectives are right instead of ${right}.`;
}

function costsTable(all: HeadsReport['scores'], without: HeadsReport['scores']): Table {
  const average = (scores: Record<string, number>) => sayShare(mean(Object.values(scores)));
  return {
    columns: [{ label: '' }, { label: 'With it', number: true }, { label: 'Without', number: true }],
    rows: [
      ['Nats a word above the language', saySigned(all.gap), saySigned(without.gap)],
      ['Right adjective, the guide’s sentence', average(all.guide), average(without.guide)],
      ['Right adjective, other kinds of sentence', average(all.frames), average(without.frames)],
      ['Odds of the right name', average(all.names), average(without.names)],
      ['Right sense of a word with several', average(all.senses), average(without.senses)],
    ],
  };
}

/** A job that was looked for, who has it, and how the claim stood against simpler explanations. */
export interface JobReport {
  job: string;
  claim: string;
  /** 'Layer 2, head 3', or that nobody has it. */
  who: string;
  measured: string;
  value: string;
  checks: { rival: string; measured: string; value: string; refuted: boolean }[];
}

/** All jobs that were looked for, those that a head has first. */
export function jobReports({ heads: { evidence } }: EaselFiles): JobReport[] {
  const name = ({ layer, head }: { layer: number; head: number }) => `layer ${layer}, head ${head}`;
  return Object.entries(evidence)
    .sort(([, a], [, b]) => Number(b.convincing) - Number(a.convincing))
    .map(([role, { claim, measured, value, checks, convincing, alsoConvincing, ...place }]) => ({
      job: jobName(role),
      claim: inPrint(claim),
      who: convincing
        ? `${[place, ...alsoConvincing].map(name).join('; also ')}`
        : `nobody; the nearest is ${name(place)}`,
      measured: inPrint(measured),
      value: sayDecimal(value),
      checks: checks.map(({ rival, measured, value, refuted }) => ({
        rival: inPrint(rival),
        measured: inPrint(measured),
        value: sayDecimal(value),
        refuted,
      })),
    }));
}

/** Words as one writes them: no space before a full stop. */
function spoken(words: readonly string[]): string {
  return words.join(' ').replaceAll(' .', '.');
}
