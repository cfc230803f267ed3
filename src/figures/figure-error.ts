/** A figure that cannot be made as it was asked for. The message says what was expected, what came and what to do. */
export class FigureError extends Error {
  /** The field of the declaration that is at fault, where one is. */
  readonly field?: string;

  constructor(message: string, field?: string) {
    super(message);
    this.name = 'FigureError';
    this.field = field;
  }
}
