/**
 * A woman and a cat, painted for this guide: 1,600 by 900 units of brush strokes in the tones of the palette. A picture, so
 * it keeps its colours on light and dark pages.
 */
import { px } from './measure.ts';
import { palette } from './palette.ts';

export const DRAWING = { width: 1600, height: 900 };

type Point = readonly [x: number, y: number];
/** From, two handles, to: a cubic curve. */
type Curve = readonly [Point, Point, Point, Point];

const { paper, ink, w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10 } = palette.light;

/** The four tones of a sprite, from the lightest. */
export const spriteTones: readonly string[] = [paper, w2, w7, ink];

function pointOn([a, b, c, d]: Curve, t: number): { at: Point; normal: Point } {
  const s = 1 - t;
  const mix = (i: 0 | 1) => s ** 3 * a[i] + 3 * s * s * t * b[i] + 3 * s * t * t * c[i] + t ** 3 * d[i];
  const slope = (i: 0 | 1) => 3 * s * s * (b[i] - a[i]) + 6 * s * t * (c[i] - b[i]) + 3 * t * t * (d[i] - c[i]);
  const length = Math.hypot(slope(0), slope(1)) || 1;
  return { at: [mix(0), mix(1)], normal: [-slope(1) / length, slope(0) / length] };
}

interface Brush {
  tone: string;
  /** Where along the stroke it is broadest: 0 at its beginning, 1 at its end. */
  belly?: number;
  /** Broad from its beginning on, as a look is at the one looked at. */
  flat?: boolean;
  /** How many hairs of another tone run along it, and in which. */
  hairs?: number;
  hair?: string;
}

/** A stroke of a brush along a curve: broad somewhere, pointed at both ends, with a few hairs. */
function brush(curve: Curve, broad: number, { tone, belly = 0.35, flat, hairs = 0, hair = paper }: Brush): string {
  const half = (t: number) => {
    if (flat) return (broad / 2) * (1 - t) ** 0.85;
    const rise = t < belly ? t / belly : (1 - t) / (1 - belly);
    return (broad / 2) * Math.sin((Math.PI / 2) * Math.max(0, rise)) ** 0.7;
  };
  const along = (side: number, from: number, to: number, steps: number) =>
    Array.from({ length: steps + 1 }, (_, k) => {
      const t = from + ((to - from) * k) / steps;
      const { at, normal } = pointOn(curve, t);
      return `${Math.round(at[0] + normal[0] * half(t) * side)} ${Math.round(at[1] + normal[1] * half(t) * side)}`;
    });
  const outline = [...along(1, 0, 1, 20), ...along(-1, 0, 1, 20).reverse()].join('L');
  const marks = Array.from({ length: hairs }, (_, k) => {
    const side = ((k + 0.5) / hairs) * 1.7 - 0.85;
    // Hairs begin and end unevenly, as they do when a brush runs dry; no two pictures differ.
    const from = 0.08 + ((k * 37) % 11) / 60;
    const to = 0.62 + ((k * 53) % 17) / 55;
    return `M${along(side, from, to, 7).join('L')}`;
  }).join('');
  return `<path fill="${tone}" d="M${outline}Z"/>${marks ? `<path fill="none" stroke="${hair}" stroke-width="1.4" stroke-linecap="round" opacity=".7" d="${marks}"/>` : ''}`;
}

const shape = (tone: string, d: string) => `<path fill="${tone}" d="${d}"/>`;
const line = (tone: string, width: number, d: string) =>
  `<path fill="none" stroke="${tone}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" d="${d}"/>`;

function wall(): string {
  const rows = [60, 150, 240, 330, 420, 510, 600, 690];
  const washes = rows.map((y, k) => {
    const [left, right] = k % 2 === 0 ? [-40, 1660] : [1680, -60];
    const curve: Curve = [
      [left, y + (k % 3) * 8],
      [500, y - 26],
      [1100, y + 34],
      [right, y + 6],
    ];
    return brush(curve, 150, { tone: k % 2 === 0 ? w3 : w2, belly: 0.5, hairs: 7, hair: w1 });
  });
  return `<rect width="1600" height="900" fill="${w2}"/>${washes.join('')}`;
}

