import { isPadded, NO_PADS } from '../../model/window.ts';
import type { QMaxPool, QNode } from '../../quantize/quantizedGraph.ts';
import { isDepthwise } from './conv/depthwise.ts';
import type { Families } from './family.ts';
import { poolGap } from './pool/inPlace.ts';

/** A max pooling whose windows tile their input: no overlap, no padding. */
function tiles(node: QNode): node is QMaxPool {
  if (node.kind !== 'maxpool') return false;
  const { kernel, strides, dilations } = node;
  const meet = kernel[0] === strides[0] && kernel[1] === strides[1];
  return meet && dilations.every((d) => d === 1) && !isPadded(node);
}

/** What the program asks of each operator's kernels. */
export const families: Families = {
  conv2d: {
    border: (node) => node.pads,
    // the depthwise kernel does not pool, and is far smaller and faster than the one for groups that does
    fuses: (node, shape, reader): reader is QMaxPool => tiles(reader) && !isDepthwise(node, shape[3]!),
  },
  dense: { contiguousInputs: true },
  maxpool: { inPlaceGap: poolGap },
  avgpool: { border: (node) => (node.countIncludePad ? node.pads : NO_PADS), inPlaceGap: poolGap },
  softmax: { contiguousInputs: true, contiguousOutput: true },
  logSoftmax: { contiguousInputs: true, contiguousOutput: true },
  normalize: { contiguousInputs: true, contiguousOutput: true },
  position: { contiguousInputs: true, contiguousOutput: true },
  tfliteSoftmax: { contiguousInputs: true, contiguousOutput: true },
  tfliteLogSoftmax: { contiguousInputs: true, contiguousOutput: true },
  tfliteSoftmax16: { contiguousInputs: true, contiguousOutput: true },
  tfliteSigmoid: {},
  rescale: {},
  lookup: {},
  interpolate: {},
  add: {},
  tfliteAdd: {},
  tfliteSquaredDifference: {},
  mul: {},
  max: {},
  min: {},
  div: {},
  prelu: {},
  concat: {},
  pad: {},
  transpose: {},
  gather: {},
  resize: {},
  quantize: {},
  dequantize: {},
  tfliteLstm: { contiguousInputs: true, contiguousOutput: true },
  tfliteSvdf: { contiguousInputs: true, contiguousOutput: true },
  recurrent: { contiguousInputs: true, contiguousOutput: true },
  copy: {},
};
