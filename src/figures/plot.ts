/** Observable Plot without a page: marks in a little document of their own, as text for our drawings. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** A picture's marks, from the left upper corner, and its size in px. */
export interface Plotted {
  body: string;
  width: number;
  height: number;
}

/**
 * The marks of a plot. How they are painted is said by their class names, in `marks.ts`: Plot's own style sheet and
 * default colours are taken out.
 */
export function plotted(options: Plot.PlotOptions & { width: number; height: number }): Plotted {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const element = Plot.plot({ ...options, document: document as unknown as Document });
  const svg = element.tagName.toLowerCase() === 'svg' ? element : element.querySelector('svg')!;
  svg.querySelector('style')?.remove();
  // Plot also names each mark ('bar'), which says less than the picture's own label and is not allowed on a bare group.
  const body = svg.innerHTML.replaceAll('currentColor', '').replace(/ aria-label="[^"]*"/g, '');
  // Plot says on its outermost element that text is centred, and repeats it nowhere.
  return { body: `<g text-anchor="middle">${body}</g>`, width: options.width, height: options.height };
}

/** A picture in a page at two widths; which of them is shown, the figure's own width says. */
export function plotHtml(wide: Plotted, narrow: Plotted, kind: string, label: string): string {
  const svg = ({ body, width, height }: Plotted, name: string) =>
    `<svg class="${kind} ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${body}</svg>`;
  return `<div class="picture">${svg(wide, 'wide')}${svg(narrow, 'narrow')}</div>`;
}
