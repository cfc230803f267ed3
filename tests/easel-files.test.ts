/** The two committed files of Easel's weights: how large they are, and that the smaller one says the same. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROMPTS } from '../scripts/prompts.ts';
import { plain } from '../src/attention/plain.ts';
import { forward } from '../src/model/llama.ts';
import { type LanguageModel, openModel } from '../src/model/open.ts';

const read = (name: string) => new Uint8Array(readFileSync(`public/model/${name}`));

describe("Easel's files", () => {
  let f16: LanguageModel;
  let q8: LanguageModel;
  beforeAll(() => {
    f16 = openModel(read('easel.gguf').buffer);
    q8 = openModel(read('easel.q8_0.gguf').buffer);
  });

  test('take at most 500 kB as F16 and 300 kB as Q8_0', () => {
    expect(read('easel.gguf').length).toBeLessThanOrEqual(500_000);
    expect(read('easel.q8_0.gguf').length).toBeLessThanOrEqual(300_000);
  });

  test('come from one training', () => {
    expect(q8.config).toEqual(f16.config);
    expect(q8.tokenizer.vocabulary).toEqual(f16.tokenizer.vocabulary);
    expect(q8.metadata.get('easel.training.command')).toBe(f16.metadata.get('easel.training.command'));
    // norms and biases are not rounded
    expect(q8.weights.outputNorm).toEqual(f16.weights.outputNorm);
    expect(q8.weights.layers[0].queryBias).toEqual(f16.weights.layers[0].queryBias);
    expect(q8.weights.tokenEmbedding).not.toEqual(f16.weights.tokenEmbedding);
  });

  test.for(PROMPTS)('agree on the most likely word after "%s"', (prompt) => {
    const topWord = (model: LanguageModel) => {
      const { ids, unknown } = model.tokenizer.encode(prompt);
      expect(unknown).toEqual([]);
      const { logits } = forward(model, ids, { attend: plain });
      const last = logits.subarray(-model.config.vocabularySize);
      return model.tokenizer.vocabulary[last.indexOf(Math.max(...last))];
    };
    expect(topWord(q8)).toBe(topWord(f16));
  });
});
