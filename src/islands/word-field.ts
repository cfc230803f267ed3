/**
 * A field for a sentence in the model's words. While a word is typed it offers those that begin alike, and after a space
 * those the model itself thinks likeliest, in the order of their odds. Follows the ARIA pattern of an editable combobox
 * with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
import { oddsOfModel } from '../figures/odds.ts';
import type { World } from '../figures/world.ts';

/** How many words are offered at once. */
const OFFERED = 6;

export class WordField {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly list: HTMLUListElement;
  private readonly world: World;
  private readonly onWords: () => void;
  private active = -1;

  /** @param onWords is called after every change of the text */
  constructor(id: string, label: string, world: World, onWords: () => void) {
    this.world = world;
    this.onWords = onWords;
    this.element = document.createElement('div');
    this.element.className = 'word-field';
    this.element.innerHTML = `<label for="${id}"></label><div class="combo"><input id="${id}" type="text" role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="${id}-list" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" enterkeyhint="done"><ul id="${id}-list" role="listbox" hidden></ul></div>`;
    this.element.querySelector('label')!.textContent = label;
    this.input = this.element.querySelector('input')!;
    this.list = this.element.querySelector('ul')!;
    this.list.setAttribute('aria-label', `Words that ${world.model.name} knows`);
    this.input.addEventListener('input', () => {
      this.onWords();
      // The line below an empty field says what to do, and the list must not lie over it; the down arrow opens it.
      if (this.text.trim()) void this.offer();
      else this.close();
    });
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.input.addEventListener('blur', () => this.close());
    // A press on an option must not take the focus from the field.
    this.list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.list.addEventListener('click', (event) => {
      const option = (event.target as Element).closest<HTMLElement>('[role=option]');
      if (option) this.take(option.dataset.word!);
    });
  }

  get text(): string {
    return this.input.value;
  }

  set text(text: string) {
    this.input.value = text;
    this.close();
  }

  /** The word that is being typed, while it could still become one that the model knows. */
  get unfinished(): string | undefined {
    if (document.activeElement !== this.input || this.input.selectionStart !== this.text.length) return undefined;
    const word = this.typed();
    return word && this.world.model.tokenizer.vocabulary.some((known, id) => id > 0 && known.startsWith(word))
      ? word
      : undefined;
  }

  /** The letters before the caret that belong to one word. */
  private typed(): string {
    const caret = this.input.selectionStart ?? this.text.length;
    return /[^\s.]*$/.exec(this.text.slice(0, caret))![0].toLowerCase();
  }

  private async offer() {
    const caret = this.input.selectionStart ?? this.text.length;
    // Inside a text there is nothing to add.
    if (/^\S/.test(this.text.slice(caret))) return this.close();
    const typed = this.typed();
    const { tokenizer } = this.world.model;
    const before = tokenizer.encode(this.text.slice(0, caret - typed.length));
    // First things first: an unknown word is pointed out below the field, and the list must not lie over it.
    if (before.unknown.length > 0 || before.tooLong) return this.close();
    const odds = oddsOfModel(await this.world.run(before.ids), this.world);
    if (typed !== this.typed() || document.activeElement !== this.input) return;
    const known = tokenizer.vocabulary.slice(1).filter((word) => word.startsWith(typed));
    const words = known.sort((a, b) => (odds.get(b) ?? 0) - (odds.get(a) ?? 0) || (a < b ? -1 : 1)).slice(0, OFFERED);
    if (words.length === 0 || (words.length === 1 && words[0] === typed)) return this.close();
    this.list.replaceChildren(
      ...words.map((word, i) => {
        const option = document.createElement('li');
        option.id = `${this.list.id}-${i}`;
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', 'false');
        option.dataset.word = word;
        option.textContent = word;
        return option;
      }),
    );
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    this.choose(-1);
  }

  private close() {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.choose(-1);
  }

  private choose(index: number) {
    this.active = index;
    [...this.list.children].forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === index));
    });
    if (index < 0) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', `${this.list.id}-${index}`);
  }

  private key(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' && this.list.hidden) {
      event.preventDefault();
      void this.offer();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (this.list.hidden) return;
      event.preventDefault();
      const count = this.list.children.length + 1; // one step past the end is the field itself
      const step = event.key === 'ArrowDown' ? 1 : -1;
      this.choose(((this.active + 1 + step + count) % count) - 1);
    } else if (event.key === 'Enter' && this.active >= 0) {
      event.preventDefault();
      this.take((this.list.children[this.active] as HTMLElement).dataset.word!);
    } else if (event.key === 'Escape' && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  /** Puts a whole word in the place of its beginning. */
  private take(word: string) {
    const caret = this.input.selectionStart ?? this.text.length;
    const before = this.text.slice(0, caret - this.typed().length);
    const after = this.text.slice(caret);
    this.input.value = `${before}${before && !/\s$/.test(before) ? ' ' : ''}${word} ${after.trimStart()}`;
    const place = this.input.value.length - after.trimStart().length;
    this.input.setSelectionRange(place, place);
    this.input.focus();
    this.close();
    this.onWords();
  }

  /** Puts a known word in the place of an unknown one. */
  replace(unknown: string, known: string) {
    const escaped = unknown.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    this.input.value = this.text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu'), known);
    this.input.focus();
    this.input.setSelectionRange(this.text.length, this.text.length);
    this.close();
    this.onWords();
  }
}
