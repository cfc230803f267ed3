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

export type Unit = 'word' | 'probability' | 'weight' | 'share' | 'bits' | 'count' | 'text';

export interface Column {
  id: string;
  label: string;
  unit: Unit;
  /** The series these numbers belong to. */
  series?: string;
}

export type Cell = number | string | null;

export interface FigureData {
  kind: string;
  /** Unique in its page: lower-case words with hyphens. */
  name: string;
  /** A question. */
  title: string;
  /** What was simplified, in a sentence or two. */
  caption: string;
  series: Series[];
  /** Said above the picture. */
  axes?: { rows: string; columns: string };
  columns: Column[];
  /** One array a row, one cell a column, numbers rounded as they are written to files. */
  rows: Cell[][];
  /** The sentence that says what to notice, computed from the rows. */
  notice: string;
  /** What the kind's drawing needs besides the table, JSON only and never a number that the table holds. */
  detail: Record<string, unknown>;
}
