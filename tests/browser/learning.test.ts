/** A model that is trained in the page, and the moments of a training under a slider, on the built site. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage, wake } from '../../scripts/browser.ts';
import { PUPIL_STEPS, trainPupil } from '../../src/figures/pupil-training.ts';
import { compileKernels } from '../../src/model/compile.ts';

const site = inject('site');
const lesson = 'lessons/how-it-learned-this/';

let browser: Browser;
beforeAll(async () => {
  if (site) browser = await launch();
});
afterAll(() => browser?.close());

async function open(kind: string, options: BrowserContextOptions = {}, path = lesson) {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site}${path}`);
  return { ...watched, figure: watched.page.locator(`live-figure[data-kind=${kind}]`) };
}

/** Presses the button and waits for the report of one step: its numbers, and who computed them. */
async function trainTo(figure: Locator, step: number): Promise<{ averaged: number[]; form: string; seed: number }> {
  await wake(figure);
  const reported = figure.evaluate(
    (f, wanted) =>
      new Promise<{ averaged: number[]; form: string; seed: number }>((resolve) => {
        f.addEventListener('pupil-report', (event) => {
          const { step, averaged, form, seed } = (event as CustomEvent).detail;
          if (step === wanted) resolve({ averaged: Array.from(averaged as Float32Array), form, seed });
        });
      }),
    step,
  );
  await figure.locator('.go').click();
  return reported;
}

/** The same steps here. */
async function trainHere(seed: number, step: number, module?: WebAssembly.Module): Promise<number[]> {
  const stop = new AbortController();
  const report = (done: number) => {
    if (done === step) stop.abort();
  };
  return Array.from((await trainPupil(seed, PUPIL_STEPS, module, report, stop.signal)).averaged);
}

const kernels = () => compileKernels({ wide: false, shared: false, relaxed: false });

describe.skipIf(!site)('training in a page', () => {
  it('gives the bytes that Node gives', async () => {
    const { figure, problems, close } = await open('pupil');
    const { averaged, form, seed } = await trainTo(figure, 20);
    expect(form).toBe('wasm');
    expect(averaged).toEqual(await trainHere(seed, 20, await kernels()));
    expect(problems).toEqual([]);
    await close();
  });

  it('goes on in plain TypeScript where the kernels do not come, with the bytes of plain TypeScript', async () => {
    const { page, figure, close } = await open('pupil');
    await page.route('**/training*.wasm', (route) => route.fulfill({ status: 503 }));
    const { averaged, form, seed } = await trainTo(figure, 8);
    expect(form).toBe('plain');
    expect(averaged).toEqual(await trainHere(seed, 8));
    const fast = await trainHere(seed, 8, await kernels());
    expect(Math.max(...averaged.map((value, i) => Math.abs(value - fast[i])))).toBeLessThan(1e-4);
    await expect.poll(() => figure.locator('.ran').textContent()).toContain('plain TypeScript');
    expect(await figure.locator('.ran').textContent()).toContain('503');
    await close();
  });

  it('ends where the printed figure ends, pauses, and takes another seed along in the address', async () => {
    const { page, figure, problems, close } = await open('pupil');
    await wake(figure);
    const shown = () => figure.locator('.picture, .notice, .as-table table').allTextContents();
    const printed = await shown();
    await trainTo(figure, 20);
    await figure.locator('.go').click();
    expect(await figure.locator('.go').textContent()).toBe('Go on');
    await figure.locator('.go').click();
    await page.waitForFunction(
      (steps) => document.querySelector('.ran')?.textContent?.includes(`: ${steps} steps`),
      PUPIL_STEPS,
    );
    expect(await shown()).toEqual(printed);

    await figure.getByText('Move the adjective').click();
    await expect.poll(() => figure.locator('.look').textContent()).toMatch(/woman.*with.*beautiful.*cat/s);
    await figure.getByText('With other random numbers').click();
    await expect.poll(() => page.url()).toContain('small-one.seed=');
    await figure.locator('.reset').click();
    expect(await shown()).toEqual(printed);
    await expect.poll(() => page.url()).not.toContain('small-one');
    expect(problems).toEqual([]);
    await close();
  });
});

describe.skipIf(!site)('moments of a training', () => {
  const { moments } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../public/model/moments/index.json'), 'utf8'),
  ) as { moments: { step: number; file: string }[] };

  it('move under the slider without fetching a model, are spoken, and stay in the address', async () => {
    const { page, figure, problems, close } = await open('moments');
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    await wake(figure);
    await wake(page.locator('live-figure[data-kind=pupil]'));
    // a library of half a megabyte, for pictures that only the build draws
    expect(fetched.filter((url) => /\/plot\./.test(url))).toEqual([]);
    const printed = await figure.locator('.picture').textContent();
    const slider = figure.locator('input[type=range]');
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await figure.locator('.moment .part').textContent()).toMatch(/^Before training/);
    expect(await slider.getAttribute('aria-valuetext')).toBe('before training');
    await page.keyboard.press('ArrowRight');
    const { step } = moments[1];
    await expect.poll(() => page.url()).toContain(`was-learns.at=${step}`);
    await expect.poll(() => figure.locator('> .aloud').textContent()).toMatch(/^After .* steps: was looks most at /);
    expect(fetched.filter((url) => url.endsWith('.gguf'))).toEqual([]);
    await page.reload();
    await wake(figure);
    expect(await slider.inputValue()).toBe('1');
    await figure.locator('.reset').click();
    expect(await figure.locator('.picture').textContent()).toBe(printed);
    expect(problems).toEqual([]);
    await close();
  });

  it('fetch the chosen model and its neighbours for a reader’s own words', async () => {
    const { page, figure, problems, close } = await open('moments', {}, `${lesson}?was-learns.at=${moments[4].step}`);
    await wake(figure);
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url().split('/').at(-1)!));
    await figure.locator('.try').click();
    await figure.locator('input[role=combobox]').fill('there was a tall man');
    const files = [4, 5, 3].map((i) => moments[i].file);
    await expect.poll(() => fetched.filter((name) => name.startsWith('step-'))).toEqual(files);
    await expect.poll(() => figure.locator('.notice').textContent()).toContain('man');
    await expect.poll(() => page.url()).toContain('was-learns.text=there+was+a+tall+man');
    expect(problems).toEqual([]);
    await close();
  });

  for (const width of [1280, 320]) {
    it(`are fit for everybody at ${width} px`, async () => {
      const { page, figure, close } = await open('moments', { viewport: { width, height: 900 } });
      await wake(figure);
      await wake(page.locator('live-figure[data-kind=pupil]'));
      const { violations } = await new AxeBuilder({ page }).include('live-figure').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await close();
    });
  }
});
