/**
 * What lessons declare: the figures in a page's frontmatter, and the places in its text that use them. One schema, the
 * union over all kinds, serves the site and the figure script alike; mistakes come all at once, each with its place.
 */
import { mdxToMdast } from 'satteri';
import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { checkQuestions } from './check-tags.ts';
import { choices, nearest } from './choices.ts';
import type { FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { guessData } from './guess.ts';
import type { BaseDeclaration, Kind } from './kind.ts';
import { kindByName, kinds } from './kinds.ts';
import { readText, resolveHead } from './pattern.ts';
import { type Manner, quote } from './quote.ts';
import { checkTag } from './tags.ts';
import { findWord, START } from './text.ts';
import { type TypedNumber, typedNumbers, valueFor } from './typed-numbers.ts';
import type { World } from './world.ts';

/** Something an author has to change, and where. Lines and columns count from 1. */
export interface Mistake {
  file: string;
  line: number;
  column: number;
  /** What is wrong, what is allowed, the nearest valid choice. */
  message: string;
}

export interface Declared {
  name: string;
  declaration: Declaration;
  line: number;
  column: number;
  /** Where a field stands, so that what only computing can find is still said with its place. */
  place(field?: string): { line: number; column: number };
}

/** What every kind's declaration has; the rest belongs to the kind. */
export type Declaration = BaseDeclaration & Record<string, unknown>;

/** `<Figure name="x" />`, `<Value figure="x" … />` or `<Guess figure="x" … />` in the text of a page. */
export interface Use {
  component: 'Figure' | 'Value' | 'Guess';
  figure: string;
  /** Attributes whose value stands in the text: strings, and lists of strings. */
  attributes: Record<string, string | string[]>;
  line: number;
  column: number;
}

/** One page of content/docs, as far as figures go. */
export interface Page {
  /** Path below content/docs without its ending: 'lessons/out-of-context'; 'index' for the first page. */
  id: string;
  /** Path from the project's root, for messages. */
  file: string;
  figures: Declared[];
  uses: Use[];
  /** Decimals and percentages in its text. */
  numbers: TypedNumber[];
}

/** Names become file names and addresses. */
const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What pages here have at the top of their frontmatter, as far as a slip in the name would go unnoticed. */
const ownFields: readonly string[] = ['title', 'description', 'question', 'minutes', 'figures'];

/** The Markdown features of the site that change how a text is cut into elements. */
const features = { math: { singleDollarTextMath: false } };

/** A declaration of any kind. */
export const declarationSchema = z.discriminatedUnion(
  'kind',
  kinds.map((kind) => kind.schema) as unknown as [z.ZodObject<{ kind: z.ZodLiteral<string> }>],
);

const kindNames = [...kindByName.keys()];

/**
 * Read one page.
 *
 * @param id path below content/docs without its ending.
 * @param file path for messages.
 * @param source the whole text of the page.
 * @param world whose words and heads a declaration may name.
 * @returns the page as far as it could be read, and every mistake in it in order of place.
 */
export function readPage(id: string, file: string, source: string, world: World): { page: Page; mistakes: Mistake[] } {
  const page: Page = { id, file, figures: [], uses: [], numbers: [] };
  const mistakes: Mistake[] = [];
  const add = (line: number, column: number, message: string) => mistakes.push({ file, line, column, message });

  // Some editors put a mark of three bytes before everything.
  const frontmatter = /^\uFEFF?---\r?\n([\s\S]*?)^---[ \t]*$/m.exec(source);
  const declaredNames = new Set<string>();
  /** False where the page declares its figures in two places, of which only one is read. */
  let readable = true;
  if (frontmatter?.index === 0) {
    const lines = new LineCounter();
    const document = parseDocument(frontmatter[1], { lineCounter: lines });
    const at = (offset: number): [number, number] => {
      const { line, col } = lines.linePos(offset);
      return [line + 1, col]; // the opening --- is a line of the file, not of the YAML
    };
    for (const error of document.errors) {
      const there = frontmatter[1].slice(error.pos[0]);
      if (error.code === 'DUPLICATE_KEY' && there.startsWith('figures')) readable = false;
      add(
        ...at(openingQuote(error.message, frontmatter[1]) ?? error.pos[0]),
        yamlMessage(error.code, error.message, there),
      );
    }
    // What a broken text seems to declare is not worth a second complaint.
    if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) {
      return { page, mistakes };
    }
    if (isMap(document.contents)) {
      const keys = document.contents.items.map(({ key }) => key as Node);
      const names = keys.map((key) => String(isScalar(key) ? key.value : key));
      names.forEach((name, k) => {
        const meant = ownFields.includes(name) ? undefined : nearest(name, ownFields);
        if (meant !== undefined && !names.includes(meant))
          add(...at(keys[k].range![0]), `A page has no field '${name}'. Did you mean '${meant}'?`);
      });
    }
    const figures = document.get('figures', true) as Node | undefined;
    if (isMap(figures)) {
      for (const pair of figures.items) {
        const key = pair.key as Node;
        const name = String(isScalar(key) ? key.value : key);
        const place = at(key.range![0]);
        const isSecond = declaredNames.has(name);
        declaredNames.add(name);
        if (!namePattern.test(name)) {
          add(
            ...place,
            `'${name}' cannot name a figure. A name is lower-case words joined by hyphens, such as 'ugly-cat'.`,
          );
        }
        const found = readDeclaration(pair.value as Node | null, place, at, world, `the figure '${name}'`, add);
        if (!found || isSecond) continue;
        page.figures.push({
          name,
          declaration: found,
          line: place[0],
          column: place[1],
          place: (field) => {
            const [line, column] = placeOf(pair.value as YAMLMap, field ? field.split('.') : [], place, at);
            return { line, column };
          },
        });
      }
    } else if (figures && !(isScalar(figures) && figures.value === null)) {
      add(
        ...at(figures.range![0]),
        "'figures' should be a list of names, each with its declaration indented below it.",
      );
    }
  }

  const text = readBody(source, add);
  const uses = text?.uses;
  page.uses = uses ?? [];
  page.numbers = text?.numbers ?? [];
  for (const use of page.uses) {
    if (!use.figure) {
      const attribute = use.component === 'Figure' ? 'name' : 'figure';
      add(use.line, use.column, `<${use.component}> should say which figure it means: ${attribute}="…".`);
    } else if (!declaredNames.has(use.figure) && readable) {
      const hint = declaredNames.size ? choices(use.figure, [...declaredNames]) : 'This page declares none yet.';
      add(
        use.line,
        use.column,
        `<${use.component}> asks for a figure '${use.figure}', which the page's frontmatter does not declare. ${hint}`,
      );
    }
  }
  for (const { component, attributes, line, column } of page.uses) {
    if (component === 'Value' && attributes.row === undefined) {
      add(line, column, '<Value> should say which row of the figure it quotes: row="…".');
    }
  }
  const drawn = new Set<string>();
  for (const { component, figure, line, column } of page.uses) {
    if (component !== 'Figure' || !figure) continue;
    if (drawn.has(figure))
      add(line, column, `<Figure name="${figure}" /> stands in this page twice; its link can lead to one place only.`);
    drawn.add(figure);
  }
  const used = new Set(page.uses.map((use) => use.figure));
  for (const { name, line, column } of uses ? page.figures : []) {
    if (!used.has(name))
      add(
        line,
        column,
        `The figure '${name}' is declared but never used. Put <Figure name="${name}" /> where it belongs, or remove the declaration.`,
      );
  }
  mistakes.sort((a, b) => a.line - b.line || a.column - b.column);
  return { page, mistakes };
}

