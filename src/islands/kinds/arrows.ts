/** Awake arrows: every tip can be taken hold of, by mouse, finger or arrow keys, and a dial sets the temperature. */
import {
  type Arrow,
  type Arrows,
  arrowsData,
  arrowsOf,
  FARTHEST,
  sayTemperature,
  weigh,
} from '../../figures/arrows-data.ts';
import { moveGrip, planeMarks, planeSvg, REACH, weighingHtml } from '../../figures/arrows-picture.ts';
import type { FigureData } from '../../figures/figure-data.ts';
import { saySigned, wholePercents, withPercentSign } from '../../figures/numbers.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';
import { sayAgain } from '../said-again.ts';

/** What one press of an arrow key does: degrees turned, length gained. */
const TURN = 5;
const STRETCH = 0.1;

/**
 * Gives a figure of arrows its grips and its dial.
 * @throws Error when its numbers cannot be fetched
 */
export async function bringToLife(element: HTMLElement): Promise<void> {
  new LiveArrows(element, await figureJson(element)).start();
}

class LiveArrows {
  private readonly element: HTMLElement;
  private readonly home: FigureData;
  private arrows: Arrows;
  private readonly address: ReturnType<typeof state>;
  private readonly plane: SVGSVGElement;
  private readonly dial: HTMLInputElement;
  private readonly said: HTMLOutputElement;
  private readonly reset: HTMLButtonElement;
  private waiting = 0;

  constructor(element: HTMLElement, data: FigureData) {
    this.element = element;
    this.home = data;
    this.arrows = arrowsOf(data);
    this.address = state(data.name);
    this.plane = fromHtml<SVGSVGElement>(planeSvg(this.arrows, true));
    const controls = fromHtml(
      `<div class="dial"><label for="${data.name}-temperature">Temperature</label><input id="${data.name}-temperature" type="range" min="0.1" max="4" step="0.1"><output for="${data.name}-temperature"></output><span class="soft">1 is what models use here</span></div>`,
    );
    this.dial = controls.querySelector('input')!;
    this.said = controls.querySelector('output')!;
    this.reset = resetButton(() => this.undo());
    element.querySelector('svg.plane')!.replaceWith(this.plane);
    element.querySelector('.picture')!.after(controls);
    const hint = fromHtml(
      '<span class="hint"><span class="by-mouse">Drag a tip, or turn and lengthen it by the arrow keys.</span><span class="by-touch">Drag a tip.</span></span>',
    );
    element.querySelector('.fig-foot')!.prepend(hint, this.reset);
  }

  start() {
    this.read();
    this.draw();
    this.grips.forEach((grip, k) => {
      grip.addEventListener('pointerdown', (event) => this.take(event as PointerEvent, k));
      grip.addEventListener('keydown', (event) => this.key(event as KeyboardEvent, k));
    });
    this.dial.addEventListener('input', () => {
      this.arrows = { ...this.arrows, temperature: Number(this.dial.value) };
      this.changed();
    });
  }

  /** In the order of the table, the query first. */
  private get grips(): Element[] {
    return [...this.plane.querySelectorAll('.grip')];
  }

  /** The arrow of a grip: 0 is the query's, then the keys'. */
  private list(k: number): Arrow {
    return k === 0 ? this.arrows.query : this.arrows.keys[k - 1].list;
  }

  private move(k: number, across: number, up: number) {
    const long = Math.max(1, Math.hypot(across, up) / FARTHEST);
    const list: Arrow = [hundredth(across / long), hundredth(up / long)];
    const { arrows } = this;
    this.arrows =
      k === 0
        ? { ...arrows, query: list }
        : { ...arrows, keys: arrows.keys.map((key, at) => (at === k - 1 ? { ...key, list } : key)) };
    this.changed();
  }

