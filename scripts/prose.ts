/**
 * `npm run prose`: how each lesson reads. A line a lesson, then its long sentences, what goes beyond the agreed limits, and
 * terms that come too early or that nobody explains. `npm run prose -- SLUG …` looks at some lessons only.
 */
import { join } from 'node:path';
import { Command } from 'commander';
import { listMistakes } from '../src/figures/declarations.ts';
import { readLessons } from '../src/site/lessons.ts';
import { limits, measureProse, overLimits } from '../src/site/prose.ts';
import { readingMinutes } from '../src/site/reading-time.ts';
import { checkTerms } from '../src/site/terms.ts';

const columns = [
  '',
  'words',
  'aside',
  'minutes',
  'grade',
  'a sentence',
  `over ${limits.longSentence}`,
  'terms',
  'most',
];

function main(slugs: string[]): void {
  const { lessons, entries, outline } = readLessons(join(import.meta.dirname, '..'));
  const chosen = lessons.filter(({ slug }) => slugs.length === 0 || slugs.includes(slug));
  const strange = slugs.filter((slug) => !chosen.some((lesson) => lesson.slug === slug));
  if (strange.length > 0) {
    throw new Error(
      `No lesson is called ${strange.join(', ')}. There are ${lessons.map(({ slug }) => slug).join(', ')}.`,
    );
  }
  const read = chosen.map((lesson) => ({ ...lesson, prose: measureProse(lesson.source, entries) }));
  const rows = read.map(({ slug, source, prose }) => [
    slug,
    String(prose.words),
    String(prose.wordsAside),
    String(readingMinutes(source.replace(/^---[\s\S]*?^---$/m, ''))),
    prose.grade.toFixed(1),
    prose.wordsASentence.toFixed(1),
    String(prose.longSentences.length),
    prose.terms.mean.toFixed(1),
    String(prose.terms.most),
  ]);
  const widths = columns.map((head, c) => Math.max(head.length, ...rows.map((row) => row[c].length)));
  const line = (cells: string[]) =>
    cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  ');
  console.log([line(columns), ...rows.map(line)].join('\n'));
  console.log(
    `\nwords: what everybody reads; aside: in folds and questions. grade: Flesch and Kincaid's, 8 is aimed at. terms: of the glossary, a paragraph.`,
  );
  for (const { file, prose } of read) {
    for (const { line: at, words, text } of prose.longSentences)
      console.log(`\n${file}:${at}  ${words} words: ${text}`);
  }
  const beyond = read.flatMap(({ file, prose }) => overLimits(prose).map((said) => `${file}  ${said}`));
  const order = outline.map(({ slug }) => slug);
  const files = read.map(({ file }) => file);
  const terms = checkTerms(lessons, entries, order).filter(({ file }) => files.includes(file));
  if (beyond.length > 0) console.log(`\n${beyond.join('\n')}`);
  if (terms.length > 0) console.log(`\n${listMistakes(terms)}`);
  if (beyond.length + terms.length > 0) process.exitCode = 1;
}

new Command('npm run prose --')
  .description('How each lesson reads: length, grade, long sentences, terms. Fails beyond the agreed limits.')
  .argument('[lesson...]', 'slugs of lessons; left out: all')
  .action(main)
  .parse();
