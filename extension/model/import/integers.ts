/** What integers of a quantized file stand for, while operators that only move them are imported. */
import type { NodeSpec } from '../builder.ts';
import type { GivenIntegers, Node } from '../graph.ts';
import { type GivenParams, sameParams } from '../params.ts';
import { gatherOffsets, transposeOffsets } from '../indexing.ts';
import {
  type ConstantIntegers,
  type FloatConstant,
  isDynamic,
  type Parameters,
  type Real,
} from './operand.ts';

/** Operators that do with integers what they do with the real numbers. */
const MOVES: ReadonlySet<Node['kind']> = new Set(['maxpool', 'reshape', 'transpose', 'gather', 'concat']);

/** Whether integers that flow stand for the same numbers; undefined stands for real numbers. */
export function sameIntegers(a: Parameters | undefined, b: Parameters | undefined): boolean {
  if (!a || !b || isDynamic(a) || isDynamic(b)) return a === b;
  return a.type === b.type && sameParams(a, b);
}

/** What a node's result stands for: undefined where its operands are real numbers, 'none' where its integers are not those. */
export function integersBehind(
  kind: Node['kind'],
  operands: readonly Real[],
): Parameters | undefined | 'none' {
  const all = operands.map((o) => (o.kind === 'value' ? o.integers : undefined));
  const first = all[0];
  // integers stand in the order of their real numbers, for scales are above 0
  if (kind === 'position' || all.every((p) => p === undefined)) return undefined;
  return first !== undefined && MOVES.has(kind) && all.every((p) => sameIntegers(p, first)) ? first : 'none';
}

/** The parameters of a constant whose integers all have the same. */
export function paramsOf({ quantized }: FloatConstant): GivenParams | undefined {
  if (quantized?.scales.length !== 1 || !(quantized.scales[0]! > 0)) return undefined;
  const [scale, offset] = [quantized.scales[0]!, quantized.offsets[0]!];
  const fits = [...quantized.integers, offset].every((q) => q >= -128 && q <= 127);
  return fits ? { scale, offset } : undefined;
}

/** A constant's integers behind a node that moves them; undefined where what they stand for is no longer known. */
export function movedIntegers(
  spec: Pick<NodeSpec, 'kind'>,
  { quantized, shape }: FloatConstant,
): ConstantIntegers | undefined {
  if (!quantized) return undefined;
  const { kind, perm, indices } = spec as { kind: string; perm?: number[]; indices?: Int32Array[] };
  const isWhole = quantized.scales.length === 1;
  if (kind === 'reshape') return isWhole ? quantized : undefined;
  if (kind === 'transpose' && perm) {
    const integers = Array.from(transposeOffsets(shape, perm), (i) => quantized.integers[i]!);
    return { ...quantized, integers, axis: perm.indexOf(quantized.axis) };
  }
  if (kind === 'gather' && indices && isWhole) {
    return {
      ...quantized,
      integers: Array.from(gatherOffsets(shape, indices), (i) => quantized.integers[i]!),
    };
  }
  return undefined;
}

/**
 * A layer's weights as its lowering needs them.
 * @param axis of the weights along which the outputs are
 * @returns undefined where the file has no integers for them, or scales along another axis
 */
export function givenIntegers(
  { quantized }: FloatConstant,
  axis: number,
  bias: FloatConstant | undefined,
): GivenIntegers | undefined {
  if (!quantized || (quantized.scales.length > 1 && quantized.axis !== axis)) return undefined;
  const b = bias?.quantized;
  // a bias has one dimension, along which its zero points are
  const numbers = b?.integers.map((q, k) => q - (b.offsets[k] ?? b.offsets[0]!));
  return { scales: quantized.scales, bias: b && numbers && { integers: numbers, scales: b.scales } };
}
