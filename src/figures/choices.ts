/** What an author may have meant. */
import { closest, distance } from 'fastest-levenshtein';

/** What there is to choose from, as a sentence: everything when that is little, the nearest when it is much. */
export function choices(wrong: string, valid: readonly string[]): string {
  if (valid.length === 0) return 'There is nothing to choose from.';
  const near = nearest(wrong, valid);
  const suggestion = near === undefined ? '' : `Did you mean '${near}'? `;
  if (valid.length <= 18) return `${suggestion}There ${valid.length === 1 ? 'is' : 'are'}: ${valid.join(', ')}.`;
  const few = [...valid].sort((a, b) => distance(wrong, a) - distance(wrong, b)).slice(0, 5);
  return `${suggestion}The nearest of ${valid.length}: ${few.join(', ')}.`;
}

/** The valid name that a wrong one is a slip of; undefined where none is near enough. */
export function nearest(wrong: string, valid: readonly string[]): string | undefined {
  if (valid.length === 0) return undefined;
  const slip = wrong.toLowerCase();
  // Two letters that changed places are nearer than two that are wrong.
  const letters = (word: string) => [...word.toLowerCase()].sort().join('');
  const turned = valid.filter((word) => letters(word) === letters(slip));
  const best = closest(slip, turned.length > 0 ? turned : valid);
  return distance(slip, best.toLowerCase()) <= Math.max(2, wrong.length / 3) ? best : undefined;
}
