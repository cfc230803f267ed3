/**
 * `npm run build`: the figures, then the site, then a few lines that say what was made and what to run next. The tests and
 * the link check build through the same function, under a base path and into a folder of their own.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The base path under which tests and the link check look at the site: most mistakes with links show only there. */
export const stageBase = '/in-context/';

export interface BuildOptions {
  /** Base path with a slash at both ends; absent: what the environment says, else '/'. */
  base?: string;
  /** Folder the site is written to. */
  outDir: string;
  /** Keep the programs' own words back, unless one fails. */
  quiet?: boolean;
}

/**
 * Runs `scripts/figures.ts` and `astro build`.
 *
 * @throws {Error} when one of them fails, with what it said.
 */
export function buildSite({ base, outDir, quiet = false }: BuildOptions): void {
  const env = {
    ...process.env,
    // A test runner says 'test' here, and Astro then builds for development: no search, no cards.
    NODE_ENV: 'production',
    ASTRO_TELEMETRY_DISABLED: '1',
    ...(base ? { BASE_PATH: base } : {}),
  };
  const run = (name: string, args: string[]) => {
    const { status, error, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: quiet ? 'pipe' : 'inherit',
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`${name} failed.\n${stdout ?? ''}${stderr ?? ''}`.trimEnd());
  };
  run('Making the figures', ['scripts/figures.ts']);
  run('Building the site', ['node_modules/astro/bin/astro.mjs', 'build', '--outDir', relative(root, outDir)]);
}

/** One hash over every file that the site is made from: as long as it stays, a built site is up to date. */
export function hashSources(): string {
  const folders = ['content', 'src', 'scripts', 'public'];
  const files = [
    ...folders.flatMap((folder) => globSync(`${folder}/**/*`, { cwd: root })),
    ...['astro.config.mjs', 'content.config.ts', 'package.json', 'package-lock.json'],
  ]
    .filter((file) => !/^public[\\/](figures|fonts)[\\/]/.test(file) && statSync(join(root, file)).isFile())
    .sort();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/**
 * The site under {@link stageBase}, in `stage/site`. It is built unless it is there already and made from these very
 * sources. Returns its folder.
 */
export function stageSite(): string {
  const folder = join(root, 'stage', 'site');
  const stamp = `${folder}.sources`;
  const sources = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources && existsSync(join(folder, 'index.html'))) {
    return folder;
  }
  rmSync(stamp, { force: true });
  buildSite({ base: stageBase, outDir: folder, quiet: true });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
  return folder;
}

/** What stands in a built site, in lines for a person. */
export function summary(outDir: string): string {
  const files = globSync('**/*', { cwd: outDir }).filter((file) => statSync(join(outDir, file)).isFile());
  const bytes = files.reduce((sum, file) => sum + statSync(join(outDir, file)).size, 0);
  const pages = files.filter((file) => file.endsWith('.html') && !/^figures[\\/]/.test(file));
  const lessons = pages.filter((file) => /^lessons[\\/]/.test(file));
  const figures = files.filter((file) => /^figures[\\/].*\.svg$/.test(file));
  return [
    '',
    `The site is in ${relative(root, outDir)}/: ${pages.length} pages, ${lessons.length} of them lessons, ${(bytes / 1e6).toFixed(1)} MB in all.`,
    `${figures.length} figures were computed, compared with the reference, and written as SVG, PNG, CSV and JSON.`,
    'Next: npm run preview   shows it at http://localhost:4321',
    '      npm run dev       shows every edit at once',
    '      npm test          checks it',
  ].join('\n');
}

if (import.meta.main) {
  const outDir = join(root, 'dist');
  try {
    buildSite({ outDir });
    console.log(summary(outDir));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
