/** An awake blend: a slider a word, which share out one whole, and the cloth that comes of it. */
import { rowOf, shareOut, withWeights } from '../../figures/blend-data.ts';
import { blendPicture } from '../../figures/blend-picture.ts';
import type { FigureData } from '../../figures/figure-data.ts';
import { saySigned, wholePercents, withPercentSign } from '../../figures/numbers.ts';
import { escapeHtml, inlineHtml } from '../../figures/text.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';
import { sayAgain } from '../said-again.ts';

/** Weights in the address are whole parts of this. */
const PARTS = 1000;

/**
 * Gives a figure of a blend its sliders. Values stay the model's; only weights change.
 * @throws Error when its numbers cannot be fetched
 */
export async function bringToLife(element: HTMLElement): Promise<void> {
  new LiveBlend(element, await figureJson(element)).start();
}

class LiveBlend {
  private readonly element: HTMLElement;
  private readonly home: FigureData;
  private readonly own: readonly number[];
  private weights: readonly number[];
  private readonly address: ReturnType<typeof state>;
  private readonly sliders: HTMLInputElement[];
  private readonly reset: HTMLButtonElement;
  private waiting = 0;

  constructor(element: HTMLElement, data: FigureData) {
    this.element = element;
    this.home = data;
    this.own = rowOf(data).weights;
    this.weights = this.own;
    this.address = state(data.name);
    const names = data.rows.slice(0, this.weights.length).map((row) => String(row[0]));
    this.sliders = names.map((name) =>
      fromHtml<HTMLInputElement>(
        `<input type="range" min="0" max="100" step="1" aria-label="Weight of ${escapeHtml(name)}">`,
      ),
    );
    this.reset = resetButton(() => this.undo());
    this.reset.textContent = 'Back to the model’s weights';
    element
      .querySelector('.fig-foot')!
      .prepend(fromHtml('<span class="hint">Move a weight; the others make room.</span>'), this.reset);
  }

  start() {
    this.read();
    this.placeSliders();
    this.draw();
    this.sliders.forEach((slider, j) => {
      slider.addEventListener('input', () => {
        this.weights = shareOut(this.weights, j, Number(slider.value) / 100);
        this.changed();
      });
    });
  }

  /** Sliders stand where the bars of the weights stood, and stay when the rest is drawn anew. */
  private placeSliders() {
    this.element.querySelectorAll('.mixing .looked .b').forEach((place, j) => {
      place.removeAttribute('aria-hidden');
      place.replaceChildren(this.sliders[j]);
    });
  }

  private undo() {
    this.weights = this.own;
    this.changed();
    // The button that was pressed goes away.
    this.sliders[0].focus({ preventScroll: true });
  }

  private get isMine() {
    return this.weights !== this.own;
  }

  /** Drawn once a frame, however often it changes. */
  private changed() {
    this.address.write(this.isMine ? { weights: this.weights.map((w) => Math.round(w * PARTS)).join('~') } : {});
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  private draw() {
    const { element, home, weights, isMine } = this;
    const data = isMine ? withWeights(home, [...weights]) : home;
    const fresh = fromHtml(blendPicture(data));
    const picture = element.querySelector('.picture')!;
    // The table stays, so that a slider that is held stays in the hand; its other cells take what is new.
    for (const part of ['.looked .n', '.cloth']) {
      const cells = fresh.querySelectorAll(`.mixing tbody ${part}`);
      picture.querySelectorAll(`.mixing tbody ${part}`).forEach((cell, k) => {
        cell.replaceWith(cells[k]);
      });
    }
    for (const part of ['.weave', '.leans']) picture.querySelector(part)!.replaceWith(fresh.querySelector(part)!);
    const percents = wholePercents(weights);
    this.sliders.forEach((slider, j) => {
      if (slider !== document.activeElement || Math.abs(Number(slider.value) - weights[j] * 100) > 0.5) {
        slider.value = String(percents[j]);
      }
      slider.setAttribute('aria-valuetext', withPercentSign(percents[j]));
    });
    sayAgain(element, data);
    element.querySelector('figcaption')!.innerHTML = isMine
      ? 'Your weights, the model’s own values. The files below hold the figure as it was printed.'
      : inlineHtml(home.caption);
    this.reset.hidden = !isMine;
    if (isMine) this.speak(data);
  }

  private speak(data: FigureData) {
    const c = data.columns.findIndex(({ id }) => id === 'likeness');
    const rows = data.rows.slice(0, this.weights.length);
    const most = rows.reduce((best, row) => ((row[c] as number) > (best[c] as number) ? row : best));
    announce(this.element, `The blend is now most like the value of ${most[0]}: ${saySigned(most[c] as number, 2)}.`);
  }

  private read() {
    const parts = (this.address.read().weights ?? '').split('~').map(Number);
    const whole = parts.reduce((sum, part) => sum + part, 0);
    if (parts.length !== this.weights.length || !parts.every((part) => part >= 0) || !(whole > 0)) return;
    this.weights = parts.map((part) => part / whole);
  }
}
