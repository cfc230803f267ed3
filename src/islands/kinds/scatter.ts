/**
 * A map of words that answers: choose one, and its numbers, its nearest neighbours in all of them, and where those lie on
 * the map are shown. The map stays the server's; the island only adds to it.
 */
import { saySigned } from '../../figures/numbers.ts';
import { byLikeness, type Neighbour, storedList } from '../../figures/scatter-lists.ts';
import { barHtml } from '../../figures/signed-bars.ts';
import { escapeHtml } from '../../figures/text.ts';
import { weaveHtml, weaveKey } from '../../figures/weave.ts';
import type { World } from '../../figures/world.ts';
import { openWorld } from '../engine.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';

/** How many neighbours are named, and how far from a word a touch may land, in px of the screen. */
const NEIGHBOURS = 5;
const REACH = 44;

/** A word on one of the two drawings of the map, in its units. */
interface Place {
  word: string;
  x: number;
  y: number;
  /** Its name's box. */
  box: { x: number; y: number; width: number; height: number };
}

/** @throws Error when the figure's numbers or the model cannot be fetched */
export async function bringToLife(element: HTMLElement): Promise<void> {
  const { detail } = await figureJson(element);
  // One word in two texts: there is nothing to choose.
  if (detail.word !== undefined) return;
  new LiveMap(element, await openWorld()).start();
}

class LiveMap {
  private readonly element: HTMLElement;
  private readonly world: World;
  private readonly state: ReturnType<typeof state>;
  private readonly picture: HTMLElement;
  private readonly field: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly answer: HTMLElement;
  private readonly reset: HTMLButtonElement;
  /** The two drawings, one of them shown, with the places of their words. */
  private readonly maps: { svg: SVGSVGElement; places: Place[] }[];
  private readonly onMap: ReadonlySet<string>;
  private chosen: string | undefined;

  constructor(element: HTMLElement, world: World) {
    const { name } = element.dataset;
    const { tokenizer, name: model } = world.model;
    const words = tokenizer.vocabulary.slice(1);
    this.element = element;
    this.world = world;
    this.state = state(name!);
    this.picture = element.querySelector<HTMLElement>('.picture')!;
    const drawings = [...this.picture.querySelectorAll<SVGSVGElement>('svg.plot')];
    this.maps = drawings.map((svg) => ({ svg, places: placesIn(svg) }));
    this.onMap = new Set(this.maps[0].places.map(({ word }) => word));
    this.field = fromHtml(
      `<div class="pick-word"><label for="${name}-word">Pick a word: touch one, or type any that ${escapeHtml(model)} knows</label><div class="row"><input id="${name}-word" type="text" list="${name}-words" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="done"></div><datalist id="${name}-words">${words.map((word) => `<option value="${escapeHtml(word)}"></option>`).join('')}</datalist><p class="unknown" role="status"></p></div>`,
    );
    this.input = this.field.querySelector('input')!;
    this.answer = fromHtml('<div class="picked" hidden></div>');
    this.reset = resetButton(() => {
      this.choose(undefined);
      this.input.focus();
    });
  }

  start() {
    const { picture, field, input, answer, reset } = this;
    field.querySelector('.row')!.append(reset);
    picture.after(field, answer);
    picture.tabIndex = 0;
    picture.setAttribute('role', 'group');
    picture.setAttribute('aria-label', 'The map. Arrow keys go from word to word.');
    picture.classList.add('choosable');
    picture.addEventListener('click', (event) => this.click(event));
    picture.addEventListener('keydown', (event) => this.key(event));
    input.addEventListener('input', () => this.typed(false));
    input.addEventListener('change', () => this.typed(true));
    field.addEventListener('click', (event) => {
      const word = (event.target as Element).closest<HTMLElement>('button[data-word]')?.dataset.word;
      if (word) this.choose(word);
    });
    const { word } = this.state.read();
    if (word && this.world.model.tokenizer.vocabulary.indexOf(word) > 0) this.show(word);
  }