  private take(event: PointerEvent, k: number) {
    if (event.button !== 0) return;
    const grip = event.currentTarget as SVGElement;
    grip.setPointerCapture(event.pointerId);
    grip.focus({ preventScroll: true });
    event.preventDefault();
    const drag = (to: PointerEvent) => {
      const box = this.plane.getBoundingClientRect();
      const unit = box.width / (2 * REACH);
      this.move(k, (to.clientX - box.left) / unit - REACH, REACH - (to.clientY - box.top) / unit);
    };
    const letGo = () => {
      grip.removeEventListener('pointermove', drag);
      grip.removeEventListener('pointerup', letGo);
      grip.removeEventListener('pointercancel', letGo);
    };
    grip.addEventListener('pointermove', drag);
    grip.addEventListener('pointerup', letGo);
    grip.addEventListener('pointercancel', letGo);
  }

  private key(event: KeyboardEvent, k: number) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const change = {
      ArrowLeft: [TURN, 0],
      ArrowRight: [-TURN, 0],
      ArrowUp: [0, STRETCH],
      ArrowDown: [0, -STRETCH],
    }[event.key];
    if (!change) return;
    event.preventDefault();
    const [across, up] = this.list(k);
    const angle = Math.atan2(up, across) + (change[0] / 180) * Math.PI;
    const length = Math.max(0.1, Math.hypot(across, up) + change[1]);
    this.move(k, length * Math.cos(angle), length * Math.sin(angle));
  }

  private undo() {
    this.arrows = arrowsOf(this.home);
    this.changed();
    // The button that was pressed goes away.
    this.dial.focus({ preventScroll: true });
  }

  /** Drawn once a frame, however often it changes. */
  private changed() {
    this.write();
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.draw());
    const { keys } = this.arrows;
    const { scores, weights } = weigh(this.arrows);
    const percents = wholePercents(weights);
    const most = weights.indexOf(Math.max(...weights));
    announce(
      this.element,
      `Most weight: ${keys[most].word}, ${withPercentSign(percents[most])}, with a dot product of ${saySigned(scores[most], 2)}.`,
    );
  }

  private draw() {
    const { arrows, element, home } = this;
    const data = arrowsData(home, arrows, home.name);
    this.plane.querySelector('.drawn')!.innerHTML = planeMarks(arrows);
    this.grips.forEach((grip, k) => {
      moveGrip(grip, this.list(k));
    });
    element.querySelector('.weigh > .scroll')!.innerHTML = fromHtml(weighingHtml(arrows)).innerHTML;
    sayAgain(element, data);
    this.dial.value = String(arrows.temperature);
    this.said.textContent = sayTemperature(arrows.temperature);
    this.reset.hidden = Object.keys(this.values()).length === 0;
  }

  // What stands in the address: only what differs from the lesson's own.

  private values(): Record<string, string> {
    const home = arrowsOf(this.home);
    const values: Record<string, string> = {};
    const { query, keys, temperature } = this.arrows;
    if (String(query) !== String(home.query)) values.query = query.join('~');
    keys.forEach(({ list }, k) => {
      if (String(list) !== String(home.keys[k].list)) values[`key${k + 1}`] = list.join('~');
    });
    if (temperature !== home.temperature) values.temperature = String(temperature);
    return values;
  }

  private write() {
    this.address.write(this.values());
  }

  private read() {
    const values = this.address.read();
    const list = (text: string | undefined, otherwise: Arrow): Arrow => {
      const [across, up] = (text ?? '').split('~').map((part) => (part === '' ? Number.NaN : Number(part)));
      const fits = Math.hypot(across, up) <= FARTHEST + 0.01;
      return fits ? [across, up] : otherwise;
    };
    const { arrows } = this;
    const temperature = Number(values.temperature ?? arrows.temperature);
    this.arrows = {
      ...arrows,
      query: list(values.query, arrows.query),
      keys: arrows.keys.map((key, k) => ({ ...key, list: list(values[`key${k + 1}`], key.list) })),
      temperature: temperature >= 0.1 && temperature <= 4 ? temperature : arrows.temperature,
    };
  }
}

const hundredth = (x: number) => Math.round(x * 100) / 100 + 0;
