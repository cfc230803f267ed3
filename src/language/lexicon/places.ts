import { type Distribution, table } from '../distribution.ts';

export const place: Distribution = table(
  'world:1 village:5 town:5 city:3 forest:4 castle:3 kingdom:3 garden:2 house:3',
);
/** Where someone can be the most beautiful of all. */
export const realm: Distribution = table('world:12 village:3 town:2 city:1 kingdom:3');
export const destination: Distribution = table(
  'market:3 river:2 school:3 castle:2 garden:2 village:2 town:2 bank:2 sea:1',
);
export const job: Distribution = table('doctor teacher farmer baker soldier sailor artist');
