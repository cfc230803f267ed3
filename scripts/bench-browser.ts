/**
 * `npm run bench -- --browser`: what a reader waits for on the built site, in a real browser, with the processor as it is
 * and slowed down to a quarter.
 */
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Locator, Page } from 'playwright-core';
import { launch, serve, wake } from './browser.ts';

/** What one figure lets a reader wait for. */
export interface Wait {
  kind: string;
  /** How many times slower the processor was made. */
  slowed: number;
  /** Bytes of script, gzipped, fetched from opening the page to the first live answer. */
  script: number;
  /** Bytes of model and of numbers, gzipped, fetched in that time. */
  data: number;
  /** From coming into view to the first live answer, in ms. */
  toAnswer: number;
  /** From a key to what it changed being painted, in ms: the middle one, and one in twenty takes longer than this. */
  p50: number;
  p95: number;
}

/** Where each kind is tried: a page that has it, what is clicked first, the control that gets the keys, and two keys that undo each other. */
const TRIALS: Record<string, { page: string; control: string; keys: readonly [string, string]; first?: string }> = {
  narrowing: { page: 'out-of-context', control: 'button[data-word]', keys: ['Space', 'Space'] },
  arcs: { page: 'attention-in-one-sentence', control: '.strip .word.looking', keys: ['ArrowLeft', 'ArrowRight'] },
  heatmap: { page: 'no-peeking-ahead', control: '.picture .scroll', keys: ['ArrowUp', 'ArrowDown'], first: '.cell' },
  scatter: { page: 'words-as-lists-of-numbers', control: '.choosable', keys: ['ArrowRight', 'ArrowLeft'] },
  arrows: { page: 'scores-into-weights', control: '[role=slider]', keys: ['ArrowLeft', 'ArrowRight'] },
  blend: { page: 'blending', control: 'input[type=range]', keys: ['ArrowRight', 'ArrowLeft'] },
  steps: { page: 'one-pass-every-number', control: '[role=slider][data-list^=query]', keys: ['End', 'Home'] },
  'next-word': {
    page: 'what-comes-next',
    control: 'input[type=range]',
    keys: ['ArrowRight', 'ArrowLeft'],
    first: 'button:text("Draw a word")',
  },
  heads: { page: 'many-heads', control: 'button.one', keys: ['ArrowRight', 'ArrowLeft'] },
  apart: { page: 'layer-upon-layer', control: 'input[type=range]', keys: ['ArrowLeft', 'ArrowRight'] },
  rotation: { page: 'where-am-i', control: 'input[type=range]', keys: ['ArrowRight', 'ArrowLeft'] },
  moments: { page: 'how-it-learned-this', control: 'input[type=range]', keys: ['ArrowLeft', 'ArrowRight'] },
};
const SLOWED = [1, 4];
const PRESSES = 40;
/** As low as this, and no figure is near the screen when a page opens. */
const FLAT = { width: 1280, height: 150 };
const WINDOW = { width: 1280, height: 900 };

/**
 * Tries one figure of every kind, each in a browser context that has fetched nothing before.
 * @param folder the built site
 * @throws {Error} when there is no browser, or a figure does not answer
 */
export async function waits(folder: string): Promise<Wait[]> {
  const server = await serve(folder);
  const browser = await launch();
  const found: Wait[] = [];
  for (const kind of Object.keys(TRIALS)) {
    for (const slowed of SLOWED) found.push(await tryKind(browser, server.url, kind, slowed));
  }
  await browser.close();
  await server.close();
  return found;
}

/**
 * From opening the front page in a browser that has fetched nothing before to the first answer of its figure, in ms.
 * @param folder the built site
 */
export async function coldStart(folder: string): Promise<{ slowed: number; milliseconds: number }[]> {
  const server = await serve(folder);
  const browser = await launch();
  const found = [];
  for (const slowed of SLOWED) {
    const { page } = await open(browser, slowed, WINDOW);
    await page.goto(server.url);
    await wake(page.locator('live-figure').first());
    found.push({ slowed, milliseconds: (await page.evaluate('performance.now()')) as number });
    await page.context().close();
  }
  await browser.close();
  await server.close();
  return found;
}

