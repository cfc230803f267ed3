/** The buttons of a guess: what the reader chose is framed, what the numbers say is filled, and the answer opens. */

export class GuessThenSee extends HTMLElement {
  connectedCallback() {
    const choices = this.querySelector<HTMLElement>('.choices');
    const answer = this.querySelector<HTMLDetailsElement>('details.answer');
    if (!choices || !answer) return;
    choices.hidden = false;
    answer.hidden = true;
    choices.addEventListener('click', (event) => {
      const button = (event.target as Element).closest('button');
      if (button) this.show(button, choices, answer);
    });
  }

  private show(mine: HTMLButtonElement, choices: HTMLElement, answer: HTMLDetailsElement) {
    const who = this.dataset.who ?? '';
    let most = mine;
    for (const button of choices.querySelectorAll('button')) {
      const isMine = button === mine;
      const isMost = button.dataset.most !== undefined;
      if (isMost) most = button;
      button.classList.toggle('mine', isMine);
      button.classList.toggle('most', isMost);
      button.setAttribute('aria-pressed', String(isMine));
      button.querySelector('small')?.remove();
      const label = [isMine ? 'your guess' : '', isMost ? who : ''].filter(Boolean).join(', ');
      if (label) button.append(Object.assign(document.createElement('small'), { textContent: ` ${label}` }));
    }
    const verdict = this.querySelector<HTMLElement>('.verdict')!;
    verdict.hidden = false;
    verdict.replaceChildren(...this.verdict(mine, most, choices, who));
    this.dataset.chosen = '';
    answer.hidden = false;
    answer.open = true;
  }

  /** Names both numbers, whichever word was chosen. */
  private verdict(
    mine: HTMLButtonElement,
    most: HTMLButtonElement,
    choices: HTMLElement,
    who: string,
  ): (string | Node)[] {
    const word = (button: HTMLButtonElement) =>
      Object.assign(document.createElement('i'), { textContent: button.querySelector('.choice')?.textContent ?? '' });
    if (mine !== most) {
      return [
        'You said ',
        word(mine),
        `; ${who} gives it ${mine.dataset.said}. It gives the most to `,
        word(most),
        `: ${most.dataset.said}.`,
      ];
    }
    const rest = [...choices.querySelectorAll('button')].filter((button) => button !== most);
    const others = rest.flatMap((button, i) => [
      i === 0 ? '' : i === rest.length - 1 ? ' and ' : ', ',
      word(button),
      ` ${button.dataset.said}`,
    ]);
    return ['You said ', word(mine), `, and so does ${who}: it gives it ${mine.dataset.said}, and `, ...others, '.'];
  }
}

customElements.define('guess-then-see', GuessThenSee);
