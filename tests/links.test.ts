/** The link check must see what it is for: each test plants one broken thing in a small site that is otherwise whole. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkLinks } from '../scripts/links.ts';

const base = '/in-context/';
const folders: string[] = [];

/** Three pages deep, with a style sheet, a font, an anchor and a link to another site. */
const whole: Record<string, string> = {
  'index.html': `<!doctype html><title>a</title><link rel="stylesheet" href="${base}style.css">
    <a href="${base}lessons/one/">one</a> <a href="https://example.org/elsewhere">elsewhere</a>`,
  'style.css': `@font-face { font-family: x; src: url(fonts/x.woff2) }`,
  'fonts/x.woff2': 'not really a font',
  'lessons/one/index.html': `<!doctype html><title>b</title><h2 id="part">b</h2><a href="${base}lessons/two/#part">two</a>`,
  'lessons/two/index.html': `<!doctype html><title>c</title><h2 id="part">c</h2><a href="${base}">home</a>`,
};

function site(changes: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  folders.push(folder);
  for (const [file, text] of Object.entries({ ...whole, ...changes })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('the link check', () => {
  it('passes a whole site, and follows nothing that leaves it', async () => {
    const report = await checkLinks(site(), base);
    expect(report.broken).toEqual([]);
    expect(report.pages).toBe(3);
    expect(report.followed).toBeGreaterThanOrEqual(4);
    expect(report.external).toBe(1);
  });

  it('sees a broken link deep inside', async () => {
    const page = `<!doctype html><title>c</title><h2 id="part">c</h2><a href="${base}lessons/three/">three</a>`;
    const { broken } = await checkLinks(site({ 'lessons/two/index.html': page }), base);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(/lessons\/two.*lessons\/three\/ \(404\)/);
  });

  it('sees a link that forgot the base path', async () => {
    const page = `<!doctype html><title>c</title><h2 id="part">c</h2><a href="/lessons/one/">one</a>`;
    const { broken } = await checkLinks(site({ 'lessons/two/index.html': page }), base);
    expect(broken).toHaveLength(1);
  });

  it('sees a broken anchor on another page', async () => {
    const page = `<!doctype html><title>b</title><h2 id="part">b</h2><a href="${base}lessons/two/#nowhere">two</a>`;
    const { broken } = await checkLinks(site({ 'lessons/one/index.html': page }), base);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain('#nowhere');
  });

  it('sees a missing style sheet', async () => {
    const page = whole['index.html'].replace('style.css', 'gone.css');
    const { broken } = await checkLinks(site({ 'index.html': page }), base);
    expect(broken.join()).toContain('gone.css');
  });

  it('sees what a style sheet asks for in vain', async () => {
    const { broken } = await checkLinks(
      site({ 'style.css': '@font-face { font-family: x; src: url(fonts/y.woff2) }' }),
      base,
    );
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain('fonts/y.woff2');
  });

  it('refuses to call a site without links, or no site at all, checked', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'planted-'));
    folders.push(bare);
    await expect(checkLinks(bare, base)).rejects.toThrow('no page');
    writeFileSync(join(bare, 'index.html'), '<!doctype html><title>a</title><p>No link.</p>');
    await expect(checkLinks(bare, base)).rejects.toThrow('no link');
  });
});
