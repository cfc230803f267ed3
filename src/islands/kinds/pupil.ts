/**
 * A small model that learns while one watches: the training of the figure, run again in a worker of this page. The same seed
 * gives the same numbers as the figure shows; another gives a model that may do it differently.
 */
import trainingModule from 'wasm:training';
import { plain } from '../../attention/plain.ts';
import type { FigureData } from '../../figures/figure-data.ts';
import { readLook } from '../../figures/moments-data.ts';
import { pupilData } from '../../figures/pupil-data.ts';
import { pupilCurveHtml, pupilLookHtml } from '../../figures/pupil-picture.ts';
import { measurePupil, moveAdjective, newPupil, type PupilPoint, pupilModel } from '../../figures/pupil-training.ts';
import { escapeHtml, plainText, START } from '../../figures/text.ts';
import { createWorld } from '../../figures/world.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';
import type { PupilNews, PupilReport, PupilTask } from '../pupil-worker.ts';
import { badgeAgain, sayAgain } from '../said-again.ts';

/** Sentence and table follow the picture at every so many reports, and whenever it rests: faster, nobody could read them. */
const SELDOM = 10;
const MOST_SEED = 999;
/** From one report to the next in ms, at least: three seconds or so for the whole, slow enough to watch. */
const PACE = 40;

/** @throws Error when the figure's numbers cannot be fetched */
export async function bringToLife(element: HTMLElement): Promise<void> {
  await new LivePupil(element, await figureJson(element)).start();
}

class LivePupil {
  private readonly element: HTMLElement;
  private readonly home: FigureData;
  private readonly homeText: string;
  private readonly homeSeed: number;
  private readonly steps: number;
  private readonly state: ReturnType<typeof state>;
  private readonly go: HTMLButtonElement;
  private readonly other: HTMLButtonElement;
  private readonly move: HTMLButtonElement;
  private readonly reset: HTMLButtonElement;
  private readonly ran: HTMLElement;
  private text: string;
  private seed: number;
  private worker: Worker | undefined;
  private paused = false;
  private curve: PupilPoint[] = [];
  private latest: PupilReport | undefined;
  private asked = 0;
  private drawing = false;

  constructor(element: HTMLElement, home: FigureData) {
    this.element = element;
    this.home = home;
    const { sentence, seed, steps } = home.detail as { sentence: string; seed: number; steps: number };
    this.homeText = sentence;
    this.homeSeed = seed;
    this.steps = steps;
    this.text = sentence;
    this.seed = seed;
    this.state = state(home.name);
    const button = (label: string) =>
      fromHtml<HTMLButtonElement>(`<button type="button" class="quiet">${label}</button>`);
    this.go = button('Train it');
    this.other = button('With other random numbers');
    this.move = button('Move the adjective');
    this.reset = resetButton(() => void this.undoAll());
    this.ran = fromHtml('<p class="ran" role="status"></p>');
  }

  async start() {
    const { go, other, move, reset, ran } = this;
    const row = fromHtml('<div class="pupil-row"></div>');
    row.append(go, other, move, reset);
    this.element.querySelector('.picture')!.after(row, ran);
    go.classList.add('go');
    move.hidden = true;
    go.addEventListener('click', () => void this.goOrPause());
    other.addEventListener('click', () => void this.begin((this.seed % MOST_SEED) + 1));
    move.addEventListener('click', () => void this.moveIt());
    const asked = Number(this.state.read().seed);
    if (Number.isInteger(asked) && asked >= 1 && asked <= MOST_SEED && asked !== this.homeSeed) {
      this.seed = asked;
      this.startOver();
      await this.draw(true);
    }
    this.label();
  }

  // What a reader does.

  private async goOrPause() {
    if (!this.worker) return this.begin(this.seed);
    this.paused = !this.paused;
    if (!this.paused) this.more();
    this.label();
    await this.draw(true);
  }

