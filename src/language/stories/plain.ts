import { type Distribution, distribution, mix, remember, table, type Weights, without } from '../distribution.ts';
import { isAdjective } from '../lexicon/adjectives.ts';
import { heldBack } from '../lexicon/listed.ts';
import { men, women } from '../lexicon/names.ts';
import { type Gender, genders, nounClass, relatives } from '../lexicon/nouns.ts';
import { job, place } from '../lexicon/places.ts';
import { adjectiveOf, anyAdjective, anySecondAdjective, everyoneFelt, nounGiven, towards } from '../lexicon/plain.ts';
import { act, crowd } from '../lexicon/verbs.ts';
import {
  byArticle,
  companionRule,
  type Entity,
  type NounPhraseRule,
  namedRule,
  nounPhrase,
  nounPhraseRule,
  phraseFrom,
} from '../noun-phrase.ts';
import { END, type Teller } from '../teller.ts';
import { describe, isPerson, plainAdjective, subjects } from '../telling.ts';

/** A person, an animal or a thing; half of them without an adjective. */
const ruleWith = (
  nouns: NounPhraseRule['nouns'],
  adjectives = anyAdjective,
  secondAdjectives = anySecondAdjective,
): NounPhraseRule => nounPhraseRule({ nouns, adjectives, secondAdjectives, intensified: 0.08, bare: 0.45 });
/** With at most one noun taken, rules are kept; more nouns make too many combinations. */
const keptRule = remember((taken) => ruleWith(remember((first, second) => nounGiven(first, second, [taken]))));

/** How someone or something new is introduced: any noun but those already known, with any adjective or none. */
function newRule(known: readonly Entity[]): NounPhraseRule {
  const taken = known.map(({ noun }) => noun).filter(Boolean);
  if (taken.length < 2) return keptRule(taken[0] ?? '');
  return ruleWith((first, second) => nounGiven(first, second, taken));
}

const notListed: readonly string[] = Object.values(heldBack).flat();
const isListed = ({ noun, adjective, second }: Entity): boolean =>
  ![noun, adjective, second].some((word) => notListed.includes(word));
const listedAdjective = without(anyAdjective, notListed);
const listedSecondAdjective = without(anySecondAdjective, notListed);

/** What is listed beside another: someone new, without the words that lists hold back. */
function listedRule(known: readonly Entity[]): NounPhraseRule {
  const { nouns } = newRule(known);
  return ruleWith((first, second) => without(nouns(first, second), notListed), listedAdjective, listedSecondAdjective);
}

const weather: Readonly<Record<string, string>> = { rain: 'fell', snow: 'fell', night: 'came' };
const rainSnowOrNight = mix([
  [1, 'rain'],
  [1, 'snow'],
  [1, 'night'],
]);
const names = mix([
  [0.5, women],
  [0.5, men],
]);
const article = byArticle(keptRule('').opening).article;

/** How likely a text ends after so many sentences. */
const ends = [0, 0.15, 0.4, 0.55, 0.7];
const firstStart = mix([
  [0.38, 'the'],
  [0.2, article],
  [0.12, 'there'],
  [0.03, 'once'],
  [0.14, names],
  [0.03, 'she'],
  [0.03, 'he'],
  [0.02, 'it'],
  [0.025, rainSnowOrNight],
  [0.025, crowd],
]);
/** How a later sentence starts. `pronouns` and `called` are lists with commas: those that can mean one only, and names. */
const laterStart = remember((count, pronouns, called): Distribution => {
  const list = (text: string) => (text === '' ? [] : text.split(','));
  const next: [number, Distribution | string][] = [
    [0.55, 'the'],
    [0.05, article],
    [0.03, 'there'],
    [0.03, rainSnowOrNight],
    [0.03, crowd],
    ...list(pronouns).map((pronoun): [number, string] => [0.3 / list(pronouns).length, pronoun]),
    ...list(called).map((name): [number, string] => [0.15, name]),
  ];
  const end = ends[Number(count)];
  return mix([
    [end, END],
    [1 - end, mix(next)],
  ]);
});