function table(): string {
  const top: Curve = [
    [-160, 800],
    [400, 772],
    [1100, 790],
    [2100, 776],
  ];
  const front: Curve = [
    [1680, 870],
    [1100, 890],
    [500, 862],
    [-60, 884],
  ];
  return (
    brush(top, 120, { tone: w5, belly: 0.3, hairs: 12, hair: w3 }) +
    `<rect x="0" y="812" width="1600" height="88" fill="${w6}"/>` +
    brush(front, 110, { tone: w6, belly: 0.5, hairs: 12, hair: w4 })
  );
}

function woman(): string {
  const face =
    'M588 176C642 182 672 214 676 256C678 270 671 278 675 288C683 308 702 330 711 348C715 358 704 364 692 366C694 374 702 380 701 388C700 394 690 397 688 399C694 403 700 409 697 418C693 427 685 429 687 437C695 450 694 468 676 478C652 490 622 484 604 474C598 500 602 536 622 566L470 600C498 540 500 480 486 430C456 380 452 300 480 248C504 200 540 174 588 176Z';
  const dress =
    'M478 556C400 590 340 650 312 760C300 820 296 860 294 900L760 900C742 830 734 790 726 740C712 670 676 606 624 556C580 590 520 588 478 556Z';
  const arm =
    'M640 622C700 660 742 706 790 726C850 742 900 742 948 738C968 736 984 744 982 758C980 774 960 780 936 784C860 796 770 800 704 776C650 752 610 700 600 650Z';
  const hand =
    'M930 734C960 722 1000 724 1022 738C1032 746 1026 758 1012 758C1022 764 1016 774 1002 772C984 782 950 784 934 778C920 764 918 744 930 734Z';
  const hair =
    'M604 168C560 150 490 160 452 214C424 256 424 330 446 392C458 426 480 450 504 462C520 430 512 398 524 372C540 340 548 320 552 288C566 256 600 236 640 222C672 214 676 200 664 190C648 178 626 172 604 168Z';
  const strands: [Curve, number][] = [
    [
      [
        [654, 196],
        [590, 176],
        [500, 190],
        [430, 270],
      ],
      46,
    ],
    [
      [
        [640, 216],
        [580, 200],
        [500, 230],
        [440, 320],
      ],
      44,
    ],
    [
      [
        [604, 238],
        [550, 240],
        [500, 280],
        [452, 368],
      ],
      40,
    ],
    [
      [
        [566, 268],
        [530, 290],
        [500, 340],
        [476, 420],
      ],
      36,
    ],
    [
      [
        [470, 230],
        [430, 214],
        [390, 230],
        [372, 280],
      ],
      40,
    ],
  ];
  const bun: [Curve, number][] = [
    [
      [
        [440, 236],
        [390, 196],
        [330, 224],
        [336, 286],
      ],
      62,
    ],
    [
      [
        [446, 318],
        [400, 352],
        [340, 330],
        [334, 276],
      ],
      62,
    ],
    [
      [
        [442, 270],
        [410, 236],
        [366, 250],
        [362, 296],
      ],
      60,
    ],
    [
      [
        [440, 296],
        [410, 330],
        [372, 322],
        [358, 268],
      ],
      50,
    ],
  ];
  const folds: [Curve, number][] = [
    [
      [
        [486, 590],
        [430, 650],
        [400, 760],
        [396, 900],
      ],
      60,
    ],
    [
      [
        [540, 604],
        [500, 690],
        [486, 800],
        [488, 900],
      ],
      66,
    ],
    [
      [
        [600, 596],
        [590, 700],
        [596, 800],
        [612, 900],
      ],
      58,
    ],
    [
      [
        [350, 700],
        [326, 770],
        [318, 840],
        [318, 900],
      ],
      34,
    ],
  ];
  const dots = Array.from({ length: 60 }, (_, k) => {
    const row = Math.floor(k / 6);
    const x = 372 + (k % 6) * 58 + (row % 2) * 29;
    const y = 640 + row * 28;
    return y < 900 && x > 330 + Math.max(0, 720 - y) * 0.35 && x < 640 + Math.min(60, (y - 640) * 0.4)
      ? `<circle cx="${px(x)}" cy="${px(y)}" r="3.4" fill="${w2}"/>`
      : '';
  });
  return [
    shape(paper, face),
    // Shade under the jaw, on the cheek and at the nape.
    brush(
      [
        [498, 470],
        [540, 500],
        [580, 500],
        [612, 484],
      ],
      34,
      { tone: w2, belly: 0.5 },
    ),
    brush(
      [
        [500, 500],
        [504, 540],
        [492, 576],
        [480, 592],
      ],
      30,
      { tone: w1, belly: 0.5 },
    ),
    `<ellipse cx="640" cy="380" rx="30" ry="22" fill="${w1}"/>`,
    shape(w9, dress),
    ...folds.map(([curve, broad]) => brush(curve, broad, { tone: w10, hairs: 5, hair: w7, belly: 0.4 })),
    ...dots,
    line(w3, 5, 'M480 558C528 592 584 592 622 558'),
    shape(ink, hair),
    `<ellipse cx="386" cy="272" rx="50" ry="62" fill="${ink}"/>`,
    ...bun.map(([curve, broad]) => brush(curve, broad, { tone: ink, hairs: 5, hair: w7, belly: 0.5 })),
    ...strands.map(([curve, broad]) => brush(curve, broad, { tone: ink, hairs: 6, hair: w6, belly: 0.45 })),
    // Brow, lowered lid and lashes, nostril, lips, ear and earring.
    brush(
      [
        [628, 272],
        [644, 258],
        [660, 258],
        [672, 266],
      ],
      8,
      { tone: ink, belly: 0.6 },
    ),
    shape(w0, 'M634 304C646 292 662 290 675 297C672 310 650 314 634 304Z'),
    `<ellipse cx="663" cy="301" rx="7" ry="8.5" fill="${w9}"/><circle cx="665" cy="301" r="4" fill="${ink}"/><circle cx="667" cy="298" r="1.6" fill="${paper}"/>`,
    brush(
      [
        [628, 306],
        [640, 290],
        [662, 286],
        [680, 296],
      ],
      8,
      { tone: ink, belly: 0.7 },
    ),
    line(ink, 1.6, 'M660 290l3 -7M668 291l5 -6M675 294l7 -4M638 308C650 313 664 312 672 307'),
    line(w8, 2.4, 'M694 362C690 358 686 358 684 361'),
    shape(
      w7,
      'M688 399C694 394 698 394 701 388C694 382 684 388 676 398C680 410 690 414 697 416C700 409 694 403 688 399Z',
    ),
    line(ink, 1.8, 'M701 397C692 396 684 397 676 398'),
    shape(paper, 'M540 316C552 304 570 312 570 334C570 352 558 366 548 362C540 350 534 330 540 316Z'),
    line(w6, 2.4, 'M548 324C558 320 562 332 556 346'),
    `<circle cx="553" cy="380" r="7" fill="${w6}"/><circle cx="551" cy="377" r="2" fill="${paper}"/>`,
    line(w6, 1.6, 'M553 362v11'),
    // The arm on the table, its cuff and hand.
    shape(w10, arm),
    brush(
      [
        [640, 640],
        [690, 720],
        [790, 766],
        [940, 762],
      ],
      62,
      { tone: w9, hairs: 7, hair: w6, belly: 0.4 },
    ),
    shape(paper, hand),
    line(w6, 2, 'M1016 742C1000 740 986 742 974 748M1012 758C998 755 986 757 974 761M1002 772C990 768 982 769 972 771'),
    brush(
      [
        [934, 728],
        [944, 744],
        [944, 766],
        [936, 788],
      ],
      20,
      { tone: w3, belly: 0.5, hairs: 2 },
    ),
  ].join('');
}

