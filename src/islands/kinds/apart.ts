/** The same word in two texts of the reader's own, step by step: a slider over the steps, or a press on a pair of hands. */
import { type Apart, apartData, readApart, type ShownLists, sayStage, stagesOf } from '../../figures/apart-data.ts';
import { fansHtml, goesOnHtml, listsHtml } from '../../figures/apart-picture.ts';
import type { FigureData } from '../../figures/figure-data.ts';
import { sayAngle } from '../../figures/numbers.ts';
import { escapeHtml, inlineHtml } from '../../figures/text.ts';
import type { World } from '../../figures/world.ts';
import { openWorld } from '../engine.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';
import { canRead, OwnWords } from '../own-words.ts';
import { sayAgain } from '../said-again.ts';

/** Words in one picture at most. */
const MOST = 3;

interface Asked {
  words: string[];
  texts: { say: string; text: string }[];
  shown: ShownLists;
}

/** @throws Error when the figure's numbers or the model cannot be fetched */
export async function bringToLife(element: HTMLElement): Promise<void> {
  const [data, world] = await Promise.all([figureJson(element), openWorld()]);
  await new LiveApart(element, data, world).start();
}

class LiveApart {
  private readonly element: HTMLElement;
  private readonly printed: FigureData;
  private readonly world: World;
  private readonly state: ReturnType<typeof state>;
  private readonly home: Asked;
  private readonly next: number;
  private readonly stages: string[];
  private readonly fields: OwnWords[];
  private readonly controls: HTMLElement;
  private readonly slider: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly select: HTMLSelectElement;
  private readonly reset: HTMLButtonElement;
  private asked: Asked;
  private apart!: Apart;
  private turn = 0;

  constructor(element: HTMLElement, printed: FigureData, world: World) {
    const { words, texts, shown, next } = printed.detail as unknown as Asked & { next: number };
    this.element = element;
    this.printed = printed;
    this.world = world;
    this.state = state(printed.name);
    this.home = { words, texts, shown };
    this.next = next;
    this.asked = this.home;
    this.stages = stagesOf(world.model.config.nLayers);
    const ids = [`${printed.name}-first`, `${printed.name}-second`];
    this.fields = texts.map(({ say }, k) => {
      const label =
        k === 0 ? `Your first text (whole line; at first: ${say})` : `Your second text (broken line; at first: ${say})`;
      return new OwnWords(ids[k], label, world, () => void this.changeTexts());
    });
    this.reset = resetButton(() => void this.goHome());
    this.slider = fromHtml(
      `<div class="step-slider"><label for="${printed.name}-step">Step by step</label><input id="${printed.name}-step" type="range" min="0" max="${this.stages.length - 1}" step="1"><output for="${printed.name}-step"></output></div>`,
    );
    this.input = this.slider.querySelector('input')!;
    this.controls = fromHtml(
      `<details class="engine"><summary>Your own two texts</summary><div class="two-texts"><label>The word to follow <select></select></label></div></details>`,
    );
    this.select = this.controls.querySelector('select')!;
    const box = this.controls.querySelector('.two-texts')!;
    box.prepend(...this.fields.map((field) => field.element));
  }

  async start() {
    const { element, slider, controls, reset, input, select } = this;
    element.querySelector('.picture')!.before(controls);
    element.querySelector('.apart-lists')!.before(slider);
    slider.append(reset);
    input.addEventListener('input', () => this.step(Number(input.value)));
    select.addEventListener('change', () => void this.follow(select.value));
    element.addEventListener('click', (event) => {
      const fan = (event.target as Element).closest<HTMLElement>('[data-fan]');
      if (!fan) return;
      const [word, stage] = fan.dataset.fan!.split(' ').map(Number);
      this.show({ word, stage });
      element.querySelector<HTMLElement>(`[data-fan="${word} ${stage}"]`)?.focus({ preventScroll: true });
    });
    await this.restore();
  }

  /** What the address asks for; whatever it asks in vain is as the lesson has it. */
  private async restore() {
    const kept = this.state.read();
    const { home } = this;
    const readable = (text: string | undefined, k: number) => {
      if (text === undefined || !canRead(text, this.world)) return home.texts[k];
      return { say: k === 0 ? 'first text' : 'second text', text };
    };
    const texts = [readable(kept.first, 0), readable(kept.second, 1)];
    const known = this.common(texts);
    const asked = kept.words?.split(' ').filter((word) => known.includes(word)) ?? [];
    const words = asked.length > 0 ? asked.slice(0, MOST) : home.words.filter((word) => known.includes(word));
    const stage =
      /^\d+$/.test(kept.step ?? '') && Number(kept.step) < this.stages.length ? Number(kept.step) : home.shown.stage;
    const word = Math.max(0, words.indexOf(kept.word ?? words[home.shown.word]));
    if (words.length > 0) this.asked = { words, texts, shown: { word, stage } };
    await this.compute();
    this.drawAll();
  }

