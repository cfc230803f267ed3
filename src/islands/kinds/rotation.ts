/**
 * Dials that turn: a reader moves the word that looks and the word looked at along a text, and sees every pair of their
 * query and key turn, and the score follow the distance between the two and nothing else. Or stops the dials.
 */
import { saySigned } from '../../figures/numbers.ts';
import { type Turning, turning } from '../../figures/rotation-data.ts';
import { handsKey } from '../../figures/rotation-picture.ts';
import { curveHtml, dialsHtml, type Places, scoresByDistance } from '../../figures/rotation-turned.ts';
import { escapeHtml, START } from '../../figures/text.ts';
import { openWorld } from '../engine.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';

/** @throws Error when the figure's numbers or the model cannot be fetched */
export async function bringToLife(element: HTMLElement): Promise<void> {
  const [{ detail }, world] = await Promise.all([figureJson(element), openWorld()]);
  const { text, words, looking, at, pairs, layer, head } = detail as unknown as Turning & { text: string };
  const trace = await world.run(world.model.tokenizer.encode(text).ids);
  const turn = turning(trace, words, { layer, head }, [looking, at], pairs, world);
  new LiveDials(element, turn, world.model.config.contextLength, world.model.name).start();
}

class LiveDials {
  private readonly element: HTMLElement;
  private readonly turn: Turning;
  private readonly seen: number;
  private readonly most: number;
  /** By distance. */
  private readonly scores: readonly number[];
  private readonly state: ReturnType<typeof state>;
  private readonly panel: HTMLElement;
  private readonly sliders: { query: HTMLInputElement; key: HTMLInputElement };
  private readonly reset: HTMLButtonElement;
  private readonly home: Places;
  private places: Places;

  /** @param length how many places a text of the model may have */
  constructor(element: HTMLElement, turn: Turning, length: number, model: string) {
    this.element = element;
    this.turn = turn;
    this.seen = length - 1;
    this.most = 2 * length - 1;
    this.scores = scoresByDistance(turn, this.most);
    this.state = state(element.dataset.name!);
    this.home = { query: turn.looking, key: turn.at, stopped: false };
    this.places = this.home;
    const { name } = element.dataset;
    const slider = (which: 'query' | 'key', place: number, does: string) =>
      `<div class="slide"><label for="${name}-${which}">${wordHtml(turn.words[place])}, ${does} <span class="role ${which}">${which}</span></label><output for="${name}-${which}"></output><input id="${name}-${which}" data-which="${which}" type="range" min="0" max="${this.most}" step="1"></div>`;
    const role = (word: string) => `<span class="role ${word}">${word}</span>`;
    this.panel = fromHtml(
      `<div class="turning"><p class="part">Turn the dials yourself: move the two words along a text</p>${slider('query', turn.looking, 'which looks:')}${slider('key', turn.at, 'looked at:')}<div class="row"><button type="button" class="quiet" data-both="-1">Both one back</button><button type="button" class="quiet" data-both="1">Both one on</button><button type="button" class="quiet" data-stop aria-pressed="false">Stop the dials</button></div><p class="key">${handsKey(role)}</p><div class="dials-now"></div><p class="reading"></p><div class="curve-now"></div><p class="key">The line: the score of the two at every distance. ${escapeHtml(model)} reads ${length} places at most, the start among them, so no two it ever met lie more than ${length - 1} apart.</p></div>`,
    );
    this.sliders = {
      query: this.panel.querySelector<HTMLInputElement>('[data-which=query]')!,
      key: this.panel.querySelector<HTMLInputElement>('[data-which=key]')!,
    };
    this.reset = resetButton(() => {
      this.set(this.home);
      this.sliders.query.focus();
    });
  }

  start() {
    const { panel, element } = this;
    panel.querySelector('.row')!.append(this.reset);
    element.querySelector('.picture')!.after(panel);
    panel.addEventListener('input', (event) => {
      const { which } = (event.target as HTMLElement).dataset;
      const value = Number((event.target as HTMLInputElement).value);
      // A word sees only what came before it, so one pushes the other along.
      if (which === 'query') this.set({ ...this.places, query: value, key: Math.min(value, this.places.key) });
      if (which === 'key') this.set({ ...this.places, key: value, query: Math.max(value, this.places.query) });
    });
    panel.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('button');
      if (button?.dataset.stop !== undefined) this.set({ ...this.places, stopped: !this.places.stopped });
      if (button?.dataset.both !== undefined) this.moveBoth(Number(button.dataset.both));
    });
    const { query, key, stopped } = this.state.read();
    const read = { query: Number(query ?? Number.NaN), key: Number(key ?? Number.NaN) };
    const valid = (place: number) => Number.isInteger(place) && place >= 0 && place <= this.most;
    if (valid(read.query) && valid(read.key) && read.key <= read.query)
      this.places = { ...read, stopped: stopped === 'yes' };
    this.draw(this.reading(this.places));
  }

  private moveBoth(by: number) {
    const { query, key } = this.places;
    if (key + by < 0 || query + by > this.most) return;
    this.set({ ...this.places, query: query + by, key: key + by });
  }

  private set(places: Places) {
    const before = this.places;
    this.places = places;
    this.draw(this.reading(before));
    const { query, key, stopped } = places;
    const isHome = query === this.home.query && key === this.home.key && !stopped;
    if (isHome) this.state.clear();
    else this.state.write({ query: String(query), key: String(key), stopped: stopped ? 'yes' : '' });
    announce(this.element, this.reading(before));
  }

  /** What came of the last move, in a sentence. */
  private reading(before: Places): string {
    const { query, key, stopped } = this.places;
    const apart = query - key;
    const score = saySigned(this.scores[stopped ? 0 : apart], 2);
    const places = apart === 1 ? '1 place' : `${apart} places`;
    if (stopped) return `${places} apart, dials stopped: the score is ${score}, and would be at any other distance.`;
    const far = apart > this.seen ? ' No text in training was so long.' : '';
    const moved = before.query !== query;
    if (moved && before.query - before.key === apart && !before.stopped) {
      return `Both moved and are still ${places} apart: the score stays ${score}.${far}`;
    }
    return `${places} apart: the score is ${score}.${far}`;
  }

  private draw(reading: string) {
    const { places, turn, panel, sliders, seen } = this;
    // Read before anything is written, so that the page is laid out once.
    const width = panel.clientWidth > 560 ? 640 : 288;
    for (const which of ['query', 'key'] as const) {
      sliders[which].value = String(places[which]);
      panel.querySelector(`output[for="${sliders[which].id}"]`)!.textContent = `place ${places[which]}`;
    }
    panel.querySelector('[data-stop]')!.setAttribute('aria-pressed', String(places.stopped));
    panel.querySelector('.dials-now')!.innerHTML = dialsHtml(turn, places);
    const name = this.element.dataset.name!;
    panel.querySelector('.curve-now')!.innerHTML = curveHtml(this.scores, places, { seen, width, name });
    panel.querySelector('.reading')!.textContent = reading;
    const { query, key, stopped } = this.home;
    this.reset.hidden = places.query === query && places.key === key && places.stopped === stopped;
  }
}

function wordHtml(word: string): string {
  return word === START ? 'The start' : `<i>${escapeHtml(word)}</i>`;
}
