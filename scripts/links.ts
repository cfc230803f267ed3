/**
 * `npm run links`: does every link of the built site lead somewhere? Pages, anchors and what style sheets ask for, under a
 * base path and without a network: links that leave the site are counted, not followed.
 */
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinkChecker, type LinkResult, LinkState } from 'linkinator';
import { stageBase, stageSite } from './build.ts';

export interface LinkReport {
  pages: number;
  /** Links inside the site that were followed. */
  followed: number;
  /** Links that leave the site; not followed. */
  external: number;
  /** `page: link` for each link that leads nowhere. */
  broken: string[];
}

/**
 * Follows every link of every page in `folder`, which is served under `base`. Every page and every style
 * sheet is a starting point of its own, since linkinator, started at one page, passes over much of what lies further in.
 *
 * @throws {Error} when there is no page, or the pages hold no link: then nothing was checked.
 */
export async function checkLinks(folder: string, base: string): Promise<LinkReport> {
  const pages = globSync('**/*.html', { cwd: folder });
  if (pages.length === 0) throw new Error(`There should be a built site in ${folder}, but no page is there.`);
  const stage = mkdtempSync(join(tmpdir(), 'links-'));
  try {
    const inside = base.replace(/^\/|\/$/g, '');
    cpSync(folder, join(stage, inside), { recursive: true });
    const { links } = await new LinkChecker().check({
      // A style sheet that only a page names would be asked for but not read.
      path: [...pages, ...globSync('**/*.css', { cwd: folder })].map((file) => join(inside, file)),
      serverRoot: stage,
      checkFragments: true,
      checkCss: true,
      // linkinator serves the folder at 127.0.0.1; every other host is somewhere else.
      linksToSkip: async (link) => new URL(link).hostname !== '127.0.0.1',
    });
    const followed = links.filter(({ state, parent }) => state !== LinkState.SKIPPED && parent !== undefined);
    if (followed.length === 0) {
      throw new Error(
        `${pages.length} pages in ${folder}, but no link on them was followed: nothing has been checked.`,
      );
    }
    return {
      pages: pages.length,
      followed: followed.length,
      external: links.filter(({ state }) => state === LinkState.SKIPPED).length,
      broken: links.filter(({ state }) => state === LinkState.BROKEN).map(describe),
    };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function describe({ url, parent, status }: LinkResult): string {
  return `${parent ?? 'the site'}: ${url} (${status || 'no answer'})`;
}

if (import.meta.main) {
  const { pages, followed, external, broken } = await checkLinks(stageSite(), stageBase);
  for (const line of broken) console.error(line);
  console.log(
    `${pages} pages under ${stageBase}: ${followed} links followed, ${broken.length} broken, ${external} that leave the site not followed.`,
  );
  if (broken.length > 0) process.exitCode = 1;
}
