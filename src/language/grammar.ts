import type { Count } from './introduction.ts';
import { captions } from './stories/captions.ts';
import { countCreatures, creatures } from './stories/creatures.ts';
import { countDescription, description } from './stories/description.ts';
import { countHomonyms, homonyms } from './stories/homonyms.ts';
import { countLists, lists } from './stories/lists.ts';
import { countLookUp, lookUp } from './stories/look-up.ts';
import { mistakes } from './stories/mistakes.ts';
import { countJobs, names } from './stories/names.ts';
import { plain } from './stories/plain.ts';
import { countSuperlatives, superlativeStories } from './stories/superlatives.ts';
import type { Teller } from './teller.ts';

/** One kind of text. */
export interface Kind {
  /** Its share of all texts. */
  share: number;
  /** The program that tells it. */
  tell: (teller: Teller) => void;
  /** Counts the phrases in which it introduces a noun, times `expected`; absent where nothing counts as introduced. */
  introduces?: (noun: string, expected: number, count: Count) => void;
}

/** The share of the six kinds of story, which keep their proportions to each other. */
const stories = 0.79;

/**
 * All kinds of text. A new kind is a new file in `stories/` that exports one program, and one line here; the shares must
 * still add up to 1.
 */
export const kinds: Readonly<Record<string, Kind>> = {
  description: { share: 0.238 * stories, tell: description, introduces: countDescription },
  names: { share: 0.14 * stories, tell: names, introduces: countJobs },
  homonyms: { share: 0.154 * stories, tell: homonyms, introduces: countHomonyms },
  creatures: { share: 0.042 * stories, tell: creatures, introduces: countCreatures },
  lists: { share: 0.126 * stories, tell: lists, introduces: countLists },
  lookUp: { share: 0.3 * stories, tell: lookUp, introduces: countLookUp },
  superlatives: { share: 0.015, tell: superlativeStories, introduces: countSuperlatives },
  captions: { share: 0.025, tell: captions },
  plain: { share: 0.14, tell: plain },
  mistakes: { share: 0.03, tell: mistakes },
};

const programs = Object.values(kinds).map((kind) => kind.tell);
const shares = Object.values(kinds).map((kind) => kind.share);

/** Tells one text of the language. */
export function tell(teller: Teller): void {
  programs[teller.choose(shares)](teller);
}
