import { type Distribution, mix, remember, without } from '../distribution.ts';
import type { Count } from '../introduction.ts';
import { aboutPeople } from '../lexicon/adjectives.ts';
import { men, otherName, surnames, women } from '../lexicon/names.ts';
import { destination, job, place } from '../lexicon/places.ts';
import { gift, give, go, meet, receive, thank } from '../lexicon/verbs.ts';
import { pickWithArticle } from '../noun-phrase.ts';
import type { Teller } from '../teller.ts';
import { subjects } from '../telling.ts';

interface Named {
  gender: 'f' | 'm';
  first: string;
  last: string;
  job: string;
  adjective: string;
}

function introduce(teller: Teller, withSurname: boolean, other?: Named): Named {
  const gender = teller.choose([1, 1]) === 1 ? 'm' : 'f';
  const first = teller.pick(other ? otherName(gender, other.first) : gender === 'm' ? men : women);
  let last = '';
  if (withSurname) last = teller.pick(other ? otherName('surname', other.last) : surnames);
  return { gender, first, last, job: '', adjective: '' };
}

function sayName(teller: Teller, { first, last }: Named): void {
  teller.emit(first);
  if (last) teller.emit(last);
}

const whatAgain = remember(
  (adjective): Distribution =>
    mix([
      [0.1, 'very'],
      [0.6, adjective],
      [0.3, aboutPeople],
    ]),
);

/** Says *was* and an adjective: any at first, later mostly the same. */
function sayWas(teller: Teller, person: Named): void {
  teller.emit('was');
  if (!person.adjective) person.adjective = teller.pick(aboutPeople);
  else teller.pick(whatAgain(person.adjective));
}

/** *anna smith met ben jones . … anna smith …*: a surname is known once it has been read. */
function surnamed(teller: Teller): void {
  const one = introduce(teller, true);
  teller.pick(meet);
  const two = introduce(teller, true, one);
  if (teller.choose([0.6, 0.4]) === 1) {
    teller.emit('in the');
    teller.pick(place);
  }
  teller.emit('.');
  const sentences = 1 + teller.choose([0.3, 0.4, 0.3]);
  for (let i = 0; i < sentences && teller.length < 34; i++) {
    const meetAgain = teller.choose([0.4, 0.6]) === 0;
    const [subject, object] = teller.choose([1, 1]) === 1 ? [two, one] : [one, two];
    if (meetAgain) {
      sayName(teller, subject);
      teller.pick(meet);
      sayName(teller, object);
    } else {
      if (one.gender !== two.gender && teller.choose([0.5, 0.5]) === 0) teller.emit(subjects[subject.gender]);
      else sayName(teller, subject);
      sayWas(teller, subject);
    }
    teller.emit('.');
  }
}

/** *anna and ben went to the market . anna gave a book to ben .*: whoever gives is not who gets. */
function gifts(teller: Teller): void {
  if (teller.choose([0.8, 0.2]) === 1) {
    // "anna gave a book to ben .", and nothing before it
    const giver = introduce(teller, false);
    const thing = sayGift(teller);
    afterGift(teller, giver, introduce(teller, false, giver), thing);
    return;
  }
  const one = introduce(teller, false);
  teller.emit('and');
  const two = introduce(teller, false, one);
  teller.pick(go);
  teller.emit('to the');
  teller.pick(destination);
  teller.emit('.');
  const [giver, taker] = teller.choose([1, 1]) === 1 ? [two, one] : [one, two];
  sayName(teller, giver);
  const thing = sayGift(teller);
  sayName(teller, taker);
  afterGift(teller, giver, taker, thing);
}

/** *gave a book to* */
function sayGift(teller: Teller): string {
  teller.pick(give);
  teller.emit('a');
  const thing = teller.pick(gift);
  teller.emit('to');
  return thing;
}

function afterGift(teller: Teller, giver: Named, taker: Named, thing: string): void {
  teller.emit('.');
  const afterwards = teller.choose([0.4, 0.35, 0.25]);
  if (afterwards === 0) {
    sayName(teller, taker);
    teller.pick(receive);
    teller.emit('the');
    teller.emit(thing);
    teller.emit('.');
  } else if (afterwards === 1) {
    sayName(teller, taker);
    teller.pick(thank);
    sayName(teller, giver);
    teller.emit('.');
  }
}

const otherJob = remember((taken): Distribution => without(job, [taken]));

/** *anna was a doctor and ben was a baker . the baker was …* */
function jobs(teller: Teller): void {
  const one = introduce(teller, false);
  teller.emit('was');
  one.job = pickWithArticle(teller, job);
  teller.emit('and');
  const two = introduce(teller, false, one);
  teller.emit('was');
  two.job = pickWithArticle(teller, otherJob(one.job));
  teller.emit('.');
  const sentences = 1 + teller.choose([0.3, 0.4, 0.3]);
  for (let i = 0; i < sentences; i++) {
    const subject = teller.choose([1, 1]) === 1 ? two : one;
    const way = teller.choose(one.gender !== two.gender ? [0.35, 0.35, 0.3] : [0.35, 0.65, 0]);
    if (way === 0) {
      teller.emit('the');
      teller.emit(subject.job);
    } else if (way === 1) sayName(teller, subject);
    else teller.emit(subjects[subject.gender]);
    sayWas(teller, subject);
    teller.emit('.');
  }
}

/** Surnames, a gift, or what the two do. */
const ways = [0.5, 0.25, 0.25];

/** Stories about two people with names. */
export function names(teller: Teller): void {
  [surnamed, gifts, jobs][teller.choose(ways)](teller);
}

/** How often these stories say that someone is a doctor, a baker and so on. */
export function countJobs(noun: string, expected: number, count: Count): void {
  let often = job.byWord.get(noun) ?? 0;
  job.words.forEach((first, i) => {
    often += job.probabilities[i] * (otherJob(first).byWord.get(noun) ?? 0);
  });
  if (often > 0) count({ isNew: true, degree: 'plain', adjectives: [], expected: expected * ways[2] * often });
}
