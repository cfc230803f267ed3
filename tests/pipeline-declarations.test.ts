/** What a page declares: every mistake at once, each at its place and with a way out. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../src/figures/choices.ts';
import { checkUses, listMistakes, readPage } from '../src/figures/declarations.ts';
import { kindByName } from '../src/figures/kinds.ts';
import { tags } from '../src/figures/tags.ts';
import { untrainedWorld } from './untrained.ts';

const world = untrainedWorld();
const read = (source: string) => readPage('lessons/x', 'content/docs/lessons/x.mdx', source, world);
const said = (source: string) =>
  read(source).mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);

const page = (figures: string, text: string) => `---\ntitle: A page\nfigures:\n${figures}\n---\n\n${text}\n`;

const cat = `  cat:
    kind: arcs
    title: Where does *cat* look?
    caption: One head of four.
    text: there was a beautiful woman with an ugly cat
    role: adjective`;

describe('a page without mistakes', () => {
  const { page: found, mistakes } = read(
    page(
      cat,
      '<Figure name="cat" /> and <Value figure="cat" row="ugly" as="percent" />\n\n```mdx\n<Figure name="not-this" />\n```',
    ),
  );

  it('is read without complaint', () => {
    expect(mistakes).toEqual([]);
    expect(found.figures.map(({ name, line, column }) => [name, line, column])).toEqual([['cat', 4, 3]]);
    expect(found.figures[0].declaration).toMatchObject({ kind: 'arcs', role: 'adjective' });
  });

  it('reads the same with the line ends and the first mark of Windows', () => {
    const source = page(cat, '<Figure name="cat" />');
    for (const other of [`\uFEFF${source}`, source.replaceAll('\n', '\r\n')]) {
      const { page: same, mistakes: none } = read(other);
      expect(none).toEqual([]);
      expect(same.figures[0].place('role')).toEqual({ line: 9, column: 11 });
      expect(same.uses).toHaveLength(1);
    }
  });

  it('knows where a field stands, for mistakes that only computing finds', () => {
    expect(found.figures[0].place('text')).toEqual({ line: 8, column: 11 });
    expect(found.figures[0].place('word')).toEqual({ line: 4, column: 3 });
  });

  it('has its uses from the text alone, not from samples of code', () => {
    expect(found.uses.map(({ component, figure }) => `${component} ${figure}`)).toEqual(['Figure cat', 'Value cat']);
    expect(found.uses[1].attributes).toEqual({ figure: 'cat', row: 'ugly', as: 'percent' });
  });
});

describe('a component that shows several figures', () => {
  it('names them in a list, and that is a use like any other', () => {
    const swap = (name: string) =>
      `import Swap from './Swap.astro';\n\n<Swap choices={[{ label: 'it', figure: '${name}' }]} />`;
    expect(said(page(cat, swap('cat')))).toEqual([]);
    expect(said(page(cat, swap('cats')))).toEqual([
      expect.stringMatching(/^4:3 .*never used/),
      expect.stringMatching(/^14:1 .*'cats', which.*Did you mean 'cat'/),
    ]);
  });
});

describe('mistakes', () => {
  it('come all at once, in order, with line, column, what is allowed and the nearest choice', () => {
    const figures = `  woman:
    kind: heatmp
    title: Where?
    caption: None.
  b_c:
    kind: arcs
    title: Where does it look
    text: there was a beautiful womn
    role: adjectif
    wrod: woman
  far:
    kind: heatmap
    title: Where?
    caption: None.
    text: there was a cat
    layer: 9
    head: 1
    word: dog
  idle:
    kind: heatmap
    title: Where?
    caption: None.
    text: there was a cat
    layer: 1
    head: 1`;
    const text =
      '<Figure name="womn" />\n<Figure name="far" />\n\n<Figure name="far" />\n\n<Value figure="far" row="cat" as="percnt" />';
    const list = said(page(figures, text));
    const expected: [string, RegExp][] = [
      ['5:11', /unknown kind 'heatmp'. Did you mean 'heatmap'\?.*arcs/],
      ['8:3', /'b_c' cannot name a figure/],
      ['8:3', /lacks 'caption'/],
      ['10:12', /question mark/],
      ['11:33', /'womn', a word that Easel does not know.*woman/],
      ['12:11', /No head has the role 'adjectif'. Did you mean 'adjective'\?/],
      ['13:11', /field 'wrod'.*Did you mean 'word'\?/],
      ['19:12', /1 to 2, but 9 came/],
      ['21:11', /'dog'/],
      ['22:3', /'idle' is declared but never used/],
      ['31:1', /'womn', which the page's frontmatter does not declare. Did you mean 'woman'\?/],
      ['34:1', /twice/],
      ['36:1', /as="percnt".*Did you mean 'percent'\?/],
    ];
    for (const [place, message] of expected) {
      expect(
        list.filter((line) => line.startsWith(`${place} `) && message.test(line)),
        `${place} ${message} in\n${list.join('\n')}`,
      ).toHaveLength(1);
    }
    const order = read(page(figures, text)).mistakes.map(({ line }) => line);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('of YAML and of MDX have their places too', () => {
    expect(said('---\ntitle: x\nfigures:\n  a: [\n---\n\nhello\n')).toEqual([
      expect.stringMatching(/^\d+:\d+ The frontmatter is not YAML/),
    ]);
    expect(said('---\ntitle: x\n---\n\nhello\n\n<Figure name="a"\n')).toEqual([
      expect.stringMatching(/^[78]:\d+ The text is not MDX/),
    ]);
  });

  it('of YAML are found where they begin, not where the parser gives up', () => {
    const list = said('---\ntitle: x\nfigures:\n  a:\n    title: "Where?\n    caption: So.\n---\n\nhello\n');
    expect(list).toEqual([expect.stringMatching(/^5:12 The frontmatter is not YAML: Missing closing "quote/)]);
  });

  it('include a name that is declared twice', () => {
    const second = /^10:3 'cat' stands here a second time/;
    expect(said(page(`${cat}\n${cat}`, '<Figure name="cat" />'))).toEqual([expect.stringMatching(second)]);
    expect(said(page(`${cat}\n${cat.replace('adjective', 'adjectiv')}`, '<Figure name="act" />'))).toEqual([
      expect.stringMatching(/^4:3 .*never used/),
      expect.stringMatching(second),
      expect.stringMatching(/^15:11 .*Did you mean 'adjective'/),
      expect.stringMatching(/^18:1 .*'act', which.*Did you mean 'cat'/),
    ]);
  });

  it('of two letters are taken for the word with the same letters', () => {
    expect(nearest('fifht', ['first', 'fifth'])).toBe('fifth');
    expect(nearest('frist', ['fifth', 'first'])).toBe('first');
    expect(nearest('dog', ['fifth', 'first'])).toBeUndefined();
  });

  it('are listed as file:line:column, a line each', () => {
    const { mistakes } = read(page(cat, '<Figure />'));
    expect(listMistakes(mistakes).split('\n')).toEqual([
      expect.stringMatching(/^content\/docs\/lessons\/x\.mdx:4:3 {2}The figure 'cat' is declared but never used/),
      expect.stringMatching(/^content\/docs\/lessons\/x\.mdx:12:1 {2}<Figure> should say which figure/),
    ]);
  });
});

describe('a tag', () => {
  const only = (text: string) => said(`---\ntitle: x\n---\n\n${text}\n`);

  it('that nobody defined is named with what was meant, unless the page imports it', () => {
    expect(only('One <Figur name="x" />\n\n<Other.Item />')).toEqual([
      expect.stringMatching(/^5:5 .*no component <Figur>.*Did you mean 'Figure'\?/),
      expect.stringMatching(/^7:1 .*no component <Other>/),
    ]);
    expect(only("import Other from './other.astro';\n\n<Other any='thing' />")).toEqual([]);
  });

  it('is told only what it knows', () => {
    expect(only('A <Role is="quary">word</Role> and <Fold tilte="x">more</Fold>')).toEqual([
      expect.stringMatching(/^5:3 <Role is="quary">.*Did you mean 'query'\?/),
      expect.stringMatching(/^5:36 <Fold> lacks its title/),
      expect.stringMatching(/^5:36 <Fold> has no attribute 'tilte'\. Did you mean 'title'\?/),
    ]);
  });

  it('lacks nothing without which it is empty', () => {
    expect(only('<Role>word</Role>\n\n<Guess figure="x">more</Guess>')).toEqual([
      expect.stringMatching(/^5:1 <Role> lacks its is\. There are: query, key, value, weight\./),
      expect.stringMatching(/^7:1 <Guess> lacks its question/),
      expect.stringMatching(/^7:1 <Guess> lacks its choices/),
      expect.stringMatching(/^7:1 <Guess> asks for a figure 'x'/),
    ]);
  });

  it('of this list is a component, and each attribute one of its own', () => {
    for (const [tag, attributes] of Object.entries(tags)) {
      const source = readFileSync(new URL(`../src/components/${tag}.astro`, import.meta.url), 'utf8');
      const props = /interface Props \{(.*?)\n\}/s.exec(source)?.[1] ?? '';
      expect([...props.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name).sort()).toEqual(
        Object.keys(attributes).sort(),
      );
    }
  });
});

describe('a field of the page', () => {
  it('that is misspelt is pointed at', () => {
    expect(said('---\ntitle: x\nqueston: Why?\nsidebar:\n  order: 3\n---\n\nhello\n')).toEqual([
      expect.stringMatching(/^3:1 .*'queston'. Did you mean 'question'\?/),
    ]);
  });
});

describe('what the text quotes', () => {
  it('is held against the table: rows, columns, choices', async () => {
    const { page: found, mistakes } = read(
      page(
        cat,
        [
          '<Figure name="cat" />',
          '<Value figure="cat" row="uglyy" />',
          '<Value figure="cat" row="ugly" column="weigt" />',
          '<Value figure="cat" row="ugly" column="weight" />',
          '<Guess figure="cat" question="?" choices={["ugly", "mountain"]} />',
          '<Guess figure="cat" question="?" choices={["ugly"]} />',
        ].join('\n\n'),
      ),
    );
    expect(mistakes).toEqual([]);
    const data = await kindByName.get('arcs')!.compute(found.figures[0].declaration, world, 'cat');
    const wrong = checkUses(found, new Map([['cat', data]]));
    expect(wrong.map(({ line }) => line)).toEqual([14, 16, 20, 22]);
    expect(wrong[0].message).toMatch(/no row 'uglyy'.*Did you mean 'ugly'\?/);
    expect(wrong[1].message).toMatch(/no column 'weigt'.*Did you mean 'weight'\?/);
    expect(wrong[2].message).toMatch(/mountain/);
    expect(wrong[3].message).toMatch(/at least two/);
  });
});

describe('any text whatever', () => {
  it('is read or complained about, never thrown at', () => {
    const piece = fc.constantFrom(
      'figures:',
      '  a:',
      '    kind: arcs',
      '\n',
      '---',
      '<Figure name="a" />',
      '{',
      '[',
      "'",
      ': ',
      '- x',
      'text: cat',
      '&a',
      '*a',
      '!!x',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 14 }), (parts) => {
        for (const { line, column, message } of read(`---\n${parts.join('\n')}\n---\n${parts.join(' ')}`).mistakes) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(message).not.toBe('');
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
