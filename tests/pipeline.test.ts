/** `npm run figures` from a page to finished files, in a copy of the project with pages and a model of its own. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FigureData } from '../src/figures/figure-data.ts';
import { untrainedModel, untrainedRoles } from './untrained.ts';

const root = join(import.meta.dirname, '..');
let copy: string;

const write = (path: string, content: string | Uint8Array) => {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), content);
};

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'in-context-figures-'));
  for (const part of ['src', 'scripts/figures.ts', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  write('public/model/easel.gguf', untrainedModel(1));
  write('public/model/heads.json', JSON.stringify({ roles: untrainedRoles }));
  write('tests/figures-record.json', '{}\n');
  pages();
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Two pages with four figures. */
function pages(change: (text: string) => string = (text) => text) {
  const first = `---
title: One
figures:
  where-cat-looks:
    kind: arcs
    title: Where does *cat* look?
    caption: An untrained model.
    text: there was a beautiful woman with an ugly cat
    role: adjective
  all-looks:
    kind: heatmap
    title: Where does each word look?
    caption: An untrained model.
    text: there was an ugly cat
    layer: 1
    head: 2
---

<Figure name="where-cat-looks" />
<Value figure="where-cat-looks" row="ugly" />

<Figure name="all-looks" />
`;
  const second = `---
title: Two
figures:
  what-next:
    kind: next-word
    title: What comes next?
    caption: The language beside an untrained model.
    text: there was a beautiful woman with an ugly
  how-many:
    kind: narrowing
    title: How many women are left?
    caption: The language alone.
    noun: woman
    steps:
      - say: woman
      - say: a beautiful woman
        modifiers: [beautiful]
---

<Figure name="what-next" />
<Figure name="how-many" />
`;
  write('content/docs/lessons/one.mdx', change(first));
  write('content/docs/lessons/two.mdx', change(second));
}

function figures(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/figures.ts', ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

/** Every file of a folder with a hash of its bytes. */
function bytesOf(folder: string): Record<string, string> {
  const files = globSync('**/*', { cwd: join(copy, folder) }).filter((file) =>
    statSync(join(copy, folder, file)).isFile(),
  );
  const hash = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(copy, folder, file)))
      .digest('hex');
  return Object.fromEntries(files.sort().map((file) => [file.replaceAll('\\', '/'), hash(file)]));
}

const readJson = (path: string) => JSON.parse(readFileSync(join(copy, path), 'utf8'));

