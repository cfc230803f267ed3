/**
 * Once before the browser tests: finds a browser, builds the site under a base path unless it is up to date, and serves it.
 * The tests learn the address by `inject('site')`. Where there is no browser they are skipped with a word, but not in CI.
 */
import type { TestProject } from 'vitest/node';
import { findBrowser, serve } from '../../scripts/browser.ts';
import { stageBase, stageSite } from '../../scripts/build.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the site starts, base path included; null where there is no browser. */
    site: string | null;
    /** The folder it is served from. */
    siteFolder: string;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!(await findBrowser())) {
    const what = 'No browser here: the tests on the built site are skipped. Install Chrome, or set CHROME_PATH to one.';
    if (process.env.CI) throw new Error(what.replace('are skipped', 'cannot run, and CI skips nothing'));
    console.warn(what);
    project.provide('site', null);
    project.provide('siteFolder', '');
    return undefined;
  }
  const folder = stageSite();
  const server = await serve(folder, stageBase);
  project.provide('site', server.url);
  project.provide('siteFolder', folder);
  return () => server.close();
}
