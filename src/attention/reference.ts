import type { Attend } from './attend.ts';
import { checkRequest, overflow } from './check.ts';

/**
 * Attention as a text-book writes it, in float64, slow and clear: every other form is held against this one.
 *
 * Follows Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1, with the options of the ONNX operator
 * `Attention` (opset 25): softmax(softcap(q·k × scale) + mask) · v.
 *
 * @throws {AttendError} when a shape, an option or a visible number is not right; see the contract in `attend.ts`.
 */
export const reference: Attend = (input, options = {}) => {
  const request = checkRequest(input, options, 'float64');
  const { q, k, v, nHeads, nQueries, nKeys, headDim, valueDim, groupSize, scale, softcap, visible, bias } = request;

  const scores = new Float64Array(nHeads * nQueries * nKeys);
  const scaled = new Float64Array(scores.length);
  const capped = new Float64Array(scores.length);
  const masked = new Float64Array(scores.length);
  const weights = new Float64Array(scores.length);
  const output = new Float64Array(nHeads * nQueries * valueDim);

  for (let head = 0; head < nHeads; head++) {
    const keyHead = Math.floor(head / groupSize);
    for (let query = 0; query < nQueries; query++) {
      const row = (head * nQueries + query) * nKeys;

      // How well does the query fit each key?
      for (let key = 0; key < nKeys; key++) {
        let score = 0;
        for (let d = 0; d < headDim; d++) {
          score += q[(head * nQueries + query) * headDim + d] * k[(keyHead * nKeys + key) * headDim + d];
        }
        scores[row + key] = score;
        scaled[row + key] = score * scale;
        capped[row + key] = softcap > 0 ? softcap * Math.tanh(scaled[row + key] / softcap) : scaled[row + key];
        const isVisible = visible[head * request.visibleStride + query * nKeys + key] === 1;
        const added = bias ? bias[head * request.biasStride + query * nKeys + key] : 0;
        masked[row + key] = isVisible ? capped[row + key] + added : -Infinity;
      }

      // Softmax: the largest score is subtracted first, which changes nothing but keeps exp within range.
      let largest = -Infinity;
      for (let key = 0; key < nKeys; key++) {
        if (Number.isNaN(masked[row + key]) || masked[row + key] === Infinity) throw overflow('float64');
        largest = Math.max(largest, masked[row + key]);
      }
      if (largest === -Infinity) continue; // nothing left to look at: weights and output stay 0
      let total = 0;
      for (let key = 0; key < nKeys; key++) total += Math.exp(masked[row + key] - largest);
      for (let key = 0; key < nKeys; key++) weights[row + key] = Math.exp(masked[row + key] - largest) / total;

      // The values, mixed in these proportions.
      for (let d = 0; d < valueDim; d++) {
        let mixed = 0;
        for (let key = 0; key < nKeys; key++) mixed += weights[row + key] * v[(keyHead * nKeys + key) * valueDim + d];
        output[(head * nQueries + query) * valueDim + d] = mixed;
      }
    }
  }
  if (request.trace === 'output') {
    const none = new Float64Array(0);
    return { scores: none, scaled: none, capped: none, masked: none, weights: none, output };
  }
  return { scores, scaled, capped, masked, weights, output };
};
