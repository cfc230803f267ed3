import { wordsOf } from './distribution.ts';
import { END } from './teller.ts';

/**
 * Every word the grammar can say, by alphabet. Kept as a list so that nobody has to wait while the grammar is searched;
 * a test compares it with the grammar both ways and names the words to add or to take out.
 */
const words = wordsOf(`
  a above an and angry animal anna another artist asleep at ate attic away b badly bag baker ball bank basket bat
  beach beard beautiful because before began belonged ben bent big bird birds black blue boat book box boy brave
  bright brightly broke broken broom brown by called came candle capital carried carter castle cat cave cellar cheap
  child city clara class clean cleaned clear clever clock closed coat coins cold cooper counted cracked creature
  crowded crown cruel cup danced dark daughter david dim dirty distant doctor dog doll down dress ducks e early
  earned easy emma empty ended engine everyone everything extremely face faded famous farmer fast fat feared fed
  fell film fish fished fisher fixed flew flower flowers followed foolish for forest found fox france friend
  friendly frog frogs from fruit full furry game garden gave gentle girl gold golden grassy green grey guests had
  handsome happy hat hated he heavy held helped henry her hid his hit home horse house huge hungry i ice in insects
  iron it john jones juice julia jumped key kind king kingdom kissed knew knocked lady lake lamp late law lazy
  learned letter lifted light liked lion lit little lived london long looked lost loud loved lovely lucy machine
  made mail man market mary mason match max melted met milk miller missing money moon morning most mouse muddy near
  needed new news night nina no nobody nose not noticed o of official old on once open opened oscar out over owl
  paper parcel parker parrot people person personality peter pig pitcher play played playful poor postman potter
  pretty prince princess proud purse queen quiet quite rabbit rain ran rather read ready really red reeds remembered
  rich ring river rocks rose round royal rusty sad sailed sailor sang sara sat saw school sea seal sealed she shone
  show showed shy signed silent since singer sky slept small smiled smith snake snow so soft sold soldier some son
  spring star steel steep stick still stood stopped strange stream strong sun sunny swam sword table tall taylor
  teacher thanked the then there thing thirsty threw tight tiny tired to tom town turner twinkled ugly very village
  voice waited walked walker wanted warm was watched water wax well went were wet white who winter wise witch with
  wizard woke woman won wooden word world write yellow young`);

/** The words of the language as a model counts them: the end of a text, the full stop, then the words by alphabet. */
export const vocabulary: readonly string[] = [END, '.', ...words];
