/**
 * `npm run evaluate`: how good the model is, and which head does what. Writes the roles of heads, which lessons name
 * instead of numbers, to public/model/heads.json.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { plain } from '../src/attention/plain.ts';
import { OutsideLanguageError, trueNextWord } from '../src/language/language.ts';
import { type BindingScene, bindingFrames, bindingScenes } from '../src/language/scenes.ts';
import {
  type AdjectiveQuestion,
  allHeads,
  bestHead,
  type Choice,
  choices,
  whereBindingLooks,
  whereHeadsLook,
} from '../src/model/heads.ts';
import { forward, probabilities } from '../src/model/llama.ts';
import { openModel } from '../src/model/open.ts';
import { gapToLanguage } from '../src/model/quality.ts';
import { PROMPTS } from './prompts.ts';
import { heldOutText, idOf } from './texts.ts';

/** Frames in which one noun has its adjective before another noun has its own. */
const TWO_DESCRIBED = [
  'person with thing',
  'thing with person',
  'person with thing, sentence between',
  'thing with person, sentence between',
];

const whole = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1 up.');
  return value;
};
const options = new Command('evaluate')
  .description('Measure the model against the language, find out what its heads do, and write the roles of heads.')
  .option('--model <path>', 'GGUF file', 'public/model/easel.gguf')
  .option('--out <path>', 'file for the roles of heads', 'public/model/heads.json')
  .option('--texts <n>', 'held-out texts', whole, 500)
  .option('--scenes <n>', 'scenes of each kind of sentence', whole, 500)
  .option('--few <n>', 'texts and scenes to try each muted head on', whole, 100)
  .parse()
  .opts<{ model: string; out: string; texts: number; scenes: number; few: number }>();

const bytes = readFileSync(options.model);
const model = openModel(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const heads = allHeads(model);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

// how far from the language
const texts = Array.from({ length: options.texts }, (_, i) => heldOutText(i));
const quality = gapToLanguage(model, texts, { attend: plain });
console.log(
  `${model.name}: ${quality.loss.toFixed(4)} nats a word on ${texts.length} held-out texts, ` +
    `${quality.gap.toFixed(4)} above the language's entropy of ${quality.entropy.toFixed(4)}.`,
);

// which adjective belongs to whom
console.log(`\nThe right adjective gets more probability than every wrong one, in ${options.scenes} scenes each:`);
const frames = bindingFrames.map((frame) => {
  const result = choices(model, scenesOf(frame, options.scenes).map(choiceOf), plain);
  console.log(
    `  ${frame.padEnd(38)} ${percent(result.share).padStart(7)}   ` +
      `right ${result.right.toFixed(3)}  best wrong ${result.bestWrong.toFixed(3)}`,
  );
  return { frame, right: result.share };
});
const meanRight = frames.reduce((sum, { right }) => sum + right, 0) / frames.length;
const worst = frames.reduce((a, b) => (b.right < a.right ? b : a));
console.log(`  mean ${percent(meanRight)}, worst ${percent(worst.right)} (${worst.frame})`);
// the same sentences with words that never stand in them in the language
const strange = bindingFrames.map((frame) => {
  const scenes = bindingScenes(frame, options.few, 4242, { unpractised: true });
  return choices(model, scenes.map(choiceOf), plain).share;
});
const meanStrange = strange.reduce((sum, share) => sum + share, 0) / strange.length;
console.log(
  `  with words that never stand in such sentences in the language (${options.few} scenes each): ` +
    `mean ${percent(meanStrange)}, worst ${percent(Math.min(...strange))}`,
);

// the guide's own beginnings
console.log('\nTotal variation between the model and the language (0: the same, 1: nothing in common):');
for (const prompt of PROMPTS) {
  try {
    console.log(`  ${totalVariation(prompt.split(' ')).toFixed(3)}  ${prompt} …`);
  } catch (error) {
    if (!(error instanceof OutsideLanguageError)) throw error;
    console.log(`  outside the language: ${prompt} …`);
  }
}

// what heads do
const looking = whereHeadsLook(
  model,
  texts.slice(0, 200).map(({ ids }) => [0, ...ids]),
  plain,
);
// the one asked about comes first, so that the other noun and adjective stand nearer to the question
const questions = TWO_DESCRIBED.flatMap((frame) => scenesOf(frame, options.scenes).map(questionOf)).filter(
  ({ own, others }) => others.every((other) => other.noun > own.noun),
);
const binding = whereBindingLooks(model, questions, plain);

const few = texts.slice(0, options.few);
const fewScenes = TWO_DESCRIBED.flatMap((frame) => scenesOf(frame, Math.ceil(options.few / TWO_DESCRIBED.length)));
const unmuted = gapToLanguage(model, few, { attend: plain }).loss;
const unmutedRight = choices(model, fewScenes.map(choiceOf), plain).share;
const muted = heads.map((place) => {
  const mute = [{ layer: place.layer - 1, head: place.head - 1 }];
  return {
    costs: gapToLanguage(model, few, { attend: plain, mute }).loss - unmuted,
    right: choices(model, fewScenes.map(choiceOf), plain, [place]).share,
  };
});

console.log(
  '\nMean attention weights of each head in held-out texts, and what is lost without it (nats a word; right adjective, ' +
    `${percent(unmutedRight)} with all heads):`,
);
console.log('  head  start  self   prev.  2nd    same   after | costs  right');
heads.forEach(({ layer, head }, i) => {
  const l = looking[i];
  const row = [l.start, l.self, l.previousWord, l.secondWordBack, l.sameWord, l.afterSameWord, muted[i].costs];
  console.log(`  ${layer}.${head}   ${row.map((x) => x.toFixed(3)).join('  ')}  ${percent(muted[i].right)}`);
});
console.log(
  `\nMean attention weights in ${questions.length} scenes such as "there was a beautiful woman with an ugly cat . the ` +
    'woman was": from "was" on both nouns and both adjectives; from a described noun on its adjective; from a noun without ' +
    'one on the word before:',
);
console.log('  head  noun   other  | adj.   other  | noun on its adj.  on any word before');
heads.forEach(({ layer, head }, i) => {
  const b = binding[i];
  const [noun, adjective, described] = [
    [b.ownNoun, b.otherNoun],
    [b.ownAdjective, b.otherAdjective],
    [b.nounOnAdjective, b.nounOnWordBefore],
  ].map((pair) => pair.map((x) => x.toFixed(3)).join('  '));
  console.log(`  ${layer}.${head}   ${noun}  | ${adjective}  | ${described}`);
});

const roles = {
  // looks at the word before, whatever it is
  'previous-word': bestHead(model, (i) => looking[i].previousWord),
  'second-word-back': bestHead(model, (i) => looking[i].secondWordBack),
  // a described noun looks at its adjective, and not merely at the word before
  adjective: bestHead(model, (i) => binding[i].nounOnAdjective - binding[i].nounOnWordBefore),
  // "the woman was" looks at the woman where she was introduced, past the other noun
  noun: bestHead(model, (i) => binding[i].ownNoun - binding[i].otherNoun),
  start: bestHead(model, (i) => looking[i].start),
};
console.log('\nRoles:');
for (const [role, { layer, head }] of Object.entries(roles)) {
  console.log(`  ${role.padEnd(17)} layer ${layer}, head ${head}`);
}

const rounded = (numbers: object) =>
  Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Math.round(value * 1e4) / 1e4]));
