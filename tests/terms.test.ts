/** Terms of the glossary in lessons: introduced before they are used, explained, used, and linked where they first stand. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { entryOf, type GlossaryEntry, readGlossary } from '../src/site/glossary.ts';
import { lessonsOf, readOutline } from '../src/site/outline.ts';
import { checkTerms, markTerms, termUses } from '../src/site/terms.ts';

const root = new URL('..', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe('the lessons and the glossary', () => {
  const order = lessonsOf(readOutline(read('content/outline.yaml'))).map(({ slug }) => slug);
  const entries = readGlossary(read('content/glossary.yaml'), order);
  const lessons = globSync('content/docs/lessons/*.mdx', { cwd: root }).map((path) => {
    const file = path.replaceAll('\\', '/');
    return { slug: file.slice(file.lastIndexOf('/') + 1, -'.mdx'.length), file, source: read(file) };
  });

  it('hold to each other: no term too early, unexplained or unused', () => {
    const mistakes = checkTerms(lessons, entries, order);
    expect(mistakes.map(({ file, line, column, message }) => `${file}:${line}:${column}  ${message}`)).toEqual([]);
  });

  it('have no two terms of one name', () => {
    const names = entries.flatMap(({ term, also = [] }) => [term, ...also]);
    for (const name of names) expect(entries.filter((entry) => entryOf([entry], name)).length, name).toBe(1);
  });
});

const entry = (term: string, lesson: string, more: Partial<GlossaryEntry> = {}): GlossaryEntry => ({
  plain: `what ${term} is`,
  term,
  means: 'This.',
  lesson,
  ...more,
});
const entries = [
  entry('modifier', 'one'),
  entry('key', 'two', { everyday: true }),
  entry('softmax', 'two'),
  entry('scaled score', 'two'),
  entry('score', 'one', { everyday: true }),
  entry('probability', 'two', { also: ['odds-on'] }),
];
const order = ['one', 'two', 'three'];
const lesson = (slug: string, text: string) => ({
  slug,
  file: `content/docs/lessons/${slug}.mdx`,
  source: `---\ntitle: A page\n---\n\n${text}\n`,
});
const one = 'A **modifier** and a **score**.';
const two = '**Softmax**, **keys**, a **scaled score** and\n**probabilities**.';
const said = (...texts: [string, string][]) =>
  checkTerms(
    texts.map(([slug, text]) => lesson(slug, text)),
    entries,
    order,
  ).map(({ file, line, column, message }) => `${file.split('/').at(-1)}:${line}:${column} ${message}`);

describe('terms in lessons', () => {
  it('are passed when each is introduced in its place', () => {
    expect(said(['one', one], ['two', two], ['three', 'A softmax of <Term>probabilities</Term>.'])).toEqual([]);
    // A lesson that is not written yet owes nothing.
    expect(said(['one', one], ['three', 'A softmax.'])).toEqual([]);
  });

  it('are caught before the lesson that introduces them, found or marked', () => {
    expect(said(['one', `${one}\n\nAh,\nProbabilities and <Term>key</Term>s.`], ['two', two])).toEqual([
      expect.stringMatching(/^one.mdx:8:1 'probability' is introduced later, in lesson 2 \(two\).*what probability is/),
      expect.stringMatching(/^one.mdx:8:19 'key' is introduced later/),
    ]);
    expect(said(['one', `${one}\n\n<Guess question="Which softmax?" choices={['a']} />`], ['two', two])).toEqual([
      expect.stringMatching(/^one.mdx:7:1 'softmax' is introduced later/),
    ]);
    expect(said(['one', `${one}\n\n<Role is="key">this</Role>`], ['two', two])).toEqual([
      expect.stringMatching(/^one.mdx:7:1 'key' is introduced later/),
    ]);
  });

  it('are caught in what is read of the first lines', () => {
    const source = `---\ntitle: A page\nfigures:\n  a:\n    text: softmax\n    caption: >-\n      Not\n      softmax.\n---\n\n${one}\n`;
    const mistakes = checkTerms([{ slug: 'one', file: 'one.mdx', source }, lesson('two', two)], entries, order);
    expect(mistakes).toMatchObject([{ line: 6, message: expect.stringMatching(/'softmax' is introduced later/) }]);
  });

  it('may stand in what somebody else said, in code and as an everyday word', () => {
    expect(
      said(['one', `${one}\n\n> A softmax.\n\n\`softmax\` and a house key, with $$softmax$$.`], ['two', two]),
    ).toEqual([]);
  });

  it('are caught when the glossary does not have them', () => {
    expect(said(['one', `${one} A **thing** and a <Term>thong</Term>.`])).toEqual([
      expect.stringMatching(/^one.mdx:5:35 \*\*thing\*\* marks a term.*italics/),
      expect.stringMatching(/^one.mdx:5:51 <Term>thong<\/Term> marks a term/),
    ]);
    expect(said(['one', `${one} **This is only said loudly.** **And so.**`])).toEqual([]);
  });

  it('are caught when their own lesson does not mark them', () => {
    expect(said(['one', 'A **modifier**, a score.'])).toEqual([
      expect.stringMatching(/^one.mdx:1:1 .*introduces 'score', but it stands nowhere in it in bold: \*\*score\*\*/),
    ]);
  });

  it('are found in all their forms, and not inside other words', () => {
    const { uses } = termUses('Modifiers, a modifier, premodifiers, softmax-like, odds-on.', entries);
    expect(uses.map(({ entry: found, column }) => [found.term, column])).toEqual([
      ['modifier', 1],
      ['modifier', 14],
      ['probability', 52],
    ]);
  });
});

describe('terms that lead to their meaning', () => {
  it('do so where they first stand: in bold, or found', () => {
    expect(markTerms('A softmax. A **softmax**. A modifier, modifiers.', entries)).toBe(
      'A softmax. A **<Term is="softmax">softmax</Term>**. A <Term is="modifier">modifier</Term>, modifiers.',
    );
  });

  it('are left alone in links and headings, as everyday words, and where an author has marked them', () => {
    const text = '## Softmax\n\n[Softmax](/x/) with a key. <Term>Modifiers</Term> and modifiers.';
    expect(markTerms(text, entries)).toBe(text);
  });

  it('keep their line', () => {
    const text = 'One\ntwo softmax\n\n- three\n- modifiers’ four\n';
    const lines = markTerms(text, entries).split('\n');
    expect(lines[1]).toBe('two <Term is="softmax">softmax</Term>');
    expect(lines[4]).toBe('- <Term is="modifier">modifiers</Term>’ four');
  });
});
