/**
 * The next word: probabilities over a whole vocabulary, a few rows by name and the rest in one, so that every column adds
 * up to 1. What is true of the little language stands beside what a model says.
 *
 * ```yaml
 * kind: next-word
 * title: What could come next?
 * caption: An outline is the truth, a filled bar is what a model says.
 * text: there was a beautiful woman with an ugly
 * columns: [hand-made, exact, easel]   # absent: exact and easel
 * order: exact                         # which column ranks the rows. Absent: exact, else the first
 * rows: 7                              # how many of its likeliest words. Absent: 7
 * words: [the, with, since]            # more words to name, however rare. Absent: none
 * handMade: { cat: 0.42, dog: 0.28 }   # the hand-made column, word by word
 * ```
 */
import { z } from 'zod';
import { OutsideLanguageError, trueNextWord } from '../language/language.ts';
import { END } from '../language/teller.ts';
import { vocabulary } from '../language/vocabulary.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { nextWordData, type OddsColumn } from './next-word-data.ts';
import { type Odds, oddsOfModel } from './odds.ts';
import { drawNextWord } from './odds-table.ts';
import { readText } from './pattern.ts';
import { END_OF_TEXT } from './text.ts';

type ColumnName = 'hand-made' | 'exact' | 'easel';

export interface NextWordDeclaration extends BaseDeclaration {
  kind: 'next-word';
  text: string;
  columns?: ColumnName[];
  order?: ColumnName;
  rows?: number;
  words?: string[];
  handMade?: Record<string, number>;
}

const columnName = z.enum(['hand-made', 'exact', 'easel']);

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
    const names = declaration.columns ?? ['exact', 'easel'];
    const columns: OddsColumn[] = [];
    for (const column of names) {
      if (column === 'hand-made') {
        columns.push({
          id: column,
          label: 'A made-up table',
          provenance: 'hand-made',
          source: 'typed by an author to show the shape',
          empty: 'not listed',
          odds: new Map(Object.entries(declaration.handMade ?? {})),
        });
      } else if (column === 'exact') {
        columns.push({
          id: column,
          label: 'The little language',
          provenance: 'exact',
          source: 'the grammar of the little language',
          empty: 'unknown word',
          odds: oddsOfLanguage(text.words.slice(1)),
          whole: true,
        });
      } else {
        columns.push({
          id: column,
          label: world.model.name,
          provenance: 'learned',
          source: world.model.name,
          empty: 'unknown word',
          odds: oddsOfModel(await world.run(text.ids), world),
          whole: true,
        });
      }
    }
    return nextWordData(declaration, columns, name);
  },
  draw: async (data) => drawNextWord(data),
  alive: false,
};

/** The true odds after these words; a word that can never come has 0, one outside the vocabulary has no entry. */
function oddsOfLanguage(words: readonly string[]): Odds {
  try {
    const next = trueNextWord(words);
    return new Map(vocabulary.map((word) => [word === END ? END_OF_TEXT : word, next.get(word) ?? 0]));
  } catch (error) {
    if (!(error instanceof OutsideLanguageError)) throw error;
    throw new FigureError(
      `text: the little language never says '${words.join(' ')}', so nothing exact is known of what comes next (${error.message}). Change the text, or leave the column 'exact' out.`,
      'text',
    );
  }
}
