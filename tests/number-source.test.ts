/**
 * Every number of a pass can be opened, and what is opened adds up to it: in float64, for a small untrained model and for
 * Easel itself, and down to what is stored.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { reference } from '../src/attention/reference.ts';
import { openedHtml, sayOpened } from '../src/figures/number-opened.ts';
import {
  headed,
  lengthOf,
  type NumberName,
  numberOf,
  type Pass,
  readName,
  type Source,
  sourceOf,
  whats,
  writeName,
} from '../src/figures/number-source.ts';
import { createWorld, type World } from '../src/figures/world.ts';
import { openModel } from '../src/model/open.ts';
import { openByOtherHands } from './recompute.ts';
import { untrainedWorld } from './untrained.ts';

const bytes = readFileSync(join(import.meta.dirname, '../public/model/easel.gguf'));
const easel = createWorld({ model: openModel(new Uint8Array(bytes).buffer), attend: reference, precision: 'float64' });

async function passOf(world: World, text: string): Promise<Pass> {
  const read = world.model.tokenizer.encode(text);
  return { trace: await world.run(read.ids), words: ['start', ...read.words], model: world.model };
}
const text = 'there was a beautiful woman with an ugly cat';
const passes: Record<string, Pass> = {
  untrained: await passOf(untrainedWorld(5, 2), text),
  Easel: await passOf(easel, text),
};

/** The name of any number of a pass. */
const anyName = (pass: Pass): fc.Arbitrary<NumberName> => {
  const { config } = pass.model;
  const n = pass.words.length;
  return fc
    .tuple(
      fc.constantFrom(...whats),
      fc.integer({ min: 1, max: config.nLayers }),
      fc.integer({ min: 1, max: config.nHeads }),
      fc.integer({ min: 0, max: n - 1 }),
      fc.nat(),
    )
    .map(([what, layer, head, word, entry]) => ({
      ...{ what, word, layer: what === 'stored' ? 0 : layer, head: headed.includes(what) ? head : 0 },
      entry: entry % (what === 'weight' ? word + 1 : lengthOf(what, n, config)),
    }));
};

const near = (found: number, wanted: number) =>
  expect(Math.abs(found - wanted)).toBeLessThan(1e-9 * (1 + Math.abs(wanted)));

/** What the parts of a source make, worked out from the parts alone. */
function madeOf({ name, sum, after, value }: Source): number {
  const total = sum?.lines.reduce((all, { first, second }) => {
    if (name.what === 'weight') return all;
    return all + first.value * (second?.value ?? 1);
  }, 0);
  switch (name.what) {
    case 'stored':
      return value;
    case 'weight': {
      const powers = sum!.lines.map(({ first }) => Math.exp(first.value));
      return powers[name.entry] / powers.reduce((a, b) => a + b, 0);
    }
    case 'size':
    case 'forward-size':
      return Math.sqrt(total! / sum!.lines.length + after[1].operand!.value);
    case 'normed':
    case 'forward-normed':
      return (after[0].operand!.value / after[1].operand!.value) * after[2].operand!.value;
    case 'scaled':
      return after[0].operand!.value / Number(/[\d.]+$/.exec(after[1].say)![0]);
    case 'hidden': {
      const gate = after[0].operand!.value;
      return (gate / (1 + Math.exp(-gate))) * after[2].operand!.value;
    }
    default:
      return total!;
  }
}

describe.each(Object.keys(passes))('a number of the pass of %s', (which) => {
  const pass = passes[which];

  it('is what its parts make', () => {
    fc.assert(
      fc.property(anyName(pass), (name) => {
        const source = sourceOf(name, pass);
        expect(source.value).toBe(numberOf(name, pass));
        // √8 is said with two decimals, and so cannot be taken from the sentence exactly.
        if (name.what === 'scaled' && which === 'untrained') return;
        near(madeOf(source), source.value);
      }),
      { numRuns: 600 },
    );
  });

  it('is made of numbers that are what their own names say, each from nearer to what is stored', () => {
    fc.assert(
      fc.property(anyName(pass), (name) => {
        let at = name;
        for (let step = 0; step < 40 && at.what !== 'stored'; step++) {
          const { sum, after, becomes } = sourceOf(at, pass);
          const operands = [
            ...(sum?.lines.flatMap(({ first, second }) => [first, ...(second ? [second] : [])]) ?? []),
            ...after.flatMap(({ operand }) => operand ?? []),
          ];
          for (const { value, name: own } of operands) if (own) expect(numberOf(own, pass)).toBe(value);
          for (const next of becomes) expect(numberOf(next.name, pass)).toBe(next.value);
          at = operands.find((operand) => operand.name)!.name!;
        }
        expect(at.what).toBe('stored');
      }),
      { numRuns: 60 },
    );
  });

  it('is said so that its lines add up, or is said to be rounded', () => {
    fc.assert(
      fc.property(anyName(pass), (name) => {
        const source = sourceOf(name, pass);
        const html = openedHtml(source, { trail: [], whole: true });
        expect(html).not.toMatch(/NaN|undefined|Infinity/);
        if (!source.sum) return;
        const { document } = parseHTML(`<html><body>${html}</body></html>`);
        const number = (said: string) => (/below|above/.test(said) ? 0 : Number(said.replace('−', '-')));
        const lines = [...document.querySelectorAll('.mul tbody tr')].map((row) =>
          number([...row.querySelectorAll('td.num')].at(-1)!.textContent),
        );
        expect(lines).toHaveLength(source.sum.lines.length);
        const total = document.querySelector('.mul tfoot .num')!.textContent;
        expect(total).toBe(sayOpened(source.sum.total));
        const printed = sayOpened(lines.reduce((a, b) => a + b, 0));
        const said = document.querySelector('.rounding')!.textContent;
        if (printed !== total) expect(said).toContain(`would make ${printed}.`);
        else expect(said).not.toContain('would make');
        // Half of the last digit a line, and half for the total.
        expect(Math.abs(number(printed) - number(total))).toBeLessThanOrEqual(0.0005 * (lines.length + 1) + 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it('has a name that can be written into an address and read again', () => {
    fc.assert(
      fc.property(anyName(pass), (name) => {
        expect(readName(writeName(name), pass)).toEqual(name);
      }),
    );
    for (const wrong of [
      '',
      'score',
      'score-9-1-0-0',
      'score-1-0-0-0',
      'mood-1-1-0-0',
      'stored-1-0-0-0',
      'weight-1-1-0-1',
    ]) {
      expect(readName(wrong, pass), wrong).toBeUndefined();
    }
    expect(readName('score-1-1-99-0', pass)).toBeUndefined();
  });
});

it('agrees with a pass by other hands: every weight, and every list that a layer hands on', () => {
  const pass = passes.Easel;
  const other = openByOtherHands(bytes).run(pass.trace.ids);
  const { nLayers, nHeads } = pass.model.config;
  for (let layer = 1; layer <= nLayers; layer++) {
    for (let head = 1; head <= nHeads; head++) {
      pass.words.forEach((_, word) => {
        for (let entry = 0; entry <= word; entry++) {
          const found = madeOf(sourceOf({ what: 'weight', layer, head, word, entry }, pass));
          expect(Math.abs(found - other.weights[layer - 1][head - 1][word][entry])).toBeLessThan(1e-9);
        }
      });
    }
  }
});
