/**
 * Moments of a training under a slider. The printed text needs nothing: its numbers at all moments are in the figure's JSON.
 * For a reader's own words the models are fetched one by one, as they are reached, with their neighbours ahead.
 */
import type { FigureData } from '../../figures/figure-data.ts';
import { type Look, looksOf, momentsData, readLook, sayMoment } from '../../figures/moments-data.ts';
import type { MomentFacts } from '../../figures/moments-list.ts';
import { momentHtml, momentsAxes, momentsGridHtml, sliderPlaces } from '../../figures/moments-picture.ts';
import { wholePercents, withPercentSign } from '../../figures/numbers.ts';
import { called, peakOf } from '../../figures/pattern.ts';
import { START } from '../../figures/text.ts';
import type { World } from '../../figures/world.ts';
import { openModel } from '../../model/open.ts';
import { openWorld } from '../engine.ts';
import { announce, fetchBytes, figureJson, fromHtml, resetButton, state } from '../island.ts';
import { canRead, OwnWords, ownWordsLabel } from '../own-words.ts';
import { sayAgain } from '../said-again.ts';

const FOLDER = `${import.meta.env.BASE_URL.replace(/\/$/, '')}/model/moments`;

interface Detail {
  text: string;
  layer: number;
  head: number;
  next: number;
  moments: MomentFacts[];
}

/** A reader's text, and what has been computed of it. */
interface Own {
  text: string;
  ids: number[];
  words: string[];
  looks: (Look | undefined)[];
}

/** @throws Error when the figure's numbers cannot be fetched */
export async function bringToLife(element: HTMLElement): Promise<void> {
  await new LiveMoments(element, await figureJson(element)).start();
}

/** The models of the moments, each fetched once for all figures of a page. */
const worlds = new Map<string, Promise<World>>();

function openMoment({ file }: MomentFacts): Promise<World> {
  const known = worlds.get(file);
  if (known) return known;
  const opened = Promise.all([openWorld(), fetchBytes(`${FOLDER}/${file}`)]).then(([world, bytes]) =>
    world.with(openModel(bytes)),
  );
  worlds.set(file, opened);
  opened.catch(() => worlds.delete(file));
  return opened;
}

class LiveMoments {
  private readonly element: HTMLElement;
  private readonly home: FigureData;
  private readonly detail: Detail;
  private readonly state: ReturnType<typeof state>;
  private readonly slider: HTMLInputElement;
  private readonly toggle: HTMLButtonElement;
  private readonly above: HTMLElement;
  private readonly note: HTMLElement;
  private readonly reset: HTMLButtonElement;
  private field: OwnWords | undefined;
  private own: Own | undefined;
  private chosen: number;

  constructor(element: HTMLElement, home: FigureData) {
    this.element = element;
    this.home = home;
    this.detail = home.detail as unknown as Detail;
    this.state = state(home.name);
    this.chosen = this.last;
    this.slider = fromHtml<HTMLInputElement>(
      `<input type="range" class="moments-slider" min="0" max="${this.last}" step="1" value="${this.last}" aria-label="Moment of the training">`,
    );
    this.toggle = fromHtml<HTMLButtonElement>(
      `<button type="button" class="quiet try" aria-expanded="false" aria-controls="${home.name}-your-words">Try your own words</button>`,
    );
    this.above = fromHtml(`<div class="your-words" id="${home.name}-your-words" hidden></div>`);
    this.note = fromHtml('<p class="unknown" role="status"></p>');
    this.reset = resetButton(() => this.undoAll());
  }

  private get last(): number {
    return this.detail.moments.length - 1;
  }

  async start() {
    const { element, slider, toggle, above, note, reset } = this;
    const picture = element.querySelector<HTMLElement>('.picture')!;
    picture.before(above);
    picture.querySelector('.moment')!.after(slider, note);
    const hint = fromHtml('<span class="hint">Move the slider, or touch a column.</span>');
    element.querySelector('.fig-foot')!.prepend(hint, toggle, reset);
    slider.addEventListener('input', () => this.choose(slider.valueAsNumber));
    toggle.addEventListener('click', () => void this.toggleWords());
    element.addEventListener('click', (event) => {
      const column = (event.target as Element).closest<SVGElement>('[data-moment]');
      if (column) this.choose(Number(column.dataset.moment));
    });
    const { at, text } = this.state.read();
    const i = this.detail.moments.findIndex(({ step }) => String(step) === at);
    if (i >= 0) this.chosen = i;
    this.drawWords();
    if (text) await this.toggleWords(text);
  }

  // What a reader does.

