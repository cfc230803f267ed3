/** An awake strip or staircase of one head: one island for both, since each shows the other below itself. */
export { bringToLife } from '../alive.ts';
