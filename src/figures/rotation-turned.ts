/**
 * What turning looks like at two places that a reader has set: both hands of every pair, what each pair adds to the score,
 * and the score at every distance. Pure functions from numbers to HTML, for the page's script.
 */
import { px } from './measure.ts';
import { saySigned } from './numbers.ts';
import { direction, productsAt, scoreAt, type Turning } from './rotation-data.ts';
import { twoHands } from './rotation-picture.ts';
import { axisOf, barHtml } from './signed-bars.ts';

/** Where the two words stand, and whether the dials turn at all. */
export interface Places {
  query: number;
  key: number;
  stopped: boolean;
}

/** The score at every distance up to `most`: [most + 1]. Where the words stand makes no difference. */
export function scoresByDistance(turn: Turning, most: number): number[] {
  return Array.from({ length: most + 1 }, (_, distance) => scoreAt(turn, distance, 0));
}

/** A dial a pair, fast ones first, each with its share of the score. All bars have one axis. */
export function dialsHtml(turn: Turning, { query, key, stopped }: Places): string {
  const products = stopped ? productsAt(turn, 0, 0) : productsAt(turn, query, key);
  // The longest bar that any turning could bring, so that bars do not jump while a word moves.
  const reach = Math.max(
    ...products.map((_, i) => Math.hypot(...pairOf(turn.query, i)) * Math.hypot(...pairOf(turn.key, i))),
  );
  const axis = axisOf([-reach, reach]);
  const items = products.map((product, i) => {
    const pair = i + 1;
    const degrees = stopped ? 0 : turn.degrees[i];
    const hands = twoHands(direction(turn.query, pair) + query * degrees, direction(turn.key, pair) + key * degrees);
    return `<li><svg class="hands" viewBox="0 0 96 88" aria-hidden="true">${hands}</svg><span>pair ${pair}</span><span class="n">${saySigned(product, 1)}</span>${barHtml(product, axis)}</li>`;
  });
  return `<ol class="moves all">${items.join('')}</ol>`;
}

const pairOf = (list: readonly number[], i: number): [number, number] => [list[2 * i], list[2 * i + 1]];

const TALL = 150;
const FOOT = 44;
const SIDE = 4;

/**
 * The scores of {@link scoresByDistance} as a line, with the distance of these places marked; stopped dials make it level.
 * @param seen the largest distance that a text of the model's length can hold; farther ones are hatched
 * @param name the first part of the hatching's id
 */
export function curveHtml(
  turned: readonly number[],
  places: Places,
  { seen, width, name }: { seen: number; width: number; name: string },
): string {
  const scores = places.stopped ? turned.map(() => turned[0]) : turned;
  const most = scores.length - 1;
  const { from, to } = axisOf(scores);
  const x = (distance: number) => px(SIDE + (distance / most) * (width - 2 * SIDE));
  const y = (score: number) => px(8 + ((to - score) / (to - from)) * (TALL - 16));
  const line = scores.map((score, distance) => `${x(distance)} ${y(score)}`).join('L');
  const here = places.query - places.key;
  const ticks = [0, 16, 32, 48, 64, 80, 96, 112].filter((distance) => distance % 32 === 0 || width > 500);
  const words = ticks.map((distance) => `<text x="${x(distance)}" y="${TALL + 16}">${distance}</text>`);
  const beyond = `<pattern id="${name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern><rect x="${x(seen + 0.5)}" y="0" width="${px(width - SIDE - Number(x(seen + 0.5)))}" height="${TALL}" fill="url(#${name}-hatch)"/><text class="never" x="${px(width - SIDE)}" y="${TALL + 36}">hatched: never met in training</text>`;
  return `<svg class="curve" viewBox="0 0 ${width} ${TALL + FOOT}" aria-hidden="true">${beyond}<path class="zero" d="M0 ${y(0)}H${width}"/><path class="score" d="M${line}"/><path class="at" d="M${x(here)} 0V${TALL}"/><circle class="at" cx="${x(here)}" cy="${y(scores[here])}" r="5"/>${words.join('')}<text class="from" x="0" y="${TALL + 36}">places apart</text></svg>`;
}