function cat(): string {
  const body =
    'M1170 470C1240 500 1330 580 1356 680C1366 724 1364 760 1350 790L1120 790C1104 780 1112 764 1130 760L1124 690C1104 640 1090 590 1092 540Z';
  const head =
    'M1046 470C1040 436 1050 412 1066 396L1058 318C1084 334 1104 352 1120 370C1138 366 1156 366 1172 370C1190 350 1212 332 1236 320L1226 402C1240 424 1248 448 1244 476C1236 528 1194 556 1146 556C1096 556 1054 522 1046 470Z';
  const fur: [Curve, number][] = [
    [
      [
        [1180, 500],
        [1250, 540],
        [1310, 620],
        [1330, 720],
      ],
      70,
    ],
    [
      [
        [1160, 540],
        [1210, 600],
        [1250, 680],
        [1256, 780],
      ],
      80,
    ],
    [
      [
        [1120, 560],
        [1130, 620],
        [1160, 700],
        [1160, 786],
      ],
      54,
    ],
    [
      [
        [1290, 640],
        [1340, 690],
        [1350, 750],
        [1300, 786],
      ],
      60,
    ],
  ];
  const tail: Curve = [
    [1300, 776],
    [1470, 800],
    [1540, 700],
    [1450, 570],
  ];
  const eye = (x: number) =>
    `<path fill="${w2}" d="M${x - 22} 456C${x - 12} 436 ${x + 12} 436 ${x + 22} 456C${x + 10} 470 ${x - 10} 470 ${x - 22} 456Z"/><ellipse cx="${x - 5}" cy="455" rx="5.5" ry="12.5" fill="${ink}"/><circle cx="${x - 8}" cy="449" r="2.6" fill="${paper}"/>`;
  const whiskers = [
    'M1098 506C1060 498 1030 496 1000 500',
    'M1098 514C1062 514 1034 518 1008 528',
    'M1100 522C1070 530 1046 540 1026 554',
    'M1192 506C1230 498 1260 496 1290 500',
    'M1192 514C1228 514 1256 518 1282 528',
    'M1190 522C1220 530 1244 540 1264 554',
  ];
  return [
    brush(tail, 54, { tone: ink, belly: 0.4, hairs: 5, hair: w7 }),
    shape(ink, body),
    ...fur.map(([curve, broad]) => brush(curve, broad, { tone: ink, hairs: 6, hair: w6, belly: 0.5 })),
    shape(paper, 'M1116 566C1100 606 1108 660 1132 700C1152 668 1168 620 1160 570C1144 580 1130 578 1116 566Z'),
    brush(
      [
        [1122, 580],
        [1118, 620],
        [1126, 660],
        [1134, 690],
      ],
      10,
      { tone: w2, belly: 0.5 },
    ),
    shape(ink, head),
    shape(w5, 'M1072 344C1086 354 1098 366 1106 376C1094 382 1084 390 1078 398Z'),
    shape(w5, 'M1222 346C1208 356 1196 366 1188 376C1200 382 1210 390 1216 398Z'),
    brush(
      [
        [1146, 372],
        [1144, 396],
        [1144, 416],
        [1146, 436],
      ],
      22,
      { tone: w8, belly: 0.4, hairs: 2, hair: w5 },
    ),
    eye(1100),
    eye(1192),
    shape(
      paper,
      'M1146 490C1120 486 1102 500 1106 520C1112 538 1134 540 1146 528C1158 540 1180 538 1186 520C1190 500 1172 486 1146 490Z',
    ),
    shape(w7, 'M1134 488C1140 482 1152 482 1158 488C1156 498 1150 503 1146 504C1142 503 1136 498 1134 488Z'),
    line(ink, 2.2, 'M1146 504v14M1146 518C1138 528 1126 528 1120 522M1146 518C1154 528 1166 528 1172 522'),
    line(paper, 2, whiskers.join('')),
    // Paws, with toes.
    shape(ink, 'M1104 792C1100 768 1126 756 1152 762C1176 768 1176 792 1164 800L1112 800Z'),
    line(w5, 2, 'M1122 798v-14M1138 798v-16M1154 798v-14'),
    line(w5, 4, 'M1080 556C1110 580 1180 582 1212 552'),
    `<circle cx="1146" cy="580" r="9" fill="${w3}"/><circle cx="1146" cy="583" r="2.4" fill="${ink}"/>`,
  ].join('');
}

/** What the guide is about: she looks at the cat. Broad at the one looked at, thin at the one who looks. */
function look(): string {
  return brush(
    [
      [1150, 300],
      [1120, 110],
      [820, 90],
      [700, 282],
    ],
    54,
    { tone: w10, flat: true, hairs: 3, hair: paper },
  );
}

/** The marks of the picture, without a frame around them. */
export function drawing(): string {
  return wall() + table() + cat() + woman() + look();
}
