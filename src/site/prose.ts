/**
 * How a lesson reads: its length, its reading grade, its long sentences, its terms a paragraph. Words and sentences are cut
 * by parse-english, syllables counted by syllable, and the grade is that of Flesch and Kincaid.
 */
import { fleschKincaid } from 'flesch-kincaid';
import type { Nodes } from 'nlcst';
import { toString as textOfNlcst } from 'nlcst-to-string';
import { ParseEnglish } from 'parse-english';
import { mdxToMdast } from 'satteri';
import { syllable } from 'syllable';
import type { GlossaryEntry } from './glossary.ts';
import { termUses } from './terms.ts';

/** What lessons agree to keep to. */
export const limits = {
  /** Of the text that everybody reads: neither folded away nor a question at the end. */
  words: [600, 1100],
  /** American school grade; 8 is aimed at. */
  grade: 10,
  /** Words from which a sentence counts as long. */
  longSentence: 30,
  /** How many of these a lesson may have, folded ones and questions included. */
  longSentences: 3,
} as const;

export interface Prose {
  /** Of the text that everybody reads. */
  words: number;
  /** In folds, and in questions with their answers. */
  wordsAside: number;
  /** Flesch and Kincaid's grade of the text that everybody reads. */
  grade: number;
  wordsASentence: number;
  /** Anywhere in the lesson, in the order of the text; the line is that of its paragraph. */
  longSentences: { line: number; words: number; text: string }[];
  /** Different terms of the glossary in a paragraph: on average, and the most. */
  terms: { mean: number; most: number };
}

interface Node {
  type: string;
  name?: string | null;
  value?: string;
  children?: Node[];
  position?: { start: { line: number } };
}

const features = { math: { singleDollarTextMath: false } };
const english = new ParseEnglish();
/** No prose of ours. */
const passedOver = ['blockquote', 'code', 'math', 'mdxjsEsm', 'yaml', 'table'];
/** What not everybody reads. */
const aside = ['Fold', 'Checks'];

/** @param source the whole lesson, frontmatter included */
export function measureProse(source: string, entries: readonly GlossaryEntry[]): Prose {
  const count = { sentence: 0, word: 0, syllable: 0 };
  let wordsAside = 0;
  const longSentences: Prose['longSentences'] = [];

  const measure = (paragraph: Node, isAside: boolean) => {
    for (const sentence of sentencesOf(plainTextOf(paragraph))) {
      if (sentence.words.length > limits.longSentence) {
        longSentences.push({ line: paragraph.position!.start.line, words: sentence.words.length, text: sentence.text });
      }
      if (isAside) {
        wordsAside += sentence.words.length;
        continue;
      }
      count.sentence += 1;
      count.word += sentence.words.length;
      for (const word of sentence.words) count.syllable += syllable(word);
    }
  };
  const visit = (node: Node, isAside: boolean) => {
    if (passedOver.includes(node.type)) return;
    if (node.type === 'paragraph' || node.type === 'heading') {
      // A heading is no sentence.
      if (node.type === 'paragraph') measure(node, isAside);
      return;
    }
    for (const child of node.children ?? []) visit(child, isAside || aside.includes(node.name ?? ''));
  };
  visit(mdxToMdast(source, { features }) as unknown as Node, false);

  return {
    words: count.word,
    wordsAside,
    grade: count.sentence ? fleschKincaid(count) : 0,
    wordsASentence: count.sentence ? count.word / count.sentence : 0,
    longSentences,
    terms: termsAParagraph(source, entries),
  };
}

/** The text of a paragraph as it is read: a quoted number, whatever it will be, is a word; so is a letter of a formula. */
function plainTextOf(node: Node): string {
  if (node.name === 'Value' || node.type === 'inlineMath') return '5';
  if (node.type === 'break') return ' ';
  return (node.value ?? '') + (node.children ?? []).map(plainTextOf).join('');
}

/** parse-english takes 'by 64.' and 'on a.' for abbreviations; an unseen joiner (U+2060) before the stop tells it better. */
const endsInDigitOrLetter = /(?<=\d|(?<![\p{L}.])\p{L})\.(?=\s+[“(]?\p{Lu})/gu;

/** Sentences with their words. What holds no word is none. */
export function sentencesOf(text: string): { text: string; words: string[] }[] {
  const said = (node: Nodes) => textOfNlcst(node).replaceAll('\u2060', '').replace(/\s+/g, ' ');
  const found: { text: string; words: string[] }[] = [];
  const visit = (node: Nodes) => {
    if (node.type === 'SentenceNode') {
      const words = node.children.filter(({ type }) => type === 'WordNode').map(said);
      if (words.length > 0) found.push({ text: said(node), words });
    } else if ('children' in node) {
      for (const child of node.children) visit(child);
    }
  };
  visit(english.parse(text.replace(endsInDigitOrLetter, '\u2060.')));
  return found;
}

function termsAParagraph(source: string, entries: readonly GlossaryEntry[]): Prose['terms'] {
  const { uses, paragraphs } = termUses(source, entries);
  const inEach = Array.from({ length: paragraphs }, () => new Set<string>());
  for (const { entry, paragraph } of uses) if (paragraph !== undefined) inEach[paragraph].add(entry.term);
  const counts = inEach.map(({ size }) => size);
  return { mean: counts.reduce((sum, n) => sum + n, 0) / Math.max(1, paragraphs), most: Math.max(0, ...counts) };
}

/** What a lesson does not keep to, in a sentence each. */
export function overLimits({ words, grade, longSentences }: Prose): string[] {
  const [least, most] = limits.words;
  const said: string[] = [];
  if (words < least || words > most) said.push(`${words} words, where ${least} to ${most} are agreed`);
  if (grade > limits.grade) said.push(`grade ${grade.toFixed(1)}, where ${limits.grade} is the most`);
  if (longSentences.length > limits.longSentences) {
    const lines = longSentences.map(({ line, words: n }) => `line ${line} (${n})`).join(', ');
    said.push(
      `${longSentences.length} sentences of more than ${limits.longSentence} words, where ${limits.longSentences} are the most: ${lines}`,
    );
  }
  return said;
}