const report = {
  about:
    'Written by "npm run evaluate": do not edit. Layers and heads count from 1. Weights are means over held-out texts; ' +
    'costs: nats a word more when this head is muted; right: share of scenes with the right adjective when it is muted.',
  roles,
  quality: {
    ...rounded({
      gap: quality.gap,
      entropy: quality.entropy,
      rightAdjective: meanRight,
      worstFrame: worst.right,
      unpractised: meanStrange,
    }),
    texts: texts.length,
    scenes: options.scenes * frames.length,
  },
  heads: heads.map((place, i) => ({ ...place, ...rounded({ ...looking[i], ...binding[i], ...muted[i] }) })),
};
writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
console.log(`\nWrote ${options.out}.`);

function scenesOf(frame: string, count: number): BindingScene[] {
  return bindingScenes(frame, count, 4242 + bindingFrames.indexOf(frame));
}

function choiceOf({ words, right, wrong }: BindingScene): Choice {
  return { ids: [0, ...words.map(idOf)], right: idOf(right), wrong: wrong.map(idOf) };
}

/** In these frames a noun follows its adjective at once. */
function questionOf({ words, right, wrong }: BindingScene): AdjectiveQuestion {
  const described = (adjective: string) => {
    const place = 1 + words.indexOf(adjective);
    return { adjective: place, noun: place + 1 };
  };
  return { ids: [0, ...words.map(idOf)], own: described(right), others: wrong.map(described) };
}

/** Half the sum of the differences between the model's next word and the language's. */
function totalVariation(words: string[]): number {
  const truth = trueNextWord(words);
  const ids = [0, ...words.map(idOf)];
  const { logits } = forward(model, ids, { attend: plain });
  const next = probabilities(logits, ids.length - 1, model.config.vocabularySize);
  let sum = 0;
  model.tokenizer.vocabulary.forEach((word, id) => {
    sum += Math.abs(next[id] - (truth.get(word) ?? 0));
  });
  return sum / 2;
}
