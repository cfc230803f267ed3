/** `npm run dev` while someone writes: an edit of a declaration, right or wrong, is seen without a restart. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownEnvironment } from './environment.ts';
import { untrainedModel, untrainedRoles } from './untrained.ts';

const root = join(import.meta.dirname, '..');
let copy: string;
let server: ChildProcess;
let address: string;
let log = '';

const lesson = (title: string, word: string, role = 'previous-word') => `---
title: A lesson
figures:
  look:
    kind: arcs
    title: ${title}
    caption: An untrained model.
    text: there was an ugly cat
    role: ${role}
    word: ${word}
---

<Figure name="look" />

The word before has <Value figure="look" row="an" />.
`;

const write = (path: string, content: string | Uint8Array) => {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), content);
};

/** How often the server may answer with another page than the one hoped for: five a second at most. */
const patience = 150;

/** The page, once it is as hoped. */
async function pageThat(
  isAsHoped: (status: number, text: string) => boolean,
): Promise<{ status: number; text: string }> {
  for (let others = 0; others < patience; ) {
    if (server.exitCode !== null) throw new Error(`The dev server ended.\n${log}`);
    const answer = await fetch(`${address}/lessons/a-lesson/`).catch(() => undefined);
    if (answer) {
      const page = { status: answer.status, text: await answer.text() };
      if (isAsHoped(page.status, page.text)) return page;
      others += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The dev server never showed the page. It said:\n${log.slice(0, 4000)}`);
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

beforeAll(async () => {
  // Inside the project, so that packages are found from there.
  mkdirSync(join(root, 'stage'), { recursive: true });
  copy = mkdtempSync(join(root, 'stage', 'dev-'));
  for (const part of ['src', 'content', 'package.json', 'tsconfig.json', 'astro.config.mjs', 'content.config.ts']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  rmSync(join(copy, 'content/docs'), { recursive: true });
  write(
    'content/outline.yaml',
    'parts:\n  - title: A part\n    lessons:\n      - { slug: a-lesson, short: A lesson }\n',
  );
  write(
    'content/glossary.yaml',
    '- plain: the words around it\n  term: context\n  means: The other words of a text.\n  lesson: a-lesson\n',
  );
  write('content/docs/index.mdx', '---\ntitle: Start\n---\n\nHello.\n');
  write('content/docs/lessons/a-lesson.mdx', lesson('Where does *cat* look?', 'cat'));
  write('public/model/easel.gguf', untrainedModel(1));
  write('public/model/heads.json', JSON.stringify({ roles: untrainedRoles }));
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  server = spawn(
    process.execPath,
    [join(root, 'node_modules/astro/bin/astro.mjs'), 'dev', '--host', '127.0.0.1', '--port', String(port)],
    { cwd: copy, env: { ...ownEnvironment(), ASTRO_TELEMETRY_DISABLED: '1', BASE_PATH: '/', NO_COLOR: '1' } },
  );
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (log += text));
});

afterAll(async () => {
  if (server && server.exitCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await ended;
  }
  rmSync(copy, { recursive: true, force: true });
});

describe('the dev server', () => {
  it('makes a figure that nobody has made yet', async () => {
    const { text } = await pageThat((status) => status === 200);
    expect(text).toMatch(/Where does <i>cat<\/i> look\?/);
    expect(text).toContain('id="figure-look"');
  });

  it('shows an edited declaration, numbers and prose included', async () => {
    const numbers = (text: string) => /<table class="numbers">[\s\S]*?<\/table>/.exec(text)?.[0];
    const before = await pageThat((status) => status === 200);
    write('content/docs/lessons/a-lesson.mdx', lesson('Where does *ugly* look?', 'ugly'));
    const after = await pageThat((_, text) => /Where does <i>ugly<\/i> look\?/.test(text));
    expect(after.status).toBe(200);
    expect(numbers(after.text)).toBeDefined();
    expect(numbers(after.text)).not.toBe(numbers(before.text));
  });

  it('shows mistakes with file, line and column, and forgets them once they are mended', async () => {
    write('content/docs/lessons/a-lesson.mdx', lesson('Where does *cat* look?', 'cta', 'previous-wort'));
    const { text } = await pageThat((status) => status === 500);
    // The page shows them over itself by a message of its own; the same text stands in the terminal.
    expect(text).toContain('2 mistakes in pages');
    expect(log).toMatch(/a-lesson\.mdx:9:11 .*previous-wort.*Did you mean/);
    expect(log).toMatch(/a-lesson\.mdx:10:11 .*cta/);
    write('content/docs/lessons/a-lesson.mdx', lesson('Where does *cat* look again?', 'cat'));
    const mended = await pageThat((_, body) => body.includes('look again?'));
    expect(mended.status).toBe(200);
  });
});
