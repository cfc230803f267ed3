/** What the pages' figures say is what the committed record says: a number that moves unseen would make prose untrue. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('every figure of every page has the numbers of tests/figures-record.json', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/figures.ts', '--check'], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/\d+ figures as the record has them/);
  expect(status).toBe(0);
});
