/**
 * WebAssembly for pages, compiled from its AssemblyScript source when the site is built. `import address from
 * 'wasm:attention'` gives the address of the compiled file; 'wasm:training' that of the kernels of training.
 */
import type { ViteUserConfig } from 'astro';
import { attentionBytes, kernelBytes } from '../model/compile.ts';

type Plugin = NonNullable<ViteUserConfig['plugins']>[number];

/** What a page may ask for. Pages have no memory that threads share, and not every browser fuses a product and a sum. */
const modules: Record<string, () => Promise<Uint8Array<ArrayBuffer>>> = {
  attention: attentionBytes,
  training: () => kernelBytes({ wide: false, shared: false, relaxed: false }),
};

/** Resolves `wasm:…`: a file of its own in the built site, a data URL in the dev server. */
export function wasmPlugin(): Plugin {
  let isDev = false;
  return {
    name: 'wasm',
    configResolved({ command }) {
      isDev = command === 'serve';
    },
    resolveId(id) {
      if (id.startsWith('wasm:')) return `\0${id}`;
    },
    async load(id) {
      if (!id.startsWith('\0wasm:')) return;
      const name = id.slice('\0wasm:'.length);
      if (!(name in modules)) {
        throw new Error(`Expected wasm:${Object.keys(modules).join(' or wasm:')} but received wasm:${name}.`);
      }
      const bytes = await modules[name]();
      if (isDev) return `export default 'data:application/wasm;base64,${Buffer.from(bytes).toString('base64')}';`;
      const file = this.emitFile({ type: 'asset', name: `${name}.wasm`, source: bytes });
      return `export default import.meta.ROLLUP_FILE_URL_${file};`;
    },
  };
}