  // What a reader does.

  private click(event: MouseEvent) {
    const { svg, places } = this.shown();
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    const [x, y] = [event.clientX - box.x, event.clientY - box.y];
    const away = ({ x: left, y: top, box }: Place) => {
      const [dx, dy] = [between(x * scale, box.x, box.width), between(y * scale, box.y, box.height)];
      return Math.min(Math.hypot(dx, dy), Math.hypot(left - x * scale, top - y * scale)) / scale;
    };
    const nearest = places.toSorted((a, b) => away(a) - away(b))[0];
    if (away(nearest) <= REACH) this.choose(nearest.word);
  }

  private key(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape' && this.chosen !== undefined) return this.choose(undefined);
    const [right, down] =
      { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key] ?? [];
    if (right === undefined || down === undefined) return;
    event.preventDefault();
    const { svg, places } = this.shown();
    const { width, height } = svg.viewBox.baseVal;
    const here = places.find(({ word }) => word === this.chosen);
    const from = here ?? { x: width / 2, y: height / 2 };
    // The next word lies in the direction of the key; what lies off to the side counts as farther away.
    const cost = (place: Place) => {
      const [ahead, aside] = [
        (place.x - from.x) * right + (place.y - from.y) * down,
        (place.x - from.x) * down + (place.y - from.y) * right,
      ];
      return ahead > 0.5 ? ahead + 2.5 * Math.abs(aside) : Number.POSITIVE_INFINITY;
    };
    const next = places.filter(({ word }) => word !== this.chosen).sort((a, b) => cost(a) - cost(b))[0];
    if (Number.isFinite(cost(next))) this.choose(next.word);
  }

  /** @param done the reader has left the field or pressed Enter, so that an unknown word is not one half typed */
  private typed(done: boolean) {
    const word = this.input.value.trim().toLowerCase();
    const { vocabulary } = this.world.model.tokenizer;
    if (vocabulary.indexOf(word) > 0) return this.choose(word);
    this.warn(done && word !== '' ? word : undefined);
  }

  private warn(word: string | undefined) {
    const place = this.field.querySelector('.unknown')!;
    if (word === undefined) return place.replaceChildren();
    const { tokenizer, name } = this.world.model;
    const near = tokenizer.encode(word).unknown[0]?.suggestions ?? [];
    const buttons = near.map(
      (known) =>
        `<button type="button" class="quiet lang" data-word="${escapeHtml(known)}">${escapeHtml(known)}</button>`,
    );
    const offer = buttons.length > 0 ? ` Did you mean ${buttons.join(' or ')}?` : '';
    place.innerHTML = `${escapeHtml(name)} never learned <i>${escapeHtml(word)}</i>, so it has no list for it.${offer}`;
  }

  private choose(word: string | undefined) {
    const [first, second] = this.show(word);
    this.state.write({ word: word ?? '' });
    if (word === undefined) return announce(this.element, 'No word is chosen.');
    announce(
      this.element,
      `${word}: most alike are ${first.word}, ${saySigned(first.likeness, 2)}, and ${second.word}, ${saySigned(second.likeness, 2)}.`,
    );
  }

  // What is shown.

  private shown() {
    return this.maps.find(({ svg }) => svg.getClientRects().length > 0) ?? this.maps[0];
  }

  /** @returns the words most like the chosen one */
  private show(word: string | undefined): Neighbour[] {
    this.chosen = word;
    this.warn(undefined);
    this.reset.hidden = word === undefined;
    if (this.input.value.trim().toLowerCase() !== (word ?? '')) this.input.value = word ?? '';
    const ranked = word === undefined ? [] : byLikeness(word, this.world);
    const near = ranked.slice(0, NEIGHBOURS);
    for (const { svg, places } of this.maps) markMap(svg, places, word, near);
    this.answer.hidden = word === undefined;
    if (word !== undefined) this.answer.innerHTML = this.answerHtml(word, near, ranked.at(-1)!);
    return near;
  }

