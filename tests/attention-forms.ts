/** The forms of attention that the tests run over. A new form is one more line here. */
import type { AsyncAttend, Attend } from '../src/attention/attend.ts';
import { type Backend, createGpuAttend } from '../src/attention/gpu.ts';
import { plain } from '../src/attention/plain.ts';
import { reference } from '../src/attention/reference.ts';
import { createSimdAttend } from '../src/attention/simd.ts';
import { attentionBytes } from '../src/model/compile.ts';

export interface Form {
  name: string;
  open(): Promise<Attend | AsyncAttend>;
}

/** gpu.js in one mode, and in no other: a form that fell back to something else has not been tested. */
async function onGpuJs(backend: Backend): Promise<AsyncAttend> {
  const gpu = await createGpuAttend({ backend });
  return async (input, options) => {
    const trace = await gpu.attend(input, options);
    if (gpu.backend !== backend) throw new Error(`gpu.js ran as ${gpu.backend} instead of ${backend}: ${gpu.reason}`);
    return trace;
  };
}

export const forms: Form[] = [
  { name: 'reference', open: async () => reference },
  { name: 'plain', open: async () => plain },
  { name: 'simd', open: async () => createSimdAttend(await WebAssembly.compile(await attentionBytes())) },
  { name: 'gpu on webasm', open: () => onGpuJs('webasm') },
  { name: 'gpu on cpu', open: () => onGpuJs('cpu') },
];
