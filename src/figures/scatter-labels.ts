/** Where the names of points go, so that none lies over another or over a point that is not its own. */

/** A rectangle, in px: its left upper corner and its size. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Label extends Box {
  /** A line from the point to its name, where the two stand apart. */
  leader?: Line;
}

interface Line {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

interface Frame {
  width: number;
  height: number;
}

/** How far a name stands from its point, and how much room a point takes, in px. */
const GAP = 7;
const POINT = 5;
/** Names that find no room beside their point go round it in rings, this far apart, up to this far out. */
const RING = 8;
const FARTHEST = 160;
const DIRECTIONS = 24;
/** How often the order of choosing is changed before a frame counts as too small. */
const ATTEMPTS = 40;

/**
 * A place for each name: beside its point where there is room, else as near as possible, with a line that leads to it. The
 * most crowded points choose first; one that finds no room may choose before all others in the next attempt. The same
 * points give the same picture.
 *
 * @param points in px, and the size of each one's name
 * @returns undefined where they do not all fit into the frame
 */
export function placeLabels(points: readonly Box[], frame: Frame): Label[] | undefined {
  const room = (i: number) =>
    Math.min(
      ...points.map((other, j) => (i === j ? Infinity : Math.hypot(other.x - points[i].x, other.y - points[i].y))),
    );
  let order = points.map((_, i) => i).sort((a, b) => room(a) - room(b) || a - b);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { labels, failed } = placeInOrder(points, order, frame);
    if (failed === undefined) return labels;
    order = [failed, ...order.filter((i) => i !== failed)];
  }
  return undefined;
}

/** Lets the points choose one after the other; the first that finds no room is told. */
function placeInOrder(
  points: readonly Box[],
  order: readonly number[],
  frame: Frame,
): { labels: Label[]; failed?: number } {
  const dots = points.map(({ x, y }): Box => ({ x: x - POINT, y: y - POINT, width: 2 * POINT, height: 2 * POINT }));
  const labels: Label[] = [];
  for (const i of order) {
    const others = dots.filter((_, j) => j !== i);
    // A line that leaves one of two points that touch cannot but cross the other.
    const apart = others.filter((dot) => !overlap(dot, dots[i]));
    const taken = labels.filter((label) => label !== undefined);
    const fits = ({ leader, ...box }: Label) =>
      box.x >= 0 &&
      box.y >= 0 &&
      box.x + box.width <= frame.width &&
      box.y + box.height <= frame.height &&
      ![...others, ...taken].some((other) => overlap(other, box)) &&
      !taken.some((other) => other.leader && crosses(other.leader, box)) &&
      !(leader && [...apart, ...taken].some((other) => crosses(leader, other))) &&
      !(leader && taken.some((other) => other.leader && meet(leader, other.leader)));
    const label = [...candidates(points[i])].find(fits);
    if (!label) return { labels, failed: i };
    labels[i] = label;
  }
  return { labels };
}

/** Places for one name in the order of preference. */
function* candidates({ x, y, width, height }: Box): Generator<Label> {
  const at = (left: number, top: number): Label => ({ x: left, y: top, width, height });
  yield at(x + GAP, y - height / 2); // right
  yield at(x - GAP - width, y - height / 2); // left
  yield at(x - width / 2, y - GAP - height); // above
  yield at(x - width / 2, y + GAP); // below
  for (const side of [1, -1]) {
    const left = side > 0 ? x + GAP - 2 : x - GAP + 2 - width;
    yield at(left, y - GAP + 3 - height);
    yield at(left, y + GAP - 3);
  }
  for (let radius = GAP + RING; radius <= FARTHEST; radius += RING) {
    for (let k = 0; k < DIRECTIONS; k++) {
      const angle = (2 * Math.PI * k) / DIRECTIONS;
      const [across, down] = [Math.cos(angle), Math.sin(angle)];
      // the point of the name's edge that is nearest to its dot
      const [x2, y2] = [x + across * radius, y + down * radius];
      const left = Math.abs(across) < 0.3 ? x2 - width / 2 : across > 0 ? x2 : x2 - width;
      const top = Math.abs(down) < 0.3 ? y2 - height / 2 : down > 0 ? y2 : y2 - height;
      const label = at(left, top);
      const [endX, endY] = [clamp(x, left, left + width), clamp(y, top, top + height)];
      yield { ...label, leader: { x1: x, y1: y, x2: endX, y2: endY } };
    }
  }
}

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/** True where two boxes share more than an edge. */
export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** True where a line runs through a box: Liang and Barsky 1984, which cuts the line down to what lies within each edge. */
function crosses({ x1, y1, x2, y2 }: Line, box: Box): boolean {
  let [from, to] = [0, 1];
  const edges: [number, number][] = [
    [x1 - x2, x1 - box.x],
    [x2 - x1, box.x + box.width - x1],
    [y1 - y2, y1 - box.y],
    [y2 - y1, box.y + box.height - y1],
  ];
  for (const [p, q] of edges) {
    if (p === 0 && q < 0) return false;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  return from < to;
}

/** True where two lines cross: the ends of each lie on different sides of the other. */
function meet(a: Line, b: Line): boolean {
  const side = ({ x1, y1, x2, y2 }: Line, x: number, y: number) =>
    Math.sign((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1));
  return side(a, b.x1, b.y1) * side(a, b.x2, b.y2) < 0 && side(b, a.x1, a.y1) * side(b, a.x2, a.y2) < 0;
}
