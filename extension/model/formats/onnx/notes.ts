import { supportedOperators } from '../format.ts';
import { ONNX_LIMITS } from './limits.ts';
import type { OnnxOperator } from './operators.ts';

/** What each operator asks for, in a few words; the compiler asks for every one's. */
const NOTES: Readonly<Record<OnnxOperator, string>> = {
  Add: 'shapes broadcast; on constant integers too',
  AveragePool: 'maps [1, C, L] or [1, C, H, W]; pads smaller than the kernel',
  BatchNormalization: 'evaluation mode, constant parameters',
  Cast: 'to float32; constants also to INT64, INT32 and BOOL',
  Clip: 'constant limits',
  Concat: '',
  Constant: 'dense numbers',
  ConstantOfShape: 'constant shape',
  Conv: 'maps [1, C, L] or [1, C, H, W]; constant weights; groups, strides, dilations and pads of any size',
  ConvTranspose:
    'maps [1, C, L] or [1, C, H, W]; constant weights; groups, strides, dilations, pads and output padding',
  Div: 'constant divisor without zeros; on constant integers too',
  Dropout: 'evaluation mode; its mask is not made',
  Expand: 'constant shape',
  Flatten: '',
  Gather: 'constant indices',
  Gemm: 'constant weights',
  GlobalAveragePool: 'maps [1, C, L] or [1, C, H, W]',
  GlobalMaxPool: 'maps [1, C, L] or [1, C, H, W]',
  HardSigmoid: '',
  HardSwish: '',
  Identity: '',
  LeakyRelu: '',
  MatMul: 'one operand is a constant matrix',
  MaxPool: 'maps [1, C, L] or [1, C, H, W]; pads smaller than the kernel; no indices',
  Mul: 'shapes broadcast; on constant integers too',
  Pad: 'constant pads, none for the batch; constant (a finite number, or minus infinity in front of MaxPool), reflect, edge and wrap',
  ReduceMax: 'constant axes',
  ReduceMean: 'constant axes',
  Relu: '',
  Reshape: 'constant shape, or one computed from shapes',
  Resize:
    'nearest, or linear along one or two dimensions; constant scales or sizes; no antialias, no cropping',
  Shape: '',
  Sigmoid: '',
  Slice: 'constant starts, ends, axes and steps',
  Softmax: '',
  Split: 'constant sizes',
  Squeeze: 'constant axes',
  Sub: 'shapes broadcast; on constant integers too',
  Sum: 'shapes broadcast',
  Tanh: '',
  Tile: 'constant repeats',
  Transpose: '',
  Unsqueeze: 'constant axes',
  Upsample: 'nearest or linear; constant scales',
};

export const onnxOperators = supportedOperators(
  [
    `Operator sets ${ONNX_LIMITS.minOpset} to ${ONNX_LIMITS.maxOpset} of ai.onnx.`,
    'Batch 1 and static shapes; sizes of symbolic dimensions are given when a model is ported.',
    'What flows is float32; integers are constants, such as shapes, axes and indices, and what is computed of them.',
  ],
  NOTES,
);
