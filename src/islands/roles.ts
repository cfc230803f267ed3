/**
 * Ties role words of the prose to the figure nearby: pointing at *query* frames the queries there, and pointing at a query
 * there frames the word. A press keeps the frames until the next one, or Escape. A word without such a figure stays plain.
 */
import { type Role, roleMarks } from '../figures/role-marks.ts';
import { announce, fromHtml } from './island.ts';

/** Room between a thing and its frame, in CSS pixels. */
const PAD = 3;

const roles = Object.keys(roleMarks) as Role[];
/** The word that was pressed, whose frames stay. */
let pressed: HTMLElement | undefined;
/** What is framed now. */
let lit: { role: Role; figure: HTMLElement; words: HTMLElement[] } | undefined;
const watch = new MutationObserver(() => lit && frame(lit.figure, lit.role));

const roleOf = (word: HTMLElement) => word.dataset.role as Role;
const rolesOfProse = () => [...document.querySelectorAll<HTMLElement>('.role[data-role]')];

/** The places of a role in a figure, as far as they are displayed. */
function placesOf(figure: HTMLElement, role: Role): DOMRect[] {
  const marks = [...figure.querySelectorAll(`.fig :is(${roleMarks[role]})`)];
  return marks.map((mark) => mark.getBoundingClientRect()).filter(({ width, height }) => width > 0 && height > 0);
}

/** The figure that shows the role and is nearest to the word, up or down the page. */
function figureFor(word: HTMLElement): HTMLElement | undefined {
  const here = word.getBoundingClientRect();
  const away = (figure: Element) => {
    const { top, bottom } = figure.getBoundingClientRect();
    return Math.max(top - here.bottom, here.top - bottom, 0);
  };
  return [...document.querySelectorAll<HTMLElement>('.figure-frame')]
    .filter((figure) => placesOf(figure, roleOf(word)).length > 0)
    .sort((a, b) => away(a) - away(b))[0];
}

function frame(figure: HTMLElement, role: Role) {
  figure.querySelector(':scope > .lit-frames')?.remove();
  const frames = fromHtml('<div class="lit-frames" aria-hidden="true"></div>');
  const origin = figure.getBoundingClientRect();
  for (const { left, top, width, height } of placesOf(figure, role)) {
    const one = fromHtml(`<span class="${role}"></span>`);
    one.style.cssText = `left:${left - origin.left - PAD}px;top:${top - origin.top - PAD}px;width:${width + 2 * PAD}px;height:${height + 2 * PAD}px`;
    frames.append(one);
  }
  figure.append(frames);
}

function clear() {
  watch.disconnect();
  lit?.figure.querySelector(':scope > .lit-frames')?.remove();
  for (const word of lit?.words ?? []) word.classList.remove('lit');
  lit = undefined;
}

/** @param words which words of the prose are framed; the figure's places are framed when `inFigure` says so */
function light(role: Role, figure: HTMLElement, words: HTMLElement[], inFigure: boolean) {
  clear();
  lit = { role, figure, words };
  for (const word of words) word.classList.add('lit');
  if (!inFigure) return;
  frame(figure, role);
  // An island may draw the figure anew.
  const drawn = figure.querySelector('.fig');
  if (drawn) watch.observe(drawn, { childList: true, subtree: true });
}

function lightFrom(word: HTMLElement) {
  const figure = figureFor(word);
  if (figure) light(roleOf(word), figure, [word], true);
}

/** Back to what a press has kept, or to nothing. */
function rest() {
  if (pressed) lightFrom(pressed);
  else clear();
}

function press(word: HTMLElement) {
  const before = pressed;
  release();
  if (before === word) return;
  pressed = word;
  word.setAttribute('aria-pressed', 'true');
  lightFrom(word);
  if (!lit) return;
  const title = lit.figure.querySelector('.title')?.textContent ?? 'nearby';
  const count = placesOf(lit.figure, lit.role).length;
  announce(
    lit.figure,
    `${count === 1 ? `One ${lit.role}` : `${count} places of ${lit.role}`} framed in the figure: ${title}`,
  );
}

function release() {
  pressed?.setAttribute('aria-pressed', 'false');
  pressed = undefined;
  clear();
}

/** The role at a point of a figure, and the words of the prose that it belongs to. */
function pointAt(figure: HTMLElement, x: number, y: number) {
  const role = roles.find((one) =>
    placesOf(figure, one).some((r) => x >= r.left && x <= r.right && y >= r.top && y <= r.bottom),
  );
  if (!role) return rest();
  const words = rolesOfProse().filter((word) => roleOf(word) === role && figureFor(word) === figure);
  if (words.length > 0) light(role, figure, words, pressed !== undefined && roleOf(pressed) === role);
}

const wordAt = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>('.role[data-role][tabindex]') : null;

for (const word of rolesOfProse()) {
  if (!figureFor(word)) continue;
  word.tabIndex = 0;
  word.setAttribute('role', 'button');
  word.setAttribute('aria-pressed', 'false');
}
document.addEventListener('pointerover', ({ target, clientX, clientY, pointerType }) => {
  if (pointerType === 'touch') return;
  const word = wordAt(target);
  const figure = target instanceof Element ? target.closest<HTMLElement>('.figure-frame') : null;
  if (word) lightFrom(word);
  else if (figure) pointAt(figure, clientX, clientY);
  else if (lit && !lit.words.some((one) => one.matches(':focus-visible'))) rest();
});
document.addEventListener('focusin', ({ target }) => {
  const word = wordAt(target);
  if (word?.matches(':focus-visible')) return lightFrom(word);
  const figure = target instanceof Element ? target.closest<HTMLElement>('.figure-frame') : null;
  if (!figure || !(target as Element).matches(':focus-visible')) return rest();
  const { left, top, width, height } = (target as Element).getBoundingClientRect();
  pointAt(figure, left + width / 2, top + height / 2);
});
document.addEventListener('click', ({ target, clientX, clientY }) => {
  const word = wordAt(target);
  if (word) return press(word);
  const figure = target instanceof Element ? target.closest<HTMLElement>('.figure-frame') : null;
  if (figure) pointAt(figure, clientX, clientY);
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') release();
  const word = wordAt(event.target);
  if (!word || (event.key !== 'Enter' && event.key !== ' ')) return;
  event.preventDefault();
  press(word);
});
addEventListener('resize', rest);
