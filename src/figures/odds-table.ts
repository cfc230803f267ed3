/**
 * The next-word figure: a table whose cells carry bars. In the page it is a real table; as a file, the same drawn. Truth is
 * outlined, a model filled, a hand-made number hatched; a word without a number says why.
 */
import type { Cell, FigureData, Group, ProvenanceKind } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { columnSum, groupsOf, provenanceShape, provenanceWord, sayCell } from './shell.ts';
import { END_OF_TEXT, escapeHtml, OTHER_WORDS } from './text.ts';

const PAINT: Record<ProvenanceKind, string> = {
  exact: 'truth',
  learned: 'model',
  'published model': 'published',
  'hand-made': 'hand',
  random: 'hand',
};

interface Line {
  word: string;
  machine: boolean;
  cells: { said: string; part?: number; provenance: ProvenanceKind; none: boolean; stands: boolean }[];
}

interface Block {
  label?: string;
  lines: Line[];
}

/** Ids of the columns that go on standing for the printed words. */
function standingIn(data: FigureData): readonly string[] {
  return (data.detail.stands as string[] | undefined) ?? [];
}

/** The table as both pictures need it: what each cell says, and its bar as a part of the longest of its block. */
function blocksOf(data: FigureData): Block[] {
  const stands = standingIn(data);
  const provenance = data.columns.map((c) => data.series.find((s) => s.id === c.series)?.provenance ?? 'learned');
  return groupsOf(data).map((group: Group) => {
    const rows = data.rows.slice(group.from, group.to);
    const isRest = (row: Cell[]) => row[0] === OTHER_WORDS;
    const most = Math.max(
      1e-12,
      ...rows.flatMap((row) => row.filter((cell): cell is number => typeof cell === 'number')),
    );
    return {
      label: group.label,
      lines: rows.map((row) => ({
        word: String(row[0]),
        machine: isRest(row) || row[0] === END_OF_TEXT,
        cells: row.slice(1).map((cell, k) => ({
          said: sayCell(cell, data.columns[k + 1], group),
          part: typeof cell === 'number' && cell > 0 && !isRest(row) ? cell / most : undefined,
          provenance: provenance[k + 1],
          none: typeof cell !== 'number',
          stands: stands.includes(data.columns[k + 1].id),
        })),
      })),
    };
  });
}

/** What stands under the columns: their sums, and how many entries of a vocabulary each chose from. */
function footOf(data: FigureData): [label: string, cells: string[]][] {
  const vocabulary = (data.detail.vocabulary ?? {}) as Record<string, number>;
  const columns = data.columns.slice(1);
  const isEmpty = (k: number) => data.rows.every((row) => typeof row[k + 1] !== 'number');
  const sums = columns.map((c, k) => (isEmpty(k) ? '' : sayCell(columnSum(data, k + 1), c)));
  const foot: [string, string[]][] = [['All together', sums]];
  if (Object.keys(vocabulary).length > 0) {
    foot.push([
      'Chosen from',
      columns.map(({ id, series }) => {
        if (vocabulary[id]) return `${vocabulary[id].toLocaleString('en')} entries`;
        return data.series.find((s) => s.id === series)?.provenance === 'hand-made' ? 'typed by hand' : '';
      }),
    ]);
  }
  return foot;
}

/** The table of a page, with a bar beside each number: a row a word, a column a source, and the sums below. */
export function nextWordHtml(data: FigureData): string {
  const columns = data.columns.slice(1);
  const stands = standingIn(data);
  const heads = columns.map((c) => {
    const kind = data.series.find((s) => s.id === c.series)!.provenance;
    return `<th scope="col">${escapeHtml(c.label)}<small>${provenanceShape(kind)}${provenanceWord(kind)}</small>${stands.includes(c.id) ? '<small class="stands">for the printed words</small>' : ''}</th>`;
  });
  const bodies = blocksOf(data).map((block) => {
    const label = block.label
      ? `<tr class="sub"><th colspan="${columns.length + 1}" scope="rowgroup">${escapeHtml(block.label)}</th></tr>`
      : '';
    const lines = block.lines.map((line) => {
      const cells = line.cells.map((cell) => {
        const still = cell.stands ? ' stands' : '';
        if (cell.none) return `<td class="c none${still}"><span class="n">${escapeHtml(cell.said)}</span></td>`;
        const bar =
          cell.part === undefined
            ? ''
            : `<span class="b" aria-hidden="true"><span class="bar ${PAINT[cell.provenance]}" style="inline-size:${px(cell.part * 100)}%"></span></span>`;
        return `<td class="c${still}"><span class="n">${escapeHtml(cell.said)}</span>${bar}</td>`;
      });
      return `<tr><th scope="row"${line.machine ? '' : ' class="lang"'}>${escapeHtml(line.word)}</th>${cells.join('')}</tr>`;
    });
    return `<tbody>${label}${lines.join('')}</tbody>`;
  });
  const foot = footOf(data).map(
    ([label, cells]) =>
      `<tr><th scope="row">${label}</th>${cells.map((c) => `<td class="c"><span class="n">${escapeHtml(c)}</span></td>`).join('')}</tr>`,
  );
  return `<p class="said">${escapeHtml(String(data.detail.text))} <span class="blank"><span class="vh">and then?</span></span></p><div class="scroll" role="group" tabindex="0" aria-label="${escapeHtml(data.title.replaceAll('*', ''))}"><table class="nw nw-${columns.length}"><thead><tr><th scope="col">Next word</th>${heads.join('')}</tr></thead>${bodies.join('')}<tfoot>${foot.join('')}</tfoot></table></div>`;
}

