/** What every picture file must be, whatever it shows. */
import { parseHTML } from 'linkedom';
import { expect } from 'vitest';
import type { FigureData } from '../src/figures/figure-data.ts';

/** Whole, named, without a hole, with colours for light and dark, and ids that are its own. */
export function expectWholePicture(svg: string, data: FigureData): void {
  expect(svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(svg, 'a colour that the file does not carry').not.toContain('var(--');
  expect(svg).toContain('@media (prefers-color-scheme: dark)');
  const { document } = parseHTML(svg);
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id.startsWith(`${data.name}-`), id).toBe(true);
  for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  const labels = document.documentElement.getAttribute('aria-labelledby')!.split(' ');
  expect(labels.map((id) => document.getElementById(id)?.tagName.toLowerCase())).toEqual(['title', 'desc']);
  expect(document.querySelector('title')!.textContent).toBe(data.title.replaceAll('*', ''));
  expect(document.querySelector('desc')!.textContent).toContain(data.caption.replaceAll('*', ''));
}