/**
 * What the text says about figures that only their numbers can settle: rows and columns that `<Value>` quotes, choices
 * that `<Guess>` offers, and numbers that were typed although a figure shows them.
 *
 * @param figures the page's figures by name; one that is missing is not looked at.
 */
export function checkUses(page: Page, figures: ReadonlyMap<string, FigureData>): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const use of page.uses) {
    const data = figures.get(use.figure);
    if (!data) continue;
    const say = (message: string) => mistakes.push({ file: page.file, line: use.line, column: use.column, message });
    const { row, as, choices: offered } = use.attributes;
    const column = typeof use.attributes.column === 'string' ? use.attributes.column : undefined;
    if (use.component === 'Value') {
      if (typeof row === 'string') {
        attempt(() => quote(data, row, column, as as Manner), data, { row: [row], column: [column ?? ''] }, say);
      }
    }
    if (use.component === 'Guess' && Array.isArray(offered)) {
      const judge = { column, row: typeof row === 'string' ? row : undefined };
      const given =
        judge.row === undefined ? { row: offered, column: [column ?? ''] } : { row: [judge.row], column: offered };
      attempt(() => guessData(data, { choices: offered, ...judge }), data, given, say);
    }
  }
  for (const { text, line, column } of page.numbers) {
    const tag = valueFor(text, figures.values());
    if (tag === undefined) continue;
    const message = `'${text}' is typed, and a figure of the page shows it: write ${tag}, which cannot go stale. If it is another number, write {'${text}'}.`;
    mistakes.push({ file: page.file, line, column, message });
  }
  return mistakes;
}

