/**
 * Where lessons use the words of the glossary: to link them to their plain meaning, and to hold lessons to the order in
 * which terms are introduced.
 *
 * A term is marked by standing in bold alone, `**softmax**`, or in `<Term>`. The terms that are no everyday words are found
 * in the text as well.
 */
import { mdxToMdast } from 'satteri';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Mistake } from '../figures/declarations.ts';
import { entryOf, type GlossaryEntry, patternOf } from './glossary.ts';

/** A lesson as its author wrote it. */
export interface LessonSource {
  slug: string;
  /** Path from the project's root, for messages. */
  file: string;
  source: string;
}

/** A word of the glossary in the text of a lesson. */
export interface TermUse {
  entry: GlossaryEntry;
  /** In bold, in a tag, or merely there. */
  how: 'bold' | 'tag' | 'found';
  /** Lines and columns count from 1. */
  line: number;
  column: number;
  /** Where the word stands in the source; without these two it stands in the first lines or in an attribute. */
  from?: number;
  to?: number;
  /** The paragraph it stands in, counted from 0. */
  paragraph?: number;
}

/** What is marked as a term and stands in no entry. */
export interface UnknownTerm {
  line: number;
  column: number;
  text: string;
  /** In a tag, not in bold. */
  tag: boolean;
}

interface Node {
  type: string;
  name?: string | null;
  value?: string;
  attributes?: { name?: string; value?: unknown }[];
  children?: Node[];
  position?: { start: Place; end: Place };
}
interface Place {
  line: number;
  column: number;
  offset: number;
}

const features = { math: { singleDollarTextMath: false } };
/** Said by somebody else: a definition that a lesson quotes may use any word. */
const elsewhere = ['blockquote', 'code', 'inlineCode', 'math', 'inlineMath', 'mdxjsEsm', 'yaml'];
/** Attributes that a reader reads. */
const saidByTags = ['question', 'says', 'title'];
/** Bold of up to so many words, without a stop at its end, is a term; longer bold is only bold. */
const longestTerm = 3;

/** All uses in a lesson in the order of the text, and marked words that no entry explains. */
export function termUses(
  source: string,
  entries: readonly GlossaryEntry[],
): { uses: TermUse[]; unknown: UnknownTerm[]; paragraphs: number } {
  const uses: TermUse[] = [];
  const unknown: UnknownTerm[] = [];
  const plain = entries.filter(({ everyday }) => !everyday);
  // The longest first, so that 'scaled score' is not taken for a score.
  const terms = plain.flatMap(({ term, also = [] }) => [term, ...also]).sort((a, b) => b.length - a.length);
  const anyTerm = terms.length
    ? new RegExp(`(?<![\\p{L}\\p{N}-])(?:${terms.map(patternOf).join('|')})(?![\\p{L}\\p{N}-])`, 'gu')
    : undefined;
  let paragraph = -1;

  /** Of a text that is no word for word copy of its source only the line is told, and it cannot be marked. */
  const find = (text: string, start: Place, isCopy: boolean, canBeMarked = isCopy) => {
    for (const match of anyTerm ? text.matchAll(anyTerm) : []) {
      const entry = entryOf(plain, match[0])!;
      const before = isCopy ? text.slice(0, match.index) : '';
      const line = start.line + (before.match(/\n/g)?.length ?? 0);
      const column = before.includes('\n') ? before.length - before.lastIndexOf('\n') : start.column + before.length;
      const from = start.offset + match.index;
      const place = canBeMarked ? { from, to: from + match[0].length, paragraph } : {};
      uses.push({ entry, how: 'found', line, column, ...place });
    }
  };
  const mark = (node: Node, how: 'bold' | 'tag', said = textOf(node)) => {
    const { start, end } = node.position!;
    const entry = entryOf(entries, said);
    const text = said.trim();
    if (entry) {
      const inside = node.children?.[0]?.position;
      const last = node.children?.at(-1)?.position;
      const [from, to] = inside && last ? [inside.start.offset, last.end.offset] : [start.offset, end.offset];
      uses.push({ entry, how, line: start.line, column: start.column, from, to, paragraph });
      return true;
    }
    const isTerm = how === 'tag' || (text.split(/\s+/).length <= longestTerm && !/[.!?:]$/.test(text));
    if (isTerm) unknown.push({ line: start.line, column: start.column, text, tag: how === 'tag' });
    return false;
  };
  const visit = (node: Node, linked: boolean) => {
    if (elsewhere.includes(node.type)) return;
    if (node.type === 'paragraph' || node.type === 'heading') paragraph += 1;
    if (node.name === 'Term') {
      const given = node.attributes?.find(({ name }) => name === 'is')?.value;
      mark(node, 'tag', typeof given === 'string' ? given : undefined);
      return;
    }
    if (node.name === 'Role') {
      const role = node.attributes?.find(({ name }) => name === 'is')?.value;
      const entry = entries.find(({ term }) => term === role);
      if (entry) uses.push({ entry, how: 'tag', ...node.position!.start, paragraph, from: undefined });
    }
    if (node.type === 'strong' && mark(node, 'bold')) return;
    for (const { name, value } of node.attributes ?? []) {
      if (name && saidByTags.includes(name) && typeof value === 'string') find(value, node.position!.start, false);
    }
    if (node.type === 'text') {
      const { start, end } = node.position!;
      const isCopy = source.slice(start.offset, end.offset) === node.value;
      find(node.value!, start, isCopy, isCopy && !linked);
    }
    const inLink = linked || ['link', 'heading', 'mdxJsxLink'].includes(node.type) || node.name === 'Role';
    for (const child of node.children ?? []) visit(child, inLink);
  };
  for (const { text, line } of firstLines(source)) find(text, { line, column: 1, offset: 0 }, false);
  visit(mdxToMdast(source, { features }) as unknown as Node, false);
  return { uses, unknown, paragraphs: paragraph + 1 };
}

