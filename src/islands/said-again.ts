/** The words around a figure's picture, once its numbers are others. */
import type { FigureData } from '../figures/figure-data.ts';
import { badgeHtml, noticeHtml, tableHtml } from '../figures/shell.ts';
import { fromHtml } from './island.ts';

/** Where the glossary explains the words of badges, as the server wrote it into the badges of this page. */
const addresses = new Map<string, string>();

/** Where the numbers come from; the words keep the links to the glossary that they had. */
export function badgeAgain(element: Element, data: FigureData): void {
  for (const link of document.querySelectorAll('.badges a')) {
    addresses.set(link.textContent!, link.getAttribute('href')!);
  }
  element.querySelector('.fig-head .badges')!.innerHTML = badgeHtml(data, (word) => addresses.get(word));
}

/** Sentence and table. The region that holds the table stays, and with it the focus and how far it was slid. */
export function sayAgain(element: Element, data: FigureData): void {
  element.querySelector('.notice')!.replaceWith(fromHtml(noticeHtml(data)));
  const table = element.querySelector('.as-table .scroll');
  if (table) table.innerHTML = fromHtml(tableHtml(data)).innerHTML;
}