/** Runs it; a FigureError is said with the nearest valid choice to what was given. */
function attempt(
  run: () => unknown,
  data: FigureData,
  given: Record<'row' | 'column', readonly string[]>,
  say: (message: string) => void,
): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof FigureError)) throw error;
    const { field, message } = error;
    const valid = field === 'row' ? data.rows.map((cells) => String(cells[0])) : data.columns.map(({ id }) => id);
    const wrong =
      field === 'row' || field === 'column' ? given[field].find((name) => !valid.includes(name)) : undefined;
    const near = wrong ? nearest(wrong, valid) : undefined;
    say(near === undefined ? message : `${message} Did you mean '${near}'?`);
  }
}

/** All mistakes, a line each, as editors and terminals know how to open them: file:line:column. */
export function listMistakes(mistakes: readonly Mistake[]): string {
  return mistakes.map(({ file, line, column, message }) => `${file}:${line}:${column}  ${message}`).join('\n');
}

type At = (offset: number) => [number, number];
type Add = (line: number, column: number, message: string) => void;

/** One declaration, checked against its kind's schema and then against the language and the model. */
function readDeclaration(node: Node | null, place: [number, number], at: At, world: World, what: string, add: Add) {
  if (!isMap(node)) {
    add(...place, `Below ${what} should stand its declaration: kind, title, caption and what the kind asks for.`);
    return undefined;
  }
  const value = node.toJSON() as Record<string, unknown>;
  const kind = kindByName.get(String(value.kind));
  if (!kind) {
    const message = 'kind' in value ? `${what} is of the unknown kind '${value.kind}'.` : `${what} lacks its 'kind'.`;
    add(...placeOf(node, ['kind'], place, at), `${capital(message)} ${choices(String(value.kind ?? ''), kindNames)}`);
    return undefined;
  }
  let wrong = false;
  const say = (path: readonly PropertyKey[], message: string, inText?: string) => {
    wrong = true;
    add(...placeOf(node, path, place, at, inText), message);
  };
  const read = declarationSchema.safeParse(value);
  for (const issue of read.error?.issues ?? []) {
    for (const [path, message] of issueMessages(issue, value, kind, what)) say(path, message);
  }
  checkAgainst(world, value, say, what);
  return wrong ? undefined : (read.data as Declaration);
}

/**
 * Words that the model does not know, words that the text does not hold and heads that do not exist, wherever a kind has
 * such fields. Computing the figure would find only the first of them.
 */
