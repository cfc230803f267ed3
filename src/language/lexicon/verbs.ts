import { type Distribution, table } from '../distribution.ts';

/** What one does with a person or an animal … */
export const careFor: Distribution = table('loved:6 hated:3 fed:3 watched:3 followed:3 called:2 liked:3');
/** … and with a thing. */
export const handle: Distribution = table('lost:4 sold:3 loved:3 hid:2 found:3 cleaned:2 liked:2');
/** What anyone can do alone. */
export const act: Distribution = table('ran:3 slept:5 sat:3 jumped:3 ate:3');
/** How two meet. */
export const meet: Distribution = table('met:5 saw:3 loved:2 knew:2 followed:1 helped:2');
/** How someone comes upon a list of things. */
export const comeUpon: Distribution = table('saw:4 met:2 found:2 had:2');
/** How a whole village looks at one. */
export const regard: Distribution = table('saw:4 liked:3 knew:2 followed:1');
export const notice: Distribution = table('saw:4 liked:2 noticed:3 remembered:1');

export const give: Distribution = table('gave:6 sold:2 showed:2');
export const gift: Distribution = table('book:3 ring:2 flower:3 letter:2 hat:1 cup:1 key:2 ball:1');
export const receive: Distribution = table('liked:3 loved:3 lost:2 opened:1');
export const thank: Distribution = table('thanked:4 loved:1 kissed:1');
export const go: Distribution = table('went:5 walked:3 ran:2');

export const crowd: Distribution = table('everyone:6 people:2 nobody:2');
export const why: Distribution = table('because:.7 since:.3');
const fond = table('loved:7 liked:3 feared:.3');
const averse = table('hated:5 feared:5 loved:.3');
const neutral = table('knew:4 liked:2 loved:1 feared:1');
/** What a crowd feels about someone admired (1), disliked (−1) or neither (0); nobody feels the opposite. */
export function feel(opinion: -1 | 0 | 1, who: string): Distribution {
  const felt = who === 'nobody' ? -opinion : opinion;
  return felt > 0 ? fond : felt < 0 ? averse : neutral;
}