describe('npm run figures', () => {
  it('writes four files for each figure, the same bytes each time, and says who computed', () => {
    const first = figures('--json');
    expect(first.stderr).toContain('16 files in public/figures');
    expect(first.status).toBe(0);
    const made = JSON.parse(first.stdout) as {
      figure: string;
      backend: string | null;
      largestDifference: number;
      bytes: number;
    }[];
    expect(made.map(({ figure }) => figure)).toEqual([
      'lessons/one#where-cat-looks',
      'lessons/one#all-looks',
      'lessons/two#what-next',
      'lessons/two#how-many',
    ]);
    expect(made.map(({ backend }) => backend === null)).toEqual([false, false, false, true]);
    for (const { backend, largestDifference, bytes } of made) {
      expect(backend).not.toBe('plain');
      expect(largestDifference).toBeLessThanOrEqual(1e-5);
      expect(bytes).toBeGreaterThan(1000);
    }
    const before = bytesOf('public/figures');
    expect(Object.keys(before).filter((file) => /\.(svg|png|csv|json)$/.test(file) && file.includes('/'))).toHaveLength(
      16,
    );

    write('public/figures/lessons/one/stale.svg', 'left over');
    expect(figures().status).toBe(0);
    expect(bytesOf('public/figures')).toEqual(before);
  });

  it('draws every file from one table', () => {
    const data: FigureData = readJson('public/figures/lessons/one/where-cat-looks.json');
    const csv = readFileSync(join(copy, 'public/figures/lessons/one/where-cat-looks.csv'), 'utf8');
    const cells = csv
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(cells).toEqual(data.rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell)))));
    const weights = data.rows.map((row) => row[2] as number);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    const svg = readFileSync(join(copy, 'public/figures/lessons/one/where-cat-looks.svg'), 'utf8');
    expect(svg).toMatch(/@media \(prefers-color-scheme: dark\)/);
    expect(svg).not.toMatch(/var\(--/);
    const png = readFileSync(join(copy, 'public/figures/lessons/one/where-cat-looks.png'));
    const [, width] = /<svg[^>]* width="(\d+)"/.exec(svg)!;
    expect(png.readUInt32BE(16)).toBe(2 * Number(width));
  });

  it('gives the same numbers on another backend', () => {
    expect(figures('--backend', 'plain', '--out', 'elsewhere').status).toBe(0);
    for (const path of ['lessons/one/where-cat-looks', 'lessons/one/all-looks', 'lessons/two/what-next']) {
      const [here, there] = ['public/figures', 'elsewhere'].map(
        (folder): FigureData => readJson(`${folder}/${path}.json`),
      );
      here.rows.forEach((row, r) => {
        row.forEach((cell, c) => {
          if (typeof cell === 'number') expect(Math.abs(cell - (there.rows[r][c] as number))).toBeLessThan(1e-5);
          else expect(there.rows[r][c]).toBe(cell);
        });
      });
    }
  });

  it('does not take the place of a folder that holds something else', () => {
    write('letters/to-a-friend.txt', 'dear friend');
    for (const other of ['letters', 'package.json', 'package.json/below']) {
      const { status, stderr } = figures('--out', other);
      expect(status).toBe(2);
      expect(stderr).toContain(other.split('/')[0]);
    }
    expect(bytesOf('letters')).toHaveProperty('to-a-friend.txt');
    expect(readJson('package.json')).toHaveProperty('name');
  });

  it('says what to do about a record that is no JSON', () => {
    write('tests/figures-record.json', '<<<<<<< HEAD');
    const { status, stderr } = figures('--check');
    write('tests/figures-record.json', '{}\n');
    expect(status).toBe(2);
    expect(stderr).toMatch(/figures-record\.json cannot be read.*--accept/);
  });

  it('makes one figure by name and leaves the others as they were', () => {
    const before = bytesOf('public/figures');
    const { status, stdout } = figures('two#what-next', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect(bytesOf('public/figures')).toEqual(before);
    const unknown = figures('what-nxt');
    expect([unknown.status, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toMatch(/No page declares a figure 'what-nxt'.*what-next/);
  });
});

describe('what is said on the way', () => {
  it('is a table on standard output, and everything else on standard error, a plain line each', () => {
    const { status, stdout, stderr } = figures();
    expect(status).toBe(0);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head.split(/ {2,}/)).toEqual(['figure', 'kind', 'attention by', 'off float64 by', 'ms', 'bytes']);
    expect(rows).toHaveLength(4);
    const [key, kind, backend, off, ms, bytes] = rows[0].split(/ {2,}/);
    expect([key, kind]).toEqual(['lessons/one#where-cat-looks', 'arcs']);
    expect(['webgpu', 'webgl2', 'webasm', 'cpu']).toContain(backend);
    expect(Number(off)).toBeLessThan(1e-5);
    expect(Number(ms)).toBeGreaterThan(0);
    expect(bytes).toMatch(/^\d+,\d{3}$/);
    // One that asks the grammar alone has no attention to compute.
    expect(rows[3]).toMatch(/^lessons\/two#how-many +narrowing +none +0 /);
    for (const doing of ['computing', 'drawing']) {
      for (const row of rows) expect(stderr).toContain(`${doing} ${row.split(' ')[0]}\n`);
    }
    expect(stderr).toMatch(/^Slowest: lessons\/\S+ \(\d+ ms\)(, lessons\/\S+ \(\d+ ms\)){2}\.$/m);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('has colours where they are wanted', () => {
    const { stderr } = spawnSync(process.execPath, ['scripts/figures.ts', 'what-nxt'], {
      cwd: copy,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: '1' },
    });
    expect(stderr).toContain('\u001b[31mNo page declares');
  });
});

describe('the record', () => {
  it('is written by --accept, agrees at once, and sees a figure move', () => {
    expect(figures('--check').status).toBe(1);
    expect(figures('--accept').status).toBe(0);
    expect(Object.keys(readJson('tests/figures-record.json'))).toHaveLength(4);
    const agreed = figures('--check');
    expect([agreed.status, agreed.stderr]).toEqual([0, expect.stringContaining('4 figures as the record has them')]);

    const before = bytesOf('public/figures');
    write('public/model/easel.gguf', untrainedModel(2));
    const moved = figures('--check');
    expect(moved.status).toBe(1);
    expect(moved.stderr).toMatch(
      /lessons\/one#all-looks moved in \d+ numbers; most of all '.*', .*: \d\.\d{4} → \d\.\d{4} \([+−]\d\.\d{4}\)/,
    );
    expect(bytesOf('public/figures')).toEqual(before);
    write('public/model/easel.gguf', untrainedModel(1));
    expect(figures('--check').status).toBe(0);
  });
});

describe('a figure that is too far from float64', () => {
  it('is not written, and the numbers are named', () => {
    const before = bytesOf('public/figures');
    const path = 'src/figures/tolerance.ts';
    const source = readFileSync(join(copy, path), 'utf8');
    // No machine is as exact as this asks for: float32 differs from float64 in the eighth decimal.
    write(path, source.replace('tolerance = 1e-5', 'tolerance = 1e-10'));
    const { status, stdout, stderr } = figures();
    write(path, source);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /lessons\/one#all-looks: \d+ cells? farther than 1e-10 from float64\n {2}row \d+ \('\w+'\), column '.*where float64 gives/,
    );
    expect(stderr).toContain('Nothing was written.');
    expect(bytesOf('public/figures')).toEqual(before);
  });
});

describe('what is wrong', () => {
  it('is said all at once with file, line and column, and nothing is written', () => {
    const before = bytesOf('public/figures');
    pages((text) =>
      text
        .replace('role: adjective', 'role: adjectiv')
        .replace('ugly cat\n    layer: 1', 'ugly catt\n    layer: 1')
        .replace('row="ugly"', 'row="dog"')
        .replace('title: What comes next?', ''),
    );
    const { status, stdout, stderr } = figures();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/one\.mdx:9:11 .*adjectiv.*Did you mean 'adjective'/);
    expect(stderr).toMatch(/one\.mdx:14:29 .*catt/);
    expect(stderr).toMatch(/two\.mdx:4:3 .*lacks 'title'/);
    expect(stderr).toContain('3 mistakes. Nothing was written.');
    expect(bytesOf('public/figures')).toEqual(before);

    pages((text) => text.replace('row="ugly"', 'row="dog"'));
    const quoted = figures();
    expect(quoted.status).toBe(1);
    expect(quoted.stderr).toMatch(/one\.mdx:20:1 .*no row 'dog'/);
    pages();

    write('content/docs/lessons/three.md', '<Figure name="x" />');
    const misnamed = figures();
    rmSync(join(copy, 'content/docs/lessons/three.md'));
    expect(misnamed.status).toBe(1);
    expect(misnamed.stderr).toMatch(/three\.md:1:1 .*name it content\/docs\/lessons\/three\.mdx/);
  });

  it('is said of options too, with another status and the nearest there is', () => {
    for (const [given, answer] of [
      [['--chek'], "unknown option '--chek'\n(Did you mean --check?)"],
      [['--backend', 'webgup'], "Did you mean 'webgpu'? There are: auto, webgpu, webgl2, webasm, cpu, plain."],
      [['--check', '--accept'], "'--check' cannot be used with option '--accept'"],
      [['--check', '--out', 'x'], "'--check' cannot be used with option '--out <folder>'"],
      [['--out'], 'argument missing'],
    ] as const) {
      const { status, stdout, stderr } = figures(...given);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(answer);
    }
    const help = figures('--help');
    expect([help.status, help.stderr]).toEqual([0, '']);
    for (const flag of ['--check', '--accept', '--backend', '--json', '--out', '--help', 'Exit status']) {
      expect(help.stdout).toContain(flag);
    }
  });
});
