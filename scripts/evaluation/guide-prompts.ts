/** The beginnings after which the guide shows what could come next: what is right there matters most. */
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { OutsideLanguageError, trueNextWord } from '../../src/language/language.ts';
import { splitWords } from '../../src/model/tokenizer.ts';
import { PROMPTS } from '../prompts.ts';

/** {@link PROMPTS}, and the text of every `next-word` figure that a page declares, if the language has it. */
export function guidePrompts(): string[] {
  const shown = globSync('content/docs/**/*.mdx')
    .sort()
    .flatMap((file) => {
      const frontmatter = /^---\n(.*?)\n---/s.exec(readFileSync(file, 'utf8').replaceAll('\r\n', '\n'))?.[1] ?? '';
      const figures: Record<string, { kind?: string; text?: string }> = parse(frontmatter)?.figures ?? {};
      return Object.values(figures).filter(({ kind }) => kind === 'next-word');
    })
    .map(({ text = '' }) => splitWords(text).join(' '));
  return [...new Set([...PROMPTS, ...shown])].filter(isInLanguage);
}

/** What is outside has no truth to be near to; a lesson may show such a text all the same. */
function isInLanguage(text: string): boolean {
  try {
    trueNextWord(text.split(' ').filter(Boolean));
    return true;
  } catch (error) {
    if (error instanceof OutsideLanguageError) return false;
    throw error;
  }
}
