/** What holds in several trainings, and what does not: public/model/seeds.json. */
import { BROKEN, type HeadsReport, mean } from './heads.ts';
import { type Quality, targetsOf } from './quality.ts';

/** What was measured of one training. */
export interface Measured {
  quality: Quality;
  heads: HeadsReport;
}

/** A statement about trainings, tried on each. */
export interface Statement {
  statement: string;
  /** What was measured in each, in the order of the models. */
  values: (number | string)[];
  holds: boolean[];
  holdsInAll: boolean;
}

/** Tries every statement on every training. */
export function compareSeeds(all: readonly Measured[]): Statement[] {
  const statements: Statement[] = [];
  const state = (statement: string, of: (one: Measured) => { value: number | string; holds: boolean }) => {
    const tried = all.map(of);
    const holds = tried.map((one) => one.holds);
    const values = tried.map(({ value }) => value);
    statements.push({ statement, values, holds, holdsInAll: holds.every(Boolean) });
  };

  targetsOf(all[0].quality).forEach(({ statement, atMost, atLeast }, i) => {
    if (atMost === undefined && atLeast === undefined) return;
    const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
    state(`${statement}: ${bound}`, ({ quality }) => {
      const { value, met } = targetsOf(quality)[i];
      return { value, holds: met === true };
    });
  });
  state('a head of layer 1 gives more than 0.8 of its weight to the word before', ({ heads }) => {
    const { layer, value } = heads.evidence['previous-word'];
    return { value, holds: layer === 1 && value > 0.8 };
  });
  state('without one head, fewer than 60 % of the right adjectives are left', ({ heads }) => {
    const least = Math.min(...heads.heads.map(({ scoresWithout }) => mean(Object.values(scoresWithout.frames))));
    return { value: least, holds: least < BROKEN };
  });
  state('only one head is such that without it fewer than 60 % of the right adjectives are left', ({ heads }) => {
    const broken = heads.heads.filter(({ scoresWithout }) => mean(Object.values(scoresWithout.frames)) < BROKEN);
    return { value: broken.length, holds: broken.length === 1 };
  });
  state('every head whose loss breaks the binding so is in layer 1', ({ heads }) => {
    const broken = heads.heads.filter(({ scoresWithout }) => mean(Object.values(scoresWithout.frames)) < BROKEN);
    const places = broken.map(({ layer, head }) => `layer ${layer}, head ${head}`);
    return { value: places.join('; ') || 'none', holds: broken.length > 0 && broken.every(({ layer }) => layer === 1) };
  });
  state('no head looks from the question straight at the adjective of the noun asked about', ({ heads }) => {
    const { value, convincing } = heads.evidence['asked-adjective'];
    return { value, holds: !convincing };
  });
  for (const [role, { claim }] of Object.entries(all[0].heads.evidence)) {
    if (role === 'asked-adjective') continue;
    state(`some head has the role "${role}": ${claim}`, ({ heads }) => {
      const { layer, head, value, convincing } = heads.evidence[role];
      return { value: convincing ? `layer ${layer}, head ${head}: ${value.toFixed(2)}` : 'none', holds: convincing };
    });
    state(`the head with the role "${role}" is in the same layer as in the first training`, ({ heads }) => {
      const first = all[0].heads.roles[role];
      const own = heads.roles[role];
      return { value: own ? `layer ${own.layer}` : 'none', holds: own !== undefined && own.layer === first?.layer };
    });
  }
  return statements;
}