  private answerHtml(word: string, near: readonly Neighbour[], last: Neighbour): string {
    const { width } = this.world.model.config;
    const line = ({ word: other, likeness }: Neighbour) =>
      `<tr><th scope="row" class="lang">${escapeHtml(other)}${this.onMap.has(other) ? '' : ' <small>off the map</small>'}</th><td class="c"><span class="n">${saySigned(likeness, 2)}</span><span class="b">${barHtml(likeness, { from: -1, to: 1 })}</span></td></tr>`;
    const head = `<thead><tr><th scope="col">Most like <i>${escapeHtml(word)}</i></th><th scope="col">Likeness, in all ${width} numbers</th></tr></thead>`;
    const table = `<table class="nw alike">${head}<tbody>${near.map(line).join('')}</tbody><tbody><tr class="sub"><th colspan="2" scope="rowgroup">Least</th></tr>${line(last)}</tbody></table>`;
    const weave = weaveHtml(
      [word, near[0].word, last.word].map((one) => ({
        label: `*${one}*`,
        values: [...storedList(one, this.world)],
        stored: true,
      })),
    );
    const all = [...storedList(word, this.world)].map((value) => `<li>${saySigned(value, 2)}</li>`).join('');
    const here = this.onMap.has(word)
      ? ''
      : `<p class="key"><i>${escapeHtml(word)}</i> has no place on this map, which was drawn for other words.</p>`;
    return `${here}${table}<p class="part">The list of <i>${escapeHtml(word)}</i>, of the word most like it and of the one least</p><p class="axes"><span><b>Thread:</b> ${weaveKey}</span></p>${weave}<details class="all-numbers"><summary class="quiet">All ${width} numbers of ${escapeHtml(word)}</summary><ol>${all}</ol></details>`;
  }
}

/** How far x lies outside a stretch. */
function between(x: number, from: number, length: number): number {
  return Math.max(0, from - x, x - from - length);
}

function placesIn(svg: SVGSVGElement): Place[] {
  return [...svg.querySelectorAll<SVGRectElement>('.places rect')].map((rect) => ({
    word: rect.dataset.word!,
    x: Number(rect.dataset.x),
    y: Number(rect.dataset.y),
    box: {
      x: Number(rect.getAttribute('x')),
      y: Number(rect.getAttribute('y')),
      width: Number(rect.getAttribute('width')),
      height: Number(rect.getAttribute('height')),
    },
  }));
}

/** Rings and lines under the words of the map: the chosen word's name stands on ink, its neighbours' names gain weight. */
function markMap(svg: SVGSVGElement, places: readonly Place[], word: string | undefined, near: readonly Neighbour[]) {
  svg.querySelector(':scope > .chosen')?.remove();
  const likeness = new Map(near.map((one) => [one.word, one.likeness]));
  for (const text of svg.querySelectorAll('.lang text')) {
    text.classList.toggle('own', text.textContent === word);
    text.classList.toggle('near', likeness.has(text.textContent));
  }
  if (word === undefined) return;
  const own = places.find((place) => place.word === word);
  const others = places.filter((place) => likeness.has(place.word));
  const ties = own
    ? others.map(
        ({ x, y, word: other }) =>
          `<path class="tie" stroke-width="${(0.75 + 3 * Math.max(0, likeness.get(other)!)).toFixed(2)}" d="M${own.x} ${own.y}L${x} ${y}"/>`,
      )
    : [];
  const rings = others.map(({ x, y }) => `<circle class="ring" cx="${x}" cy="${y}" r="7.5"/>`);
  const chip = own
    ? `<circle class="ring own" cx="${own.x}" cy="${own.y}" r="8"/><rect class="chip" x="${own.box.x - 3}" y="${own.box.y - 2}" width="${own.box.width + 6}" height="${own.box.height + 4}" rx="3"/>`
    : '';
  const group = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  group.setAttribute('class', 'chosen');
  group.innerHTML = ties.join('') + rings.join('') + chip;
  svg.prepend(group);
}
