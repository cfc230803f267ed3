/** Careful reading, with a look at each figure. */
const wordsAMinute = 180;

/**
 * Minutes to read the body of a page, at least 1. Counts the words of the prose; code, imports, formulas and tags are not
 * prose.
 */
export function readingMinutes(body: string): number {
  const prose = body
    .replace(/^(import|export) .*$/gm, ' ')
    .replace(/```[\s\S]*?```/g, ' ')
    .replace(/\$\$[\s\S]*?\$\$/g, ' ')
    .replace(/\{\/\*[\s\S]*?\*\/\}/g, ' ')
    .replace(/<[^>]*>/g, ' ');
  const words = prose.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
  return Math.max(1, Math.round(words.length / wordsAMinute));
}
