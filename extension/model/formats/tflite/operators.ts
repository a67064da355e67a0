import { activation, power, powered } from '../../import/activation.ts';
import { binary, difference, product, quotient, sum as added, sumOfAll } from '../../import/arithmetic.ts';
import { scalar } from '../../import/operand.ts';
import type { OperatorImporter } from './context.ts';
import { conv2d, depthwiseConv2d, pool2d } from './conv.ts';
import { fullyConnected } from './dense.ts';
import { arithmetic, cast, dequantize, densify, gelu, leakyRelu, quantize, softmax } from './elementwise.ts';
import { FUSED } from './fused.ts';
import type { OperatorType } from './names.ts';
import {
  concatenation,
  expandDims,
  pack,
  pad,
  reduce,
  reshape,
  shapeOf,
  squeeze,
  stridedSlice,
  sum,
  transpose,
} from './shape.ts';

/** Every supported operator. */
export const OPERATORS: { readonly [K in OperatorType]?: OperatorImporter<K> } = {
  ABS: activation({ type: 'abs' }),
  ADD: arithmetic(added),
  ADD_N: sumOfAll,
  AVERAGE_POOL_2D: pool2d('avgpool'),
  CAST: cast,
  CEIL: activation({ type: 'ceil' }),
  CONCATENATION: concatenation,
  CONV_2D: conv2d,
  COS: activation({ type: 'cos' }),
  DENSIFY: densify,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  DEQUANTIZE: dequantize,
  DIV: arithmetic(quotient),
  ELU: activation({ type: 'elu', alpha: 1 }),
  EXP: activation({ type: 'exp' }),
  EXPAND_DIMS: expandDims,
  FLOOR: activation({ type: 'floor' }),
  FULLY_CONNECTED: fullyConnected,
  GELU: gelu,
  HARD_SWISH: activation({ type: 'hardSwish' }),
  LEAKY_RELU: leakyRelu,
  LOG: activation({ type: 'log' }),
  LOGISTIC: activation({ type: 'sigmoid' }),
  MAX_POOL_2D: pool2d('maxpool'),
  MEAN: reduce('avgpool'),
  MUL: arithmetic(product),
  NEG: (ctx) => binary(ctx, 'mul', ctx.real(0), scalar(-1)),
  PACK: pack,
  PAD: pad,
  PADV2: pad,
  POW: power,
  QUANTIZE: quantize,
  REDUCE_MAX: reduce('maxpool'),
  RELU: activation(FUSED.RELU),
  RELU_0_TO_1: activation({ type: 'clip', min: 0, max: 1 }),
  RELU_N1_TO_1: activation(FUSED.RELU_N1_TO_1),
  RELU6: activation(FUSED.RELU6),
  RESHAPE: reshape,
  ROUND: activation({ type: 'round' }),
  RSQRT: activation({ type: 'rsqrt' }),
  SHAPE: shapeOf,
  SIGN: activation({ type: 'sign' }),
  SIN: activation({ type: 'sin' }),
  SOFTMAX: softmax,
  SQRT: activation({ type: 'sqrt' }),
  SQUARE: (ctx) => powered(ctx, ctx.real(0), 2),
  SQUEEZE: squeeze,
  STRIDED_SLICE: stridedSlice,
  SUB: arithmetic(difference),
  SUM: sum,
  TANH: activation({ type: 'tanh' }),
  TRANSPOSE: transpose,
};
