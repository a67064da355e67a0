import { say } from '../../../common/errors/sentence.ts';
import { elements } from '../../graph.ts';
import { checkedElements } from '../../import/checks.ts';
import type { ModelConstant, Operand } from '../../import/operand.ts';
import { reshaped, squeezed, transposed, unsqueezed, withShape } from '../../import/reshape.ts';
import type { OnnxContext } from './context.ts';
import { FLOAT, typeName } from './tensor.ts';

/** Reshape to a constant shape: 0 keeps a dimension (unless allowzero), one -1 takes what is left. */
export function reshape(ctx: OnnxContext): Operand {
  const x = ctx.operand(0);
  const wanted = ctx.optionalInts(1, say`the new shape`) ?? ctx.ints('shape');
  if (!wanted) ctx.refuse(say`has no shape`);
  const keepZero = ctx.int('allowzero', 0) !== 0;
  const shape = wanted.map((d, k) => {
    if (d === 0 && !keepZero) {
      if (k >= x.shape.length) ctx.refuse(say`keeps dimension ${k} of an input with ${x.shape.length}`);
      return x.shape[k]!;
    }
    return d;
  });
  return reshaped(ctx, x, shape);
}

export function flatten(ctx: OnnxContext): Operand {
  const x = ctx.operand(0);
  const rank = x.shape.length;
  const given = ctx.int('axis', 1);
  const axis = given === rank ? rank : ctx.axis(given, rank);
  return withShape(ctx, x, [elements(x.shape.slice(0, axis)), elements(x.shape.slice(axis))]);
}

/** Squeeze: axes are an attribute before opset 13, an input from then on. */
export function squeeze(ctx: OnnxContext): Operand {
  return squeezed(ctx, ctx.optionalInts(1, say`the axes`) ?? ctx.ints('axes'));
}

/** Unsqueeze: axes are an attribute before opset 13, an input from then on. */
export function unsqueeze(ctx: OnnxContext): Operand {
  const given = ctx.optionalInts(1, say`the axes`) ?? ctx.ints('axes');
  if (!given) ctx.refuse(say`has no axes`);
  return unsqueezed(ctx, given);
}

export function transpose(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  return transposed(ctx, x, ctx.ints('perm') ?? [...x.shape.keys()].toReversed());
}

/** Identity, and what is one at inference. */
export function identity(ctx: OnnxContext): Operand {
  return ctx.operand(0);
}

/** Dropout does nothing at inference; its mask is not available. */
export function dropout(ctx: OnnxContext): Operand {
  if (ctx.outputUsed(1)) ctx.refuse(say`is asked for its mask, which exists in training only`);
  const training = ctx.opset >= 12 ? ctx.optionalInts(2, say`the training mode`) : undefined;
  if (training?.some((t) => t !== 0))
    ctx.refuse(say`is in training mode`, say`Export the model in evaluation mode.`);
  return ctx.operand(0);
}

export function constant(ctx: OnnxContext): Operand {
  const value = ctx.tensor('value');
  if (value) return value;
  if (ctx.has('value_float')) {
    return { kind: 'float', shape: [], data: Float32Array.of(ctx.float('value_float', 0)) };
  }
  if (ctx.has('value_int')) return { kind: 'int', shape: [], data: [ctx.int('value_int', 0)] };
  const floats = ctx.floatList('value_floats');
  if (floats) return { kind: 'float', shape: [floats.length], data: Float32Array.from(floats) };
  const ints = ctx.ints('value_ints');
  if (ints) return { kind: 'int', shape: [ints.length], data: ints };
  ctx.refuse(say`has no dense tensor of numbers`);
}

export function constantOfShape(ctx: OnnxContext): Operand {
  const shape = ctx.optionalInts(0, say`the shape`);
  if (!shape) ctx.refuse(say`has no shape`);
  const n = checkedElements(shape, say`The result of a ConstantOfShape`);
  const value: ModelConstant = ctx.tensor('value') ?? { kind: 'float', shape: [1], data: Float32Array.of(0) };
  if (value.data.length !== 1) ctx.refuse(say`has ${value.data.length} values; one is needed`);
  if (value.kind === 'float') return { kind: 'float', shape, data: new Float32Array(n).fill(value.data[0]!) };
  return { kind: 'int', shape, data: new Array<number>(n).fill(value.data[0]!) };
}

/** Shape: a constant, since all shapes are static here. */
export function shapeOperator(ctx: OnnxContext): Operand {
  const { shape } = ctx.operand(0);
  const data = shape.slice(ctx.int('start', 0), ctx.has('end') ? ctx.int('end', 0) : undefined);
  return { kind: 'int', shape: [data.length], data };
}

/** Cast between float32 and float32, or of constants; positions stay whole numbers, whatever they are called. */
export function cast(ctx: OnnxContext): Operand {
  const x = ctx.operand(0);
  if (x.kind === 'positions') return x;
  const to = ctx.int('to', FLOAT);
  const toInteger = [6, 7, 9].includes(to);
  if (to !== FLOAT && !toInteger) {
    ctx.refuse(
      say`converts to ${typeName(to)}; float32 tensors and constant INT64, INT32 and BOOL are supported`,
    );
  }
  if (x.kind === 'value' && x.integers) ctx.refuse(say`converts quantized integers without their scale`);
  if (to === FLOAT) {
    return x.kind === 'int' ? { kind: 'float', shape: x.shape, data: Float32Array.from(x.data) } : x;
  }
  if (x.kind === 'value')
    ctx.refuse(say`converts a computed tensor to ${typeName(to)}; only float32 tensors flow`);
  const data = Array.from(x.data, (v) => (to === 9 ? Number(v !== 0) : Math.trunc(v)));
  return { kind: 'int', shape: x.shape, data };
}
