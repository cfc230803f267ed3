/** What surrounds the lessons: their order, their links, their formulas and the address of the whole. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mdxToJs } from 'satteri';
import { describe, expect, it } from 'vitest';
import { lessonSkeleton, startLesson } from '../scripts/new-lesson.ts';
import { readAddress, webAddress } from '../src/site/address.ts';
import { withBase } from '../src/site/base.ts';
import { emphasise } from '../src/site/emphasis.ts';
import { basePathPlugin, mathPlugin } from '../src/site/markdown.ts';
import { lessonsOf, numberWord, readOutline } from '../src/site/outline.ts';
import { readingMinutes } from '../src/site/reading-time.ts';

const root = join(import.meta.dirname, '..');

/** A page's text, compiled as the site compiles it, under the base path /in-context. */
async function compile(text: string): Promise<string> {
  const { code } = await mdxToJs(text, {
    fileURL: pathToFileURL(join(process.cwd(), 'content/docs/lessons/page.mdx')),
    features: { math: { singleDollarTextMath: false } },
    mdastPlugins: [mathPlugin()],
    hastPlugins: [basePathPlugin('/in-context')],
  });
  return code;
}

describe('the outline', () => {
  const lessons = lessonsOf(readOutline(readFileSync(join(root, 'content/outline.yaml'), 'utf8')));

  it('numbers the lessons from 1 without a gap', () => {
    expect(lessons.map(({ number }) => number)).toEqual(lessons.map((_, i) => i + 1));
    expect(lessons).toHaveLength(19);
  });

  it('names every lesson that is written', () => {
    const slugs = lessons.map(({ slug }) => slug);
    const files = globSync('content/docs/lessons/*.mdx', { cwd: root });
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(slugs).toContain(basename(file, '.mdx'));
  });

  it('refuses a lesson that stands twice, and says which', () => {
    const twice = 'parts:\n  - title: One\n    lessons: [{ slug: a-b, short: A }, { slug: a-b, short: B }]\n';
    expect(() => readOutline(twice)).toThrow(/a-b twice/);
  });

  it('refuses a slug that is no file name, and says where', () => {
    const odd = 'parts:\n  - title: One\n    lessons: [{ slug: A b, short: A }]\n';
    expect(() => readOutline(odd)).toThrow(/parts\[0\]\.lessons\[0\]\.slug/);
  });

  it('says small numbers in words', () => {
    expect([1, 4, 19, 20, 21].map(numberWord)).toEqual(['one', 'four', 'nineteen', 'twenty', '21']);
  });
});

describe('a link that starts at the root', () => {
  it('gets the base path, once, whatever slashes the base has', () => {
    for (const base of ['/in-context', '/in-context/']) {
      expect(withBase(base, '/lessons/x/#y')).toBe('/in-context/lessons/x/#y');
    }
    expect(withBase('/', '/lessons/x/')).toBe('/lessons/x/');
  });

  it('leaves every other kind of link alone', () => {
    for (const link of ['https://example.org/x', '//example.org/x', '#here', 'next/', 'mailto:a@example.org']) {
      expect(withBase('/in-context', link)).toBe(link);
    }
  });

  it('is found in Markdown, in a tag between words, in a tag by itself, and in an image', async () => {
    const code = await compile(
      '[a](/one/) and <a href="/two/">b</a>\n\n<a href="/three/">c</a>\n\n![d](/four.svg) [e](https://example.org/five/)',
    );
    for (const target of ['/in-context/one/', '/in-context/two/', '/in-context/three/', '/in-context/four.svg']) {
      expect(code).toContain(`"${target}"`);
    }
    expect(code).toContain('"https://example.org/five/"');
  });
});

describe('a formula', () => {
  it('stands between two dollar signs and becomes MathML', async () => {
    const code = await compile('Weights $$a_{ij}$$ here.\n\n$$\n\\sum_j a_{ij} = 1\n$$\n');
    expect(code.match(/"?math"?/g)?.length).toBeGreaterThanOrEqual(2);
    expect(code).toContain('∑');
    expect(code).not.toContain('a_{ij}');
  });

  it('does not begin at a price', async () => {
    expect(await compile('It costs $5 and $6.')).toContain('It costs $5 and $6.');
  });

  it('that cannot be set is named with its place', async () => {
    await expect(compile('One.\n\nTwo $$\\frac{a$$.\n')).rejects.toThrow(/page\.mdx:3:5 {2}The formula.*frac\{a/s);
  });
});

describe('reading time', () => {
  it('counts the words of the prose and nothing else', () => {
    const prose = 'word '.repeat(540);
    expect(readingMinutes(prose)).toBe(3);
    const besides = `import X from './x.astro';\n\n\`\`\`ts\n${'code '.repeat(900)}\n\`\`\`\n\n$$\n${'x '.repeat(900)}\n$$\n\n<Figure name="x" />\n`;
    expect(readingMinutes(prose + besides)).toBe(3);
    expect(readingMinutes('Hardly anything.')).toBe(1);
  });
});

describe('the address', () => {
  it('is read from the environment', () => {
    const env = {
      SITE_URL: 'https://example.org/',
      BASE_PATH: 'in-context/',
      REPOSITORY_URL: 'https://example.org/r/',
    };
    expect(readAddress(env)).toMatchObject({
      site: 'https://example.org',
      base: '/in-context/',
      edit: 'https://example.org/r/edit/main/',
    });
  });

  it('is known in a workflow without being said', () => {
    const env = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'you/it' };
    expect(readAddress(env)).toMatchObject({ base: '/', edit: 'https://github.com/you/it/edit/main/' });
  });

  it('refuses what is no address, and says what was expected', () => {
    expect(() => readAddress({ SITE_URL: 'example' })).toThrow(/SITE_URL should be a whole address.*'example'/);
    expect(() => readAddress({ REPOSITORY_URL: 'you' })).toThrow(/REPOSITORY_URL should be a whole address.*'you'/);
  });

  it('turns a remote into a page, where it has one', () => {
    for (const remote of [
      'git@github.com:you/it.git',
      'https://github.com/you/it.git',
      'ssh://git@github.com/you/it',
    ]) {
      expect(webAddress(remote)).toBe('https://github.com/you/it');
    }
    expect(webAddress('../folder/it')).toBeUndefined();
    expect(webAddress(undefined)).toBeUndefined();
  });
});

describe('an opening question', () => {
  it('is escaped, and its words in asterisks are set apart', () => {
    expect(emphasise('Is *ugly* < *cat* & co?')).toBe('Is <em>ugly</em> &lt; <em>cat</em> &amp; co?');
  });
});

describe('a new lesson', () => {
  it('starts with a page that compiles', async () => {
    const skeleton = lessonSkeleton('Many heads');
    await expect(compile(skeleton.replace(/^---\n.*?\n---\n/s, ''))).resolves.toContain('Figure');
  });

  it('must be named by the outline, and not be there already', () => {
    expect(() => startLesson('many-hads')).toThrow(/Did you mean 'many-heads'/);
    expect(() => startLesson('out-of-context')).toThrow(/is there already/);
  });
});