function checkAgainst(
  world: World,
  value: Record<string, unknown>,
  say: (path: readonly PropertyKey[], message: string, inText?: string) => void,
  what: string,
) {
  const attempt = (field: string, run: () => unknown) => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof FigureError)) throw error;
      say([error.field ?? field], `${capital(what)}: ${error.message}`);
    }
  };
  const { text, role, layer, head } = value;
  for (const field of ['text', 'other']) {
    const said = value[field];
    if (typeof said !== 'string') continue;
    const { unknown } = world.model.tokenizer.encode(said);
    for (const { word: strange, suggestions } of unknown) {
      const hint = suggestions.length
        ? `Words near it: ${suggestions.join(', ')}.`
        : 'No word of its vocabulary is near.';
      say(
        [field],
        `${capital(what)} says '${strange}', a word that ${world.model.name} does not know. ${hint}`,
        strange,
      );
    }
    if (unknown.length === 0) attempt(field, () => readText(said, world, field));
  }
  for (const field of ['word', 'at']) {
    const asked = value[field];
    if (typeof text !== 'string' || typeof asked !== 'string') continue;
    const { words } = world.model.tokenizer.encode(text);
    attempt(field, () => findWord([START, ...words], asked, field));
  }
  if (typeof role === 'string' && !(role in world.heads)) {
    say(['role'], `No head has the role '${role}'. ${choices(role, Object.keys(world.heads))}`);
  } else if ([role, layer, head].some((given) => given !== undefined)) {
    // What is no number has been complained about already.
    const isNumber = (given: unknown): given is number | undefined => given === undefined || Number.isInteger(given);
    if (isNumber(layer) && isNumber(head)) {
      attempt('role', () => resolveHead({ role: role as string | undefined, layer, head }, world));
    }
  }
}

/** Where the value at `path` stands; where its parent does, if it is missing. */
function placeOf(
  node: YAMLMap,
  path: readonly PropertyKey[],
  otherwise: [number, number],
  at: At,
  inText?: string,
): [number, number] {
  let place = otherwise;
  let current: Node | null | undefined = node;
  for (const step of path) {
    if (isMap(current)) {
      const pair = current.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!pair) return place;
      place = at(((pair.value as Node | null) ?? (pair.key as Node)).range![0]);
      current = pair.value as Node | null;
    } else {
      const child: Node | undefined = (
        current as { get?(key: unknown, keepScalar: true): Node | undefined } | null
      )?.get?.(step, true);
      if (!child?.range) return place;
      place = at(child.range[0]);
      current = child;
    }
  }
  // A wrong word in a sentence on one line is pointed at itself.
  if (inText && isScalar(current) && typeof current.source === 'string' && !current.source.includes('\n')) {
    const index = wordIndex(current.source, inText);
    const quote = current.type === 'QUOTE_DOUBLE' || current.type === 'QUOTE_SINGLE' ? 1 : 0;
    if (index >= 0 && current.type !== 'BLOCK_FOLDED' && current.type !== 'BLOCK_LITERAL') {
      return [place[0], place[1] + quote + index];
    }
  }
  return place;
}

function wordIndex(text: string, word: string): number {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.search(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu'));
}

type Issue = z.core.$ZodIssue;

/** A schema's complaint, in words an author can act on. */
function issueMessages(issue: Issue, value: unknown, kind: Kind, what: string): [PropertyKey[], string][] {
  const path = issue.path;
  const field = path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const fields = path.length === 0 ? Object.keys((kind.schema as unknown as z.ZodObject).shape ?? {}) : [];
    return issue.keys.map((key) => [
      [...path, key],
      `${capital(what)} has a field '${key}' that the kind ${kind.name} does not know. ${fields.length ? choices(key, fields) : ''}`.trim(),
    ]);
  }
  const given = path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
  if (given === undefined && field) {
    return [[path, `${capital(what)} lacks '${field}'${purpose[field] ? `: ${purpose[field]}` : ''}.`]];
  }
  if (issue.code === 'invalid_value') {
    return [[path, `'${field}' of ${what} is '${given}'. ${choices(String(given), issue.values.map(String))}`]];
  }
  return [[path, `${field ? `'${field}' of ${what}` : capital(what)}: ${issue.message}.`]];
}

const purpose: Record<string, string> = {
  title: 'the question it answers',
  caption: 'a sentence that says what was simplified',
  text: 'the words to run',
  other: 'the words that it is compared with',
};