/** she, he or it; undefined for those who can be she or he, such as a doctor. */
function genderOf(entity: Entity): Gender | undefined {
  return entity.gender ?? genders[entity.noun] ?? relatives[entity.noun] ?? (isPerson(entity) ? undefined : 'n');
}

/** Pronouns that can mean one only, with the one they mean. */
function unmistakable(known: readonly Entity[]): Map<string, Entity> {
  const found = new Map<string, Entity>();
  for (const gender of ['f', 'm', 'n'] as const) {
    const meant = known.filter((entity) => {
      const own = genderOf(entity);
      return own === gender || (own === undefined && gender !== 'n');
    });
    if (meant.length === 1) found.set(subjects[gender], meant[0]);
  }
  return found;
}

/** At most so many are spoken of. */
const MOST = 3;

/**
 * One to five plain sentences in any order: what a reader is likely to type first. *the cat was black . it was very
 * black . the dog saw the black cat .* Every choice shows at once in a word, so that exact probabilities need few
 * derivations.
 */
export function plain(teller: Teller): void {
  const known: Entity[] = [];
  for (let count = 0; count < ends.length && teller.length < 36; count++) {
    const pronouns = unmistakable(known);
    const called = known.map(({ name }) => name ?? '').filter(Boolean);
    const start =
      count === 0 ? firstStart : laterStart(String(count), [...pronouns.keys()].join(','), called.sort().join(','));
    const word = teller.pick(start);
    if (word === END) return;
    if (word in weather) teller.emit(`${weather[word]} .`);
    else if (crowd.byWord.has(word)) {
      teller.pick(everyoneFelt);
      sayReason(teller, sayObject(teller, known, null));
    } else if (word === 'there' || word === 'once') sayThereWas(teller, known, word);
    else {
      const subject = sayFrom(teller, known, null, word, pronouns);
      sayOfSubject(teller, known, subject, count === 0 && theOrArticle.byWord.has(word));
    }
  }
}

const stopOrBecause = table('.:.75 because:.2 since:.05');
const sheOrHe = table('she he');

/** *because it was lovely*, or nothing */
function sayReason(teller: Teller, entity: Entity): void {
  if (teller.pick(stopOrBecause) === '.') return;
  const gender = genderOf(entity);
  const pronoun = gender === undefined ? teller.pick(sheOrHe) : subjects[gender];
  if (gender === undefined) entity.gender = pronoun === 'she' ? 'f' : 'm';
  else teller.emit(pronoun);
  teller.emit('was');
  teller.pick(entity.adjective ? plainAdjective(entity) : adjectiveOf(entity.noun));
  teller.emit('.');
}

function add(known: Entity[], entity: Entity): Entity {
  known.push(entity);
  return entity;
}

/** Says the rest of whoever a sentence is about or acts on, of which the first word has been said. */
function sayFrom(
  teller: Teller,
  known: Entity[],
  subject: Entity | null,
  word: string,
  pronouns?: ReadonlyMap<string, Entity>,
): Entity {
  if (word === 'the') return sayThe(teller, known, subject);
  if (word === 'a' || word === 'an') {
    const rule = newRule(known);
    return add(known, phraseFrom(teller, rule, teller.pick(byArticle(rule.opening)[word]!)));
  }
  const meant = pronouns?.get(word) ?? known.find(({ name }) => name === word);
  if (meant) {
    const gender = (['f', 'm', 'n'] as const).find((one) => subjects[one] === word);
    if (gender) meant.gender = gender;
    return meant;
  }
  if (word === 'it') return add(known, { noun: 'thing', adjective: '', second: '', gender: 'n' });
  const gender = word === 'she' || women.byWord.has(word) ? 'f' : 'm';
  const name = word === 'she' || word === 'he' ? undefined : word;
  return add(known, { noun: '', adjective: '', second: '', gender, name });
}

