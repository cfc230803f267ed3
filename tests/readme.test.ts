/** The README promises commands, folders and reasons; each of them has to be there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kinds } from '../src/figures/kinds.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts, dependencies, devDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as Record<string, Record<string, string>>;

it('names every command there is, and none that is not', () => {
  const named = new Set([...readme.matchAll(/`?npm run ([\w-]+)/g)].map(([, name]) => name));
  if (readme.includes('`npm test`')) named.add('test');
  expect([...named].sort()).toEqual(Object.keys(scripts).sort());
});

it('gives a reason for every dependency', () => {
  const rows = readme.split('\n').filter((line) => line.startsWith('| '));
  const packages = rows.flatMap((row) => row.split('|')[1].split(',')).map((name) => name.trim());
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !packages.includes(name));
  expect(missing).toEqual([]);
});

it('has a line for every folder of sources, and every file it points at exists', () => {
  const folders = readdirSync(join(root, 'src')).map((name) => `\`src/${name}/\``);
  expect(folders.filter((folder) => !readme.includes(folder))).toEqual([]);
  const paths = [
    ...readme.matchAll(/`((?:src|tests|scripts|content|public|\.github|\.ci)\/[\w./-]*)`|\]\(([\w./-]+)\)/g),
  ];
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.map(([, code, link]) => code ?? link).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('lists every kind of figure', () => {
  expect(kinds.map(({ name }) => name).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