/** Where the quotation mark stands that is never closed: the parser names the place where it gave up. */
function openingQuote(message: string, yaml: string): number | undefined {
  if (!message.startsWith('Missing closing')) return undefined;
  const open = /^(.*?[:,[{-] *)(["'])(?:(?!\2).)*$/m.exec(yaml);
  return open ? open.index + open[1].length : undefined;
}

function yamlMessage(code: string, message: string, there: string): string {
  if (code === 'DUPLICATE_KEY') return `'${there.split(':')[0].trim()}' stands here a second time; names must differ.`;
  return `The frontmatter is not YAML: ${message.split(' at line ')[0].split('\n')[0]}.`;
}

/**
 * The uses and the typed numbers in the text, found by the same parser that renders the page, so that code samples do not
 * count; undefined when it cannot be parsed. Tags that no page may write are complained about on the way.
 */
function readBody(source: string, add: Add): Pick<Page, 'uses' | 'numbers'> | undefined {
  let tree: MdNode;
  try {
    tree = mdxToMdast(source, { features }) as unknown as MdNode;
  } catch (error) {
    const [, line = 1, column = 1, message] = /^(?:(\d+):(\d+): )?(.*?)(?: \(mdx-jsx:.*\))?$/s.exec(
      (error as Error).message,
    )!;
    add(Number(line), Number(column), `The text is not MDX: ${message}`);
    return undefined;
  }
  const uses: Use[] = [];
  const visit = (node: MdNode) => {
    if (node.type.startsWith('mdxJsx')) {
      const { line, column } = node.position!.start;
      for (const message of checkTag(node, source)) add(line, column, message);
    }
    const component = node.name as Use['component'];
    if (node.type.startsWith('mdxJsx') && ['Figure', 'Value', 'Guess'].includes(component)) {
      const attributes: Use['attributes'] = {};
      for (const { name, value } of node.attributes ?? []) {
        const known = typeof value === 'string' ? value : staticValue(value?.value);
        if (name && known !== undefined) attributes[name] = known;
      }
      const figure = attributes[component === 'Figure' ? 'name' : 'figure'];
      const { line, column } = node.position!.start;
      uses.push({ component, figure: typeof figure === 'string' ? figure : '', attributes, line, column });
    } else if (node.type.startsWith('mdxJsx')) {
      // A component that shows figures by a list of them: choices={[{ label: '…', figure: 'name' }, …]}.
      for (const { value } of node.attributes ?? []) {
        if (!value || typeof value === 'string') continue;
        for (const [, , figure] of value.value.matchAll(/\bfigure:\s*(['"`])([^'"`]*)\1/g)) {
          uses.push({ component: 'Figure', figure, attributes: {}, ...node.position!.start });
        }
      }
    }
    for (const child of node.children ?? []) visit(child);
  };
  visit(tree);
  for (const { line, column, message } of checkQuestions(tree)) add(line, column, message);
  return { uses, numbers: typedNumbers(tree, source) };
}

interface MdNode {
  type: string;
  name?: string | null;
  attributes?: { name?: string; value?: string | { value: string } | null }[];
  children?: MdNode[];
  position?: { start: { line: number; column: number; offset: number }; end: { offset: number } };
}

/** `'word'` or `['one', "two"]` as written in braces; undefined for anything that would have to be run. */
function staticValue(expression: string | undefined): string | string[] | undefined {
  const text = expression?.trim() ?? '';
  const one = /^(['"`])((?:(?!\1)[^\\$]|\\.)*)\1$/s.exec(text);
  if (one) return unescaped(one[2]);
  if (!/^\[.*\]$/s.test(text)) return undefined;
  const items: string[] = [];
  const rest = text.slice(1, -1).replace(/(['"`])((?:(?!\1)[^\\$]|\\.)*)\1/gs, (_, _quote, item: string) => {
    items.push(unescaped(item));
    return '';
  });
  return /^[\s,]*$/.test(rest) ? items : undefined;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
