/**
 * The next word: probabilities over a whole vocabulary, a few rows by name and the rest in one, so that every column adds
 * up to 1. What is true of the little language stands beside what a model says.
 *
 * ```yaml
 * kind: next-word
 * title: What could come next?
 * caption: An outline is the truth, a filled bar is what a model says.
 * text: there was a beautiful woman with an ugly
 * columns: [hand-made, exact, easel, published]   # absent: exact and easel. published: captured for this text
 * order: exact                         # which column ranks the rows. Absent: exact, else the first
 * rows: 7                              # how many of its likeliest words. Absent: 7
 * words: [the, with, since]            # more words to name, however rare. Absent: none
 * handMade: { cat: 0.42, dog: 0.28 }   # the hand-made column, word by word
 * ```
 */
import { z } from 'zod';
import { OutsideLanguageError } from '../language/language.ts';
import { capturedFor, oddsCaptured } from './captured.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { exactColumn, modelColumn, nextWordData, type OddsColumn } from './next-word-data.ts';
import { type Odds, oddsOfModel } from './odds.ts';
import { drawNextWord } from './odds-table.ts';
import { oddsTrue } from './odds-true.ts';
import { readText } from './pattern.ts';
import type { World } from './world.ts';

type ColumnName = 'hand-made' | 'exact' | 'easel' | 'published';

export interface NextWordDeclaration extends BaseDeclaration {
  kind: 'next-word';
  text: string;
  columns?: ColumnName[];
  order?: ColumnName;
  rows?: number;
  words?: string[];
  handMade?: Record<string, number>;
}

const columnName = z.enum(['hand-made', 'exact', 'easel', 'published']);

export const nextWord: Kind<NextWordDeclaration> = {
  name: 'next-word',
  schema: z
    .strictObject({
      kind: z.literal('next-word'),
      ...baseFields,
      text: z.string().min(1),
      columns: z.array(columnName).min(1).optional(),
      order: columnName.optional(),
      rows: z.number().int().min(1).max(40).optional(),
      words: z.array(z.string().min(1)).optional(),
      handMade: z.record(z.string(), z.number().min(0).max(1)).optional(),
    })
    .superRefine((declaration, context) => {
      const asks = declaration.columns?.includes('hand-made') ?? false;
      const sum = Object.values(declaration.handMade ?? {}).reduce((a, b) => a + b, 0);
      const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      if (asks && !declaration.handMade) problem('handMade', 'is missing: the hand-made column needs its numbers');
      if (!asks && declaration.handMade) problem('columns', "must list 'hand-made', since its numbers are given");
      if (sum > 1 + 1e-9) problem('handMade', `adds up to ${sum}, which is more than 1`);
      if (declaration.order && !(declaration.columns ?? ['exact', 'easel']).includes(declaration.order)) {
        problem('order', 'must be one of the columns shown');
      }
    }),
  async compute(declaration, world, name) {
    const text = readText(declaration.text, world);
    const columnOf: Record<ColumnName, () => OddsColumn | Promise<OddsColumn>> = {
      'hand-made': () => ({
        id: 'hand-made',
        label: 'A made-up table',
        provenance: 'hand-made',
        source: 'typed by an author to show the shape',
        empty: 'not listed',
        odds: new Map(Object.entries(declaration.handMade ?? {})),
      }),
      exact: () => exactColumn(oddsOfLanguage(text.words.slice(1))),
      easel: async () => modelColumn(oddsOfModel(await world.run(text.ids), world), world.model.name),
      published: () => publishedColumn(declaration.text, world),
    };
    const columns: OddsColumn[] = [];
    for (const column of declaration.columns ?? (['exact', 'easel'] as const)) columns.push(await columnOf[column]());
    return nextWordData(declaration, columns, name);
  },
  draw: async (data) => drawNextWord(data),
  alive: true,
};

/** What a published model said of this text. */
function publishedColumn(text: string, { captured = [] }: World): OddsColumn {
  const found = capturedFor(captured, text);
  if (!found) {
    const texts = captured.map((one) => `'${one.text}'`).join(', ');
    throw new FigureError(
      `columns: nothing is kept of what a published model says after '${text}'. There is ${texts || 'nothing at all'} in content/captured/. Take one of these texts, or leave the column 'published' out.`,
      'columns',
    );
  }
  const day = new Date(`${found.captured}T00:00:00Z`).toLocaleDateString('en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  });
  return {
    id: 'published',
    label: found.model,
    provenance: 'published model',
    source: `${found.file}, as captured on ${day}`,
    empty: 'not captured',
    odds: oddsCaptured(found),
    inPieces: new Set(Object.keys(found.inPieces)),
    vocabulary: found.vocabulary,
  };
}

function oddsOfLanguage(words: readonly string[]): Odds {
  try {
    return oddsTrue(words);
  } catch (error) {
    if (!(error instanceof OutsideLanguageError)) throw error;
    throw new FigureError(
      `text: the little language never says '${words.join(' ')}', so nothing exact is known of what comes next (${error.message}). Change the text, or leave the column 'exact' out.`,
      'text',
    );
  }
}
