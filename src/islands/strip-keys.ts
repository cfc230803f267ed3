/** A strip of words by keyboard: one group with one tab stop, in which keys step from word to word. */

/**
 * The place that a key means, from the word that has the focus.
 * @param last place of the text
 * @returns undefined where the key means none; else the event needs nothing more from the browser
 */
export function placeByKey(event: KeyboardEvent, last: number): number | undefined {
  const word = (event.target as Element).closest<SVGElement>('.strip .word[data-place]');
  if (!word || event.altKey || event.ctrlKey || event.metaKey) return undefined;
  const here = Number(word.dataset.place);
  const places: Record<string, number> = {
    ArrowRight: here + 1,
    ArrowDown: here + 1,
    ArrowLeft: here - 1,
    ArrowUp: here - 1,
    Home: 0,
    End: last,
    Enter: here,
    ' ': here,
  };
  const place = places[event.key];
  if (place === undefined) return undefined;
  event.preventDefault();
  return place >= 0 && place <= last ? place : undefined;
}

/** Gives the focus to a word of the strip that is shown, or of the column where that is. */
export function focusWord(root: Element, place: number): void {
  const words = [...root.querySelectorAll<SVGElement>(`.strip .word[data-place="${place}"]`)];
  words.find((word) => word.getClientRects().length > 0)?.focus();
}
