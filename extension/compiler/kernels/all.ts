/** Every kernel, each named here once. */
export { convUnrolledThumb } from './conv/unrolledThumb.ts';
export { convUnrolled } from './conv/unrolled.ts';
export { convDepthwise } from './conv/depthwise.ts';
export { convPatch } from './conv/patch.ts';
export { denseStreamed } from './dense.ts';
export { poolPlain } from './pool/plain.ts';
export { poolClipped } from './pool/clipped.ts';
export { logSoftmax } from './logSoftmax.ts';
export { normalize } from './normalize.ts';
export { softmaxTable } from './softmax.ts';
export { softmaxOfTflite } from './tflite/softmax.ts';
export { sumOfTflite } from './tflite/sum.ts';
export { lookup, interpolate } from './elementwise/lookup.ts';
export { add, mul } from './elementwise/binary.ts';
export { divide, extreme, prelu } from './elementwise/pairs.ts';
export { concat, copy, pad, transpose } from './elementwise/move.ts';
export { dequantizeFloats, quantizeFloats } from './elementwise/float.ts';
