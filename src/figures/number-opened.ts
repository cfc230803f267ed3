/**
 * A number, opened: two lists downward, × and = between, products as signed bars, the sum under a rule of ink, then what is
 * done to the sum, as sentences. Pure functions from a source to HTML.
 */
import { type Line, type NumberName, type Operand, type Source, writeName } from './number-source.ts';
import { saySigned } from './numbers.ts';
import { axisOf, barHtml } from './signed-bars.ts';
import { escapeHtml, inlineHtml } from './text.ts';

/** What a page needs beyond the source itself: without it nothing can be pressed. */
export interface Opening {
  /** The numbers opened on the way here, the first one first. */
  trail: readonly Source[];
  /** All lines of a long sum, in their order. */
  whole: boolean;
}

/** From how many lines on only the largest are shown at first, and how many. */
const MANY = 24;
const LARGEST = 8;

/** Decimals of a number, and the most that a tiny one may have. */
const DECIMALS = 3;
const MOST_DECIMALS = 6;

/** Three decimals; a number that would be 0 in three has two digits of its own, so that small is never taken for nothing. */
function decimalsOf(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 0.5 * 10 ** -DECIMALS) return DECIMALS;
  return Math.min(MOST_DECIMALS, 1 - Math.floor(Math.log10(size)));
}

/** '183.210', '−.084', '.0000021', 'below .000001', '0'. */
export function sayOpened(value: number): string {
  const said = saySigned(value, decimalsOf(value));
  if (said !== '0' || value === 0) return said;
  return value > 0 ? 'below .000001' : 'above −.000001';
}

/** What a number says when it is read again. */
const asSaid = (value: number) => Number(value.toFixed(decimalsOf(value)));

/** The panel: a heading, how the number is made, its sum and what is done to that. */
export function openedHtml(source: Source, opening?: Opening): string {
  const { called, how, value, sum, after, becomes } = source;
  const heading = `<span>${roles(capital(called))}</span> <b>${sayOpened(value)}</b>`;
  return `<div class="opened">${opening ? trailHtml(opening.trail) : ''}<p class="part"${opening ? ' tabindex="-1"' : ''}>${heading}</p><p class="made">${inlineHtml(how)}</p>${sum ? sumHtml(source, opening) : ''}${after.length > 0 ? afterHtml(source, opening) : ''}${becomes.length > 0 ? becomesHtml(source, opening) : ''}</div>`;
}

/** A number that opens. */
export function numberButton(name: NumberName, said: string): string {
  return `<button type="button" class="number" data-number="${writeName(name)}">${said}</button>`;
}

/** The way here, each step a way back, and a way out. */
function trailHtml(trail: readonly Source[]): string {
  const steps = trail.map(
    ({ called, value }, k) =>
      `<li><button type="button" class="quiet" data-back="${k}"><span>${inlineHtml(called)}: ${sayOpened(value)}</span></button></li>`,
  );
  const list = steps.length > 0 ? `<ol aria-label="The way here; each leads back">${steps.join('')}</ol>` : '';
  return `<div class="trail">${list}<button type="button" class="quiet" data-close>Close</button></div>`;
}

function operandHtml({ value, name }: Operand, opening?: Opening): string {
  return opening && name ? numberButton(name, sayOpened(value)) : sayOpened(value);
}

/** Headings and titles, with the three roles in their colours. */
function roles(text: string): string {
  return inlineHtml(text).replace(/\b(query|key|value)\b/, '<span class="role $1">$1</span>');
}

