/** Spelling, by cspell with its British dictionary and the project's own words: pages, README and comments. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const spell = (args: string[], input?: string) => {
  const bin = join(root, 'node_modules/cspell/bin.mjs');
  const { stdout } = spawnSync(process.execPath, [bin, '--no-progress', '--no-summary', ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
  });
  return stdout.trim();
};
/** What is found in a text that stands in such a file. */
const found = (file: string, text: string) => spell(['--words-only', `stdin://${root}/${file}`], text).split('\n');

describe('spelling', () => {
  it('has no mistake in what people read', () => {
    expect(spell([])).toBe('');
  });

  it('is looked at: slips are caught, and American spelling, but no term of the field and no formula', () => {
    expect(found('content/docs/a.mdx', 'The softmax of teh colour, or color. $$qxz$$\n')).toEqual(['teh', 'color']);
    expect(found('src/a.ts', '// A mitsake\nconst mitsaken = 1;\n')).toEqual(['mitsake']);
  });

  it('has each of the project’s own words once', () => {
    const lines = readFileSync(join(root, 'cspell-words.txt'), 'utf8').split('\n');
    const words = lines.filter((line) => line && !line.startsWith('#'));
    expect(new Set(words).size).toBe(words.length);
  });
});
