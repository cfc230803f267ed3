/** Where the site will stand and where its sources are kept. Everything here can be said by the environment. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Address {
  /** Origin, without the base path. */
  site: string;
  /** Base path, '/' or '/name/'. */
  base: string;
  /** Folder that edit links point into; undefined when nobody said where the sources are. */
  edit: string | undefined;
  /** Dates from git are true only where git has the whole history. */
  dates: boolean;
}

/**
 * `SITE_URL`, `BASE_PATH` and `REPOSITORY_URL` from the environment. Where the last is not said, GitHub's own variables in
 * a workflow tell it, else the remote named origin, else the `repository` of package.json; else no page has an edit link.
 *
 * @throws {Error} when one of them is not what it should be.
 */
export function readAddress(env: Record<string, string | undefined> = process.env): Address {
  const site = env.SITE_URL || 'http://localhost:4321';
  if (!URL.canParse(site)) {
    throw new Error(`SITE_URL should be a whole address such as https://example.org, but is '${site}'.`);
  }
  const name = (env.BASE_PATH || '/').replace(/^\/+|\/+$/g, '');
  const base = name ? `/${name}/` : '/';
  const repository =
    env.REPOSITORY_URL || githubRepository(env) || webAddress(git('remote', 'get-url', 'origin')) || ownRepository();
  if (repository && !URL.canParse(repository)) {
    throw new Error(
      `REPOSITORY_URL should be a whole address such as https://github.com/you/it, but is '${repository}'.`,
    );
  }
  return {
    site: new URL(site).origin,
    base,
    edit: repository && `${repository.replace(/\/+$/, '')}/edit/main/`,
    dates: git('rev-parse', '--is-shallow-repository') === 'false',
  };
}

function githubRepository(env: Record<string, string | undefined>): string | undefined {
  if (!env.GITHUB_SERVER_URL || !env.GITHUB_REPOSITORY) return undefined;
  return `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}`;
}

/** The field `repository` of package.json. */
function ownRepository(): string | undefined {
  const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return webAddress(typeof repository === 'string' ? repository : repository?.url);
}

/** git@host:you/it.git and https://host/you/it.git both become https://host/you/it; a folder on this machine is no answer. */
export function webAddress(remote: string | undefined): string | undefined {
  const form = /^(?:git\+)?(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/git@|git@)([\w.-]+\.[a-z]+)[:/](.+?)(?:\.git)?\/?$/;
  const match = remote?.match(form);
  return match ? `https://${match[1]}/${match[2]}` : undefined;
}

function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname });
  return status === 0 ? stdout.trim() : undefined;
}
