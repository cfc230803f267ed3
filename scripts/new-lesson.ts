/** `npm run new-lesson -- SLUG`: starts the file of a lesson that the outline names, with one of everything a lesson has. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Command } from 'commander';
import { closest } from 'fastest-levenshtein';
import { lessonsOf, readOutline } from '../src/site/outline.ts';

const root = join(import.meta.dirname, '..');

/** The text of a lesson that says what belongs where. It builds as it stands. */
export function lessonSkeleton(title: string): string {
  return `---
title: ${title}
question: The question a person would ask, with a *word* spoken of as a word in asterisks?
figures:
  first-look:
    kind: arcs
    title: Where does *woman* look?
    caption: What was simplified, or what a reader may misread, in a sentence or two.
    text: there was a beautiful woman with an ugly cat
    role: previous-word
    word: woman
---

A picture before a term: begin with something to see, in plain words.

<Guess figure="first-look" question="Where does *woman* look most?" choices={['there', 'was', 'beautiful']}>

<Figure name="first-look" />

</Guess>

The term of the field comes right after the plain words. Numbers come from a figure: *woman* gives *beautiful*
<Value figure="first-look" row="beautiful" as="percent" />.

## A heading that says something

<Fold title="The same thing as a formula">

$$
\\text{context}_i = \\sum_{j \\le i} w_{ij} \\, v_j
$$

In words: the formula once more, for those who would rather read.

</Fold>

<Keep>

- The first line to keep.
- The second.
- The third.

</Keep>

<Checks>

<Check id="an-id-that-stays" question="What happens to this when that is changed?">
<Option says="What a common mistake would say.">
Why it is a mistake.
</Option>
<Option right says="What happens.">
Why it happens.
</Option>
<Option says="What another mistake would say.">
Why it is one.
</Option>
</Check>

<Check id="another-id" question="And in this new case?">
<Option right says="What happens here.">
Why it happens.
</Option>
<Option says="What a common mistake would say.">
Why it is a mistake.
</Option>
<Option says="What another mistake would say.">
Why it is one.
</Option>
</Check>

</Checks>
`;
}

/** @throws {Error} when the outline does not name the lesson, or its file is there already. */
export function startLesson(slug: string): string {
  const lessons = lessonsOf(readOutline(readFileSync(join(root, 'content/outline.yaml'), 'utf8')));
  const lesson = lessons.find((entry) => entry.slug === slug);
  if (!lesson) {
    const slugs = lessons.map((entry) => entry.slug);
    throw new Error(
      `content/outline.yaml names no lesson '${slug}'. Did you mean '${closest(slug, slugs)}'? ` +
        'A lesson that is new altogether is added there first, since that file numbers them.',
    );
  }
  const file = join(root, 'content/docs/lessons', `${slug}.mdx`);
  if (existsSync(file)) throw new Error(`${relative(root, file)} is there already; nothing was written.`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lessonSkeleton(lesson.short));
  return relative(root, file);
}

if (import.meta.main) {
  const program = new Command('npm run new-lesson --')
    .description('Start the file of a lesson that content/outline.yaml names.')
    .argument('<slug>', 'its name in the outline')
    .action((slug: string) => {
      try {
        console.log(`Wrote ${startLesson(slug)}. See it with npm run dev; what its figures show is settled by`);
        console.log('npm run figures -- --accept, once you have looked at them.');
      } catch (error) {
        console.error((error as Error).message);
        process.exitCode = 1;
      }
    });
  program.parse();
}
