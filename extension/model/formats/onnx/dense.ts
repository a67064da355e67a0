import { NO_CLAMP } from '../../graph.ts';
import { say } from '../../../common/errors/sentence.ts';
import { broadcastOffsets, broadcastShape } from '../../indexing.ts';
import { givenIntegers } from '../../import/integers.ts';
import { linear, outputsFirst } from '../../import/linear.ts';
import { scalar } from '../../import/operand.ts';
import type { FloatConstant, Operand, Real } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** Gemm: alpha·A·B + beta·C with constant B; A is one row, or several, each a sample of its own. */
export function gemm(ctx: OnnxContext): Operand {
  const alpha = ctx.float('alpha', 1);
  const beta = ctx.float('beta', 1);
  let a = ctx.real(0);
  if (a.shape.length !== 2) ctx.refuse(say`works on a tensor of ${a.shape.length} dimensions; 2 are needed`);
  if (ctx.int('transA', 0) !== 0) a = ctx.transpose(a, [1, 0], '/transA');
  const b = ctx.floats(1, say`the weights`);
  if (b.shape.length !== 2) ctx.refuse(say`has weights of ${b.shape.length} dimensions; 2 are needed`);
  const isOutputsFirst = ctx.int('transB', 0) !== 0;
  let weights = outputsFirst(b, isOutputsFirst);
  if (alpha !== 1) for (let i = 0; i < weights.data.length; i++) weights.data[i]! *= alpha;
  const [rows] = a.shape as [number];
  const outShape = [rows, weights.outputs];

  const c = ctx.inputs[2] ? ctx.real(2) : undefined;
  const zeros = new Float32Array(weights.outputs);
  if (alpha === 1) weights = { ...weights, given: givenIntegers(b, isOutputsFirst ? 0 : 1, undefined) };
  if (!c || beta === 0) return linear(ctx, a, weights, zeros, outShape, '');
  const common = broadcastShape(c.shape, outShape);
  if (common?.length !== 2 || common[0] !== rows || common[1] !== weights.outputs) {
    ctx.refuse(say`adds a tensor [${c.shape}] to a result [${outShape}]`);
  }
  if (c.kind === 'float' && (rows === 1 || c.shape.length < 2 || c.shape[0] === 1)) {
    const from = broadcastOffsets(c.shape.slice(-1), [weights.outputs]);
    const bias = zeros.map((_, m) => beta * c.data[from[m]!]!);
    const isWhole = beta === 1 && c.data.length === weights.outputs;
    if (alpha === 1 && isWhole) weights = { ...weights, given: givenIntegers(b, isOutputsFirst ? 0 : 1, c) };
    return linear(ctx, a, weights, bias, outShape, '');
  }
  const product = linear(ctx, a, weights, zeros, outShape, '/product');
  const scaled =
    beta === 1 ? c : ctx.emit({ kind: 'mul', clamp: NO_CLAMP }, [c, scalar(beta)], c.shape, '/beta');
  return ctx.emit({ kind: 'add', clamp: NO_CLAMP }, [product, scaled], outShape);
}

/** MatMul by a constant matrix. Leading dimensions of the other operand are samples of their own. */
export function matMul(ctx: OnnxContext): Operand {
  const a = ctx.real(0);
  const right = ctx.real(1);
  if (right.kind !== 'float') {
    if (a.kind === 'float') return constantLeft(ctx, a, right);
    ctx.refuse(say`multiplies two computed tensors; one of them must be constant`);
  }
  if (a.shape.length === 0 || right.shape.length === 0)
    ctx.refuse(say`multiplies by a scalar, which MatMul does not allow`);
  const matrix = right.shape.length === 1 ? [right.shape[0]!, 1] : right.shape.slice(-2);
  if (right.shape.slice(0, -2).some((d) => d !== 1)) {
    ctx.refuse(say`has weights [${right.shape}]; one matrix is supported`);
  }
  const given = givenIntegers(right, right.shape.length - 1, undefined);
  const weights = { ...outputsFirst({ ...right, shape: matrix }, false), given };
  const lead = a.shape.slice(0, -1);
  const batch = new Array<number>(Math.max(0, right.shape.length - Math.max(2, a.shape.length))).fill(1);
  const outShape = [...batch, ...lead, ...(right.shape.length === 1 ? [] : [weights.outputs])];
  return linear(ctx, a, weights, new Float32Array(weights.outputs), outShape, '');
}

/** W·x = (xᵀ·Wᵀ)ᵀ: the columns of x are what a dense layer takes, its outputs are the result's columns. */
function constantLeft(ctx: OnnxContext, left: FloatConstant, x: Real): Operand {
  if (left.shape.length === 0 || x.shape.length === 0)
    ctx.refuse(say`multiplies by a scalar, which MatMul does not allow`);
  const [outputs, inputs] = left.shape.length === 1 ? [1, left.shape[0]!] : left.shape.slice(-2);
  if (left.shape.slice(0, -2).some((d) => d !== 1)) {
    ctx.refuse(say`has weights [${left.shape}]; one matrix is supported`);
  }
  const weights = { data: left.data.slice(), outputs: outputs!, inputs: inputs! };
  const columns = x.shape.length === 1 ? ctx.reshape(x, [...x.shape, 1], '/column') : x;
  const lead = columns.shape.slice(0, -2);
  const swapped = [...lead.keys(), lead.length + 1, lead.length];
  const rows = ctx.transpose(columns, swapped, '/columns');
  const product = linear(
    ctx,
    rows,
    weights,
    new Float32Array(weights.outputs),
    [...rows.shape.slice(0, -1), weights.outputs],
    '/product',
  );
  const result = ctx.transpose(product, swapped, '/rows');
  const batch = new Array<number>(Math.max(0, left.shape.length - Math.max(2, x.shape.length))).fill(1);
  const outShape = [
    ...batch,
    ...lead,
    ...(left.shape.length === 1 ? [] : [weights.outputs]),
    ...(x.shape.length === 1 ? [] : [x.shape.at(-1)!]),
  ];
  return ctx.reshape(result, outShape);
}
