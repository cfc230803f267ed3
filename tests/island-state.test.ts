/** The state that a figure keeps in the address of its page. */
import { expect, it } from 'vitest';
import { readState, writeState } from '../src/islands/island.ts';

it('holds what was written, beside the state of other figures and the hash', () => {
  const address = new URL('https://example.org/lessons/one/?cat.word=was&q=search#figure-cat');
  writeState(address, 'cats', { text: 'a cat & a dog, 100 %', word: '' });
  expect(readState(address, 'cats')).toEqual({ text: 'a cat & a dog, 100 %' });
  expect(readState(address, 'cat')).toEqual({ word: 'was' });
  expect(readState(new URL(address.href), 'cats')).toEqual({ text: 'a cat & a dog, 100 %' });
  expect(address.searchParams.get('q')).toBe('search');
  expect(address.hash).toBe('#figure-cat');
});

it('forgets what is not written again', () => {
  const address = new URL('https://example.org/?cat.word=was&cat.cut=1');
  writeState(address, 'cat', { word: 'woman' });
  expect(readState(address, 'cat')).toEqual({ word: 'woman' });
  writeState(address, 'cat', {});
  expect(address.search).toBe('');
});
