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
  Div: 'constant divisor without zeros; on constant integers too',
  Dropout: 'evaluation mode; its mask is not made',
  Flatten: '',
  GRU: 'all directions and layouts; one sample over all its time steps, from a state of zeros; gates of Sigmoid or HardSigmoid; no clip',
  Gather: 'of a constant list of integers, such as a shape',
  Gemm: 'constant weights',
  GlobalAveragePool: 'maps [1, C, L] or [1, C, H, W]',
  GlobalMaxPool: 'maps [1, C, L] or [1, C, H, W]',
  HardSigmoid: '',
  HardSwish: '',
  Identity: '',
  LSTM: 'as GRU; no peepholes, no coupled gates; the last cell state is not given',
  LeakyRelu: '',
  MatMul: 'one operand is a constant matrix',
  MaxPool: 'maps [1, C, L] or [1, C, H, W]; pads smaller than the kernel; no indices',
  Mul: 'shapes broadcast; on constant integers too',
  Pad: 'mode constant; constant pads from 0 on, none for the batch; a finite number, or minus infinity in front of MaxPool',
  RNN: 'as GRU; of Tanh, Relu, Sigmoid or HardSigmoid',
  ReduceMax: 'constant axes',
  ReduceMean: 'constant axes',
  Relu: '',
  Reshape: 'constant shape, or one computed from shapes',
  Shape: '',
  Sigmoid: '',
  Slice: 'of a constant list of integers, such as a shape; step 1',
  Softmax: '',
  Squeeze: 'constant axes',
  Sub: 'shapes broadcast; on constant integers too',
  Sum: 'shapes broadcast',
  Tanh: '',
  Transpose: '',
  Unsqueeze: 'constant axes',
};

export const onnxOperators = supportedOperators(
  [
    `Operator sets ${ONNX_LIMITS.minOpset} to ${ONNX_LIMITS.maxOpset} of ai.onnx.`,
    'Batch 1 and static shapes; sizes of symbolic dimensions are given when a model is ported.',
    'What flows is float32; integers are constants, such as shapes, axes and indices, and what is computed of them.',
  ],
  NOTES,
);