  private choose(i: number) {
    if (i === this.chosen) return;
    this.chosen = i;
    this.draw();
    this.keep();
    this.say();
    void this.fetchAround();
  }

  private async toggleWords(text?: string) {
    const { above, toggle, home } = this;
    if (!this.field) {
      const world = await openWorld();
      const label = `${ownWordsLabel(world)}. The last one looks.`;
      this.field = new OwnWords(`${home.name}-words`, label, world, (typed) => void this.read(typed));
      this.field.show(this.detail.text);
      above.append(this.field.element);
    }
    const open = above.hidden === true;
    above.hidden = !open;
    toggle.setAttribute('aria-expanded', String(open));
    toggle.textContent = open ? 'Close' : 'Try your own words';
    if (!open) return;
    if (text === undefined) {
      this.field.field.input.focus();
      return;
    }
    if (!canRead(text, await openWorld())) return;
    this.field.show(text);
    await this.read(text);
  }

  private async read(text: string) {
    const { ids, words } = (await openWorld()).model.tokenizer.encode(text);
    const same = text.trim() === this.detail.text;
    const looks = this.detail.moments.map(() => undefined);
    this.own = same ? undefined : { text, ids, words: [START, ...words], looks };
    this.drawWords();
    this.keep();
    await this.fetchAround();
    this.say();
  }

  private undoAll() {
    this.own = undefined;
    this.chosen = this.last;
    this.field?.show(this.detail.text);
    this.note.textContent = '';
    this.drawWords();
    this.state.clear();
    this.slider.focus();
    this.say();
  }

  // Models.

  /** The chosen moment first, then those beside it; what has been fetched for another text is at hand at once. */
  private async fetchAround() {
    const { own, chosen, last } = this;
    if (!own) return;
    const at = [chosen, chosen + 1, chosen - 1].filter((i) => i >= 0 && i <= last);
    const fetched = this.detail.moments.flatMap(({ file }, i) => (worlds.has(file) && !at.includes(i) ? [i] : []));
    for (const i of [...at, ...fetched]) {
      if (own.looks[i]) continue;
      try {
        const world = await openMoment(this.detail.moments[i]);
        if (own !== this.own) return;
        own.looks[i] = await readLook(own.ids, this.detail, world);
        this.note.textContent = '';
        this.drawWords();
      } catch (error) {
        if (i !== this.chosen) continue;
        this.note.textContent = `This moment could not be fetched: ${error instanceof Error ? error.message : error}. Move the slider to try again.`;
      }
    }
  }

  // What is shown.

  private get data(): FigureData {
    const { own, home, detail } = this;
    if (!own) return home;
    const { layer, head, moments, next } = detail;
    const ask = { title: home.title, caption: home.caption, text: own.text, next };
    const model = home.series[0].source.split(',')[0];
    return momentsData(ask, { words: own.words, layer, head, moments, looks: own.looks }, model, home.name);
  }

  /** What depends on the words: how to read the picture, its sentence, its table, and where the slider lies. */
  private drawWords() {
    const { element, slider, data } = this;
    element.querySelector('.picture > .axes')!.replaceWith(fromHtml(momentsAxes(data)));
    sayAgain(element, data);
    for (const [name, [from, way]] of Object.entries(sliderPlaces(data))) {
      slider.style.setProperty(`--${name}-from`, String(from));
      slider.style.setProperty(`--${name}-way`, String(way));
    }
    this.draw();
  }

  /** What depends on the moment. */
  private draw() {
    const { element, chosen, slider, detail, data, own } = this;
    element.querySelector('.moment')!.innerHTML = momentHtml(data, { chosen });
    element.querySelector('.grid')!.innerHTML = momentsGridHtml(data, { chosen, alive: true });
    slider.value = String(chosen);
    slider.setAttribute('aria-valuetext', sayMoment(detail.moments, chosen));
    this.reset.hidden = !own && chosen === this.last;
  }

  private keep() {
    const { chosen, own, detail } = this;
    const at = chosen === this.last ? '' : String(detail.moments[chosen].step);
    this.state.write({ at, text: own?.text ?? '' });
  }

  private say() {
    const { words, moments, looks } = looksOf(this.data);
    const look = looks[this.chosen];
    if (!look) return;
    const looking = words.length - 1;
    const peak = peakOf(look.weights);
    const at = called(words, peak, looking).replaceAll('*', '');
    const percent = withPercentSign(wholePercents(look.weights)[peak]);
    const when = sayMoment(moments, this.chosen);
    announce(
      this.element,
      `${when[0].toUpperCase()}${when.slice(1)}: ${words[looking]} looks most at ${at}, ${percent}.`,
    );
  }
}
