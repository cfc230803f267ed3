import { captions } from './stories/captions.ts';
import { creatures } from './stories/creatures.ts';
import { description } from './stories/description.ts';
import { homonyms } from './stories/homonyms.ts';
import { lists } from './stories/lists.ts';
import { lookUp } from './stories/look-up.ts';
import { mistakes } from './stories/mistakes.ts';
import { names } from './stories/names.ts';
import { superlativeStories } from './stories/superlatives.ts';
import type { Teller } from './teller.ts';

/**
 * All kinds of story, with the share of each in the language. A new kind is a new file in `stories/` that exports one
 * program, and one line here.
 */
export const kinds: Readonly<Record<string, { share: number; tell: (teller: Teller) => void }>> = {
  description: { share: 0.238 * 0.95, tell: description },
  names: { share: 0.14 * 0.95, tell: names },
  homonyms: { share: 0.154 * 0.95, tell: homonyms },
  creatures: { share: 0.042 * 0.95, tell: creatures },
  lists: { share: 0.126 * 0.95, tell: lists },
  lookUp: { share: 0.3 * 0.95, tell: lookUp },
  superlatives: { share: 0.015, tell: superlativeStories },
  captions: { share: 0.015, tell: captions },
  mistakes: { share: 0.02, tell: mistakes },
};

const stories = Object.values(kinds).map((kind) => kind.tell);
const shares = Object.values(kinds).map((kind) => kind.share);

/** Tells one text of the language. */
export function tell(teller: Teller): void {
  stories[teller.choose(shares)](teller);
}
