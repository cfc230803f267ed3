/** Words to put together and take away: the bars show who still fits, from the parts of the crowd that the figure holds. */
import type { FigureData } from '../../figures/figure-data.ts';
import { noticeOfSteps } from '../../figures/narrowing-notice.ts';
import { type Crowd, missingFor, rowsOfPhrase, sayable, wordsOf } from '../../figures/narrowing-phrase.ts';
import { narrowingHtml } from '../../figures/narrowing-picture.ts';
import { sayBits, sayShare } from '../../figures/numbers.ts';
import { escapeHtml, inlineHtml } from '../../figures/text.ts';
import { announce, figureJson, fromHtml, resetButton, state } from '../island.ts';
import { sayAgain } from '../said-again.ts';

/** In the address, in the place of no words at all. */
const NONE = 'none';

/** @throws Error when the figure's numbers cannot be fetched */
export async function bringToLife(element: HTMLElement): Promise<void> {
  new LivePhrase(element, await figureJson(element)).start();
}

class LivePhrase {
  private readonly element: HTMLElement;
  private readonly printed: FigureData;
  private readonly noun: string;
  private readonly crowd: Crowd;
  /** All words there are to put in. */
  private readonly words: readonly string[];
  /** Those of the printed steps, in the order in which they come. */
  private readonly home: readonly string[];
  private readonly state: ReturnType<typeof state>;
  private readonly panel: HTMLElement;
  private readonly reset: HTMLButtonElement;
  /** The words that are said, in the order in which the reader put them in. */
  private said: readonly string[];

  constructor(element: HTMLElement, printed: FigureData) {
    const { noun, words, crowd, modifiers } = printed.detail as {
      noun: string;
      words: string[];
      crowd: Crowd;
      modifiers: string[][];
    };
    this.element = element;
    this.printed = printed;
    this.noun = noun;
    this.crowd = crowd;
    this.words = words;
    this.home = [...new Set(modifiers.flatMap(wordsOf))];
    this.said = this.home;
    this.state = state(printed.name);
    const chips = words.map(
      (word) =>
        `<button type="button" class="quiet chip-word lang" data-word="${escapeHtml(word)}">${escapeHtml(word)}</button>`,
    );
    this.panel = fromHtml(
      `<div class="phrase-words"><p class="part" id="${printed.name}-words">Put words in and take them out. Their order is the order in which you press them.</p><div class="chips" role="group" aria-labelledby="${printed.name}-words">${chips.join('')}</div><p class="lacks" role="status"></p><div class="row"><button type="button" class="quiet bare">Only <span class="lang">${escapeHtml(noun)}</span></button></div></div>`,
    );
    this.reset = resetButton(() => {
      this.state.clear();
      this.show(this.home);
      this.panel.querySelector<HTMLElement>('.bare')!.focus();
      announce(this.element, 'As printed.');
    });
    this.panel.querySelector('.row')!.append(this.reset);
  }

  start() {
    this.element.querySelector('.picture')!.after(this.panel);
    this.panel.addEventListener('click', (event) => {
      const target = event.target as Element;
      const word = target.closest<HTMLElement>('button[data-word]')?.dataset.word;
      if (word) this.press(word);
      else if (target.closest('.bare')) this.change([]);
    });
    const { words } = this.state.read();
    const kept = words === undefined ? this.home : words === NONE ? [] : words.split(',');
    this.show(sayable(kept.filter((word) => this.words.includes(word))));
  }

  private press(word: string) {
    if (this.said.includes(word)) return this.change(sayable(this.said.filter((other) => other !== word)), word);
    const missing = missingFor(word, this.said);
    if (missing !== undefined) return this.lack(`*${word}* needs ${missing} beside it.`);
    this.change([...this.said, word]);
  }

  /** Says why a word cannot be put in yet. */
  private lack(sentence: string) {
    this.panel.querySelector('.lacks')!.innerHTML = inlineHtml(
      sentence.replace(/[a-z]/, (letter) => letter.toUpperCase()),
    );
  }

  /** @param gone the word that a reader took out; others may have gone with it */
  private change(words: readonly string[], gone?: string) {
    const others = gone === undefined ? [] : this.said.filter((word) => word !== gone && !words.includes(word));
    this.show(words);
    if (others.length > 0) this.lack(`${others.map((word) => `*${word}*`).join(' and ')} went with *${gone}*.`);
    this.state.write({ words: this.isPrinted ? '' : words.join(',') || NONE });
    const [phrase, share, bits, added] = rowsOfPhrase(this.noun, this.crowd, words).at(-1)!;
    const left =
      bits === null
        ? 'nobody is left.'
        : `${sayShare(share as number)} still fit, ${sayBits(bits as number)} bits${words.length > 0 && gone === undefined ? `; ${words.at(-1)} brought ${sayBits(added as number)}` : ''}.`;
    announce(this.element, `${phrase}: ${left}`);
  }

  private get isPrinted() {
    return this.said.join() === this.home.join();
  }

  private show(words: readonly string[]) {
    const { element, panel, printed } = this;
    this.said = words;
    const rows = this.isPrinted ? printed.rows : rowsOfPhrase(this.noun, this.crowd, words);
    const data: FigureData = { ...printed, rows, notice: this.isPrinted ? printed.notice : noticeOfSteps(rows) };
    for (const button of panel.querySelectorAll<HTMLElement>('button[data-word]')) {
      const { word } = button.dataset;
      button.setAttribute('aria-pressed', String(words.includes(word!)));
      button.classList.toggle('waits', !words.includes(word!) && missingFor(word!, words) !== undefined);
    }
    panel.querySelector('.lacks')!.replaceChildren();
    this.reset.hidden = this.isPrinted;
    element.querySelector('.picture')!.replaceWith(fromHtml(narrowingHtml(data)));
    sayAgain(element, data);
    element.querySelector('figcaption')!.innerHTML = this.isPrinted
      ? inlineHtml(printed.caption)
      : 'Your words, counted exactly. The files below hold the figure as it was printed.';
  }
}
