/**
 * The typefaces, cut down to what is used. npm brings them whole; from there come two sets:
 * woff2 for the page, in public/fonts/, and plain TrueType for programs that draw text without a browser (sharp), in
 * .cache/fonts/, with a configuration file for fontconfig beside them. Both folders are made anew when the recipe or the
 * installed typefaces change, and left alone otherwise.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Cut {
  /** File name, without folder. */
  file: string;
  /** Where npm keeps the whole face. */
  from: string;
  axes?: Record<string, number | { min: number; max: number; default?: number }>;
  /** Characters it keeps, if not those of prose. */
  characters?: string;
}

const literata = '@fontsource-variable/literata/files/literata-latin-opsz';
const hanken = '@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght';
const stix = '@fontsource/stix-two-math/files/stix-two-math-latin-400';

/** For the page. The style sheet src/styles/fonts.css names these files; weights and optical sizes are those it uses. */
const webCuts: readonly Cut[] = [
  {
    file: 'literata.woff2',
    from: `${literata}-normal.woff2`,
    axes: { wght: { min: 400, max: 700 }, opsz: { min: 14, max: 60 } },
  },
  {
    file: 'literata-italic.woff2',
    from: `${literata}-italic.woff2`,
    axes: { wght: { min: 400, max: 600 }, opsz: { min: 14, max: 42 } },
  },
  { file: 'hanken-grotesk.woff2', from: `${hanken}-normal.woff2`, axes: { wght: { min: 400, max: 700 } } },
  // Few machines have letters for formulas of their own. A browser fetches these when a formula is unfolded.
  { file: 'stix-two-math.woff2', from: `${stix}-normal.woff2`, characters: formulaCharacters() },
];

/** For pictures drawn outside a browser: one file a weight, since not every renderer understands variable fonts. */
const pictureCuts: readonly Cut[] = [
  { file: 'literata-400.ttf', from: `${literata}-normal.woff2`, axes: { wght: 400, opsz: 20 } },
  { file: 'literata-680.ttf', from: `${literata}-normal.woff2`, axes: { wght: 680, opsz: 20 } },
  { file: 'literata-italic-400.ttf', from: `${literata}-italic.woff2`, axes: { wght: 400, opsz: 20 } },
  { file: 'hanken-grotesk-400.ttf', from: `${hanken}-normal.woff2`, axes: { wght: 400 } },
  { file: 'hanken-grotesk-500.ttf', from: `${hanken}-normal.woff2`, axes: { wght: 500 } },
  { file: 'hanken-grotesk-600.ttf', from: `${hanken}-normal.woff2`, axes: { wght: 600 } },
  { file: 'hanken-grotesk-700.ttf', from: `${hanken}-normal.woff2`, axes: { wght: 700 } },
];

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface BuiltFonts {
  /** Folder of the woff2 files that the site serves. */
  web: string;
  /** Folder of the TrueType files; families 'Literata' and 'Hanken Grotesk'. */
  pictures: string;
  /** For the environment variable FONTCONFIG_FILE. Set it before sharp is imported: it is read once. */
  fontconfig: string;
  /** False when everything was there already. */
  made: boolean;
}

/**
 * Make the subset fonts, unless they are there and made by this recipe from these faces.
 *
 * @throws {Error} when a typeface is not installed.
 */
export async function buildFonts(): Promise<BuiltFonts> {
  const web = join(root, 'public/fonts');
  const pictures = join(root, '.cache/fonts');
  const fontconfig = join(pictures, 'fonts.conf');
  const sources = new Map<string, Buffer>();
  for (const cut of [...webCuts, ...pictureCuts]) sources.set(cut.from, sources.get(cut.from) ?? readFace(cut.from));

  const stamp = createHash('sha256').update(JSON.stringify([webCuts, pictureCuts, proseCharacters(), pictures]));
  for (const face of sources.values()) stamp.update(face);
  const recipe = stamp.digest('hex');
  const stampFile = join(pictures, 'recipe');
  const files = [
    ...webCuts.map((c) => join(web, c.file)),
    ...pictureCuts.map((c) => join(pictures, c.file)),
    fontconfig,
  ];
  const current = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === recipe && files.every(existsSync);
  if (current) return { web, pictures, fontconfig, made: false };

  const { default: subsetFont } = await import('subset-font');
  for (const folder of [web, pictures]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  for (const [folder, cuts, targetFormat] of [
    [web, webCuts, 'woff2'],
    [pictures, pictureCuts, 'sfnt'],
  ] as const) {
    for (const cut of cuts) {
      const text = cut.characters ?? proseCharacters();
      const font = await subsetFont(sources.get(cut.from)!, text, { targetFormat, variationAxes: cut.axes });
      writeFileSync(join(folder, cut.file), font);
    }
  }
  writeFileSync(fontconfig, fontconfigFile(pictures));
  writeFileSync(stampFile, recipe);
  return { web, pictures, fontconfig, made: true };
}

function range(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');
}

/** Printable Latin-1, the rest of Western European spelling, and the signs that prose and figures use. */
function proseCharacters(): string {
  return `${range(0x20, 0x7e)}${range(0xa0, 0xff)}ŒœŠšŽžŸ–—‘’‚“”„†•…‹›′″⁄€™−×÷≈≠≤≥√∑∞\u2009\u200A\u202F`;
}

/** Letters upright, italic and bold, Greek, and the operators that the formulas of a lesson are made of. */
function formulaCharacters(): string {
  const letters = range(0x20, 0x7e) + range(0x391, 0x3c9) + range(0x1d400, 0x1d467) + range(0x1d6a8, 0x1d71b);
  return `${letters}ℎ∂ϵϕ·×÷±−∗⋅∘√∑∏∫∞∈∉∝≈≠≡≤≥≪≫→←↦⇒⊙⊕⊗⊤∥‖⟨⟩⌈⌉⌊⌋…⋯⋮⋱′ˆ¯˜\u00a0\u2061\u2062\u2063\u2009\u200A`;
}

function readFace(path: string): Buffer {
  const [scope, name, ...rest] = path.split('/');
  const packageJson = createRequire(import.meta.url).resolve(`${scope}/${name}/package.json`);
  const file = join(dirname(packageJson), ...rest);
  if (!existsSync(file)) {
    throw new Error(`The typeface ${path} is not installed (looked at ${file}). Run npm ci, then build again.`);
  }
  return readFileSync(file);
}

/** Only our own faces, so that a picture comes out the same on a machine with many fonts and on one with none. */
function fontconfigFile(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <cachedir>${join(folder, 'cache')}</cachedir>
  <alias><family>serif</family><prefer><family>Literata</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Hanken Grotesk</family></prefer></alias>
</fontconfig>
`;
}
