/** Where in a picture the four roles are: query, key, value and weight. One list for all kinds of figure. */

export type Role = 'query' | 'key' | 'value' | 'weight';

/** What plays each role, as selectors within a figure. What of it is not displayed does not count. */
export const roleMarks: Record<Role, string> = {
  query: [
    '.strip .looking .chip',
    '.matrix text.row:not(.start)',
    '.threads.query',
    '.plane text.query',
    '.hands path.query',
    '.role.query',
  ].join(),
  key: [
    '.strip [data-place]:not(.later) > text:not(.pct)',
    '.matrix .col text',
    '.threads.key',
    '.plane text.key',
    '.hands path.key',
    '.role.key',
  ].join(),
  value: '.threads.value, .role.value',
  weight: '.strip text.pct, .matrix .rowmark:not(.thin), .looked .n, .stages td:nth-child(5) .n, .role.weight',
};
