/**
 * `npm run llama`: asks llama.cpp, a program that nobody here wrote, what comes next after 50 beginnings, and writes its
 * answers to tests/fixtures/llama.json. Run it after a training; tests/llama.test.ts holds our own forward pass against
 * them. llama.cpp comes with node-llama-cpp, a package of tests/rivals/ alone, so what we use of its types is written down
 * here.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readGguf, tensorValues } from '../src/model/gguf.ts';
import { modelFile, openModel } from '../src/model/open.ts';
import { flatLength, tensorPlaces } from '../src/model/parameters.ts';
import { PROMPTS } from './prompts.ts';
import { installRivals, rivalsFolder } from './rivals.ts';
import { heldOutText } from './texts.ts';

/** What tests/fixtures/llama.json holds. */
export interface LlamaAnswers {
  about: string;
  /** Which llama.cpp. */
  madeBy: string;
  /** Token ids, each list beginning with the start marker. */
  prompts: number[][];
  files: {
    /** A file of public/model. */
    file: string;
    /** Its SHA-256. */
    sha256: string;
    /** How its matrices stood in what llama.cpp opened. */
    type: 'F16' | 'Q8_0' | 'F32';
    /**
     * For each prompt, the logarithm of the probability that a token comes next, by id: of the 20 likeliest and of every
     * tenth. That is each logit less one number, the same for all tokens; node-llama-cpp gives no logits as such.
     */
    next: Record<string, number>[];
  }[];
}

interface Step {
  next: { probabilities?: Map<number, number> };
}

interface NodeLlamaCpp {
  LlamaLogLevel: { error: string };
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      createContext(options: object): Promise<{
        getSequence(): {
          clearHistory(): Promise<void>;
          controlledEvaluate(input: (number | [number, object])[]): Promise<(Step | undefined)[]>;
        };
      }>;
      dispose(): Promise<void>;
    }>;
  }>;
}

type Llama = Awaited<ReturnType<NodeLlamaCpp['getLlama']>>;

const COUNT = 50;
const LIKELIEST = 20;
const folder = join(import.meta.dirname, '..', 'public', 'model');
const out = join(import.meta.dirname, '..', 'tests', 'fixtures', 'llama.json');

installRivals();
const home = join(rivalsFolder, 'node_modules', 'node-llama-cpp');
const { getLlama, LlamaLogLevel }: NodeLlamaCpp = await import(pathToFileURL(join(home, 'dist', 'index.js')).href);
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
const { tag } = JSON.parse(readFileSync(join(home, 'llama', 'llama.cpp.info.json'), 'utf8'));
const llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, logLevel: LlamaLogLevel.error });

const { tokenizer, config } = openModel(read('easel.gguf').buffer);
const prompts = [
  ...PROMPTS.map((text) => tokenizer.encode(text).ids),
  // held-out texts, cut off in all sorts of places
  ...Array.from({ length: COUNT - PROMPTS.length }, (_, i) => {
    const { ids } = heldOutText(i);
    return [0, ...ids.slice(0, Math.ceil((ids.length * ((i % 5) + 1)) / 5))].slice(0, config.contextLength);
  }),
];

const scratch = mkdtempSync(join(tmpdir(), 'llama-'));
const widened = join(scratch, 'easel.f32.gguf');
writeFileSync(widened, widen(read('easel.gguf').buffer));
const files: LlamaAnswers['files'] = [];
for (const { file, type, path } of [
  { file: 'easel.gguf', type: 'F16', path: join(folder, 'easel.gguf') },
  { file: 'easel.gguf', type: 'F32', path: widened },
  { file: 'easel.q8_0.gguf', type: 'Q8_0', path: join(folder, 'easel.q8_0.gguf') },
] as const) {
  const sha256 = createHash('sha256').update(read(file)).digest('hex');
  files.push({ file, sha256, type, next: await ask(llama, path) });
}
rmSync(scratch, { recursive: true });

const answers: LlamaAnswers = {
  about: 'Written by "npm run llama": do not edit. scripts/llama.ts says what is in here.',
  madeBy: `llama.cpp ${tag} in node-llama-cpp ${version}`,
  prompts,
  files,
};
// a line for each prompt
writeFileSync(out, `${JSON.stringify(answers).replaceAll(/(?<=[[,])(?=[[{])/g, '\n')}\n`);
console.log(
  `Wrote ${out}: what ${answers.madeBy} says after ${COUNT} beginnings. Now run: npm test -- tests/llama.test.ts`,
);
process.exit(); // node-llama-cpp keeps threads waiting

function read(file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(folder, file)));
}

/** The same weights with every matrix in F32, so that llama.cpp rounds nothing on its way. */
function widen(buffer: ArrayBuffer): Uint8Array {
  const { config, tokenizer } = openModel(buffer);
  const { tensors } = readGguf(buffer);
  const flat = new Float32Array(flatLength(config));
  for (const { name, offset } of tensorPlaces(config)) flat.set(tensorValues(buffer, tensors.get(name)!), offset);
  return modelFile(config, flat, tokenizer.vocabulary, [], { type: 'F32' });
}

/** What llama.cpp says after each prompt, by the file at `path`. */
async function ask(llama: Llama, path: string): Promise<Record<string, number>[]> {
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({
    contextSize: config.contextLength,
    batchSize: config.contextLength,
    threads: 1,
    // keys and values as they are; by default they are rounded to F16
    flashAttention: false,
    experimentalKvCacheKeyType: 'F32',
    experimentalKvCacheValueType: 'F32',
  });
  const sequence = context.getSequence();
  const answers: Record<string, number>[] = [];
  for (const ids of prompts) {
    await sequence.clearHistory();
    // no sampler but the plain softmax
    const options = { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 1 };
    const last = [ids.at(-1)!, { generateNext: { probabilities: true, options } }] satisfies [number, object];
    const next = (await sequence.controlledEvaluate([...ids.slice(0, -1), last])).at(-1)?.next.probabilities;
    if (next?.size !== config.vocabularySize) {
      throw new Error(`Expected ${config.vocabularySize} probabilities from llama.cpp but received ${next?.size}.`);
    }
    const kept = [...next].sort((a, b) => b[1] - a[1]).filter(([id], rank) => rank < LIKELIEST || id % 10 === 0);
    answers.push(Object.fromEntries(kept.map(([id, p]) => [id, Number(Math.log(p).toFixed(5))])));
  }
  await model.dispose();
  return answers;
}
