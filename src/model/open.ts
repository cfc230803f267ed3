/** A language model out of a GGUF file, and into one. */

import {
  type GgufEntry,
  GgufError,
  type GgufFile,
  type GgufTensorToWrite,
  type GgufValue,
  readGguf,
  tensorValues,
  writeGguf,
} from './gguf.ts';
import { LARGEST_HALF } from './half.ts';
import { flatLength, type LlamaConfig, type LlamaWeights, tensorPlaces, weightsFrom } from './parameters.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';

/** A model with its words, ready to run. */
export interface LanguageModel {
  config: LlamaConfig;
  weights: LlamaWeights;
  tokenizer: Tokenizer;
  name: string;
  /** What else the file says: licence, how it was trained, how good it is. */
  metadata: ReadonlyMap<string, GgufValue>;
}

/** More numbers than the models here have; keeps a damaged header from asking for gigabytes. */
const LIMITS = { nLayers: 512, nHeads: 1024, size: 1 << 17, contextLength: 1 << 20 };

/**
 * Opens a `llama` model whose vocabulary is a list of words. No weight may be beyond what F16 holds: real ones are far
 * below, and larger ones would run over in the forward pass.
 *
 * @throws GgufError when the file is damaged, is of another family, or has weights that are not numbers
 */
export function openModel(buffer: ArrayBuffer): LanguageModel {
  const file = readGguf(buffer);
  const config = configOf(file);
  const vocabulary = wordsOf(file.metadata);
  const known = new Set(tensorPlaces(config).map(({ name }) => name));
  for (const name of file.tensors.keys()) {
    if (!known.has(name)) throw new GgufError('every tensor', name, 'part of a llama model with tied embeddings');
  }
  const shapes = new Map(tensorPlaces(config).map(({ name, shape }) => [name, shape]));
  const weights = weightsFrom(config, (name) => {
    const tensor = file.tensors.get(name);
    if (!tensor) throw new GgufError(`tensor "${name}"`, 'nothing', 'in the file');
    const shape = shapes.get(name)!.join(' × ');
    if (tensor.shape.join(' × ') !== shape) {
      throw new GgufError(`the shape of tensor "${name}"`, tensor.shape.join(' × '), shape);
    }
    const values = tensorValues(buffer, tensor);
    const odd = values.findIndex((value) => !(Math.abs(value) <= LARGEST_HALF));
    if (odd >= 0) {
      throw new GgufError(`value ${odd} of tensor "${name}"`, values[odd], `from -${LARGEST_HALF} to ${LARGEST_HALF}`);
    }
    return values;
  });
  const name = file.metadata.get('general.name');
  return {
    config,
    weights,
    tokenizer: createTokenizer(vocabulary, config.contextLength),
    name: typeof name === 'string' ? name : 'unnamed',
    metadata: file.metadata,
  };
}

/** How the matrices of a file may be packed, and the number llama.cpp has for such a file. */
const FILE_TYPES = { F32: 0, F16: 1, Q8_0: 7 } as const;

/**
 * The bytes of a GGUF file: matrices as F16, Q8_0 or F32, norms and biases as F32 (llama.cpp wants them so).
 *
 * @param flat all weights in the order of `tensorPlaces`
 * @param about further metadata: name, licence, how it was trained
 * @param options.type F16 takes 2 bytes a weight and is what the pages load; Q8_0 takes about half of that
 * @throws RangeError when a weight does not fit into the type
 * @throws TypeError for Q8_0, when a row is no multiple of 32 long
 */
export function modelFile(
  config: LlamaConfig,
  flat: Float32Array,
  vocabulary: readonly string[],
  about: readonly GgufEntry[],
  { type = 'F16' }: { type?: keyof typeof FILE_TYPES } = {},
): Uint8Array<ArrayBuffer> {
  if (flat.length !== flatLength(config)) {
    throw new RangeError(`Expected ${flatLength(config)} weights but received ${flat.length}.`);
  }
  const metadata: GgufEntry[] = [
    ['general.architecture', 'string', 'llama'],
    ...about,
    ['general.file_type', 'uint32', FILE_TYPES[type]],
    ['general.quantization_version', 'uint32', 2], // of ggml's blocks
    ['llama.vocab_size', 'uint32', config.vocabularySize],
    ['llama.context_length', 'uint32', config.contextLength],
    ['llama.embedding_length', 'uint32', config.width],
    ['llama.block_count', 'uint32', config.nLayers],
    ['llama.feed_forward_length', 'uint32', config.feedForward],
    ['llama.attention.head_count', 'uint32', config.nHeads],
    ['llama.attention.head_count_kv', 'uint32', config.nKeyHeads],
    ['llama.attention.key_length', 'uint32', config.headDim],
    ['llama.attention.value_length', 'uint32', config.headDim],
    ['llama.attention.layer_norm_rms_epsilon', 'float32', config.epsilon],
    ['llama.rope.dimension_count', 'uint32', config.headDim],
    ['llama.rope.freq_base', 'float32', config.ropeBase],
    ...wordTokens(vocabulary),
  ];
  const tensors = tensorPlaces(config).map(
    ({ name, shape, offset, length }): GgufTensorToWrite => ({
      name,
      shape,
      type: shape.length > 1 ? type : 'F32',
      values: flat.subarray(offset, offset + length),
    }),
  );
  return writeGguf(metadata, tensors);
}

