/**
 * A figure that can come alive. This much is on the page from the start: it waits until the figure is near the screen, and
 * only then fetches the code of its kind, `kinds/KIND.ts`, with whatever that needs. Without it the figure stands as drawn.
 */

/** How far outside the screen a figure wakes up. */
const NEAR = '300px';

/** What a file in `kinds/` exports. */
interface LiveKind {
  /**
   * Gives a figure its controls.
   * @param element the `<live-figure>` around the figure as the server wrote it
   * @throws Error when something it needs cannot be fetched or read; the figure then stays as it stands
   */
  bringToLife(element: HTMLElement): Promise<void>;
}

const kinds = import.meta.glob<LiveKind>('./kinds/*.ts');

export class LiveFigure extends HTMLElement {
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
      const { bringToLife } = await kinds[`./kinds/${this.dataset.kind}.ts`]();
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
      // What was pressed is gone: the first control that came takes its place.
      [...this.querySelectorAll<HTMLElement>('figure button, figure input, figure select')]
        .find((control) => control.getClientRects().length > 0)
        ?.focus();
    });
    note.append('What makes this figure answer did not load, so it stays as it was printed. ', again);
    note.title = reason;
    foot?.before(note);
  }
}

customElements.define('live-figure', LiveFigure);
