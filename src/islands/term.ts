/**
 * Shows the plain meaning of a term beside it: on hover, on focus by keyboard, and at a tap. Escape closes it. The link to
 * the glossary stays what it is, except that a tap opens the meaning first, which holds the same link.
 */
import { fromHtml } from './island.ts';

/** So long a pointer rests on a term before its meaning shows, and so long it may take to move on to it. */
const REST = 150;
/** Distance from the word and from the edges of the page, in CSS pixels. */
const GAP = 6;
const EDGE = 16;

const meaning = fromHtml(
  '<div class="term-meaning" id="term-meaning" role="tooltip" popover="manual"><p class="plain"></p><p class="means"></p><a>In the glossary</a></div>',
);
let shown: HTMLAnchorElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** What a finger has just come down on, and whether its meaning was open then. */
let tapped: { term: HTMLAnchorElement; wasOpen: boolean } | undefined;

function show(term: HTMLAnchorElement) {
  clearTimeout(timer);
  if (shown === term) return;
  hide();
  shown = term;
  meaning.querySelector('.plain')!.innerHTML = term.dataset.plain!;
  meaning.querySelector('.means')!.innerHTML = term.dataset.means!;
  meaning.querySelector('a')!.href = term.href;
  if (!meaning.isConnected) document.body.append(meaning);
  term.classList.add('open');
  term.setAttribute('aria-describedby', meaning.id);
  meaning.showPopover();
  place(term);
}

/** Below the word where there is room, else above it, and always within the width of the page. */
function place(term: HTMLAnchorElement) {
  const word = term.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = meaning;
  const last = document.documentElement.clientWidth - width - EDGE;
  const below = word.bottom + GAP + height <= innerHeight || word.top - GAP - height < 0;
  meaning.style.left = `${scrollX + Math.max(EDGE, Math.min(word.left, last))}px`;
  meaning.style.top = `${scrollY + (below ? word.bottom + GAP : word.top - GAP - height)}px`;
}

function hide() {
  clearTimeout(timer);
  if (!shown) return;
  shown.classList.remove('open');
  shown.removeAttribute('aria-describedby');
  shown = undefined;
  meaning.hidePopover();
}

function later(what: () => void) {
  clearTimeout(timer);
  timer = setTimeout(what, REST);
}

const termAt = (target: EventTarget | null) =>
  target instanceof Element ? (target.closest<HTMLAnchorElement>('a.term') ?? undefined) : undefined;

document.addEventListener('pointerover', ({ target, pointerType }) => {
  if (pointerType === 'touch') return;
  const term = termAt(target);
  if (term) later(() => show(term));
  else if (target instanceof Node && meaning.contains(target)) clearTimeout(timer);
  // A term that holds the focus keeps its meaning open while the pointer is elsewhere.
  else if (shown && !shown.matches(':focus-visible')) later(hide);
  else clearTimeout(timer);
});
document.addEventListener('focusin', ({ target }) => {
  const term = termAt(target);
  if (term?.matches(':focus-visible')) show(term);
  else if (!(target instanceof Node && meaning.contains(target)) && term !== tapped?.term) hide();
});
document.addEventListener('focusout', ({ relatedTarget }) => {
  if (!relatedTarget) later(() => document.activeElement === document.body && !tapped && hide());
});
document.addEventListener('pointerdown', ({ target, pointerType }) => {
  const term = termAt(target);
  tapped = pointerType === 'touch' && term ? { term, wasOpen: term === shown } : undefined;
  if (!term && !(target instanceof Node && meaning.contains(target))) hide();
});
document.addEventListener('click', (event) => {
  if (!tapped || termAt(event.target) !== tapped.term) return;
  event.preventDefault();
  if (tapped.wasOpen) hide();
  else show(tapped.term);
});
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') hide();
});
addEventListener('resize', hide);
