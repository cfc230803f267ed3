/** Tells the style sheet how tall a figure is, so that it can stay in view with its foot when it is taller than the screen. */

export class FigureBeside extends HTMLElement {
  private readonly sizes = new ResizeObserver(([{ target }]) => {
    (target as HTMLElement).style.setProperty('--tall', `${Math.ceil((target as HTMLElement).offsetHeight)}px`);
  });

  connectedCallback() {
    const figure = this.querySelector(':scope > .figure-frame');
    if (figure) this.sizes.observe(figure);
  }

  disconnectedCallback() {
    this.sizes.disconnect();
  }
}

customElements.define('figure-beside', FigureBeside);
