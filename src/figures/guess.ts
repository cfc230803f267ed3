/** Guess, then see: what a figure's numbers say about a question with a few words to choose from. */
import type { Cell, FigureData, ProvenanceKind } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { cellAt } from './look-up.ts';
import { quote } from './quote.ts';

/** What is asked of a figure: words to choose from, and the row or the column that judges them. */
export interface GuessAsk {
  choices: readonly string[];
  /** Id of a column: the choices are rows. May be left out where there is only one column of weights. */
  column?: string;
  /** First cell of a row: the choices are columns, as in the square table of a heatmap. */
  row?: string;
}

export interface Choice {
  word: string;
  /** Its number, as prose says it. */
  said: string;
  /** −1 for a cell that holds none: a word not read yet has less than any. */
  value: number;
}

export interface GuessData {
  choices: Choice[];
  /** The choice with the largest number. */
  best: Choice;
  /** Whose numbers they are: 'the model', 'the language'. */
  who: string;
}

const speakers: Record<ProvenanceKind, string> = {
  exact: 'the language',
  learned: 'the model',
  'published model': 'the model',
  'hand-made': 'the table',
  random: 'chance',
};

/**
 * The choices with their numbers, in the order of the author.
 *
 * @throws {FigureError} when a choice is not in the table, two share the lead, or a word that is not offered has more.
 */
export function guessData(data: FigureData, ask: GuessAsk): GuessData {
  if (ask.choices.length < 2) throw new FigureError('A guess needs at least two choices.', 'choices');
  const weights = data.columns.filter(({ unit }) => unit === 'weight');
  const column = ask.column ?? (weights.length === 1 ? weights[0].id : undefined);
  const choices = ask.choices.map((word): Choice => {
    const place: [string, string?] = ask.row === undefined ? [word, column] : [ask.row, word];
    const cell = cellAt(data, ...place);
    const { unit, empty } = columnNamed(data, place[1]) ?? {};
    if (typeof cell !== 'number') return { word, said: `nothing (${empty ?? 'no number'})`, value: -1 };
    return { word, said: `${quote(data, ...place)}${unit === 'bits' ? '\u00a0bits' : ''}`, value: cell };
  });
  const [best, second] = [...choices].sort((a, b) => b.value - a.value);
  if (best.value === second.value) {
    const both = `'${best.word}' and '${second.word}'`;
    throw new FigureError(`${both} share the lead with ${best.said}: there is no answer.`, 'choices');
  }
  const rivals = ask.row === undefined ? columnOf(data, best, column) : rowOf(data, ask.row);
  const larger = rivals.cells.find(
    ([name, cell]) => typeof cell === 'number' && cell > best.value && name !== remainder,
  );
  if (larger) {
    throw new FigureError(
      `'${larger[0]}' has more than any of the choices. Offer it too, or ask something else.`,
      'choices',
    );
  }
  const series = data.series.find(({ id }) => id === rivals.series);
  return { choices, best, who: speakers[series?.provenance ?? 'learned'] };
}

/** Everything that is not listed by name cannot be guessed. */
const remainder = 'every other word';

type Rivals = { series?: string; cells: [name: string, cell: Cell][] };

function columnOf(data: FigureData, best: Choice, column?: string): Rivals {
  const isMeant = (c: number) => {
    const { id, label, series } = data.columns[c];
    return column ? id === column || label === column : series && data.rows.some((row) => row[c] === best.value);
  };
  const at = data.columns.findIndex((_, c) => isMeant(c));
  return { series: data.columns[at].series, cells: data.rows.map((row) => [String(row[0]), row[at]]) };
}

function rowOf(data: FigureData, row: string): Rivals {
  const found = data.rows.find((cells) => cells[0] === row) ?? [];
  const numbers = data.columns.flatMap(({ id, series }, c) => (series ? [[id, found[c]] as [string, Cell]] : []));
  return { series: data.columns.find(({ series }) => series)?.series, cells: numbers };
}

function columnNamed(data: FigureData, column?: string) {
  return data.columns.find(({ id, label }) => id === column || label === column);
}