  private async begin(seed: number) {
    this.stop();
    this.seed = seed;
    this.keep();
    this.startOver();
    await this.draw(true);
    const worker = new Worker(new URL('../pupil-worker.ts', import.meta.url), { type: 'module' });
    this.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<PupilNews>) => {
      if (worker === this.worker) void this.hear(data, worker);
    });
    worker.addEventListener('error', ({ message }) => {
      if (worker === this.worker) this.fail(message || 'its script did not load');
    });
    const kernels = new URL(trainingModule, location.href).href;
    worker.postMessage({ seed, steps: this.steps, kernels } satisfies PupilTask);
    this.label();
    announce(this.element, 'Training begins.');
  }

  private async moveIt() {
    this.text = moveAdjective(this.text);
    await this.draw(true);
    announce(this.element, plainText(this.data?.notice ?? ''));
  }

  private async undoAll() {
    this.stop();
    this.seed = this.homeSeed;
    this.text = this.homeText;
    this.curve = [];
    this.latest = undefined;
    this.state.clear();
    await this.draw(true);
    this.label();
    this.go.focus();
  }

  // The training.

  private startOver() {
    this.latest = undefined;
    this.curve = [measurePupil(newPupil(this.seed).averaged, 0)];
  }

  private async hear(news: PupilNews, worker: Worker) {
    if ('failed' in news) return this.fail(news.failed);
    this.latest = news;
    this.curve.push(news.point);
    const { step } = news.point;
    this.element.dispatchEvent(new CustomEvent('pupil-report', { detail: { ...news, step, seed: this.seed } }));
    const isLast = step >= this.steps;
    const isWhole = isLast || this.paused || (this.curve.length - 1) % SELDOM === 0;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (isLast) {
      this.stop();
      this.label();
      await this.draw(true);
      announce(this.element, `Training is done. ${plainText(this.data?.notice ?? '')}`);
      return;
    }
    if (isWhole || !isCalm) this.drawSoon(isWhole);
    this.label();
    await new Promise((resolve) => setTimeout(resolve, PACE - (performance.now() - this.asked)));
    if (worker === this.worker && !this.paused) this.more();
  }

  private more() {
    this.asked = performance.now();
    this.worker?.postMessage('more');
  }

  /** Before the next paint; reports that come faster than paints share one. */
  private drawSoon(whole: boolean) {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      void this.draw(whole);
    });
  }

  private fail(reason: string) {
    this.stop();
    this.label();
    this.ran.textContent = `The training stopped: ${reason}.`;
  }

  private stop() {
    this.worker?.terminate();
    this.worker = undefined;
    this.paused = false;
  }

  // What is shown.

  private data: FigureData | undefined;

  /** @param whole sentence, sources and table too */
  private async draw(whole: boolean) {
    const data = await this.compute();
    this.data = data;
    const find = (selector: string) => this.element.querySelector(selector)!;
    find('.look').innerHTML = pupilLookHtml(data);
    find('.course').innerHTML = pupilCurveHtml(data);
    if (!whole) return;
    badgeAgain(this.element, data);
    sayAgain(this.element, data);
  }

  private async compute(): Promise<FigureData> {
    const { seed, steps, text, home, curve, latest } = this;
    if (curve.length === 0) return home;
    const start = pupilModel(newPupil(seed).averaged);
    const world = createWorld({ model: start, attend: plain });
    const { ids, words } = start.tokenizer.encode(text);
    const place = { layer: 1, head: 1 };
    const before = await readLook(ids, place, world);
    const now = latest ? await readLook(ids, place, world.with(pupilModel(latest.averaged))) : before;
    const pupil = { words: [START, ...words], seed, steps, curve: [...curve], before, now };
    return pupilData({ title: home.title, caption: home.caption, sentence: text }, pupil, home.name);
  }

  private label() {
    const { worker, paused, latest, curve, steps, seed } = this;
    const isDone = latest !== undefined && latest.point.step >= steps;
    this.go.textContent = worker ? (paused ? 'Go on' : 'Pause') : curve.length > 1 ? 'Train it again' : 'Train it';
    this.move.hidden = !latest;
    this.reset.hidden = curve.length === 0;
    if (!latest) {
      this.ran.textContent = seed === this.homeSeed ? '' : `Seed ${seed}: these are its random numbers, untrained.`;
      return;
    }
    const { form, obstacle, worked, point } = latest;
    const by = form === 'wasm' ? 'WebAssembly' : 'plain TypeScript';
    const why = obstacle === '' ? '' : ` Why not WebAssembly: ${obstacle}.`;
    const seconds = (worked / 1000).toFixed(1);
    const html = `${isDone ? 'Trained' : `Step ${point.step} of ${steps}, computed`} in this page by ${by}, seed ${seed}${isDone ? `: ${steps} steps, ${seconds}\u00a0s of work, slowed down so that one can watch` : ''}.${why}`;
    // A region that is read aloud must not change with every report.
    if (isDone || paused || this.ran.textContent === '') this.ran.innerHTML = escapeHtml(html);
  }

  private keep() {
    this.state.write({ seed: this.seed === this.homeSeed ? '' : String(this.seed) });
  }
}
