import { men, surnames, women } from './lexicon/names.ts';
import { destination, place } from './lexicon/places.ts';
import { gift, give, go, meet } from './lexicon/verbs.ts';
import { mulberry32 } from './random.ts';
import type { BindingScene } from './scenes.ts';

/**
 * Random beginnings with two named people, after which one name is right and the other wrong.
 *
 * @param kind surname: *anna smith met ben jones . ben*, and *jones* is right; taker: *anna and ben went to the market .
 *   anna gave a book to*, and *ben* is right
 */
export function nameScenes(kind: 'surname' | 'taker', count: number, seed: number): BindingScene[] {
  const random = mulberry32(seed);
  const any = (words: readonly string[]) => words[Math.floor(random() * words.length)];
  const other = (words: readonly string[], taken: string) => any(words.filter((word) => word !== taken));
  const everybody = [...women.words, ...men.words];
  return Array.from({ length: count }, () => {
    const one = any(everybody);
    const two = other(everybody, one);
    const asked = random() < 0.5 ? 0 : 1;
    const first = [one, two];
    if (kind === 'taker') {
      const text =
        `${one} and ${two} ${any(go.words)} to the ${any(destination.words)} . ` +
        `${first[1 - asked]} ${any(give.words)} a ${any(gift.words)} to`;
      return { words: text.split(' '), right: first[asked], wrong: [first[1 - asked]] };
    }
    const last = [any(surnames.words)];
    last.push(other(surnames.words, last[0]));
    const where = random() < 0.5 ? ` in the ${any(place.words)}` : '';
    const text = `${one} ${last[0]} ${any(meet.words)} ${two} ${last[1]}${where} . ${first[asked]}`;
    return { words: text.split(' '), right: last[asked], wrong: [last[1 - asked]] };
  });
}
