import { type Distribution, remember, table, without } from '../distribution.ts';

export const women: Distribution = table('anna clara emma lucy mary nina sara julia');
export const men: Distribution = table('ben david henry john tom peter oscar max');
export const surnames: Distribution = table(
  'smith jones miller cooper parker turner walker carter mason fisher potter taylor',
);

const lists: Record<string, Distribution> = { f: women, m: men, surname: surnames };
/** A name of one list ('f', 'm' or 'surname') that is not the one already given. */
export const otherName = remember((list, taken): Distribution => without(lists[list], [taken]));
