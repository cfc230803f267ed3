/**
 * Words where their lists of numbers fall, in two dimensions: the two directions in which the lists shown differ most.
 *
 * ```yaml
 * kind: scatter
 * title: Which words lie near each other?
 * caption: Sixty-four numbers a word cannot be drawn; two directions of them can.
 * classes: [people, animals, colours]   # words of the language's lexicon; each class has its own mark
 * words: [bank, river]                  # more words, or words alone
 * near: black                           # one of them: the table says how alike each of the others is to it
 * ```
 *
 * Near means alike in the picture; which word is really nearest is said in the table, for all numbers of the lists.
 *
 * Or one word in two texts, layer by layer:
 *
 * ```yaml
 * kind: scatter
 * title: Where does *bank* go?
 * caption: Its list after each layer, brought to one size.
 * word: bank            # its last occurrence; the first is 'bank 1'
 * texts:
 *   - { say: by the river, text: anna sat by the river . she saw the bank }
 *   - { say: short of money, text: anna needed money . she saw the bank }
 * ```
 */
import { z } from 'zod';
import { choices } from './choices.ts';
import type { Cell, Column, FigureData } from './figure-data.ts';
import { FigureError } from './figure-error.ts';
import { type BaseDeclaration, baseFields, type Kind } from './kind.ts';
import { cosine } from './list-arithmetic.ts';
import { rounded, sayShare } from './numbers.ts';
import { mainPlane } from './scatter-axes.ts';
import { contextData } from './scatter-context.ts';
import { storedList } from './scatter-lists.ts';
import { wordClasses } from './scatter-words.ts';
import type { World } from './world.ts';

export interface ScatterDeclaration extends BaseDeclaration {
  kind: 'scatter';
  classes?: string[];
  words?: string[];
  near?: string;
  word?: string;
  texts?: { say: string; text: string }[];
}

/** As many words as a picture can name without one name over another. */
const MOST_WORDS = 60;
/** What words are called that an author listed one by one, beside classes. */
const LISTED = 'others';

export const scatter: Kind<ScatterDeclaration> = {
  name: 'scatter',
  schema: z
    .strictObject({
      kind: z.literal('scatter'),
      ...baseFields,
      classes: z
        .array(z.enum(Object.keys(wordClasses)))
        .min(1)
        .max(6)
        .optional(),
      words: z.array(z.string().min(1)).min(1).optional(),
      near: z.string().min(1).optional(),
      word: z.string().min(1).optional(),
      texts: z
        .array(z.strictObject({ say: z.string().min(1), text: z.string().min(1) }))
        .length(2)
        .optional(),
    })
    .superRefine(({ classes, words, near, word, texts }, context) => {
      const problem = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (word !== undefined && !texts) problem('word', 'needs two texts to stand in: texts');
      if (texts && word === undefined) problem('texts', 'need a word to look at: word');
      if (texts && (classes || words || near)) problem('texts', 'show one word; leave classes, words and near out');
      if (texts && texts[0]?.say === texts[1]?.say) problem('texts', 'need two different names (say)');
    }),
  async compute(declaration, world, name): Promise<FigureData> {
    const { word, texts } = declaration;
    if (word !== undefined && texts) return contextData({ ...declaration, word, texts }, world, name);
    const groups = groupsOf(declaration, world);
    const words = groups.flatMap(({ group, words }) => words.map((word) => ({ word, group })));
    const { near } = declaration;
    if (near !== undefined && !words.some(({ word }) => word === near)) {
      throw new FigureError(
        `near: expected a word that is shown, but '${near}' came. ${choices(
          near,
          words.map(({ word }) => word),
        )}`,
        'near',
      );
    }
    const vectors = words.map(({ word }) => storedList(word, world));
    const { places, kept } = mainPlane(vectors);
    const neighbours = vectors.map((_, i) => nearestTo(i, vectors));
    const rows = words.map(({ word, group }, i): Cell[] => [
      word,
      group,
      ...places[i].map(rounded),
      words[neighbours[i].index].word,
      rounded(neighbours[i].cosine),
      ...(near === undefined ? [] : [word === near ? null : rounded(cosine(storedList(near, world), vectors[i]))]),
    ]);
    const { width } = world.model.config;
    return {
      kind: 'scatter',
      name,
      title: declaration.title,
      caption: declaration.caption,
      series: [
        { id: 'words', label: world.model.name, provenance: 'learned', source: `${world.model.name}, stored lists` },
      ],
      axes: {
        rows: 'a word, where its list of numbers falls',
        columns: `the two directions in which these lists of ${width} numbers differ most`,
      },
      columns: [
        { id: 'word', label: 'Word', unit: 'word' },
        { id: 'group', label: 'Kind of word', unit: 'text' },
        { id: 'first', label: 'Along the first direction', unit: 'number', series: 'words' },
        { id: 'second', label: 'Along the second', unit: 'number', series: 'words' },
        { id: 'nearest', label: 'Nearest of these words', unit: 'word' },
        { id: 'cosine', label: `Their likeness, in all ${width} numbers`, unit: 'number', series: 'words' },
        ...(near === undefined ? [] : [likenessTo(near)]),
      ],
      rows,
      notice: noticeOfWords(rows, kept, width),
      detail: { groups: groups.map(({ group }) => group) },
    };
  },
  // Plot draws what stays; it is fetched only where a figure of this kind is drawn, which is never in a page.
  draw: async (data) => (await import('./scatter-plot.ts')).drawScatter(data),
  alive: true,
};

