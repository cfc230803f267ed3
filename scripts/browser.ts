/**
 * A real browser on the built site, for tests and the bench: finds or unpacks a Chromium, serves a folder as a web server would (under a
 * base path too), and opens pages that can reach nothing but this machine and remember everything that went wrong.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, extname, join, normalize, sep } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

/** Where a browser is, and what must be in its environment for it to start. */
export interface FoundBrowser {
  path: string;
  /** 'given' by CHROME_PATH, 'npm' from @sparticuz/chromium, 'own' installed by the person, 'playwright' downloaded. */
  origin: 'given' | 'npm' | 'own' | 'playwright';
  env: Record<string, string>;
}

const cacheFolder = join(import.meta.dirname, '..', 'node_modules', '.cache', 'browser');

/** The names and places under which people have Chrome or Chromium. */
function ownCandidates(): string[] {
  if (process.platform === 'darwin') {
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ];
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
    return roots.flatMap((root) => (root ? [join(root, 'Google', 'Chrome', 'Application', 'chrome.exe')] : []));
  }
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
}

/**
 * Unpacks the browser that npm brings, once, into `node_modules/.cache`. Its archive for Amazon Linux holds the two
 * libraries (libnss3, libnspr4) that a machine without any browser lacks. Two processes may try at once: each unpacks into
 * a folder of its own, and the first to rename it wins.
 */
async function unpackFromNpm(): Promise<FoundBrowser> {
  const bin = join(import.meta.dirname, '..', 'node_modules', '@sparticuz', 'chromium', 'bin');
  const { version } = JSON.parse(await readFile(join(bin, '..', 'package.json'), 'utf8')) as { version: string };
  const folder = join(cacheFolder, version);
  if (!existsSync(folder)) {
    const { inflate } = await import('@sparticuz/chromium');
    const ours = `${folder}.${process.pid}`;
    await mkdir(ours, { recursive: true });
    // The package always unpacks into the system's temporary folder; for these few calls that is ours.
    const { TMPDIR } = process.env;
    process.env.TMPDIR = ours;
    try {
      const archives = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
      await Promise.all(archives.map((archive) => inflate(join(bin, archive))));
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
    await rename(ours, folder).catch(async (error: unknown) => {
      await rm(ours, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    });
  }
  // Its own fonts.conf looks for fonts where they are on Amazon's machines; without a font the browser draws no text at all,
  // and refuses web fonts too.
  const fonts = `<dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts', 'cache')}</cachedir>`;
  await writeFile(join(folder, 'fonts', 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${fonts}</fontconfig>`);
  return {
    path: join(folder, 'chromium'),
    origin: 'npm',
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}

/**
 * The browser that the tests run in: the one that `CHROME_PATH` names; on Linux x64 the one that npm brings, so that
 * everyone tests with the same; elsewhere the person's own Chrome or Chromium, else one that Playwright has downloaded.
 * `null` where there is none.
 */
export async function findBrowser(): Promise<FoundBrowser | null> {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (!existsSync(given)) throw new Error(`CHROME_PATH should name a browser, but there is no file at ${given}.`);
    return { path: given, origin: 'given', env: {} };
  }
  if (process.platform === 'linux' && process.arch === 'x64') return unpackFromNpm();
  const own = ownCandidates().find((path) => existsSync(path));
  if (own) return { path: own, origin: 'own', env: {} };
  const playwright = chromium.executablePath();
  return existsSync(playwright) ? { path: playwright, origin: 'playwright', env: {} } : null;
}

/**
 * Starts the browser without a window. WebGL 2 and WebGPU answer through SwiftShader, a graphics chip in software, so that
 * the tests need no hardware. Throws where {@link findBrowser} finds none: install Chrome, or set `CHROME_PATH`.
 */
export async function launch(): Promise<Browser> {
  const found = await findBrowser();
  if (!found) throw new Error('No browser here. Install Chrome or Chromium, or set CHROME_PATH to one.');
  return chromium.launch({
    executablePath: found.path,
    headless: true,
    env: { ...(process.env as Record<string, string>), ...found.env },
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--enable-features=Vulkan',
    ],
  });
}

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.xml': 'application/xml',
  '.txt': 'text/plain; charset=utf-8',
};

export interface Server {
  /** Where the site starts, base path included, with a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves a folder on a free port of this machine, under `base` (starts and ends with a slash), as a static host does: a
 * folder answers with its index.html, what is missing with 404 and the site's own 404.html.
 */
export async function serve(folder: string, base = '/'): Promise<Server> {
  const server = createServer(async (request, response) => {
    const pathname = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const send = async (status: number, file: string) => {
      response.writeHead(status, { 'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream' });
      response.end(await readFile(file));
    };
    const inside = normalize(pathname.slice(base.length - 1));
    const file = join(folder, inside.endsWith(sep) ? join(inside, 'index.html') : inside);
    const kind = await stat(file).catch(() => null);
    if (pathname.startsWith(base) && kind?.isFile()) return send(200, file);
    if (pathname.startsWith(base) && kind?.isDirectory()) {
      return response.writeHead(301, { location: `${pathname}/` }).end();
    }
    const missing = join(folder, '404.html');
    if (existsSync(missing)) return send(404, missing);
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface WatchedPage {
  page: Page;
  /** Errors and warnings of the console, exceptions, failed requests, and requests that wanted to leave this machine. */
  problems: string[];
  close(): Promise<void>;
}

/**
 * Opens an empty page whose network ends at this machine and which keeps a list of its problems. Options are Playwright's:
 * `viewport`, `colorScheme`, `javaScriptEnabled`, …
 */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  // A busy machine is slow, not wrong.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const problems: string[] = [];
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.hostname === '127.0.0.1' || url.protocol === 'data:' || url.protocol === 'blob:') return route.continue();
    problems.push(`wanted to leave this machine: ${url.href}`);
    return route.abort();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'failed';
    // A page that is left while something still loads has not failed.
    if (why !== 'net::ERR_ABORTED') problems.push(`request: ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`response: ${response.url()} ${response.status()}`);
  });
  return { page, problems, close: () => context.close() };
}

/** Brings a `<live-figure>` into view and waits until it answers. */
export async function wake(figure: Locator): Promise<void> {
  await figure.scrollIntoViewIfNeeded();
  await figure.and(figure.page().locator('[data-state=alive]')).waitFor();
}