/** What follows *the*: someone known by noun or adjective, or someone new; `subject` is somebody else. */
function sayThe(teller: Teller, known: Entity[], subject: Entity | null): Entity {
  const rule = newRule(known);
  const others = known.filter((entity) => entity !== subject && entity.noun !== '');
  if (others.length === 0) return add(known, phraseFrom(teller, rule, teller.pick(rule.opening)));
  const mayAdd = known.length < MOST;
  const again: Weights = {};
  for (const { noun, adjective, second } of others) {
    again[noun] = 1;
    for (const said of [adjective, second]) if (said) again[said] = 0.3;
  }
  const word = teller.pick(
    mix([
      [1, distribution(again)],
      [mayAdd ? 0.35 / others.length : 0, rule.opening],
    ]),
  );
  const meant = others.find(({ noun }) => noun === word);
  if (meant) return meant;
  const suited = others.filter(({ adjective, second }) => adjective === word || second === word);
  if (suited.length === 0) return add(known, phraseFrom(teller, rule, word));
  const knownNouns = distribution(Object.fromEntries(suited.map(({ noun }) => [noun, 1])));
  const noun = teller.pick(
    mix([
      [0.9, knownNouns],
      [mayAdd ? 0.1 : 0, rule.nouns(word, '')],
    ]),
  );
  return suited.find((entity) => entity.noun === noun) ?? add(known, { noun, adjective: word, second: '' });
}

const newObject = mix([
  [0.5, 'the'],
  [0.35, article],
  [0.15, names],
]);
const knownObject = table('the');
const objectWithout = remember((name) => without(newObject, [name]));

/** Whom or what a verb is about: someone other than the subject. */
function sayObject(teller: Teller, known: Entity[], subject: Entity | null): Entity {
  const others = known.filter((entity) => entity !== subject && entity.noun !== '');
  if (known.length >= MOST && others.length > 0) return sayFrom(teller, known, subject, teller.pick(knownObject));
  const called = known.find((entity) => entity.name !== undefined && entity === subject)?.name;
  return sayFrom(teller, known, subject, teller.pick(called ? objectWithout(called) : newObject));
}

/** *there was a cat*, *once there was a king with a golden crown* */
function sayThereWas(teller: Teller, known: Entity[], first: string): void {
  teller.emit(first === 'once' ? 'there was' : 'was');
  const entity = add(known, nounPhrase(teller, newRule(known)));
  // "there was a woman with" belongs to the descriptions, whose probabilities are the guide's
  const mayHave = isPerson(entity) ? first === 'once' && entity.adjective === '' : isListed(entity);
  const mayList = known.length < MOST && isListed(entity);
  const after = teller.pick(afterIntroduced(mayHave ? 'with' : '', mayList ? 'and' : ''));
  if (after === 'with' && isPerson(entity)) add(known, nounPhrase(teller, companionRule(entity.noun, entity.noun)));
  else if (after === 'with' || after === 'and') add(known, nounPhrase(teller, listedRule(known)));
  else if (after === 'in') {
    teller.emit('the');
    teller.pick(place);
  }
  if (after !== '.') teller.emit('.');
}
const stopOrPlace = table('.:.7 in:.3');
const afterIntroduced = remember(
  (mayHave, mayList): Distribution => table(`.:.35 in:.2 with:${mayHave ? 0.3 : 0} and:${mayList ? 0.15 : 0}`),
);

/** What someone has: mostly what suits them, as in the descriptions. */
function sayCompanion(teller: Teller, known: Entity[], owner: Entity): void {
  const suits = isPerson(owner) && known.length === 1 && teller.choose([0.7, 0.3]) === 0;
  add(known, nounPhrase(teller, suits ? companionRule(owner.noun, owner.noun) : newRule(known)));
}

/**
 * What can follow a subject. `who`: alive or lifeless. `isNew`: whether something may come between it and the verb;
 * where it says *listed*, also *and* with another one.
 */
const afterSubject = remember((who, isNew): Distribution => {
  const parts: [number, Distribution | string][] = [[0.6, 'was']];
  if (who === 'alive') parts.push([0.14, act], [0.1, 'had'], [0.16, towards]);
  if (isNew) parts.push([0.14, 'with'], [0.03, 'in']);
  if (isNew === 'listed') parts.push([0.06, 'and']);
  return mix(parts);
});
const stopOrAnd = table('.:.8 and:.2');
const theOrArticle = mix([
  [0.5, 'the'],
  [0.5, article],
]);

