/** The order of the lessons, read from content/outline.yaml, and the little arithmetic that numbering needs. */
import { parse } from 'yaml';
import { z } from 'zod';

const schema = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        title: z.string().min(1),
        lessons: z
          .array(
            z.strictObject({
              slug: z
                .string()
                .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens, as in a file name'),
              short: z.string().min(1),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

export interface OutlineLesson {
  /** Counted from 1 through all parts. */
  number: number;
  /** File name in content/docs/lessons/, without .mdx. */
  slug: string;
  /** Title in the sidebar and the contents. */
  short: string;
  /** Title of the part it stands in. */
  part: string;
}

export interface OutlinePart {
  title: string;
  lessons: OutlineLesson[];
}

/**
 * Parts and numbered lessons from the text of the outline.
 *
 * @throws {Error} naming every mistake, when the file does not have the form its first lines describe.
 */
export function readOutline(yaml: string): OutlinePart[] {
  const read = schema.safeParse(parse(yaml));
  if (!read.success) throw new Error(`content/outline.yaml is not right:\n${z.prettifyError(read.error)}`);
  let number = 0;
  const seen = new Set<string>();
  return read.data.parts.map(({ title, lessons }) => ({
    title,
    lessons: lessons.map(({ slug, short }) => {
      if (seen.has(slug)) throw new Error(`content/outline.yaml names the lesson ${slug} twice; keep one of the two.`);
      seen.add(slug);
      number += 1;
      return { number, slug, short, part: title };
    }),
  }));
}

/** All lessons of all parts, in order. */
export function lessonsOf(parts: readonly OutlinePart[]): OutlineLesson[] {
  return parts.flatMap((part) => part.lessons);
}

/** Whole numbers as a sentence wants them: 'four', 'nineteen', '21'. */
export function numberWord(n: number): string {
  const words =
    'no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';
  return words.split(' ')[n] ?? String(n);
}