function likenessTo(near: string): Column {
  return { id: 'near', label: `Likeness to ${near}`, unit: 'number', series: 'words', empty: 'the word itself' };
}

/** The words by group, in the order in which they are asked for. */
function groupsOf(
  { classes = [], words = [] }: ScatterDeclaration,
  world: World,
): { group: string; words: string[] }[] {
  const { vocabulary } = world.model.tokenizer;
  const known = (list: readonly string[], field: string) =>
    list.map((word) => {
      if (vocabulary.indexOf(word) > 0) return word;
      throw new FigureError(
        `${field}: ${world.model.name} does not know '${word}'. ${choices(word, vocabulary)}`,
        field,
      );
    });
  const groups = classes.map((group) => ({ group, words: known(wordClasses[group], 'classes') }));
  if (words.length > 0) groups.push({ group: classes.length > 0 ? LISTED : 'words', words: known(words, 'words') });
  const all = groups.flatMap((group) => group.words);
  const twice = all.find((word, i) => all.indexOf(word) !== i);
  if (twice !== undefined) {
    throw new FigureError(`words: '${twice}' is there twice. Each word has one place; take one out.`, 'words');
  }
  if (all.length < 3 || all.length > MOST_WORDS) {
    throw new FigureError(
      `words: expected 3 to ${MOST_WORDS} words, those of the classes included, but ${all.length} came.`,
      classes.length > 0 ? 'classes' : 'words',
    );
  }
  return groups;
}

/** Which of the other vectors points most nearly the same way. */
function nearestTo(index: number, vectors: readonly Float64Array[]): { index: number; cosine: number } {
  let best = { index: -1, cosine: Number.NEGATIVE_INFINITY };
  vectors.forEach((other, i) => {
    if (i === index) return;
    const likeness = cosine(vectors[index], other);
    if (likeness > best.cosine) best = { index: i, cosine: likeness };
  });
  return best;
}

/**
 * What the cloud shows, said only where it is so.
 *
 * @param rows as {@link scatter} makes them: word, group, two places, nearest word, cosine
 */
export function noticeOfWords(rows: readonly Cell[][], kept: readonly number[], width: number): string {
  const groupOf = new Map(rows.map(([word, group]) => [word, group]));
  const sizes = new Map<Cell, number>();
  for (const group of groupOf.values()) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const shown = `Two directions out of ${width} keep ${sayShare(kept[0] + kept[1])} of what tells these words apart.`;
  if (sizes.size > 1) {
    const own = rows.filter(([, group, , , nearest]) => groupOf.get(nearest) === group).length;
    const chance = [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / (rows.length - 1), 0);
    return `The nearest neighbour of a word, in all ${width} numbers, is of its own kind for ${own} of ${rows.length} words; blind chance would make it ${Math.round(chance)}. ${shown}`;
  }
  const closest = rows.reduce((best, row) => ((row[5] as number) > (best[5] as number) ? row : best));
  return `No two of these words are more alike, in all ${width} numbers, than *${closest[0]}* and *${closest[4]}*. ${shown}`;
}