function sumHtml({ sum, name }: Source, opening?: Opening): string {
  const { first, second, result, lines, total } = sum!;
  const shape = second ? 'products' : name.what === 'weight' ? 'powers' : 'added';
  const isLong = lines.length > MANY;
  const isLabelled = isLong || lines.some(({ label }) => label !== undefined);
  const shown = isLong && !opening?.whole ? largest(lines) : lines.map((_, i) => i);
  const axis = axisOf(lines.map((line) => line.result));

  const operand = (one: Operand) => `<td class="num${one.stored ? ' stored' : ''}">${operandHtml(one, opening)}</td>`;
  const operator = (sign: string) => `<td class="op">${sign}</td>`;
  const lineHtml = (line: Line, i: number) => {
    const head = `<th scope="row"${isLabelled ? '' : ' class="vh"'}>${escapeHtml(line.label ?? String(i + 1))}</th>`;
    const bar = `<td class="bars">${barHtml(line.result, axis)}</td>`;
    if (shape === 'added') return `<tr>${head}${operand(line.first)}${bar}</tr>`;
    const times = line.second ? operator('×') + operand(line.second) : operator('') + operator('');
    const made = `${operator(line.second || shape === 'powers' ? '=' : '')}<td class="num">${sayOpened(line.result)}</td>`;
    // What is added without being multiplied stands under the products.
    const isProduct = shape === 'powers' || line.second !== undefined;
    const before = isProduct ? operand(line.first) : operator('');
    const after = isProduct ? made : `${operator('')}${operand(line.first)}`;
    return `<tr>${head}${before}${shape === 'products' ? times : ''}${after}${bar}</tr>`;
  };
  const columns = { products: 4, powers: 2, added: 0 }[shape];
  const across = (words: string, sum: number, kind: string) =>
    `<tr class="${kind}"><th scope="row" colspan="${columns + 1}">${words}</th><td class="num">${sayOpened(sum)}</td><td></td></tr>`;
  const left = lines.filter((_, i) => !shown.includes(i));
  const rest = left.length > 0 ? across(`the other ${left.length} lines together`, addUp(left), 'rest') : '';
  const heading = (text: string) => `<th scope="col" class="num">${roles(text)}</th>`;
  const heads = {
    products: () => `${heading(first)}${operator('')}${heading(second!)}${operator('')}${heading(result)}`,
    powers: () => `${heading(first)}${operator('')}${heading(result)}`,
    added: () => heading(first),
  }[shape]();
  const corner = `<th scope="col"${isLabelled ? '' : ' class="vh"'}>${isLong ? 'Place' : isLabelled ? '<span class="vh">Whose</span>' : 'Place'}</th>`;
  const body = shown.map((i) => lineHtml(lines[i], i)).join('');
  const table = `<table class="mul ${shape}${isLabelled ? ' labelled' : ''}"><thead><tr>${corner}${heads}<td></td></tr></thead><tbody>${body}${rest}</tbody><tfoot>${across('Added up', total, 'sum')}</tfoot></table>`;
  return `${table}${isLong && opening ? wholeButton(lines.length, opening.whole) : ''}${roundingHtml(lines, total)}`;
}

function wholeButton(count: number, whole: boolean): string {
  const words = whole ? `Show the ${LARGEST} largest` : `Show all ${count} lines`;
  return `<button type="button" class="quiet" data-whole aria-expanded="${whole}">${words}</button>`;
}

/** The lines that count most, in their own order. */
function largest(lines: readonly Line[]): number[] {
  return lines
    .map(({ result }, i) => ({ size: Math.abs(result), i }))
    .sort((a, b) => b.size - a.size || a.i - b.i)
    .slice(0, LARGEST)
    .map(({ i }) => i)
    .sort((a, b) => a - b);
}

const addUp = (lines: readonly Line[]) => lines.reduce((sum, { result }) => sum + result, 0);

/** Whoever adds up the printed lines may get another last digit, and is told. */
function roundingHtml(lines: readonly Line[], total: number): string {
  const printed = lines.reduce((sum, { result }) => sum + asSaid(result), 0);
  const more =
    sayOpened(printed) === sayOpened(total)
      ? ''
      : ` The ${lines.length} rounded lines by themselves would make ${sayOpened(printed)}.`;
  return `<p class="rounding">Shown to three decimals, tiny numbers to more; added up before rounding.${more}</p>`;
}

function afterHtml({ after }: Source, opening?: Opening): string {
  const lines = after.map(({ say: words, operand, result }) => {
    const isIt = operand?.value === result;
    const beside =
      operand && !isIt
        ? `, <span class="by${operand.stored ? ' stored' : ''}">${operandHtml(operand, opening)}</span>`
        : '';
    return `<li><span>${inlineHtml(words)}${beside}</span><b>${isIt ? operandHtml(operand!, opening) : sayOpened(result)}</b></li>`;
  });
  return `<ol class="after-sum">${lines.join('')}</ol>`;
}

function becomesHtml({ becomes }: Source, opening?: Opening): string {
  const lines = becomes.map(
    ({ say: words, value, name }) =>
      `<li><span>${inlineHtml(words)}</span><b>${opening ? numberButton(name, sayOpened(value)) : sayOpened(value)}</b></li>`,
  );
  return `<ul class="after-sum">${lines.join('')}</ul>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
