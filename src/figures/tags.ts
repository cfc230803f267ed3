/** The tags that a page may write in MDX without importing them, and what each may be told. */
import { choices } from './choices.ts';
import { manners } from './quote.ts';

const any = undefined;

/** For each tag its attributes, with a list of what may be said, or `any`. Each is a file of src/components/. */
export const tags: Record<string, Record<string, readonly string[] | undefined>> = {
  Figure: { name: any },
  Value: { figure: any, row: any, column: any, as: manners },
  Guess: { figure: any, question: any, choices: any, column: any, row: any },
  Fold: { title: any },
  Keep: {},
  Term: { is: any },
  Checks: {},
  Check: { id: any, question: any },
  Option: { says: any, right: any },
  Role: { is: ['query', 'key', 'value', 'weight'] },
  Beside: {},
  Numbers: { are: ['stored', 'of the moment'] },
  HeadCard: { role: any, layer: any, head: any },
  MaskShapes: {},
};

/** Without these a tag says nothing. What `<Figure>` and `<Value>` need is checked with the figures that they name. */
const needed: Record<string, readonly string[]> = {
  Guess: ['question', 'choices'],
  Fold: ['title'],
  Check: ['id', 'question'],
  Option: ['says'],
  Role: ['is'],
  Numbers: ['are'],
};

/** The names of these tags. */
export const tagNames: readonly string[] = Object.keys(tags);

/** A tag in the text of a page. */
interface Tag {
  name?: string | null;
  attributes?: { name?: string; value?: unknown }[];
}

/**
 * What is wrong with a tag: nobody defines it, or it is told something that it does not know. Astro would pass over the
 * second, and report the first by the name of a built file.
 *
 * @param source the whole page, for the names that it imports
 * @returns a sentence for each mistake
 */
export function checkTag({ name: whole, attributes = [] }: Tag, source: string): string[] {
  const name = whole?.split('.')[0] ?? '';
  if (!/^[A-Z]/.test(name)) return [];
  if (new RegExp(`^(?:import|export)\\b[^\\n]*\\b${name}\\b`, 'm').test(source)) return [];
  const known = Object.hasOwn(tags, name) ? tags[name] : undefined;
  if (!known) return [`There is no component <${name}>, and the page imports none. ${choices(name, tagNames)}`];
  const missing = (needed[name] ?? []).filter(
    (attribute) => !attributes.some((given) => given.name === attribute || !given.name),
  );
  const lacks = missing.map((attribute) => {
    const allowed = known[attribute];
    return `<${name}> lacks its ${attribute}.${allowed ? ` ${choices('', allowed)}` : ''}`;
  });
  const wrong = attributes.flatMap(({ name: attribute, value }) => {
    if (attribute === undefined) return [];
    if (!Object.hasOwn(known, attribute)) {
      return [`<${name}> has no attribute '${attribute}'. ${choices(attribute, Object.keys(known))}`];
    }
    const allowed = known[attribute];
    if (typeof value !== 'string' || !allowed || allowed.includes(value)) return [];
    return [`<${name} ${attribute}="${value}">: there is no such choice. ${choices(value, allowed)}`];
  });
  return [...lacks, ...wrong];
}
