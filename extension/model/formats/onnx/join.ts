import { say } from '../../../common/errors/sentence.ts';
import { checkedElements } from '../../import/checks.ts';
import type { IntConstant, Operand, Real } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

export function concat(ctx: OnnxContext): Operand {
  const operands = ctx.inputs.map((_, k) => ctx.operand(k));
  if (operands.length === 0) ctx.refuse(say`has no inputs`);
  const first = operands[0]!.shape;
  const axis = ctx.axis(ctx.int('axis', 1), first.length);
  for (const { shape } of operands) {
    if (shape.length !== first.length || shape.some((d, k) => k !== axis && d !== first[k])) {
      ctx.refuse(say`joins [${first}] and [${shape}] along axis ${axis}`);
    }
  }
  const sum = operands.reduce((n, o) => n + o.shape[axis]!, 0);
  const shape = first.map((d, k) => (k === axis ? sum : d));
  const integers = operands.filter((o): o is IntConstant => o.kind === 'int');
  if (integers.length === operands.length) {
    if (first.length !== 1) ctx.refuse(say`joins integer tensors of several dimensions`);
    checkedElements(shape, say`A tensor of integers`);
    return { kind: 'int', shape, data: integers.flatMap((o) => o.data) };
  }
  if (integers.length > 0) ctx.refuse(say`mixes integers with real numbers`);
  if (operands.length === 1) return operands[0]!;
  return ctx.emit({ kind: 'concat', axis }, operands as Real[], shape);
}

/** Pad with a constant: attributes before opset 11, inputs from then on, axes from opset 18. */
export function pad(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const rank = x.shape.length;
  const mode = ctx.string('mode', 'constant');
  if (mode !== 'constant') ctx.refuse(say`pads in mode '${mode}'; 'constant' is supported`);
  const asInputs = ctx.opset >= 11;
  const list = asInputs ? ctx.optionalInts(1, say`the pads`) : ctx.ints('pads');
  const value = (asInputs ? ctx.optionalScalar(2, say`the padding value`) : ctx.float('value', 0)) ?? 0;
  const axes = (ctx.optionalInts(3, say`the axes`) ?? x.shape.map((_, k) => k)).map((a) => ctx.axis(a, rank));
  if (!list || list.length !== 2 * axes.length)
    ctx.refuse(say`has ${list?.length ?? 0} pads for ${axes.length} dimensions`);
  // minus infinity is what a maximum pooling behind it ignores; checkPads refuses it elsewhere
  if (!Number.isFinite(value) && value !== -Infinity) {
    ctx.refuse(say`pads with ${value}; a finite number is needed`);
  }
  const pads = x.shape.map((): [number, number] => [0, 0]);
  axes.forEach((a, k) => {
    pads[a] = [list[k]!, list[k + axes.length]!];
  });
  if (pads.flat().some((p) => p < 0))
    ctx.refuse(say`cuts its input with negative pads, which is not supported`);
  if (pads[0]?.some((p) => p > 0) && x.shape[0] === 1 && rank > 1) ctx.refuse(say`pads the batch`);
  if (pads.flat().every((p) => p === 0)) return x;
  const shape = x.shape.map((d, k) => d + pads[k]![0] + pads[k]![1]);
  return ctx.emit({ kind: 'pad', pads, value }, [x], shape);
}
