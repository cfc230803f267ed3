/** What islands share: a figure's numbers, the state kept in the address, speech, and small pieces of HTML. */
import type { FigureData } from '../figures/figure-data.ts';

const figures = new Map<string, Promise<FigureData>>();

/**
 * The numbers of a figure, as its JSON download holds them; fetched once.
 * @param element a `<live-figure>`, or any element whose `data-json` is the address of the download
 * @throws Error when the file cannot be fetched; the next call tries again
 */
export function figureJson(element: HTMLElement): Promise<FigureData> {
  const address = element.dataset.json!;
  const known = figures.get(address);
  if (known) return known;
  const fetched = fetchBytes(address).then((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as FigureData);
  figures.set(address, fetched);
  fetched.catch(() => figures.delete(address));
  return fetched;
}

/** @throws Error when the server does not answer with the file */
export async function fetchBytes(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.arrayBuffer();
}

/** Browsers stop a page that changes its address too often: changes that come close together are written as one. */
const REST = 200;
const pending = new Map<string, Record<string, string>>();
let writing: ReturnType<typeof setTimeout> | undefined;

export interface IslandState {
  /** What stands in the address under this figure's name. */
  read(): Record<string, string>;
  /** Replaces all of it; a value of '' is left out. */
  write(values: Record<string, string>): void;
  clear(): void;
}

/**
 * A figure's state in the query string of the page, as `name.key=value`, so that a copied address shows the same picture.
 * What other figures keep there, and the hash, stay as they are; no step is added to the history.
 * @param name the figure's name, unique in its page
 */
export function state(name: string): IslandState {
  const write = (values: Record<string, string>) => {
    pending.set(name, values);
    clearTimeout(writing);
    writing = setTimeout(writeAll, REST);
  };
  return {
    read: () => pending.get(name) ?? readState(new URL(location.href), name),
    write,
    clear: () => write({}),
  };
}

/** @returns the values that an address holds for one figure, by key */
export function readState(address: URL, name: string): Record<string, string> {
  const mine = [...address.searchParams].filter(([key]) => key.startsWith(`${name}.`));
  return Object.fromEntries(mine.map(([key, value]) => [key.slice(name.length + 1), value]));
}

/** Puts one figure's values into an address, in the place of those it held before. */
export function writeState(address: URL, name: string, values: Record<string, string>): void {
  for (const key of Object.keys(readState(address, name))) address.searchParams.delete(`${name}.${key}`);
  for (const [key, value] of Object.entries(values)) {
    if (value !== '') address.searchParams.set(`${name}.${key}`, value);
  }
}

function writeAll() {
  clearTimeout(writing);
  if (pending.size === 0) return;
  const address = new URL(location.href);
  for (const [name, values] of pending) writeState(address, name, values);
  pending.clear();
  if (address.href !== location.href) history.replaceState(history.state, '', address);
}

// Whoever goes for a link has the address that belongs to what is shown.
if (typeof addEventListener === 'function') {
  for (const event of ['pointerdown', 'focusin', 'pagehide']) addEventListener(event, writeAll, { capture: true });
}

const speaking = new WeakMap<Element, ReturnType<typeof setTimeout>>();

/**
 * Says one short sentence to those who listen, once things have come to rest.
 * @param element the island; the region that is read aloud is added to it at the first call
 */
export function announce(element: Element, sentence: string): void {
  let region = element.querySelector(':scope > .aloud');
  if (!region) {
    region = fromHtml('<p class="aloud vh" aria-live="polite"></p>');
    element.append(region);
  }
  clearTimeout(speaking.get(element));
  const said = region;
  speaking.set(
    element,
    setTimeout(() => {
      said.textContent = sentence;
    }, 400),
  );
}

/** One element from its HTML. */
export function fromHtml<T extends Element = HTMLElement>(html: string): T {
  const holder = document.createElement('template');
  holder.innerHTML = html;
  return holder.content.firstElementChild as T;
}

/** A button that takes back all that a reader did. It is hidden until there is something: the island unhides it. */
export function resetButton(onReset: () => void): HTMLButtonElement {
  const button = fromHtml<HTMLButtonElement>('<button type="button" class="quiet reset" hidden>Undo all</button>');
  button.addEventListener('click', onReset);
  return button;
}
