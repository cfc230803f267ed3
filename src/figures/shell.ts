/** The parts that every figure has around its picture, as HTML: badge, notice and the table behind it all. */
import type { Cell, Column, FigureData, Group, ProvenanceKind } from './figure-data.ts';
import { rounded, sayAngle, sayBits, sayDecimal, sayPerMillion, sayShare, saySigned } from './numbers.ts';
import { END_OF_TEXT, escapeHtml, inlineHtml, OTHER_WORDS, START } from './text.ts';

const SHAPES: Record<ProvenanceKind, [word: string, shape: string]> = {
  exact: ['Exact', '<path d="M1 1h10v10H1z" fill="none" stroke-width="1.8"/>'],
  learned: ['Learned', '<path d="M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0z" stroke="none"/>'],
  'published model': ['Published model', '<path d="M.5 .5h11v11H.5z" stroke="none"/>'],
  'hand-made': ['Hand-made', '<path d="M6 1.2L11 10.8H1z" fill="none" stroke-width="1.6" stroke-dasharray="2.4 1.6"/>'],
  random: ['Random', '<path d="M1 1h3v3H1zM8 0h3v3H8zM3 8h3v3H3zM9 8h3v3H9z" stroke="none"/>'],
};

/** 'Learned', as the badge says it. */
export function provenanceWord(kind: ProvenanceKind): string {
  return SHAPES[kind][0];
}

/** The shape of a provenance, 12 by 12. */
export function provenanceShape(kind: ProvenanceKind): string {
  return `<svg viewBox="0 0 12 12" aria-hidden="true">${SHAPES[kind][1]}</svg>`;
}

/** The sources of one provenance, each once; 'Easel' adds nothing to 'Easel, layer 2, head 1'. */
export function sourcesOf(data: FigureData, kind: ProvenanceKind): string[] {
  const all = data.series.filter((s) => s.provenance === kind).map((s) => s.source);
  return [...new Set(all)].filter((source) => !all.some((other) => other.startsWith(`${source},`)));
}

/**
 * Where the numbers come from. One provenance is said with its source; several are listed by shape and word alone, since
 * their columns say the rest.
 * @param addressOf where the glossary explains the word of a provenance; undefined leaves it without a link
 */
export function badgeHtml(data: FigureData, addressOf: (word: string) => string | undefined): string {
  const kinds = [...new Set(data.series.map((s) => s.provenance))];
  const one = (kind: ProvenanceKind, source: string) => {
    const word = provenanceWord(kind);
    const address = addressOf(word);
    const linked = address === undefined ? word : `<a href="${escapeHtml(address)}">${word}</a>`;
    return `<span class="badge">${provenanceShape(kind)}<span><b>${linked}</b>${source}</span></span>`;
  };
  if (kinds.length > 1) return kinds.map((kind) => one(kind, '')).join('');
  return one(kinds[0], ` · ${escapeHtml(sourcesOf(data, kinds[0]).join(', '))}`);
}

/** The sentence that says what to notice, with its brush mark. */
export function noticeHtml(data: FigureData): string {
  return `<p class="notice"><svg viewBox="0 0 14 14" aria-hidden="true"><path d="M1 12C3 4 8 2 13 2"/></svg><b>Notice.</b> ${inlineHtml(data.notice)}</p>`;
}

/** One cell in words and digits, by its column's unit. Empty cells say what their emptiness means. */
export function sayCell(cell: Cell, column: Column, group?: Group): string {
  if (cell === null) return column.empty ?? '';
  if (typeof cell === 'string') return cell;
  if (group?.perMillion && column.unit === 'probability') return sayPerMillion(cell);
  switch (column.unit) {
    case 'probability':
    case 'weight':
      return sayDecimal(cell);
    case 'share':
      return sayShare(cell);
    case 'bits':
      return sayBits(cell);
    case 'degrees':
      return sayAngle(cell);
    case 'nats':
    case 'number':
      return saySigned(cell);
    case 'count':
      return cell.toLocaleString('en');
    default:
      return String(cell);
  }
}

/** The groups of a figure's rows; one that holds all of them where none are declared. */
export function groupsOf(data: FigureData): Group[] {
  return data.groups ?? [{ from: 0, to: data.rows.length }];
}

/** The figure's numbers as real tables, one a group of columns, inside a region that can slide sideways. */
export function tableHtml(data: FigureData): string {
  const label = escapeHtml(`${data.title.replaceAll('*', '')} The numbers as a table.`);
  return `<div class="scroll" role="group" tabindex="0" aria-label="${label}">${tables(data).join('')}</div>`;
}

function tables(data: FigureData): string[] {
  const out: string[] = [];
  let open: { columns: number[]; body: string; first?: string } | undefined;
  let unsummed = 0;
  const close = () => {
    if (!open) return;
    const head = open.columns
      .map((c) => {
        const column = data.columns[c];
        const label = (c === 0 && open?.first) || column.label;
        return `<th scope="col"${column.unit === 'word' || column.unit === 'text' ? '' : ' class="num"'}>${escapeHtml(label)}</th>`;
      })
      .join('');
    out.push(`<table class="numbers"><thead><tr>${head}</tr></thead>${open.body}</table>`);
    open = undefined;
  };
  for (const group of groupsOf(data)) {
    const columns = data.columns.flatMap((c, i) => (!group.columns || group.columns.includes(c.id) ? [i] : []));
    if (!open || open.columns.join() !== columns.join()) {
      close();
      open = { columns, body: '', first: group.first };
    }
    const label = group.label
      ? `<tr class="sub"><th colspan="${columns.length}" scope="rowgroup">${escapeHtml(group.label)}</th></tr>`
      : '';
    const rows = data.rows.slice(group.from, group.to).map((row) => `<tr>${rowHtml(row, columns, data, group)}</tr>`);
    open.body += `<tbody>${label}${rows.join('')}</tbody>`;
    if (group.total) {
      const sums = columns.map((c, k) => {
        if (k === 0) return `<th scope="row">${escapeHtml(group.total!)}</th>`;
        const column = data.columns[c];
        const adds = group.sums?.includes(column.id) ?? (column.unit === 'weight' || column.unit === 'probability');
        if (!adds) return '<td></td>';
        return `<td class="num">${sayCell(columnSum(data, c, unsummed, group.to), column)}</td>`;
      });
      unsummed = group.to;
      open.body += `<tbody class="total"><tr>${sums.join('')}</tr></tbody>`;
    }
  }
  close();
  return out;
}

/** The sum of a column over some rows, or all, to six decimals so that rounding noise of the last digit is not shown. */
export function columnSum(data: FigureData, column: number, from = 0, to = data.rows.length): number {
  const rows = data.rows.slice(from, to);
  const sum = rows.reduce((total, row) => total + (typeof row[column] === 'number' ? row[column] : 0), 0);
  return Math.round(rounded(sum) * 1e6) / 1e6;
}

function rowHtml(row: Cell[], columns: number[], data: FigureData, group: Group): string {
  return columns
    .map((c, k) => {
      const column = data.columns[c];
      const text = escapeHtml(sayCell(row[c], column, group));
      if (k === 0) {
        const word = column.unit === 'word' && ![START, END_OF_TEXT, OTHER_WORDS].includes(String(row[c]));
        return `<th scope="row"${word ? ' class="lang"' : ''}>${text}</th>`;
      }
      if (row[c] === null) return `<td class="none">${text}</td>`;
      return `<td${typeof row[c] === 'number' ? ' class="num"' : ''}>${text}</td>`;
    })
    .join('');
}
