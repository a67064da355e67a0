import { onnxModel } from '../model/onnxBuilder.ts';

/** An ONNX model with a picture of 600 x 600 and one node of some 2^35 operations: minutes. */
export function endlessModel(): Uint8Array {
  return onnxModel({
    inputs: [{ name: 'x', shape: [1, 1, 600, 600] }],
    nodes: [
      {
        op: 'AveragePool',
        inputs: ['x'],
        outputs: ['y'],
        attributes: { kernel_shape: { ints: [301, 301] }, pads: { ints: [150, 150, 150, 150] } },
      },
    ],
    outputs: ['y'],
  });
}
