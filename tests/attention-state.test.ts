/** What a reader did to a figure of heads, written into an address and read back. */
import { expect, it } from 'vitest';
import { readChanges, readHead, readPlace, sayChanges, sayHead } from '../src/islands/attention-state.ts';

const config = { nLayers: 4, nHeads: 4 };

it('comes back as it was', () => {
  const changes = {
    cut: [
      { layer: 4, head: 1, query: 5, key: 0 },
      { layer: 1, head: 2, query: 3, key: 3 },
    ],
    mute: [{ layer: 2, head: 4 }],
    causal: true,
  };
  expect(readChanges(sayChanges(changes, true), 6, config, true)).toEqual(changes);
  const unmasked = { ...changes, cut: [{ layer: 4, head: 1, query: 0, key: 5 }], causal: false };
  expect(readChanges(sayChanges(unmasked, true), 6, config, true)).toEqual(unmasked);
  expect(readHead(sayHead({ layer: 3, head: 2 }), config)).toEqual({ layer: 3, head: 2 });
});

it('says nothing of what is as the figure has it', () => {
  expect(sayChanges({}, true)).toEqual({ cut: '', mute: '', mask: '' });
  expect(sayChanges({ causal: false }, false).mask).toBe('');
  expect(sayChanges({ causal: true }, false).mask).toBe('on');
});

it('leaves out what the model or the text does not have', () => {
  const read = readChanges(
    { cut: '9.1.1.0 1.1.2.7 1.1.1.2 a.b 1.1.2.1', mute: '1.9 1.1 x', mask: 'ajar' },
    3,
    config,
    true,
  );
  expect(read).toEqual({
    cut: [{ layer: 1, head: 1, query: 2, key: 1 }],
    mute: [{ layer: 1, head: 1 }],
    causal: true,
  });
  for (const text of ['', undefined, '3', '-1', '1.5', 'x']) expect(readPlace(text, 3)).toBeUndefined();
  expect(readPlace('2', 3)).toBe(2);
});