function configOf(file: GgufFile): LlamaConfig {
  const { metadata } = file;
  const architecture = metadata.get('general.architecture');
  if (architecture !== 'llama') throw new GgufError('general.architecture', architecture, '"llama"');
  const whole = (key: string, most: number, otherwise?: number): number => {
    const value = metadata.get(key) ?? otherwise;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
      throw new GgufError(key, value, `a whole number from 1 to ${most}`);
    }
    return value;
  };
  const positive = (key: string, otherwise?: number): number => {
    const value = metadata.get(key) ?? otherwise;
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
      throw new GgufError(key, value, 'a positive number');
    }
    return value;
  };
  const width = whole('llama.embedding_length', LIMITS.size);
  const nHeads = whole('llama.attention.head_count', LIMITS.nHeads);
  const nKeyHeads = whole('llama.attention.head_count_kv', nHeads, nHeads);
  if (nHeads % nKeyHeads !== 0) {
    throw new GgufError('llama.attention.head_count_kv', nKeyHeads, `a divisor of head_count (${nHeads})`);
  }
  const headDim = whole('llama.attention.key_length', LIMITS.size, width / nHeads);
  if (headDim % 2 !== 0) throw new GgufError('llama.attention.key_length', headDim, 'even, since rotation turns pairs');
  for (const key of ['llama.attention.value_length', 'llama.rope.dimension_count']) {
    const size = whole(key, LIMITS.size, headDim);
    if (size !== headDim) throw new GgufError(key, size, `the size of a head (${headDim})`);
  }
  const tokens = wordsOf(metadata);
  const vocabularySize = whole('llama.vocab_size', tokens.length, tokens.length);
  if (vocabularySize !== tokens.length) {
    throw new GgufError('llama.vocab_size', vocabularySize, `the number of words (${tokens.length})`);
  }
  return {
    vocabularySize,
    width,
    nLayers: whole('llama.block_count', LIMITS.nLayers),
    nHeads,
    nKeyHeads,
    headDim,
    feedForward: whole('llama.feed_forward_length', LIMITS.size),
    contextLength: whole('llama.context_length', LIMITS.contextLength),
    ropeBase: positive('llama.rope.freq_base', 10000),
    epsilon: positive('llama.attention.layer_norm_rms_epsilon'),
    qkvBias: file.tensors.has('blk.0.attn_q.bias'),
  };
}

/** Before the first letter of a word in a token, as SentencePiece writes it; also in llama.cpp's word-piece vocabularies. */
const WORD_START = '\u2581';

/**
 * The vocabulary as llama.cpp reads it: a word-piece tokenizer (`bert`) all of whose pieces are whole words splits a text
 * just as ours does.
 */
function wordTokens(vocabulary: readonly string[]): GgufEntry[] {
  const [marker, ...words] = vocabulary;
  return [
    ['tokenizer.ggml.model', 'string', 'bert'],
    ['tokenizer.ggml.tokens', 'string[]', [marker, ...words.map((word) => WORD_START + word)]],
    // 3: control, 1: ordinary
    ['tokenizer.ggml.token_type', 'int32[]', [3, ...words.map(() => 1)]],
    ['tokenizer.ggml.bos_token_id', 'uint32', 0],
    ['tokenizer.ggml.eos_token_id', 'uint32', 0],
    ['tokenizer.ggml.unknown_token_id', 'uint32', 0],
    ['tokenizer.ggml.padding_token_id', 'uint32', 0],
    ['tokenizer.ggml.seperator_token_id', 'uint32', 0], // GGUF's own spelling
    ['tokenizer.ggml.add_bos_token', 'bool', true],
    ['tokenizer.ggml.add_eos_token', 'bool', false],
    ['tokenizer.ggml.add_sep_token', 'bool', false],
  ];
}

/** The words behind {@link wordTokens}. */
function wordsOf(metadata: ReadonlyMap<string, GgufValue>): string[] {
  const kind = metadata.get('tokenizer.ggml.model');
  if (kind !== 'bert') throw new GgufError('tokenizer.ggml.model', kind, '"bert": a list of words');
  const tokens = metadata.get('tokenizer.ggml.tokens');
  if (!Array.isArray(tokens) || tokens.length === 0) {
    throw new GgufError('tokenizer.ggml.tokens', typeof tokens, 'a list of words');
  }
  const words = tokens.map((token, id) => {
    if (typeof token !== 'string') throw new GgufError(`token ${id}`, token, 'a text');
    if (id === 0) return token; // the marker
    if (!token.startsWith(WORD_START) || token.length === 1) {
      throw new GgufError(`token ${id}`, token, `a whole word after "${WORD_START}"`);
    }
    return token.slice(1);
  });
  const different = new Set(words).size;
  if (different !== words.length) {
    throw new GgufError('the number of different words in tokenizer.ggml.tokens', different, `all ${words.length}`);
  }
  return words;
}
