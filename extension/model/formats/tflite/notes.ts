import { supportedOperators } from '../format.ts';
import { FUSED } from './fused.ts';
import type { TfliteBuiltin } from './operators.ts';

/** What each operator asks for, in a few words; the compiler asks for every one's. */
const NOTES: Readonly<Record<TfliteBuiltin, string>> = {
  ABS: '',
  ADD: 'shapes broadcast',
  ADD_N: 'shapes broadcast',
  AVERAGE_POOL_2D: 'maps [1, H, W, C]',
  CAST: 'constants to FLOAT32, INT32 and INT64',
  CONCATENATION: '',
  CONV_2D: 'maps [1, H, W, C]; constant weights; groups',
  DENSIFY: 'of constants',
  DEPTHWISE_CONV_2D: 'maps [1, H, W, C]; constant weights; any multiplier',
  DEQUANTIZE: 'of constants and of an input of the network',
  DIV: 'constant divisor without zeros',
  EXPAND_DIMS: 'constant axis',
  FULLY_CONNECTED: 'constant weights in the order DEFAULT',
  HARD_SWISH: '',
  LEAKY_RELU: '',
  LOGISTIC: '',
  MAX_POOL_2D: 'maps [1, H, W, C]',
  MEAN: 'constant axes',
  MUL: 'shapes broadcast',
  NEG: '',
  PACK: '',
  PAD: 'constant pads from 0 on, none for the batch',
  PADV2: 'constant pads from 0 on, none for the batch; a finite number',
  QUANTIZE: 'of an output of the network',
  REDUCE_MAX: 'constant axes',
  RELU: '',
  RELU6: '',
  RELU_0_TO_1: '',
  RELU_N1_TO_1: '',
  RESHAPE: 'constant shape, or one computed from shapes',
  SHAPE: '',
  SOFTMAX: 'over the last axis',
  SQUARE: '',
  SQUEEZE: '',
  STRIDED_SLICE: 'of a constant list of integers, such as a shape; stride 1',
  SUB: 'shapes broadcast',
  SUM: 'constant axes',
  TANH: '',
  TRANSPOSE: 'constant permutation',
  UNIDIRECTIONAL_SEQUENCE_LSTM:
    'each inference from a state of zeros; no peepholes, projection, normalization or clipping',
};

const fused = Object.entries(FUSED).flatMap(([name, fn]) => (fn ? [name] : []));

export const tfliteOperators = supportedOperators(
  [
    'Batch 1 and static shapes.',
    'Networks that compute in float, their weights in float32, float16 or quantized; inputs and outputs may be quantized.',
    `Activations that are fused into an operator: ${fused.join(', ')}.`,
    'No custom operators, none of TensorFlow itself (Flex), no file that was converted for an NPU.',
  ],
  NOTES,
);
