/** One picture in many numbers and in few, side by side, and the same spot of each under a magnifying glass. */
import type { Cell, FigureData } from './figure-data.ts';
import type { Drawing } from './kind.ts';
import { px } from './measure.ts';
import { DRAWING, drawing, spriteTones } from './resolution-drawing.ts';
import { SHEET_WIDTH, sheet } from './sheet.ts';
import { escapeHtml } from './text.ts';

/** The spot that is enlarged, in units of the drawing: the cat's face. */
const SPOT = { x: 946, y: 348, width: 400, height: 225 };

/** A sprite in units of the drawing: runs of equal points in one stroke, a path a tone. */
function spriteMarks(lines: readonly string[]): string {
  const size = DRAWING.width / lines[0].length;
  const tones = ['', '', '', ''];
  lines.forEach((line, y) => {
    for (const run of line.matchAll(/(\d)\1*/g)) {
      const long = run[0].length;
      tones[Number(run[1])] += `M${run.index} ${y}h${long}v1h-${long}z`;
    }
  });
  const paths = tones.map((d, tone) => (d ? `<path fill="${spriteTones[tone]}" d="${d}"/>` : ''));
  return `<g transform="scale(${Math.round(size * 1e4) / 1e4})" shape-rendering="crispEdges">${paths.join('')}</g>`;
}

interface Shown {
  name: string;
  /** '7,680 × 4,320 points', 'each 3 numbers from 0 to 255', '99,532,800 numbers' */
  lines: string[];
  /** Marks in units of the drawing. */
  marks: string;
}

/** The pictures of a figure; `id` names the drawing, so that the magnifying glass can look at it again. */
function shownOf(data: FigureData, id: string): Shown[] {
  const { sprites } = data.detail as { sprites: string[][] };
  const say = (cell: Cell) => (cell as number).toLocaleString('en');
  return data.rows.map((row, k) => {
    const [name, width, height, each, values, numbers] = row;
    return {
      name: String(name) === '8K' ? '8K' : `Sprite, ${width} points across`,
      lines: [
        `${say(width)} × ${say(height)} points,`,
        `each ${each} number${each === 1 ? '' : 's'} from 0 to ${(values as number) - 1}:`,
        `${say(numbers)} numbers`,
      ],
      marks: k === 0 ? `<g id="${id}">${drawing()}</g>` : spriteMarks(sprites[k - 1]),
    };
  });
}

/** The first picture is drawn once and looked at twice. */
const again = (shown: Shown, k: number, id: string) => (k === 0 ? `<use href="#${id}"/>` : shown.marks);

/** Page and file of a figure of one picture in several resolutions. */
export function drawResolution(data: FigureData): Drawing {
  const { width: W, height: H } = DRAWING;
  const inPage = `${data.name}-picture`;
  const said = 'A woman looks at a black cat that sits on a table';
  const items = shownOf(data, inPage).map((shown, k) => {
    const whole = `<svg class="painting" viewBox="0 0 ${W} ${H}" role="img" aria-label="${escapeHtml(`${said}. ${shown.name}.`)}">${shown.marks}</svg>`;
    const spot = `<svg class="painting" viewBox="${SPOT.x} ${SPOT.y} ${SPOT.width} ${SPOT.height}" role="img" aria-label="${escapeHtml(`The face of the cat, four times as large. ${shown.name}.`)}">${again(shown, k, inPage)}</svg>`;
    return `<li>${whole}<p><b>${escapeHtml(shown.name)}</b><br>${shown.lines.join('<br>')}</p>${spot}</li>`;
  });
  const html = `<p class="axes"><span><b>Above:</b> the whole picture</span><span><b>Below:</b> the face of the cat, four times as large</span></p><div class="picture"><ol class="paintings">${items.join('')}</ol></div>`;

  const inFile = `${data.name}-file-picture`;
  const pictures = shownOf(data, inFile);
  const gap = 24;
  const wide = (SHEET_WIDTH - gap * (pictures.length - 1)) / pictures.length;
  const tall = (wide / W) * H;
  const text = 94;
  const body = pictures.map((shown, k) => {
    const x = px(k * (wide + gap));
    const lines = [shown.name, ...shown.lines];
    const words = lines.map(
      (line, l) =>
        `<text class="${l === 0 ? 'head' : 'soft'}" x="${x}" y="${px(tall + 20 + l * 19)}">${escapeHtml(line)}</text>`,
    );
    const frame = (y: number, box: string, marks: string) =>
      `<svg x="${x}" y="${px(y)}" width="${px(wide)}" height="${px(tall)}" viewBox="${box}">${marks}</svg>`;
    const spot = `${SPOT.x} ${SPOT.y} ${SPOT.width} ${SPOT.height}`;
    return `${frame(0, `0 0 ${W} ${H}`, shown.marks)}${words.join('')}${frame(tall + text, spot, again(shown, k, inFile))}`;
  });
  return { html, svg: sheet(data, `<g class="odds">${body.join('')}</g>`, tall * 2 + text) };
}
