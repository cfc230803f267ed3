/** A field for the reader's own words with what a figure has to say about it: words the model never learned, too many words. */
import { escapeHtml } from '../figures/text.ts';
import type { World } from '../figures/world.ts';
import { WordField } from './word-field.ts';

/** Whether the model can read a text whole. */
export function canRead(text: string, { model }: World): boolean {
  const { words, unknown, tooLong } = model.tokenizer.encode(text);
  return words.length > 0 && unknown.length === 0 && !tooLong;
}

/** What a field for whole texts is called. */
export function ownWordsLabel({ model: { name, tokenizer } }: World): string {
  return `Your words, from the ${(tokenizer.vocabulary.length - 1).toLocaleString('en')} that ${name} knows`;
}

export class OwnWords {
  readonly element: HTMLElement;
  readonly field: WordField;
  private readonly world: World;
  private readonly said: HTMLElement;

  /**
   * @param id of the field, unique in the page
   * @param onText is called with every text that the model can read whole
   */
  constructor(id: string, label: string, world: World, onText: (text: string) => void) {
    this.world = world;
    this.field = new WordField(id, label, world, () => {
      if (this.judge()) onText(this.field.text);
    });
    this.element = document.createElement('div');
    this.element.className = 'own-words';
    this.said = document.createElement('div');
    this.said.className = 'unknown';
    this.said.setAttribute('role', 'status');
    this.said.addEventListener('click', (event) => {
      const offer = (event.target as Element).closest<HTMLElement>('[data-known]');
      if (offer) this.field.replace(offer.dataset.unknown!, offer.dataset.known!);
    });
    this.element.append(this.field.element, this.said);
  }

  /** Writes into the field as if nothing had been typed. */
  show(text: string) {
    this.field.text = text;
    this.tell('');
  }

  /** Whether the words can be read; says below the field why not. */
  private judge(): boolean {
    const { tokenizer, name } = this.world.model;
    const { words, unknown, tooLong } = tokenizer.encode(this.field.text);
    // A word that is still being typed is not yet unknown.
    const half = this.field.unfinished;
    const strangers = unknown.filter(({ word, index }) => !(word === half && index === words.length - 1));
    if (tooLong) {
      this.tell(
        `${name} reads at most ${tooLong.most} words at once, and these are ${tooLong.words}. The picture waits.`,
      );
    } else if (words.length === 0) this.tell('Type a word to begin with. The picture waits.');
    else {
      const isMark = (word: string) => !/[\p{L}\p{N}]/u.test(word);
      const marks = new Set(strangers.map(({ word }) => word).filter(isMark));
      const named = new Map(strangers.filter(({ word }) => !isMark(word)).map((stranger) => [stranger.word, stranger]));
      const said = [...named.values()].map(({ word, suggestions }) => {
        const offers = suggestions.map(
          (known) =>
            `<button type="button" class="quiet lang" data-unknown="${escapeHtml(word)}" data-known="${escapeHtml(known)}">${escapeHtml(known)}</button>`,
        );
        const nearest = offers.length > 0 ? ` Did you mean ${offers.join(' or ')}?` : '';
        return `<p>${escapeHtml(name)} never learned the word <i>${escapeHtml(word)}</i>, so the picture waits.${nearest}</p>`;
      });
      if (marks.size > 0) {
        const list = [...marks].map((mark) => `<i>${escapeHtml(mark)}</i>`).join(' ');
        said.push(
          `<p>${escapeHtml(name)} never learned to read ${list}, so the picture waits until ${marks.size > 1 ? 'they are' : 'it is'} left out.</p>`,
        );
      }
      this.tell(said.join(''));
    }
    return canRead(this.field.text, this.world);
  }

  /** Only what is new: the region is read aloud again with every writing. */
  private tell(html: string) {
    if (this.said.dataset.told === html) return;
    this.said.dataset.told = html;
    this.said.innerHTML = html;
  }
}
