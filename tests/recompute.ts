/**
 * Easel once more, by other hands: a reader of its GGUF file and a forward pass that share no line with src/. Written word
 * by word in float64, with a loop for every sum, so that it can be checked by reading. The tests hold the numbers of the
 * built pages against it.
 */

/** What one word's pass through the model leaves behind. */
export interface Recomputed {
  /** weights[layer][head][i][j]: how much word i looks at word j ≤ i. */
  weights: number[][][][];
  /** queries[layer][head][i] and keys[layer][head][j], before their places turn them; a head's keys may be shared. */
  queries: number[][][][];
  keys: number[][][][];
  /** values[layer][head][j]; a head's values may be shared. */
  values: number[][][][];
  /** normed[layer][i]: the list of a word at standard size, as the heads of the layer take it. */
  normed: number[][][];
  /** streams[0] as stored, then of each layer after attention and after the feed-forward step; [word][width]. */
  streams: number[][][];
  /** After each word, the probability of every token of the vocabulary. */
  next: number[][];
}

export interface RecomputedModel {
  tokens: string[];
  /** By token, the list of numbers that is stored for it. */
  embedding: number[][];
  nLayers: number;
  nHeads: number;
  ropeBase: number;
  /** A query or a key, turned by its place. */
  turn(list: readonly number[], place: number): number[];
  /** A list of one head, brought into a word's numbers by that head's part of the output matrix. */
  handOn(list: readonly number[], layer: number, head: number): number[];
  /** causal: whether a word sees only itself and the words before it; as a rule it does. */
  run(ids: readonly number[], causal?: boolean): Recomputed;
}

type Metadata = Map<string, unknown>;

