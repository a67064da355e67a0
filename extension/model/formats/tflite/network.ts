import { UnusedNames } from '../../../common/unusedNames.ts';
import type { Clamp } from '../../graph.ts';
import { LIMITS } from '../../import/limits.ts';
import type { TfliteOperator, TfliteSubgraph } from './model.ts';
import type { TensorType } from './names.ts';
import type { TfliteTensor } from './tensor.ts';

/** The least and the largest number of the types of quantized values; biases have INT32, but only where these flow. */
const INTEGERS: Readonly<Partial<Record<TensorType, readonly [number, number]>>> = {
  INT4: [-8, 7],
  INT8: [-128, 127],
  UINT8: [0, 255],
  INT16: [-32768, 32767],
};

/**
 * A name for each tensor, no two the same and none empty: inputs and outputs keep theirs where they can. Others have the first of
 * those that the converter joined with semicolons, for it names all that became one operator.
 */
export function tensorNames({ tensors, inputs, outputs }: TfliteSubgraph): string[] {
  const ends = new Set([...inputs, ...outputs]);
  const unused = new UnusedNames(() => false);
  const named = new Map<number, string>();
  for (const index of [...ends, ...tensors.keys()]) {
    if (named.has(index)) continue;
    const { name } = tensors[index]!;
    const wanted = ends.has(index) ? name : name.split(';', 1)[0]!.slice(0, LIMITS.nameLength / 2);
    named.set(index, unused.like(wanted === '' ? `tensor_${index}` : wanted));
  }
  return tensors.map(({ index }) => named.get(index)!);
}

/**
 * The first operator that computes with quantized integers; undefined for a network that computes in float, whose inputs may be
 * dequantized first and whose outputs may be quantized last.
 */
export function quantizedOperator({
  tensors,
  inputs,
  outputs,
  operators,
}: TfliteSubgraph): number | undefined {
  const flows = (k: number): boolean => k >= 0 && isQuantized(tensors[k]!) && tensors[k]!.data === undefined;
  const read = new Set(operators.flatMap((operator) => operator.inputs));
  const isAtEnd = (operator: TfliteOperator): boolean =>
    operator.type === 'DEQUANTIZE'
      ? operator.inputs.filter(flows).every((k) => inputs.includes(k))
      : operator.type === 'QUANTIZE' &&
        !operator.inputs.some(flows) &&
        operator.outputs.every((k) => outputs.includes(k) && !read.has(k));
  const isConversion = ({ type }: TfliteOperator): boolean => type === 'QUANTIZE' || type === 'DEQUANTIZE';
  // of a network of nothing else the ends are all there is
  const hasReals = operators.some((operator) => !isConversion(operator));
  const found = operators.findIndex(
    (operator) => [...operator.inputs, ...operator.outputs].some(flows) && !(hasReals && isAtEnd(operator)),
  );
  return found < 0 ? undefined : found;
}

export function isQuantized({ type, quantization }: TfliteTensor): boolean {
  return quantization !== undefined && type in INTEGERS;
}

/** The real numbers that a tensor of quantized values can hold; undefined where they are not quantized as a whole. */
export function rangeOf({ type, quantization }: TfliteTensor): Clamp | undefined {
  const integers = INTEGERS[type];
  if (!integers || quantization?.scales.length !== 1) return undefined;
  const [min, max] = integers.map((q) => quantization.scales[0]! * (q - quantization.zeroPoints[0]!));
  return { min: min!, max: max! };
}