/** Page and file of a next-word figure. */
export function drawNextWord(data: FigureData): Drawing {
  const columns = data.columns.slice(1);
  const first = 140;
  const wide = (SHEET_WIDTH - first) / columns.length;
  const numberWidth = 62;
  const x = (k: number) => first + k * wide;
  const line = 34;
  let y = 0;
  let body = `<text class="word" x="0" y="14">${escapeHtml(String(data.detail.text))} ____</text>`;
  y += 34;
  columns.forEach((c, k) => {
    const kind = data.series.find((s) => s.id === c.series)!.provenance;
    body += `<text class="head" x="${px(x(k))}" y="${y + 14}">${escapeHtml(c.label)}</text>`;
    body += `<svg class="shape" x="${px(x(k))}" y="${y + 23}" width="11" height="11" ${provenanceShape(kind).slice(5)}`;
    body += `<text class="soft" x="${px(x(k) + 17)}" y="${y + 33}">${provenanceWord(kind)}</text>`;
  });
  body += `<text class="head" x="0" y="${y + 33}">Next word</text>`;
  y += 44;
  body += `<path class="line strong" d="M0 ${y}H${SHEET_WIDTH}"/>`;
  const pattern = `${data.name}-file-hand`;
  for (const block of blocksOf(data)) {
    if (block.label) {
      body += `<text class="soft" x="0" y="${y + 23}">${escapeHtml(block.label)}</text>`;
      y += line;
      body += `<path class="line" d="M0 ${y}H${SHEET_WIDTH}"/>`;
    }
    for (const row of block.lines) {
      body += `<text class="${row.machine ? 'soft' : 'word'}" x="0" y="${y + 23}">${escapeHtml(row.word)}</text>`;
      row.cells.forEach((cell, k) => {
        if (cell.none) {
          body += `<text class="none" x="${px(x(k))}" y="${y + 22}">${escapeHtml(cell.said)}</text>`;
          return;
        }
        body += `<text class="end" x="${px(x(k) + numberWidth - 10)}" y="${y + 22}">${escapeHtml(cell.said)}</text>`;
        if (cell.part === undefined) return;
        const paint = { truth: 'outlined', hand: 'hatched', model: 'filled', published: 'filled' }[
          PAINT[cell.provenance]
        ];
        const fill = paint === 'hatched' ? ` fill="url(#${pattern})"` : '';
        const width = Math.max(1, cell.part * (wide - numberWidth - 16));
        body += `<rect class="${paint}"${fill} x="${px(x(k) + numberWidth)}" y="${y + 11}" width="${px(width)}" height="12"/>`;
      });
      y += line;
      body += `<path class="line" d="M0 ${y}H${SHEET_WIDTH}"/>`;
    }
  }
  for (const [label, cells] of footOf(data)) {
    body += `<text class="soft" x="0" y="${y + 22}">${label}</text>`;
    cells.forEach((said, k) => {
      const words = / /.test(said);
      body += `<text class="soft${words ? '' : ' end'}" x="${px(x(k) + (words ? 0 : numberWidth - 10))}" y="${y + 22}">${escapeHtml(said)}</text>`;
    });
    y += 26;
  }
  const defs = body.includes(`url(#${pattern})`)
    ? `<defs><pattern id="${pattern}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(25)"><path class="hatch" d="M1 0V5"/></pattern></defs>`
    : '';
  return {
    html: `<div class="picture">${nextWordHtml(data)}</div>`,
    svg: sheet(data, `<g class="odds">${defs}${body}</g>`, y),
  };
}
