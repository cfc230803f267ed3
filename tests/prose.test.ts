/** How lessons read: within the agreed limits, measured by counts that are held to texts whose counts one can check by hand. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLessons } from '../src/site/lessons.ts';
import { limits, measureProse, overLimits, sentencesOf } from '../src/site/prose.ts';

const { lessons, entries } = readLessons(join(import.meta.dirname, '..'));

describe('each lesson', () => {
  it.each(lessons.map(({ slug, source }) => [slug, source]))('%s keeps to the limits', (_, source) => {
    expect(overLimits(measureProse(source, entries))).toEqual([]);
  });
});

describe('what is counted', () => {
  it('is the prose that everybody reads', () => {
    const source = `---
title: A page of words
---

import X from 'y';

## A heading here

The cat slept. It *saw* a <Role is="key">dog</Role>, <Value figure="a" row="b" /> of them and $$x$$!

> A quotation of somebody else.

\`\`\`js
const notThis = 1;
\`\`\`

<Fold title="Not this">

Folded away here.

$$
a + b
$$

</Fold>

- One item.

<Checks>

<Check id="a" question="Not this?">
<Option right says="Nor this.">
But this as an aside.
</Option>
</Check>

</Checks>
`;
    const prose = measureProse(source, []);
    expect(prose.words).toBe(3 + 9 + 2);
    expect(prose.wordsAside).toBe(3 + 5);
    expect(prose.wordsASentence).toBeCloseTo(14 / 3);
  });

  it('is graded as Flesch and Kincaid do', () => {
    // Six words, one sentence, six syllables: 0.39 · 6 + 11.8 · 1 − 15.59.
    expect(measureProse('The cat sat on the mat.', []).grade).toBeCloseTo(0.39 * 6 + 11.8 - 15.59);
    const easy = measureProse('The dog ran. The cat sat.', []).grade;
    const hard = measureProse(
      'Considerable computational complexity characterises contemporary architectures.',
      [],
    ).grade;
    expect(hard).toBeGreaterThan(easy + 10);
  });

  it('cuts sentences where they end', () => {
    const texts = sentencesOf('Dr. Smith saw 3.5 dogs, e.g. Rex. “Really?” he asked. No!').map(({ text }) => text);
    expect(texts).toEqual(['Dr. Smith saw 3.5 dogs, e.g. Rex.', '“Really?” he asked.', 'No!']);
    expect(sentencesOf('It is 64. So you bet on a. Then it came.').map(({ text }) => text)).toHaveLength(3);
  });

  it('finds long sentences anywhere, with their line', () => {
    const long = `${'word '.repeat(limits.longSentence)}word.`;
    const { longSentences } = measureProse(`Short.\n\n<Fold title="x">\n\n${long}\n\n</Fold>\n`, []);
    expect(longSentences).toMatchObject([{ line: 5, words: limits.longSentence + 1 }]);
    expect(measureProse(`${'word '.repeat(limits.longSentence - 1)}word.`, []).longSentences).toEqual([]);
  });

  it('counts the different terms of a paragraph', () => {
    const entry = { plain: 'x', means: 'X.', lesson: 'a' };
    const terms = [
      { ...entry, term: 'softmax' },
      { ...entry, term: 'key', everyday: true },
    ];
    const { mean, most } = measureProse('Softmax, softmax and a **key**.\n\nNothing.\n', terms).terms;
    expect([mean, most]).toEqual([1, 2]);
  });
});

describe('the limits', () => {
  const fine = {
    words: 800,
    wordsAside: 0,
    grade: 7,
    wordsASentence: 12,
    longSentences: [],
    terms: { mean: 1, most: 3 },
  };
  const long = Array.from({ length: limits.longSentences + 1 }, () => ({ line: 3, words: 31, text: '' }));

  it('let pass what keeps to them, and name what does not', () => {
    expect(overLimits(fine)).toEqual([]);
    expect(overLimits({ ...fine, words: 599 })).toEqual([expect.stringMatching(/^599 words/)]);
    expect(overLimits({ ...fine, words: 1101 })).toEqual([expect.stringMatching(/^1101 words/)]);
    expect(overLimits({ ...fine, grade: 10.04 })).toEqual([expect.stringMatching(/^grade 10.0/)]);
    expect(overLimits({ ...fine, longSentences: long })).toEqual([expect.stringMatching(/line 3 \(31\)/)]);
  });
});