async function tryKind(browser: Browser, site: string, kind: string, slowed: number): Promise<Wait> {
  const { page: name, control, keys, first } = TRIALS[kind];
  const { page, fetched } = await open(browser, slowed, FLAT);
  await page.goto(`${site}lessons/${name}/`, { waitUntil: 'networkidle' });
  await page.evaluate(
    'document.querySelectorAll("guess-then-see .choices button:first-child").forEach((b) => b.click())',
  );
  const figure = page.locator(`live-figure[data-kind=${kind}]`).first();
  const toAnswer = await timeToAnswer(figure);
  const bytes = await fetched();
  await page.setViewportSize(WINDOW);
  if (first) await figure.locator(first).last().click();
  await figure.locator(control).and(page.locator(':visible')).first().focus();
  const times = await keyToPaint(page, figure, keys).catch((error: Error) => {
    throw new Error(`The figure of kind ${kind}: ${error.message}`);
  });
  await page.context().close();
  return { kind, slowed, ...bytes, toAnswer, p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

/** A page that has fetched nothing before, and a count of the bytes that it fetches. */
async function open(browser: Browser, slowed: number, viewport: typeof WINDOW) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowed });
  const bodies: { isScript: boolean; bytes: Promise<number> }[] = [];
  page.on('response', (response) => {
    const end = extname(new URL(response.url()).pathname);
    if (!['.js', '.wasm', '.gguf', '.json'].includes(end)) return;
    bodies.push({ isScript: end === '.js', bytes: response.body().then((body) => gzipSync(body).length) });
  });
  const fetched = async () => {
    const sums = { script: 0, data: 0 };
    for (const { isScript, bytes } of bodies) sums[isScript ? 'script' : 'data'] += await bytes;
    return sums;
  };
  return { page, fetched };
}

/** Brings a figure into view; milliseconds until it answers. */
function timeToAnswer(figure: Locator): Promise<number> {
  return figure.evaluate(
    (element) =>
      new Promise<number>((resolve, reject) => {
        if (element.dataset.state !== 'asleep') reject(new Error('The figure was awake before it came into view.'));
        const start = performance.now();
        new MutationObserver(() => {
          if (element.dataset.state === 'alive') resolve(performance.now() - start);
          if (element.dataset.state === 'failed') reject(new Error('The figure did not come alive.'));
        }).observe(element, { attributes: true, attributeFilter: ['data-state'] });
        element.scrollIntoView({ block: 'center' });
      }),
  );
}

/**
 * Presses keys, one after the other's answer; for each the milliseconds until the last change that it made in the figure was
 * painted. What is said to a screen reader, which waits on purpose, is no such change.
 * @throws {Error} when a key changes nothing
 */
async function keyToPaint(page: Page, figure: Locator, keys: readonly [string, string]): Promise<number[]> {
  await figure.evaluate((element) => {
    const QUIET = 200;
    let start = 0;
    let painted = 0;
    new MutationObserver((changes) => {
      if (
        changes.every(({ target }) =>
          (target instanceof Element ? target : target.parentElement)?.closest('[aria-live]'),
        )
      )
        return;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          painted = performance.now();
        };
        port2.postMessage(undefined);
      });
    }).observe(element, { subtree: true, childList: true, attributes: true, characterData: true });
    addEventListener(
      'keydown',
      (event) => {
        start = event.timeStamp;
        painted = 0;
      },
      true,
    );
    Object.assign(window, {
      paintedAfter: () =>
        new Promise<number>((resolve, reject) => {
          const asked = performance.now();
          const look = () => {
            if (painted > 0 && performance.now() - painted > QUIET) resolve(painted - start);
            else if (performance.now() - asked > 10_000) reject(new Error('A key changed nothing.'));
            else setTimeout(look, 20);
          };
          look();
        }),
    });
  });
  const times: number[] = [];
  for (let press = 0; press < PRESSES; press++) {
    await page.keyboard.press(keys[press % 2]);
    times.push((await page.evaluate('paintedAfter()')) as number);
  }
  return times;
}

function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
