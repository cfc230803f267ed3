import { type Distribution, distribution, each, equally, mix, remember, table, type Weights } from '../distribution.ts';
import type { Count } from '../introduction.ts';
import { isAdjective } from '../lexicon/adjectives.ts';
import {
  drawnAt,
  listedAdjectives,
  lookedUpNouns,
  otherAdjective,
  otherLookedUpNoun,
  sameAdjective,
  veryOrSame,
} from '../lexicon/listed.ts';
import { men, women } from '../lexicon/names.ts';
import { type Gender, genders, lifeless } from '../lexicon/nouns.ts';
import { act, comeUpon, regard } from '../lexicon/verbs.ts';
import { byArticle, type Entity, pickWithArticle } from '../noun-phrase.ts';
import { END, type Teller } from '../teller.ts';
import { subjects } from '../telling.ts';

/** The three ways in: *once …*, *the black dog and the … were there*, *a dog and a … were there*. */
const opening: Distribution = mix([
  [0.5, 'once'],
  [0.2, 'the'],
  [0.3, byArticle(lookedUpNouns).article],
]);
const afterOnce = mix([
  [0.55, 'there'],
  [0.225, women],
  [0.225, men],
]);
const withOrAnd = table('with:.6 and:.4');
/** A third thing is listed equally often after every opening. */
const third = 0.4;
const stopOrAnd = distribution({ '.': 1 - third, and: third });
const wereOrAnd = distribution({ were: 1 - third, and: third });
const adjectiveOrNoun = mix([
  [0.5, listedAdjectives],
  [0.5, lookedUpNouns],
]);

/**
 * Stories in which only looking back tells which adjective belongs to which noun: neither the order nor *with* or
 * *and* gives it away. Every choice shows at once in a word, so that exact probabilities need few derivations.
 */
export function lookUp(teller: Teller): void {
  const listed: Entity[] = [];
  const adjectives = () => otherAdjective(...listed.map((entity) => entity.adjective));
  const nouns = () => otherLookedUpNoun(...listed.map((entity) => entity.noun));
  const add = (adjective: string, noun: string) => listed.push({ adjective, second: '', noun });
  // "a black dog", "the black dog", or "a dog" whose adjective is told later
  const described = () => add(pickWithArticle(teller, adjectives()), teller.pick(nouns()));
  const known = () => {
    teller.emit('the');
    add(teller.pick(adjectives()), teller.pick(nouns()));
  };
  const bare = () => add('', pickWithArticle(teller, nouns()));
  const and = (next: () => void) => {
    teller.emit('and');
    next();
  };

  const first = teller.pick(opening);
  if (first === 'once') {
    let next = described;
    if (teller.pick(afterOnce) === 'there') {
      teller.emit('was');
      described();
      teller.pick(withOrAnd);
      described();
    } else {
      teller.pick(comeUpon);
      const word = pickWithArticle(teller, adjectiveOrNoun);
      if (isAdjective(word)) add(word, teller.pick(lookedUpNouns));
      else {
        add('', word);
        next = bare;
      }
      and(next);
    }
    if (teller.pick(stopOrAnd) === 'and') {
      next();
      teller.emit('.');
    }
  } else {
    const next = first === 'the' ? known : bare;
    if (first === 'the') add(teller.pick(listedAdjectives), teller.pick(lookedUpNouns));
    else add('', teller.pick(byArticle(lookedUpNouns)[first as 'a' | 'an']!));
    and(next);
    if (teller.pick(wereOrAnd) === 'and') {
      next();
      teller.emit('were');
    }
    teller.emit('there .');
  }
  if (listed[0].adjective === '') tellAdjectives(teller, listed);
  tellOfListed(teller, listed);
}

/** *the cat was black and the woman was old .*, in any order */
function tellAdjectives(teller: Teller, listed: readonly Entity[]): void {
  let left = listed;
  while (left.length > 0) {
    teller.emit(left === listed ? 'the' : 'and the');
    const noun = teller.pick(equally(...left.map((entity) => entity.noun)));
    const entity = left.find((candidate) => candidate.noun === noun)!;
    left = left.filter((other) => other !== entity);
    teller.emit('was');
    entity.adjective = teller.pick(otherAdjective(...listed.map((other) => other.adjective)));
  }
  teller.emit('.');
}

/** How likely the story ends before its first, second and third sentence about what was listed. */
const ends = [0, 0.3, 0.5];
const inBetween = mix([
  [0.2, 'rain'],
  [0.15, 'snow'],
  [0.15, 'night'],
  [0.25, women],
  [0.25, men],
]);
const was = table('was');
const wasOrAct = mix([
  [0.8, 'was'],
  [0.2, act],
]);

