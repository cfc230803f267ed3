/** The files of Easel, for components: they stand in this project's public folder. */
import { join } from 'node:path';
import { type EaselFiles, readEaselFiles } from './easel-files.ts';

/** @throws {Error} as {@link readEaselFiles} does */
export function easelFiles(): EaselFiles {
  return readEaselFiles(join(import.meta.env.PROJECT_FOLDER, 'public/model'));
}
