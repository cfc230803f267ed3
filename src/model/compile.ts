/** Compiles the kernels from their AssemblyScript source, in memory: nothing compiled is kept in the repository. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { MOST_PAGES } from './fast.ts';

/**
 * The WebAssembly module of all kernels.
 *
 * @param wide also compiles the product in tiles of 4 × 16, which {@link createFastPass} then uses. On x86 it needs a V8 that
 *   pairs vectors of 128 bits into registers of 256: Node has that behind a flag, which this sets for the whole process.
 *   Where nothing is paired (x86 in a browser) the wide tile is the slower one; the bytes are the same.
 * @throws when the compiler reports an error, with its message
 */
export async function compileKernels({ wide = true } = {}): Promise<WebAssembly.Module> {
  const { default: asc } = await import('assemblyscript/asc');
  const folder = fileURLToPath(new URL('./kernels/', import.meta.url));
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const entries = ['matmul.ts', 'attention.ts', 'layers.ts', ...(wide ? ['matmul-wide.ts'] : [])];
  if (wide) setFlagsFromString('--experimental-wasm-revectorize');
  const flags = [
    ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--sharedMemory'],
    ...['--enable', 'simd,threads,relaxed-simd', '--initialMemory', '1', '--maximumMemory', String(MOST_PAGES)],
  ];
  const { error, stderr } = await asc.main([...entries, ...flags, '--outFile', 'kernels.wasm'], {
    readFile: (name) => {
      try {
        return readFileSync(folder + name, 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = Uint8Array.from(contents);
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`The kernels in ${folder} do not compile: ${error?.message}\n${stderr}`);
  return WebAssembly.compile(binary);
}
