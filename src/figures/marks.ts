/**
 * How the marks of a picture are painted: rules for SVG only. They go into every picture file as they stand, and
 * `styles/figures/marks.css` holds the same rules for the page; a test compares the two.
 */
export const marks = `
.strip text { text-anchor: middle; fill: var(--ink); font-family: var(--font-words); }
.strip .hit { fill: transparent; }
.strip .chip { fill: var(--ink); }
.strip .differs { fill: var(--mark); }
.strip .later .differs ~ text { fill: var(--ink-2); }
.strip .looking text { fill: var(--paper); }
.strip .later text { fill: var(--ink-3); }
.strip text.tag, .strip text.pct, .strip .unread text { font-family: var(--font-figures); font-size: 14px; font-weight: 500; font-variant-numeric: tabular-nums; fill: var(--ink-2); }
.strip text.tag { fill: var(--ink-3); font-weight: 400; }
.strip .looking text.tag { fill: var(--paper); }
.strip text.pct.strong { font-weight: 700; font-size: 15.5px; fill: var(--attention); }
.strip .unit { font-size: 11.5px; font-weight: 500; }
.strip .unread path { fill: none; stroke: var(--rule); }
.strip .unread text { fill: var(--ink-3); font-weight: 400; }
.strip .arc path { fill: var(--attention); }
.strip .arc path.hair { fill: none; stroke: var(--paper); stroke-width: 1; opacity: 0.75; }
.strip .self { fill: none; stroke: var(--attention); stroke-linecap: round; }
.strip .paint { fill: var(--attention); }
.strip .slot { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.strip.narrow text { text-anchor: start; }
.strip.narrow text.pct { text-anchor: end; }
.strip.both text { text-anchor: middle; }
.strip.both text.pct, .strip.both text.from { text-anchor: start; }
.strip.both text.pct.end, .strip.both text.to { text-anchor: end; }
.matrix text { font-family: var(--font-words); fill: var(--ink); }
.matrix .row { text-anchor: end; }
.matrix .row.on, .matrix .col.on text { font-weight: 650; }
.matrix .row.start, .matrix .col.start text { font-family: var(--font-figures); font-size: 13px; fill: var(--ink-3); }
.matrix text.val { font-family: var(--font-figures); font-size: 13px; font-weight: 500; text-anchor: middle; font-variant-numeric: tabular-nums; }
.matrix text.val.inv { fill: var(--on-weight); }
.matrix .hatch { stroke: var(--rule); stroke-width: 1; }
.matrix .col text, .matrix .never { paint-order: stroke; stroke: var(--paper); stroke-width: 6px; stroke-linejoin: round; }
.matrix text.never { font-family: var(--font-figures); font-size: 13px; fill: var(--ink-3); text-anchor: end; }
.matrix .rowmark { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.matrix .pick { fill: none; stroke: var(--query); stroke-width: 3; }
.matrix .w0 { fill: var(--w0); }
.matrix .w1 { fill: var(--w1); }
.matrix .w2 { fill: var(--w2); }
.matrix .w3 { fill: var(--w3); }
.matrix .w4 { fill: var(--w4); }
.matrix .w5 { fill: var(--w5); }
.matrix .w6 { fill: var(--w6); }
.matrix .w7 { fill: var(--w7); }
.matrix .w8 { fill: var(--w8); }
.matrix .w9 { fill: var(--w9); }
.matrix .w10 { fill: var(--w10); }
.matrix .rowmark.thin { stroke-width: 1; vector-effect: non-scaling-stroke; }
.odds text { font-family: var(--font-figures); fill: var(--ink); font-size: 14px; }
.odds text.word { font-family: var(--font-words); font-size: 17px; }
.odds text.end { text-anchor: end; font-variant-numeric: tabular-nums; }
.odds text.soft { fill: var(--ink-2); }
.odds text.none { fill: var(--ink-3); font-size: 13px; }
.odds text.head { font-weight: 600; }
.odds .line { stroke: var(--rule); stroke-width: 1; }
.odds .line.strong { stroke: var(--ink); }
.odds .filled { fill: var(--ink); }
.odds .outlined { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.odds .hatched { stroke: var(--ink-3); stroke-width: 1; }
.odds .hatch { stroke: var(--ink-3); stroke-width: 1.5; fill: none; }
.odds .shape { fill: var(--ink-2); stroke: var(--ink-2); }
.odds .paint { fill: var(--attention); }
.odds .plus { fill: var(--attention); }
.odds .minus { fill: none; stroke: var(--attention); stroke-width: 1.25; }
.odds .zero { fill: none; stroke: var(--edge); stroke-width: 1; }
.odds text.here { font-weight: 650; text-decoration: underline; }
.odds text.query { fill: var(--query); text-decoration: underline; }
.odds text.key { fill: var(--key); text-decoration: underline; }
.odds .size { fill: none; stroke: var(--value); stroke-width: 1.25; }
.odds .brought { fill: var(--value); }
.odds .differs { fill: var(--mark); }
.odds .dashed { fill: none; stroke: var(--ink-2); stroke-width: 1; stroke-dasharray: 3 2; }
.odds .frame { fill: none; stroke: var(--rule); stroke-width: 1; }
.odds .curve { fill: none; stroke: var(--ink); stroke-width: 3; stroke-linejoin: round; }
.odds .curve.last { stroke-width: 1.2; }
.odds text.over { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.odds .framed { fill: none; stroke: var(--ink); stroke-width: 2; }
.weave text { font-family: var(--font-figures); font-size: 14px; fill: var(--ink-2); }
.weave .word { font-family: var(--font-words); font-size: 16px; fill: var(--ink); }
.weave .stored { fill: var(--wash); }
.weave .rule { fill: none; stroke: var(--ink); stroke-width: 1; }
.threads .zero { fill: none; stroke: var(--edge); stroke-width: 1; vector-effect: non-scaling-stroke; }
.threads .up { fill: var(--attention); }
.threads .down { fill: none; stroke: var(--attention); stroke-width: 1.25; vector-effect: non-scaling-stroke; }
.threads.query .up { fill: var(--query); }
.threads.query .down { stroke: var(--query); }
.threads.key .up { fill: var(--key); }
.threads.key .down { stroke: var(--key); }
.threads.value .up { fill: var(--value); }
.threads.value .down { stroke: var(--value); }
.dials text, .hands text { font-family: var(--font-figures); font-size: 13px; fill: var(--ink-2); text-anchor: middle; font-variant-numeric: tabular-nums; }
.dials .dial, .hands .dial { fill: none; stroke: var(--edge); stroke-width: 1; }
.dials .top { fill: none; stroke: var(--edge); stroke-width: 1; }
.dials .hand { fill: none; stroke: var(--ink); stroke-width: 2.5; stroke-linecap: round; }
.hands .wedge { fill: var(--w2); }
.hands .query { fill: none; stroke: var(--query); stroke-width: 2.5; stroke-linecap: round; }
.hands .tip { fill: var(--query); }
.hands .key { fill: none; stroke: var(--key); stroke-width: 6; }
.fans .first { fill: none; stroke: var(--ink); stroke-width: 2.5; stroke-linecap: round; }
.fans .second { fill: none; stroke: var(--ink); stroke-width: 2.5; stroke-dasharray: 5 4; }
.fans .between { fill: var(--w1); }
.plane text { font-family: var(--font-words); font-size: 16px; text-anchor: middle; paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
.plane text.query { fill: var(--query); }
.plane text.key { fill: var(--key); }
.plane text.side { font-family: var(--font-figures); font-size: 13px; text-anchor: start; fill: var(--ink-3); }
.plane text.end { text-anchor: end; }
.plane .ground { fill: none; stroke: var(--rule); stroke-width: 1; }
.plane .axis { fill: none; stroke: var(--rule); stroke-width: 1; }
.plane .divide { fill: none; stroke: var(--edge); stroke-width: 1.5; }
.plane path.query { fill: none; stroke: var(--query); stroke-width: 4; stroke-dasharray: 0.1 6; stroke-linecap: round; }
.plane path.key { fill: none; stroke: var(--key); stroke-width: 3; stroke-dasharray: 8 3; }
.plane path.tip { stroke-width: 2.5; stroke-dasharray: none; stroke-linejoin: round; }
.steps text { font-family: var(--font-figures); fill: var(--ink); font-size: 14px; font-variant-numeric: tabular-nums; }
.steps text.phrase { font-family: var(--font-words); font-size: 17px; }
.steps text.end { text-anchor: end; }
.steps text.share { fill: var(--ink-2); }
.steps .fits { fill: var(--ink); }
.steps .all { fill: var(--wash); stroke: var(--edge); stroke-width: 1; }
.plot text { font-family: var(--font-figures); fill: var(--ink-2); font-size: 13px; font-variant-numeric: tabular-nums; }
.plot .lang text { font-family: var(--font-words); font-size: 15px; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.plot .name text { font-size: 14px; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.plot .full { fill: var(--ink); stroke: var(--ink); stroke-width: 1.6; }
.plot .open { fill: var(--paper); stroke: var(--ink); stroke-width: 1.6; }
.plot .leader { fill: none; stroke: var(--edge); stroke-width: 1; }
.plot .axis { fill: none; stroke: var(--edge); stroke-width: 1; }
.plot .model { fill: none; stroke: var(--ink); stroke-width: 3; stroke-linejoin: round; }
.plot .truth { fill: none; stroke: var(--ink); stroke-width: 1.2; }
`.trim();

/** Title and source, which a picture carries when it stands alone. */
export const captions = `
.sheet { fill: var(--paper); }
.sheet-rule { fill: var(--ink); }
.sheet-title { font-family: var(--font-figures); font-size: 15px; font-weight: 600; fill: var(--ink); }
.sheet-title .word { font-family: var(--font-words); font-style: italic; font-weight: 500; }
.sheet-source { font-family: var(--font-figures); font-size: 13px; fill: var(--ink-2); }
`.trim();
