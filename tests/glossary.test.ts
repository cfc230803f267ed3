import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anchorOf, readGlossary } from '../src/site/glossary.ts';
import { lessonsOf, readOutline } from '../src/site/outline.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const lessons = lessonsOf(readOutline(read('content/outline.yaml'))).map(({ slug }) => slug);
const entries = readGlossary(read('content/glossary.yaml'), lessons);

describe('the glossary', () => {
  it('gives every term an address of its own', () => {
    expect(new Set(entries.map(({ term }) => anchorOf(term))).size).toBe(entries.length);
  });
});

describe('a glossary that is not right', () => {
  const entry = { plain: 'a list of numbers', term: 'vector', means: 'What a word is.', lesson: 'what-comes-next' };

  it('is refused when it names a lesson that the outline does not have', () => {
    const wrong = JSON.stringify([{ ...entry, lesson: 'vectors' }]);
    expect(() => readGlossary(wrong, lessons)).toThrow(/'vector'.*'vectors'.*does not have/);
  });

  it('is refused when a term stands twice', () => {
    expect(() => readGlossary(JSON.stringify([entry, entry]), lessons)).toThrow(/'vector' twice/);
  });

  it('is refused when an entry has no plain words', () => {
    const { plain: _, ...wrong } = entry;
    expect(() => readGlossary(JSON.stringify([wrong]), lessons)).toThrow(/plain/);
  });
});
