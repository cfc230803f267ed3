/**
 * A figure of one head's attention that can come alive. This much is on the page from the start: it waits until the figure
 * is near the screen, and only then fetches the model and the code that redraws it. Without it the figure stands as drawn.
 */

/** How far outside the screen a figure wakes up. */
const NEAR = '300px';

export class AttentionFigure extends HTMLElement {
  connectedCallback() {
    if (this.dataset.state) return;
    this.dataset.state = 'asleep';
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        void this.wake();
      },
      { rootMargin: NEAR },
    );
    watch.observe(this);
  }

  private async wake() {
    this.dataset.state = 'waking';
    try {
      const { bringToLife } = await import('./alive.ts');
      await bringToLife(this);
      this.dataset.state = 'alive';
    } catch (error) {
      this.dataset.state = 'failed';
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** Says in place, without alarm, that the figure stays as printed, and offers to try again. */
  private say(reason: string) {
    const foot = this.querySelector('.fig-foot');
    const before = this.querySelector<HTMLElement>('.asleep');
    if (before) {
      // Some browsers never ask again for a script that once did not come.
      before.firstChild!.textContent = 'It still does not load; loading the page again may help. ';
      before.title = reason;
      return;
    }
    const note = Object.assign(document.createElement('p'), { className: 'asleep', role: 'status' });
    const again = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'quiet',
      textContent: 'Try again',
    });
    again.addEventListener('click', async () => {
      if (this.dataset.state === 'waking') return;
      await this.wake();
      if (this.dataset.state !== 'alive') return;
      note.remove();
      this.querySelector<HTMLElement>('.try')?.focus();
    });
    note.append('The model behind this figure did not load, so its words cannot be changed here. ', again);
    note.title = reason;
    foot?.before(note);
  }
}

customElements.define('attention-figure', AttentionFigure);
