/** The words around a figure's picture, once its numbers are others. */
import type { FigureData } from '../figures/figure-data.ts';
import { noticeHtml, tableHtml } from '../figures/shell.ts';
import { fromHtml } from './island.ts';

/** Sentence and table. The region that holds the table stays, and with it the focus and how far it was slid. */
export function sayAgain(element: Element, data: FigureData): void {
  element.querySelector('.notice')!.replaceWith(fromHtml(noticeHtml(data)));
  const table = element.querySelector('.as-table .scroll');
  if (table) table.innerHTML = fromHtml(tableHtml(data)).innerHTML;
}
