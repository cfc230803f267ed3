/**
 * The colours and faces of `styles/tokens.css` that a picture needs when it leaves the page. A test holds the two lists
 * together.
 */
export type PaletteName = 'light' | 'dark';

const FACES = {
  'font-words': "'Literata Variable', Literata, 'Iowan Old Style', Charter, 'Source Serif 4', Georgia, serif",
  'font-figures':
    "'Hanken Grotesk Variable', 'Hanken Grotesk', 'Avenir Next', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
};

export const palette: Record<PaletteName, Record<string, string>> = {
  light: {
    ...FACES,
    paper: '#fafbf8',
    wash: '#f0f3ee',
    rule: '#d3dad4',
    edge: '#7c8883',
    ink: '#16201e',
    'ink-2': '#404c48',
    'ink-3': '#5f6b66',
    query: '#2a58d6',
    key: '#9a5f06',
    value: '#b32d7c',
    attention: '#07473b',
    mark: '#ffe691',
    w0: '#eef2ed',
    w1: '#d4e4db',
    w2: '#b9d5ca',
    w3: '#9cc6b7',
    w4: '#7db7a4',
    w5: '#5ea692',
    w6: '#3b7d6c',
    w7: '#2f7060',
    w8: '#236153',
    w9: '#175447',
    w10: '#07473b',
    'on-weight': '#fafbf8',
  },
  dark: {
    ...FACES,
    paper: '#111715',
    wash: '#1a2220',
    rule: '#2d3733',
    edge: '#6d7974',
    ink: '#e9eee9',
    'ink-2': '#bcc6c0',
    'ink-3': '#94a09a',
    query: '#86a9ff',
    key: '#dfa445',
    value: '#ea7dba',
    attention: '#a4e6d0',
    mark: '#51440f',
    w0: '#1b2421',
    w1: '#20332d',
    w2: '#244139',
    w3: '#285145',
    w4: '#2b5f51',
    w5: '#2d6d5c',
    w6: '#3d937d',
    w7: '#58a891',
    w8: '#71bca6',
    w9: '#8cd2bb',
    w10: '#a4e6d0',
    'on-weight': '#0c1f1a',
  },
};

/**
 * CSS with every `var(--name)` replaced by its value.
 * @throws Error when a variable is not in the palette
 */
export function withPalette(css: string, name: PaletteName): string {
  return css.replace(/var\(--([\w-]+)\)/g, (_, variable: string) => {
    const value = palette[name][variable];
    if (value === undefined)
      throw new Error(`No colour --${variable} in the palette: add it beside styles/tokens.css.`);
    return value;
  });
}
