import { hardSwish } from '../../import/activation.ts';
import { difference, product, quotient, sum, sumOfAll } from '../../import/arithmetic.ts';
import type { OperatorImporter } from './context.ts';
import { clip, hardSigmoid, leakyRelu, relu, sigmoid, softmax, tanh } from './activation.ts';
import { batchNormalization } from './batchNormalization.ts';
import { conv } from './conv.ts';
import { convTranspose } from './convTranspose.ts';
import { gemm, matMul } from './dense.ts';
import { expand, gather, slice, split, tile } from './gather.ts';
import { concat, pad } from './join.ts';
import { averagePool, globalPool, maxPool, reduce } from './pool.ts';
import { resize, upsample } from './resize.ts';
import {
  cast,
  constant,
  constantOfShape,
  dropout,
  flatten,
  identity,
  reshape,
  shapeOperator,
  squeeze,
  transpose,
  unsqueeze,
} from './shape.ts';

/** Operator sets before which an operator was not part of ai.onnx, as far as models of that age are read at all. */
export const SINCE: ReadonlyMap<string, number> = new Map([
  ['ConstantOfShape', 9],
  ['Expand', 8],
  ['HardSwish', 14],
  ['Resize', 10],
]);

/** Every supported operator of the ai.onnx domain; notes.ts says what each asks for. */
const IMPORTERS = [
  ['Add', (ctx) => sum(ctx)],
  ['AveragePool', averagePool],
  ['BatchNormalization', batchNormalization],
  ['Cast', cast],
  ['Clip', clip],
  ['Concat', concat],
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['Div', (ctx) => quotient(ctx)],
  ['Dropout', dropout],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Gemm', gemm],
  ['GlobalAveragePool', globalPool('avgpool')],
  ['GlobalMaxPool', globalPool('maxpool')],
  ['HardSigmoid', hardSigmoid],
  ['HardSwish', hardSwish],
  ['Identity', identity],
  ['LeakyRelu', leakyRelu],
  ['MatMul', matMul],
  ['MaxPool', maxPool],
  ['Mul', (ctx) => product(ctx)],
  ['Pad', pad],
  ['ReduceMax', reduce('maxpool')],
  ['ReduceMean', reduce('avgpool')],
  ['Relu', relu],
  ['Reshape', reshape],
  ['Resize', resize],
  ['Shape', shapeOperator],
  ['Sigmoid', sigmoid],
  ['Slice', slice],
  ['Softmax', softmax],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Sub', (ctx) => difference(ctx)],
  ['Sum', sumOfAll],
  ['Tanh', tanh],
  ['Tile', tile],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  ['Upsample', upsample],
] as const satisfies readonly (readonly [string, OperatorImporter])[];

/** The name of a supported operator. */
export type OnnxOperator = (typeof IMPORTERS)[number][0];

export const OPERATORS: ReadonlyMap<string, OperatorImporter> = new Map<string, OperatorImporter>(IMPORTERS);