/** `count`: sentences so far; `pronouns`: those that can mean one thing only, with commas. */
const sentenceStart = remember((count, mayPause, pronouns): Distribution => {
  const list = pronouns ? pronouns.split(',') : [];
  const starts: [number, Distribution | string][] = [
    [list.length ? 0.44 : 0.64, 'the'],
    [0.14, 'then'],
    [0.06, 'everyone'],
  ];
  if (mayPause) starts.push([0.24, inBetween]);
  for (const pronoun of list) starts.push([0.3 / list.length, pronoun]);
  const end = ends[Number(count)];
  return end > 0
    ? mix([
        [end, END],
        [1 - end, mix(starts)],
      ])
    : mix(starts);
});
const afterThen = remember((pronouns): Distribution => {
  const list = pronouns ? pronouns.split(',') : [];
  return mix([[0.6, 'the'], ...list.map((pronoun): [number, string] => [0.4 / list.length, pronoun])]);
});

const genderOf = (entity: Entity): Gender => genders[entity.noun] ?? 'n';

/** One to three sentences about what was listed, perhaps after a sentence about something else. */
export function tellOfListed(teller: Teller, listed: readonly Entity[]): void {
  const unmistakable = listed.filter((entity) =>
    listed.every((other) => other === entity || genderOf(other) !== genderOf(entity)),
  );
  const pronouns = unmistakable
    .map((entity) => subjects[genderOf(entity)])
    .sort()
    .join(',');
  let mayPause = true;
  let last: Entity | null = null;
  for (let count = 0; count < 3 && teller.length < 40; ) {
    let word = teller.pick(sentenceStart(String(count), count === 0 && mayPause ? 'pause' : '', pronouns));
    if (word === END) return;
    const weather = word === 'rain' || word === 'snow' || word === 'night';
    if (weather || inBetween.byWord.has(word)) {
      if (weather) teller.emit(word === 'night' ? 'came' : 'fell');
      else teller.pick(act);
      teller.emit('.');
      mayPause = false;
      continue;
    }
    count++;
    if (word === 'everyone') {
      teller.pick(regard);
      teller.emit('the');
      const adjective = teller.pick(equally(...listed.map((entity) => entity.adjective)));
      teller.emit(listed.find((entity) => entity.adjective === adjective)!.noun);
      teller.emit('.');
      continue;
    }
    if (word === 'then') word = teller.pick(afterThen(pronouns));
    let subject = unmistakable.find((entity) => subjects[genderOf(entity)] === word);
    if (word === 'the') {
      const named = teller.pick(nounOrAdjective(listed, last));
      subject = listed.find((entity) => entity.noun === named);
      if (subject === undefined) {
        // "the black cat slept .": the adjective came first, the noun follows from it
        last = listed.find((entity) => entity.adjective === named)!;
        teller.emit(last.noun);
        teller.pick(act);
        teller.emit('.');
        continue;
      }
    }
    last = subject!;
    const mayAct = !lifeless.includes(subject!.noun);
    if (teller.pick(mayAct ? wasOrAct : was) === 'was' && teller.pick(veryOrSame(last.adjective)) === 'very') {
      teller.pick(sameAdjective(last.adjective));
    }
    teller.emit('.');
  }
}

/**
 * What follows *the*: mostly the noun of something listed, rather not the last one again, or its adjective. Made anew
 * each time, since hardly any list comes twice.
 */
function nounOrAdjective(listed: readonly Entity[], last: Entity | null): Distribution {
  const result: Weights = {};
  for (const entity of listed) {
    result[entity.noun] = entity === last ? 0.2 : 1;
    if (!lifeless.includes(entity.noun)) result[entity.adjective] = 0.25;
  }
  return distribution(result);
}

/** How often these stories introduce a noun; where the adjective is told later, the phrase has none. */
export function countLookUp(noun: string, expected: number, count: Count): void {
  const once = opening.byWord.get('once')!;
  const known = opening.byWord.get('the')!;
  const described = once * (afterOnce.byWord.get('there')! + (1 - afterOnce.byWord.get('there')!) / 2);
  for (let place = 0; place < 3; place++) {
    const drawn = drawnAt(lookedUpNouns, otherLookedUpNoun, place).byWord.get(noun) ?? 0;
    const often = expected * drawn * (place === 2 ? third : 1);
    if (often === 0) continue;
    each(drawnAt(listedAdjectives, otherAdjective, place), (adjective, share) => {
      const phrase = { degree: 'plain', adjectives: [adjective] } as const;
      count({ ...phrase, isNew: true, expected: often * described * share });
      count({ ...phrase, isNew: false, expected: often * known * share });
    });
    count({ isNew: true, degree: 'plain', adjectives: [], expected: often * (1 - known - described) });
  }
}
