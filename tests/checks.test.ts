/** The questions at the end of a lesson: what is wrong with one is said with its line, and what goes on paper gives all answers. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPage } from '../src/figures/declarations.ts';
import { answersForPaper } from '../src/site/answers.ts';
import { untrainedWorld } from './untrained.ts';

const world = untrainedWorld();
const said = (text: string) =>
  readPage('lessons/x', 'content/docs/lessons/x.mdx', `---\ntitle: A page\n---\n\n${text}\n`, world).mistakes.map(
    ({ line, message }) => `${line} ${message}`,
  );

const check = (id: string, options: string) => `<Check id="${id}" question="Why *so*?">\n${options}\n</Check>`;
const option = (right: boolean, why = 'Because *of it*.') =>
  `<Option ${right ? 'right ' : ''}says="So *it* is.">\n${why}\n</Option>`;
const good = (id: string) => check(id, [option(false), option(true), option(false)].join('\n'));
const checks = (...all: string[]) => `<Checks>\n\n${all.join('\n\n')}\n\n</Checks>`;

describe('questions at the end of a lesson', () => {
  it('are read without complaint', () => {
    expect(said(`Some words.\n\n${checks(good('a'), good('b'))}`)).toEqual([]);
    expect(said(`Some words.\n\n${checks(good('a'), good('b-2'), good('c'))}`)).toEqual([]);
  });

  it('have one right option, no less and no more', () => {
    expect(said(checks(check('a', [option(false), option(false)].join('\n')), good('b')))).toEqual([
      expect.stringMatching(/^7 Just one option .*none has the mark/),
    ]);
    expect(said(checks(good('b'), check('a', [option(true), option(true)].join('\n'))))).toEqual([
      expect.stringMatching(/^19 Just one option .*2 have the mark/),
    ]);
  });

  it('explain every option', () => {
    expect(said(checks(check('a', `${option(true)}\n${option(false, '')}`), good('b')))).toEqual([
      expect.stringMatching(/^11 <Option> lacks its explanation.*what is mistaken about it/),
    ]);
    expect(said(checks(check('a', `${option(false)}\n${option(true, '')}`), good('b')))).toEqual([
      expect.stringMatching(/^11 <Option> lacks its explanation.*why it is right/),
    ]);
  });

  it('have ids, an id each', () => {
    expect(said(checks(good('a'), good('a')))).toEqual([expect.stringMatching(/^19 The id 'a' stands at two/)]);
    expect(said(checks(good('a'), good('So what')))).toEqual([expect.stringMatching(/^19 'So what' cannot be the id/)]);
    const nameless = good('a').replace(' id="a"', '');
    expect(said(checks(nameless, good('b')))).toEqual([expect.stringMatching(/^7 <Check> lacks its id/)]);
  });

  it('stand together at the end, two or three of them', () => {
    expect(said(good('a'))).toEqual([expect.stringMatching(/^5 <Check> should stand between <Checks>/)]);
    expect(said(checks(good('a')))).toEqual([
      expect.stringMatching(/^5 <Checks> should hold two or three.*it holds 1/),
    ]);
    expect(said(`${checks(good('a'), good('b'))}\n\nMore words.`)).toEqual([
      expect.stringMatching(/^5 <Checks> comes last/),
    ]);
    expect(said(option(true))).toEqual([expect.stringMatching(/^5 <Option> should stand between <Check>/)]);
  });

  it('offer more than one option', () => {
    expect(said(checks(check('a', option(true)), good('b')))).toEqual([
      expect.stringMatching(/^7 <Check> should offer two options or more.*it has 1/),
    ]);
  });
});

describe('answers on paper', () => {
  const html = `<div class="check" id="check-a" role="group" aria-labelledby="check-a-question"><p class="question" id="check-a-question">Why?</p><details class="option" name="check-a"><summary class="summary">So.</summary><div class="why">No.</div></details><details class="option" name="check-a" data-right><summary class="summary">So.</summary></details></div>`;

  it('are all open, and repeat no id', () => {
    const paper = answersForPaper(html);
    expect(paper.match(/<details class="option" open/g)).toHaveLength(2);
    expect(paper).not.toMatch(/ (id|name|aria-labelledby)="/);
    expect(paper.match(/data-right/g)).toHaveLength(1);
  });
});

describe('the lessons', () => {
  const root = new URL('..', import.meta.url);
  const withChecks = globSync('content/docs/lessons/*.mdx', { cwd: root })
    .map((file) => readFileSync(new URL(file, root), 'utf8'))
    .filter((text) => text.includes('<Checks>'));

  it('do not give the right option away by its place', () => {
    const places = withChecks.flatMap((text) =>
      [...text.matchAll(/<Check [\s\S]*?<\/Check>/g)].map(([one]) =>
        [...one.matchAll(/<Option( right)?/g)].findIndex(([, right]) => right),
      ),
    );
    for (const place of [0, 1, 2]) {
      const share = places.filter((found) => found === place).length / places.length;
      expect(places.length < 6 || share < 0.6, `place ${place + 1} has ${Math.round(100 * share)} %`).toBe(true);
    }
  });
});
