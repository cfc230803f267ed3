import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forms } from './attention-forms.ts';
import { largestDifference, type OnnxCase, type Outputs, readCases, runAttention, runCase, tolerance } from './onnx.ts';

/** Other cases of the standard can be run by naming their folder. */
const folder = process.env.ONNX_CASES ?? join(import.meta.dirname, 'fixtures', 'onnx');

function expectOutputs(found: Outputs, { outputs }: OnnxCase): void {
  expect(outputs.some((output) => output)).toBe(true);
  for (const [position, expected] of outputs.entries()) {
    if (!expected) continue;
    const output = found[position];
    expect(output, `output ${position} is asked for`).toBeDefined();
    expect(largestDifference(output!, expected), `output ${position}`).toBeLessThanOrEqual(tolerance(expected));
  }
}

const operators = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name: operator } of operators.filter(({ name }) => name !== 'Attention')) {
  describe(`ONNX ${operator}`, () => {
    for (const onnxCase of readCases(folder, operator)) {
      it(onnxCase.name, () => expectOutputs(runCase(onnxCase), onnxCase));
    }
  });
}

describe.each(forms)('ONNX Attention on $name', async ({ open }) => {
  const attend = await open();
  for (const onnxCase of readCases(folder, 'Attention')) {
    it(onnxCase.name, async () => expectOutputs(await runAttention(onnxCase, attend), onnxCase));
  }
});
