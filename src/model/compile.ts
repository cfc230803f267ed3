/** Compiles the kernels from their AssemblyScript source, in memory: nothing compiled is kept in the repository. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { MOST_PAGES } from './fast.ts';

export interface KernelOptions {
  /**
   * Also compiles the product in tiles of 4 × 16, which {@link createFastPass} then uses. On x86 it needs a V8 that pairs
   * vectors of 128 bits into registers of 256: Node has that behind a flag, which this sets for the whole process. Where
   * nothing is paired (x86 in a browser) the wide tile is the slower one; the bytes are the same.
   */
  wide?: boolean;
  /** For a memory that threads share. Pages are seldom given one. */
  shared?: boolean;
  /**
   * Rounds a product and a sum once where the processor can (relaxed SIMD). Without it, they are rounded twice: slower,
   * the same on every processor, and known to every browser that has SIMD.
   */
  relaxed?: boolean;
}

/**
 * The bytes of a WebAssembly module with all kernels of training.
 *
 * @throws when the compiler reports an error, with its message
 */
export async function kernelBytes({
  wide = true,
  shared = true,
  relaxed = true,
}: KernelOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const entries = ['matmul.ts', 'attention.ts', 'layers.ts', ...(wide ? ['matmul-wide.ts'] : [])];
  const features = ['simd', ...(shared ? ['threads'] : []), ...(relaxed ? ['relaxed-simd'] : [])];
  const flags = [
    ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', features.join()],
    ...['--initialMemory', '1', '--maximumMemory', String(MOST_PAGES), ...(shared ? ['--sharedMemory'] : [])],
  ];
  return compile(new URL('./kernels/', import.meta.url), entries, flags);
}

/**
 * The bytes of the WebAssembly module that `attention/simd.ts` runs on: SIMD of the first generation, which every browser
 * of the last years has.
 *
 * @throws when the compiler reports an error, with its message
 */
export async function attentionBytes(): Promise<Uint8Array<ArrayBuffer>> {
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
  return compile(new URL('../attention/simd/', import.meta.url), ['attend.ts'], flags);
}

/** Compiles AssemblyScript files of one folder into one module. */
async function compile(folder: URL, entries: string[], flags: string[]): Promise<Uint8Array<ArrayBuffer>> {
  const { default: asc } = await import('assemblyscript/asc');
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main([...entries, ...flags, '--outFile', 'kernels.wasm'], {
    readFile: (name) => {
      try {
        return readFileSync(new URL(name, folder), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = Uint8Array.from(contents);
    },
    listFiles: () => [],
  });
  if (error || !binary) {
    throw new Error(`The kernels in ${fileURLToPath(folder)} do not compile: ${error?.message}
${stderr}`);
  }
  return binary;
}

/** The WebAssembly module of all kernels of training, as {@link kernelBytes} describes it. */
export async function compileKernels(options: KernelOptions = {}): Promise<WebAssembly.Module> {
  if (options.wide ?? true) setFlagsFromString('--experimental-wasm-revectorize');
  return WebAssembly.compile(await kernelBytes(options));
}
