/** What a sampler does, for a page: the chances laid end to end, the throw that fell on one, and the odds they came from. */
import { px } from './measure.ts';
import { withPercentSign } from './numbers.ts';
import { remainder } from './odds.ts';
import { oddsPairs } from './odds-picture.ts';
import type { Chance } from './odds-sampler.ts';
import { END_OF_TEXT, escapeHtml, OTHER_WORDS, plainText, spokenOf } from './text.ts';

/** So many words are named; all others share one row and one stretch. */
const NAMED = 6;
/** A stretch of less than this is too short for its word. */
const ROOM = 0.11;

/** The first words by chance, and what is left. */
function parts(chances: readonly Chance[]): { named: readonly Chance[]; rest: number } {
  const named = chances.slice(0, NAMED);
  return { named, rest: remainder(named.map(({ chance }) => chance)) };
}

/**
 * The chances end to end as one line.
 * @param fallen where a throw fell, from 0 to 1, and on which word
 */
export function lineHtml(chances: readonly Chance[], fallen?: { at: number; word: string }): string {
  const { named, rest } = parts(chances);
  const stretch = (word: string, chance: number, other: boolean) => {
    const hit = fallen && (other ? !named.some((one) => one.word === fallen.word) : word === fallen.word);
    const name =
      chance < ROOM ? '' : `<span class="${other || word === END_OF_TEXT ? 'say' : 'lang'}">${escapeHtml(word)}</span>`;
    return `<span class="stretch${other ? ' others' : ''}${hit ? ' hit' : ''}" style="inline-size:${px(chance * 100)}%">${name}</span>`;
  };
  const all = named.filter(({ chance }) => chance > 0).map(({ word, chance }) => stretch(word, chance, false));
  if (rest > 0) all.push(stretch(OTHER_WORDS, rest, true));
  const dart = fallen ? `<span class="dart" style="inset-inline-start:${px(fallen.at * 100)}%"></span>` : '';
  return `<div class="line" aria-hidden="true">${all.join('')}${dart}</div>`;
}

/** The same as a table: what the model gives each word, and what the sampler makes of it. */
export function chancesHtml(chances: readonly Chance[], model: string): string {
  const { named, rest } = parts(chances);
  const rows = named.map(({ word, odds, chance }): [string, number, number] => [word, odds, chance]);
  rows.push([OTHER_WORDS, remainder(named.map(({ odds }) => odds)), rest]);
  const kept = chances.filter(({ chance }) => chance > 0).length;
  const all = chances.length.toLocaleString('en');
  const cut =
    kept === chances.length ? '' : ` ${kept.toLocaleString('en')} of ${all} words ${kept === 1 ? 'is' : 'are'} kept.`;
  return `${oddsPairs(rows, [escapeHtml(model), 'Sampler'])}<p class="key">Dashed: the odds that ${escapeHtml(model)} gives. Filled: the chance that the sampler draws the word.${cut}</p>`;
}

/** 'cat 42 %', for those who listen. */
export function sayChance({ word, chance }: Chance): string {
  return `${plainText(spokenOf(word))} ${withPercentSign(Math.round(chance * 100))}`;
}