/** What a reader reads of the frontmatter: title, question, and the titles and captions of figures. */
function firstLines(source: string): { text: string; line: number }[] {
  const yaml = /^\uFEFF?---\r?\n([\s\S]*?)^---[ \t]*$/m.exec(source)?.[1];
  if (!yaml) return [];
  const lines = new LineCounter();
  const page = parseDocument(yaml, { lineCounter: lines });
  const figures = page.get('figures');
  const names = isMap(figures) ? figures.items.map(({ key }) => String(key)) : [];
  const paths = [
    ['title'],
    ['question'],
    ...names.flatMap((name) => ['title', 'caption'].map((f) => ['figures', name, f])),
  ];
  return paths.flatMap((path) => {
    const node = page.getIn(path, true);
    if (!isScalar(node) || typeof node.value !== 'string') return [];
    // The line of the opening --- is none of the YAML.
    return { text: node.value, line: lines.linePos(node.range![0]).line + 1 };
  });
}

function textOf(node: Node): string {
  return (node.value ?? '') + (node.children ?? []).map(textOf).join('');
}

/**
 * Holds lessons and glossary to each other: no term before the lesson that introduces it, no marked term without an entry,
 * no entry whose lesson does not mark it.
 *
 * @param lessons those that are written
 * @param order slugs of all lessons, written or not, in their order
 * @returns mistakes in the order of lessons and lines
 */
export function checkTerms(
  lessons: readonly LessonSource[],
  entries: readonly GlossaryEntry[],
  order: readonly string[],
): Mistake[] {
  const mistakes: Mistake[] = [];
  const inOrder = [...lessons].sort((a, b) => order.indexOf(a.slug) - order.indexOf(b.slug));
  const marked = new Set<string>();
  for (const { slug, file, source } of inOrder) {
    const { uses, unknown } = termUses(source, entries);
    const here = order.indexOf(slug);
    for (const { line, column, text, tag } of unknown) {
      const how = tag ? `<Term>${text}</Term>` : `**${text}**`;
      mistakes.push({
        file,
        line,
        column,
        message: `${how} marks a term that content/glossary.yaml does not have. Add it there${tag ? '' : ', or use *italics*'}.`,
      });
    }
    for (const { entry, how, line, column } of uses) {
      if (entry.lesson === slug && how !== 'found') marked.add(entry.term);
      const introduced = order.indexOf(entry.lesson);
      if (introduced <= here) continue;
      mistakes.push({
        file,
        line,
        column,
        message: `'${entry.term}' is introduced later, in lesson ${introduced + 1} (${entry.lesson}). Say it in plain words: ${entry.plain}.`,
      });
    }
  }
  for (const { slug, file } of inOrder) {
    for (const { term, lesson } of entries) {
      if (lesson !== slug || marked.has(term)) continue;
      mistakes.push({
        file,
        line: 1,
        column: 1,
        message: `content/glossary.yaml says that this lesson introduces '${term}', but it stands nowhere in it in bold: **${term}**.`,
      });
    }
  }
  return mistakes;
}

/**
 * The text of a lesson with `<Term>` around the first use of each term: where it stands in bold, or, unless it is an
 * everyday word, where it is first found after that. What an author has put in `<Term>` is left as it is.
 */
export function markTerms(source: string, entries: readonly GlossaryEntry[]): string {
  const { uses } = termUses(source, entries);
  const done = new Set(
    uses.filter(({ how, from }) => how === 'tag' && from !== undefined).map(({ entry }) => entry.term),
  );
  const places: TermUse[] = [];
  // Where a term stands in bold, that is where its meaning is offered first.
  for (const how of ['bold', 'found'] as const) {
    for (const use of uses) {
      if (use.how !== how || use.from === undefined || done.has(use.entry.term)) continue;
      done.add(use.entry.term);
      places.push(use);
    }
  }
  let text = source;
  for (const { entry, from, to } of places.sort((a, b) => b.from! - a.from!)) {
    text = `${text.slice(0, from)}<Term is="${entry.term}">${text.slice(from, to)}</Term>${text.slice(to)}`;
  }
  return text;
}