  /** Words that stand in both texts, the last ones first: the farther on, the more a word has to gather. */
  private common(texts: readonly { text: string }[]): string[] {
    const [first, second] = texts.map(({ text }) => this.world.model.tokenizer.encode(text).words);
    return [...new Set([...first].reverse())].filter((word) => second.includes(word));
  }

  private async compute(): Promise<boolean> {
    const turn = ++this.turn;
    const apart = await readApart(this.asked, this.world);
    if (turn !== this.turn) return false;
    this.apart = apart;
    return true;
  }

  // What a reader does.

  private step(stage: number) {
    this.show({ ...this.asked.shown, stage });
  }

  private show(shown: ShownLists) {
    this.asked = { ...this.asked, shown };
    this.draw();
    this.say();
    this.keep();
  }

  private async follow(word: string) {
    await this.change({ ...this.asked, words: [word], shown: { ...this.asked.shown, word: 0 } });
  }

  private async changeTexts() {
    const typed = this.fields.map(({ field }) => field.text.trim());
    if (!typed.every((text) => canRead(text, this.world))) return;
    const texts = typed.map((text, k) => {
      if (text === this.home.texts[k].text) return this.home.texts[k];
      return { say: k === 0 ? 'first text' : 'second text', text };
    });
    const known = this.common(texts);
    const kept = this.asked.words.filter((word) => known.includes(word));
    const words = kept.length > 0 ? kept : known.slice(0, 1);
    if (words.length === 0) {
      announce(this.element, 'The two texts have no word in common, so the picture waits.');
      return;
    }
    const word = Math.min(this.asked.shown.word, words.length - 1);
    await this.change({ words, texts, shown: { ...this.asked.shown, word } });
  }

  private async change(asked: Asked) {
    this.asked = asked;
    if (!(await this.compute())) return;
    this.drawAll();
    this.say();
    this.keep();
  }

  private async goHome() {
    this.state.clear();
    this.asked = this.home;
    await this.compute();
    this.drawAll();
    announce(this.element, 'As it was at first.');
    this.input.focus();
  }

  private keep() {
    const { words, texts, shown } = this.asked;
    const { home } = this;
    this.state.write({
      first: texts[0].text === home.texts[0].text ? '' : texts[0].text,
      second: texts[1].text === home.texts[1].text ? '' : texts[1].text,
      words: words.join(' ') === home.words.join(' ') ? '' : words.join(' '),
      word: shown.word === 0 ? '' : words[shown.word],
      step: shown.stage === home.shown.stage ? '' : String(shown.stage),
    });
    this.reset.hidden = this.isHome;
  }

  private get isHome() {
    const { words, texts, shown } = this.asked;
    const { home } = this;
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    return same([words, texts, shown], [home.words, home.texts, home.shown]);
  }

  // Drawing.

  /** The figure again, and all of it that follows from the step alone. */
  private draw(): FigureData {
    const { title, caption, name } = this.printed;
    const { words, texts, shown } = this.asked;
    const ask = { title, caption, words, texts };
    const data = apartData(ask, this.apart, { next: this.next, shown }, this.world, name);
    this.element.querySelector('.apart-fans')!.innerHTML = fansHtml(data, true);
    this.element.querySelector('.apart-lists')!.innerHTML = listsHtml(data);
    const angle = sayAngle(this.apart.angles[shown.word][shown.stage]);
    const said = `${words[shown.word]} ${sayStage(this.stages[shown.stage])}: ${angle} apart`;
    this.input.value = String(shown.stage);
    this.input.setAttribute('aria-valuetext', said);
    this.slider.querySelector('output')!.innerHTML = inlineHtml(
      `*${words[shown.word]}* ${sayStage(this.stages[shown.stage])}: ${angle} apart`,
    );
    return data;
  }

  private drawAll() {
    const { element, asked } = this;
    const data = this.draw();
    element.querySelector('.apart-next')!.innerHTML = goesOnHtml(data);
    this.fields.forEach((field, k) => {
      if (document.activeElement !== field.field.input) field.show(asked.texts[k].text);
    });
    const known = this.common(asked.texts);
    this.select.innerHTML = known
      .map((word) => `<option${word === asked.words[asked.shown.word] ? ' selected' : ''}>${escapeHtml(word)}</option>`)
      .join('');
    sayAgain(element, data);
    const isMine = JSON.stringify(asked.texts) !== JSON.stringify(this.home.texts);
    element.querySelector('figcaption')!.innerHTML = isMine
      ? 'Your texts, read in this page by the same model. The files below hold the figure as it was printed.'
      : inlineHtml(this.printed.caption);
    this.reset.hidden = this.isHome;
  }

  private say() {
    const { words, shown } = this.asked;
    const angle = sayAngle(this.apart.angles[shown.word][shown.stage]);
    announce(this.element, `${words[shown.word]}, ${sayStage(this.stages[shown.stage])}: ${angle} apart.`);
  }
}