/** Little-endian, front to back. Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
function readGguf(bytes: Uint8Array): { metadata: Metadata; tensor(name: string): number[] | undefined } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (size: number) => {
    at += size;
    return at - size;
  };
  const u32 = () => view.getUint32(take(4), true);
  const u64 = () => Number(view.getBigUint64(take(8), true));
  const text = () => {
    const from = take(u64());
    return new TextDecoder().decode(bytes.subarray(from, at));
  };
  const scalar: Record<number, () => unknown> = {
    0: () => view.getUint8(take(1)),
    1: () => view.getInt8(take(1)),
    2: () => view.getUint16(take(2), true),
    3: () => view.getInt16(take(2), true),
    4: u32,
    5: () => view.getInt32(take(4), true),
    6: () => view.getFloat32(take(4), true),
    7: () => view.getUint8(take(1)) === 1,
    8: text,
    10: u64,
    11: () => Number(view.getBigInt64(take(8), true)),
    12: () => view.getFloat64(take(8), true),
  };
  const value = (type: number): unknown => {
    if (type !== 9) return scalar[type]();
    const of = u32();
    const length = u64();
    return Array.from({ length }, () => value(of));
  };

  if (u32() !== 0x46554747) throw new Error('not a GGUF file');
  u32(); // version
  const nTensors = u64();
  const nEntries = u64();
  const metadata: Metadata = new Map();
  for (let i = 0; i < nEntries; i++) {
    const key = text();
    metadata.set(key, value(u32()));
  }
  const places = new Map<string, { size: number; type: number; offset: number }>();
  for (let i = 0; i < nTensors; i++) {
    const name = text();
    const dimensions = Array.from({ length: u32() }, u64);
    places.set(name, { size: dimensions.reduce((a, b) => a * b, 1), type: u32(), offset: u64() });
  }
  const alignment = Number(metadata.get('general.alignment') ?? 32);
  const start = Math.ceil(at / alignment) * alignment;
  return {
    metadata,
    tensor(name) {
      const place = places.get(name);
      if (!place) return undefined;
      const from = start + place.offset;
      if (place.type === 0) return Array.from({ length: place.size }, (_, i) => view.getFloat32(from + 4 * i, true));
      if (place.type === 1)
        return Array.from({ length: place.size }, (_, i) => half(view.getUint16(from + 2 * i, true)));
      // blocks of 32: a float16 that all share, then 32 whole numbers
      if (place.type === 8)
        return Array.from({ length: place.size }, (_, i) => {
          const block = from + 34 * Math.floor(i / 32);
          return half(view.getUint16(block, true)) * view.getInt8(block + 2 + (i % 32));
        });
      throw new Error(`tensor ${name} is of type ${place.type}; only F32, F16 and Q8_0 are read here`);
    },
  };
}

/** A float16 from its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Opens a `llama` GGUF file whose output matrix is its embedding. */
export function openByOtherHands(bytes: Uint8Array): RecomputedModel {
  const { metadata, tensor } = readGguf(bytes);
  const number = (key: string) => Number(metadata.get(`llama.${key}`));
  const width = number('embedding_length');
  const nLayers = number('block_count');
  const nHeads = number('attention.head_count');
  const nKeyHeads = Number(metadata.get('llama.attention.head_count_kv') ?? nHeads);
  const headDim = Number(metadata.get('llama.attention.key_length') ?? width / nHeads);
  const epsilon = number('attention.layer_norm_rms_epsilon');
  const ropeBase = Number(metadata.get('llama.rope.freq_base') ?? 10000);
  // A word is written with the mark for "a word starts here" before it.
  const tokens = (metadata.get('tokenizer.ggml.tokens') as string[]).map((token) => token.replace(/^\u2581/, ''));

  const must = (name: string) => {
    const found = tensor(name);
    if (!found) throw new Error(`the file has no tensor ${name}`);
    return found;
  };
  /** Rows of a matrix [outputs, inputs], and its bias where the file has one. */
  const matrix = (name: string, inputs: number) => {
    const flat = must(`${name}.weight`);
    const bias = tensor(`${name}.bias`);
    const rows = Array.from({ length: flat.length / inputs }, (_, o) => flat.slice(o * inputs, (o + 1) * inputs));
    return (x: readonly number[]) => rows.map((row, o) => dot(row, x) + (bias ? bias[o] : 0));
  };
  const norm = (name: string) => {
    const gain = must(`${name}.weight`);
    return (x: readonly number[]) => {
      const scale = 1 / Math.sqrt(dot(x, x) / x.length + epsilon);
      return x.map((value, i) => value * scale * gain[i]);
    };
  };
  const flatEmbedding = must('token_embd.weight');
  const embedding = tokens.map((_, id) => flatEmbedding.slice(id * width, (id + 1) * width));
  const finalNorm = norm('output_norm');
  const layers = Array.from({ length: nLayers }, (_, l) => ({
    attentionNorm: norm(`blk.${l}.attn_norm`),
    query: matrix(`blk.${l}.attn_q`, width),
    key: matrix(`blk.${l}.attn_k`, width),
    value: matrix(`blk.${l}.attn_v`, width),
    output: matrix(`blk.${l}.attn_output`, nHeads * headDim),
    feedForwardNorm: norm(`blk.${l}.ffn_norm`),
    gate: matrix(`blk.${l}.ffn_gate`, width),
    up: matrix(`blk.${l}.ffn_up`, width),
    down: matrix(`blk.${l}.ffn_down`, must(`blk.${l}.ffn_down.weight`).length / width),
  }));

  /** Neighbouring pairs turn by position / base^(pair / pairs): the order that llama.cpp's `llama` files are in. */
  const turn = (x: readonly number[], position: number) =>
    x.map((value, i) => {
      const angle = position * ropeBase ** (-(i - (i % 2)) / headDim);
      return i % 2 === 0
        ? value * Math.cos(angle) - x[i + 1] * Math.sin(angle)
        : value * Math.cos(angle) + x[i - 1] * Math.sin(angle);
    });
  const part = (x: readonly number[], head: number) => x.slice(head * headDim, (head + 1) * headDim);

  return {
    tokens,
    embedding,
    nLayers,
    nHeads,
    ropeBase,
    turn,
    handOn(list, layer, head) {
      const nothing = Array<number>(nHeads * headDim).fill(0);
      const alone = nothing.map((_, i) => list[i - head * headDim] ?? 0);
      const offset = layers[layer].output(nothing);
      return layers[layer].output(alone).map((x, c) => x - offset[c]);
    },
    run(ids, causal = true) {
      const heads = Array.from({ length: nHeads }, (_, head) => head);
      const weights: number[][][][] = [];
      const allQueries: number[][][][] = [];
      const allKeys: number[][][][] = [];
      const allValues: number[][][][] = [];
      const allNormed: number[][][] = [];
      let stream = ids.map((id) => embedding[id]);
      const streams = [stream];
      for (const layer of layers) {
        const normed = stream.map(layer.attentionNorm);
        allNormed.push(normed);
        const queries = normed.map(layer.query);
        const keys = normed.map(layer.key);
        const values = normed.map(layer.value);
        const ofHeads = heads.map((head) => {
          const keyHead = Math.floor((head * nKeyHeads) / nHeads);
          return stream.map((_, i) => {
            const query = turn(part(queries[i], head), i);
            const scores = Array.from({ length: causal ? i + 1 : ids.length }, (_, j) => {
              return dot(query, turn(part(keys[j], keyHead), j)) / Math.sqrt(headDim);
            });
            return softmax(scores);
          });
        });
        weights.push(ofHeads);
        allQueries.push(heads.map((head) => queries.map((all) => part(all, head))));
        allKeys.push(heads.map((head) => keys.map((all) => part(all, Math.floor((head * nKeyHeads) / nHeads)))));
        allValues.push(heads.map((head) => values.map((all) => part(all, Math.floor((head * nKeyHeads) / nHeads)))));
        stream = stream.map((x, i) => {
          const blended = heads.flatMap((head) => {
            const keyHead = Math.floor((head * nKeyHeads) / nHeads);
            return Array.from({ length: headDim }, (_, c) =>
              dot(
                ofHeads[head][i],
                ofHeads[head][i].map((_, j) => values[j][keyHead * headDim + c]),
              ),
            );
          });
          const added = layer.output(blended);
          return x.map((value, c) => value + added[c]);
        });
        streams.push(stream);
        stream = stream.map((after) => {
          const normedAfter = layer.feedForwardNorm(after);
          const up = layer.up(normedAfter);
          const hidden = layer.gate(normedAfter).map((g, c) => (g / (1 + Math.exp(-g))) * up[c]);
          const more = layer.down(hidden);
          return after.map((value, c) => value + more[c]);
        });
        streams.push(stream);
      }
      const next = stream.map((x) => {
        const last = finalNorm(x);
        return softmax(embedding.map((row) => dot(row, last)));
      });
      return { weights, queries: allQueries, keys: allKeys, values: allValues, normed: allNormed, streams, next };
    },
  };
}
