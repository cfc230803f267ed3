/**
 * What a figure is before it is a picture: one value, from which SVG, PNG, CSV, JSON, the table, the numbers in prose and
 * the first state of an island are all drawn. A figure cannot disagree with its table, because there is only the table.
 */

/** Where the numbers of a series come from. The figure's badge lists these. */
export type ProvenanceKind = 'exact' | 'learned' | 'published model' | 'hand-made' | 'random';

export interface Series {
  /** Column id prefix or column id this series fills. */
  id: string;
  /** As a reader sees it: 'Easel', 'The little language', 'A made-up table'. */
  label: string;
  provenance: ProvenanceKind;
  /** Said after the badge's word: 'Easel, layer 2, head 1'. */
  source: string;
}

/** 'number' is any other: an entry of a list, a score, a length; it may be below zero. */
export type Unit =
  | 'word'
  | 'probability'
  | 'weight'
  | 'share'
  | 'bits'
  | 'nats'
  | 'degrees'
  | 'count'
  | 'number'
  | 'text';

export interface Column {
  id: string;
  label: string;
  unit: Unit;
  /** The series these numbers belong to. */
  series?: string;
  /** What an empty (null) cell of this column means, in words: 'not read yet', 'unknown word'. */
  empty?: string;
  /** Columns of one scale are drawn on one axis and checked against the largest entry of them all; absent: its own. */
  scale?: string;
}

export type Cell = number | string | null;

/** Rows that belong together. A table is shown group by group; without groups it is one. */
export interface Group {
  /** Said above the rows; none for the first. */
  label?: string;
  /** First row, and the one after the last. */
  from: number;
  to: number;
  /** Only these columns have something to say here; absent: all. */
  columns?: string[];
  /** Numbers of these rows are said in parts per million, since three decimals would all be .000. */
  perMillion?: boolean;
  /** How the rows since the total before it add up, said in the last line: 'All together'. Absent: not said. */
  total?: string;
  /** Which columns the total adds up; absent: those of weights and probabilities. */
  sums?: string[];
  /** What the first column is called here, where its own label is that of other rows. */
  first?: string;
}

export interface FigureData {
  kind: string;
  /** Unique in its page: lower-case words with hyphens. */
  name: string;
  /** A question. Here and in caption and notice, *word* is a word spoken of as a word. */
  title: string;
  /** What was simplified, in a sentence or two. */
  caption: string;
  series: Series[];
  /** Said above the picture. */
  axes?: { rows: string; columns: string };
  columns: Column[];
  /** One array a row, one cell a column, numbers rounded as they are written to files. */
  rows: Cell[][];
  groups?: Group[];
  /** The sentence that says what to notice, computed from the rows. */
  notice: string;
  /** What the kind's drawing needs besides the table, JSON only and never a number that the table holds. */
  detail: Record<string, unknown>;
}
