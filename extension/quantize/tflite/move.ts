import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import type { Node } from '../../model/graph.ts';
import type { QuantizedValue } from '../quantizedGraph.ts';
import type { QuantParams } from '../schemas.ts';
import { extent } from '../valueParams.ts';
import { type NodeSpec, type TfliteLowering, wrong } from './lowering.ts';

/** The same numbers in the same order: RESHAPE, SQUEEZE, EXPAND_DIMS. The shape is the result's, whoever computes it. */
export function reshape(lowering: TfliteLowering, node: TfliteNode): void {
  if (folded(lowering, node)) return;
  const x = lowering.operand(node, 0);
  lowering.emit(
    node,
    [x],
    x.type === 'index32' ? lowering.positions(node, x.hi + 1) : lowering.result(node),
    {
      kind: 'reshape',
    },
  );
}

export function transpose(lowering: TfliteLowering, node: TfliteNode): void {
  if (folded(lowering, node)) return;
  const x = lowering.operand(node, 0);
  const perm = Array.from(lowering.integers(node, 1));
  lowering.emit(node, [x], lowering.result(node), { kind: 'transpose', perm });
}

/** PAD with the output's zero point, PADV2 with a number of its own. */
export function pad(lowering: TfliteLowering, node: TfliteNode): void {
  if (folded(lowering, node)) return;
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  requireSame(node, x, y);
  const list = lowering.integers(node, 1);
  const pads = x.shape.map((_, k): [number, number] => [list[2 * k]!, list[2 * k + 1]!]);
  const value = lowering.has(node, 2) ? lowering.operand(node, 2).lo : y.offset;
  lowering.emit(node, [x], y, { kind: 'pad', pads, value });
}

/** CONCATENATION of tensors with the same parameters, as TensorFlow Lite Micro wants them; int16 is copied whatever its parameters. */
export function concatenation(
  lowering: TfliteLowering,
  node: TfliteNode,
  { inputs, options }: TfliteOperator<'CONCATENATION'>,
): void {
  if (options.activation === 'NONE' && folded(lowering, node)) return;
  const y = lowering.result(node, options.activation);
  const parts = inputs.map((_, k) => lowering.operand(node, k));
  join(lowering, node, parts, y, options.axis < 0 ? options.axis + y.shape.length : options.axis);
}

/** PACK: all operands side by side along a new axis. */
export function pack(
  lowering: TfliteLowering,
  node: TfliteNode,
  { inputs, options }: TfliteOperator<'PACK'>,
): void {
  if (folded(lowering, node)) return;
  const y = lowering.result(node);
  const axis = options.axis < 0 ? options.axis + y.shape.length : options.axis;
  const slices = inputs.map((_, k) => {
    const x = lowering.operand(node, k);
    return lowering.reshaped(node, x, x.shape.toSpliced(axis, 0, 1), `slice_${k}`);
  });
  join(lowering, node, slices, y, axis);
}

function join(
  lowering: TfliteLowering,
  node: TfliteNode,
  parts: readonly QuantizedValue[],
  y: QuantizedValue,
  axis: number,
): void {
  if (y.type === 'int8') for (const x of parts) requireSame(node, x, y);
  lowering.emit(node, parts, y, { kind: 'concat', axis, requant: parts.map(() => undefined) });
}

/** @throws UserError 'model' where a result has other parameters than what it is made of, which would ask for rounding */
export function requireSame(
  node: TfliteNode,
  x: QuantParams & { readonly name: string },
  y: QuantParams,
): void {
  if (x.scale === y.scale && x.offset === y.offset) return;
  throw wrong(node, say`has an output of another scale or zero point than its input '${x.name}'`);
}

/**
 * What only moves numbers, as the graph has it: slices, splits, gathers, repetitions, nearest neighbours. Every number of a result is one
 * of the input, in the same parameters.
 */
export function moved(lowering: TfliteLowering, node: TfliteNode): void {
  const { nodes, shapes, inputs, outputs } = lowering.imported(node);
  if (folded(lowering, node)) return;
  const at = inputs.findIndex((name) => name !== undefined);
  const x = lowering.operand(node, at);
  const values = new Map([[inputs[at]!, x]]);
  const results = new Map(outputs.flatMap((name, k) => (name === undefined ? [] : [[name, k] as const])));
  for (const move of nodes) {
    const from = move.inputs.map((name) => values.get(name)!);
    const k = results.get(move.output);
    const shape = shapes.get(move.output)!;
    const y =
      k === undefined ? lowering.inner(node, 'moved', { ...x, shape }) : lowering.result(node, 'NONE', k);
    if (k !== undefined) requireSame(node, x, y);
    values.set(move.output, lowering.emit(node, from, y, moveSpec(node, move)));
  }
  // a result that is another value as it is: no node of its own makes it
  for (const [name, k] of results) {
    const value = values.get(name)!;
    const y = lowering.result(node, 'NONE', k);
    if (value.name === y.name) continue;
    requireSame(node, value, y);
    lowering.emit(node, [value], y, { kind: 'reshape' });
  }
}

/**
 * Whether nothing but constants goes into a node that only moves numbers: then its results are constants too.
 * @throws UserError 'model' as `requireSame` does
 */
function folded(lowering: TfliteLowering, node: TfliteNode): boolean {
  const { inputs, outputs } = node.operator;
  const constants = lowering.imported(node).folded;
  for (const [k, constant] of constants.entries()) {
    if (!constant) continue;
    const y = lowering.result(node, 'NONE', k);
    const { type } = lowering.tensor(outputs[k]!);
    for (const input of inputs) {
      if (input < 0 || lowering.tensor(input).type !== type) continue; // positions
      requireSame(node, { name: lowering.nameOf(input), ...lowering.params(node, input) }, y);
    }
    // each number is the scale times one of these
    const q = Int16Array.from(constant.data, (x) => Math.round(x / y.scale) + y.offset);
    const [lo, hi] = extent(q);
    lowering.constant({ ...y, lo, hi }, q);
  }
  return constants.some((constant) => constant !== undefined);
}

/** @throws UserError 'model' for what computes */
export function moveSpec(node: TfliteNode, move: Node): NodeSpec {
  switch (move.kind) {
    case 'gather':
      return { kind: 'gather', indices: move.indices };
    case 'transpose':
      return { kind: 'transpose', perm: move.perm };
    case 'reshape':
      return { kind: 'reshape' };
    case 'concat':
      return { kind: 'concat', axis: move.axis, requant: move.inputs.map(() => undefined) };
    default:
      throw wrong(node, say`computes ${move.kind}, which is no move`);
  }
}