/** Says what a subject was, did or had, to the full stop; `isNew`: it is the first one of the text. */
function sayOfSubject(teller: Teller, known: Entity[], subject: Entity, isNew: boolean): void {
  const alive = isPerson(subject) || nounClass[subject.noun] === 'animal';
  const first = isNew ? (isListed(subject) ? 'listed' : 'new') : '';
  let word = teller.pick(afterSubject(alive ? 'alive' : 'lifeless', first));
  if (word === 'and') {
    const rule = listedRule(known);
    const determiner = teller.pick(
      mix([
        [0.5, 'the'],
        [0.5, byArticle(rule.opening).article],
      ]),
    );
    const from = determiner === 'the' ? rule.opening : byArticle(rule.opening)[determiner as 'a' | 'an']!;
    add(known, phraseFrom(teller, rule, teller.pick(from)));
    teller.emit('were there .');
    return;
  }
  if (word === 'with' || word === 'in') {
    if (word === 'with') sayFrom(teller, known, subject, teller.pick(theOrArticle));
    else {
      teller.emit('the');
      teller.pick(place);
    }
    word = teller.pick(afterSubject(alive ? 'alive' : 'lifeless', ''));
  }
  if (word === 'was') {
    if (!sayWas(teller, known, subject)) teller.emit('.');
    else if (teller.pick(stopOrAnd) === 'and') sayAndMore(teller, known, subject);
    return;
  }
  if (word === 'had') {
    sayCompanion(teller, known, subject);
    teller.emit('.');
  } else if (act.byWord.has(word)) {
    if (teller.pick(stopOrPlace) === 'in') {
      teller.emit('the');
      teller.pick(place);
      teller.emit('.');
    }
  } else {
    sayObject(teller, known, subject);
    teller.emit('.');
  }
}

const theOrAdjective = remember(
  (noun, adjective): Distribution =>
    mix([
      [0.6, 'the'],
      [0.4, without(adjectiveOf(noun), [adjective])],
    ]),
);

/** … *and white .*, … *and the dog was white .* */
function sayAndMore(teller: Teller, known: Entity[], subject: Entity): void {
  const word = teller.pick(theOrAdjective(subject.noun, subject.adjective));
  if (word === 'the') {
    const other = sayThe(teller, known, subject);
    teller.emit('was');
    sayWas(teller, known, other);
  } else subject.second ||= word;
  teller.emit('.');
}

/** What follows *was* as long as nothing has been said of the noun. */
const firstWas = remember(
  (noun): Distribution =>
    mix([
      [0.07, 'very'],
      [0.03, 'so'],
      [0.03, 'not'],
      [0.05, 'in'],
      [0.8, adjectiveOf(noun)],
    ]),
);
/** The same for someone known by name or pronoun only, who can also be a doctor or a beautiful woman. */
const whoWas = remember(
  (gender): Distribution =>
    mix([
      [0.8, firstWas('')],
      [0.2, byArticle(whatOne(gender)).article],
    ]),
);
const whatOne = remember(
  (gender): Distribution =>
    mix([
      [0.6, job],
      [0.4, namedRule(gender).opening],
    ]),
);

/** Says what someone was; gives whether that was an adjective. */
function sayWas(teller: Teller, known: readonly Entity[], entity: Entity): boolean {
  if (entity.adjective) {
    const others = known.filter((other) => other !== entity);
    describe(teller, entity, others);
    return true;
  }
  const { noun, gender = '' } = entity;
  const word = teller.pick(noun === '' ? whoWas(gender) : firstWas(noun));
  if (word === 'in') {
    teller.emit('the');
    teller.pick(place);
    return false;
  }
  if (word === 'a' || word === 'an') {
    Object.assign(entity, phraseFrom(teller, namedRule(gender), teller.pick(byArticle(whatOne(gender))[word]!)));
    return false;
  }
  if (isAdjective(word)) entity.adjective = word;
  else {
    const adjective = teller.pick(adjectiveOf(entity.noun));
    if (word !== 'not') entity.adjective = adjective;
  }
  return true;
}
