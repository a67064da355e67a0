import type { Graph } from '../../model/graph.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { quantizeValues } from '../../image/quantizeTensor.ts';
import { largest, smallest } from '../../common/lists.ts';
import { evaluate } from '../../model/evaluate.ts';
import { interpret } from '../../quantize/interpret.ts';
import { type QuantizedGraph, type QuantizedValue, qvalue } from '../../quantize/quantizedGraph.ts';
import { dequantize } from '../../quantize/schemas.ts';
import type { Expected } from '../compare/compare.ts';
import { identifier } from '../../project/names.ts';
import { classOutput, onlyInput } from '../data/classifier.ts';

/** What the PC computes for one image. */
export interface PcResult {
  readonly expected: Expected;
  /** Real values of the quantized network, by class. */
  readonly dequantized: readonly number[];
  readonly output: Pick<QuantizedValue, 'type' | 'scale' | 'offset'>;
}

/** A picture for a network that was compiled, by whichever compiler. */
export interface PictureOnPc {
  readonly graph: Graph;
  /** Undefined when Glow compiled it. */
  readonly quantized: QuantizedGraph | undefined;
  /** The bundle's. */
  readonly placeholders: Bundle['placeholders'];
  /** The picture in real values. */
  readonly real: Float32Array;
  /** The picture as the board gets it: q, or real values for a float placeholder. */
  readonly values: Int32Array | Float32Array;
}

/**
 * What the PC computes for a picture and a compiled network: bit for bit with the built-in compiler, the float network in
 * the board's numbers with Glow.
 */
export function expectedOf(picture: PictureOnPc): PcResult {
  const { graph, quantized, placeholders, real } = picture;
  if (quantized) return computeExpected(picture, quantized);
  const { name } = classOutput(graph);
  const output = placeholders.find((p) => p.direction === 'output' && p.name === name);
  if (!output) throw new Error(`the bundle has no output '${name}'`);
  const float = evaluate(graph, new Map([[onlyInput(graph).name, real]])).get(name)!;
  const { type } = output;
  const onBoard =
    type === 'float32'
      ? Array.from(float, thousandths)
      : Array.from(quantizeValues(float, { ...output, type }));
  return {
    expected: { quantized: onBoard, float: Array.from(float), reference: 'float', ...unitsOf(output, float) },
    dequantized: type === 'float32' ? Array.from(float) : onBoard.map((q) => dequantize(q, output)),
    output,
  };
}

/** See Expected. A float output's range is not known: what its values span for this picture stands for it. */
function unitsOf(
  { type, scale }: Pick<QuantizedValue, 'type' | 'scale'>,
  float: ArrayLike<number>,
): Required<Pick<Expected, 'unit' | 'step'>> {
  if (type === 'int8') return { unit: scale, step: scale };
  if (type === 'int16') return { unit: scale, step: scale * 257 };
  const values = Array.from(float);
  return { unit: 0.001, step: Math.max(0.001, (largest(values) - smallest(values)) / 255) };
}

/** Runs the quantized network bit-exactly and the float network on the PC. */
function computeExpected(
  { graph, placeholders, real, values }: PictureOnPc,
  quantized: QuantizedGraph,
): PcResult {
  const input = onlyInput(graph).name;
  const { name } = classOutput(graph);
  const integers = interpret(quantized, new Map([[input, values]]));
  const floats = evaluate(graph, new Map([[input, real]]));
  const output = qvalue(quantized, name);
  const raw = integers.get(name)!;
  const printed = (value: string): number[] => {
    const isFloat = qvalue(quantized, value).type === 'float32';
    return Array.from(integers.get(value)!, isFloat ? thousandths : (q) => q);
  };
  const others = placeholders
    .filter((p) => p.direction === 'output' && p.name !== name)
    .map((p) => ({
      name: identifier(p.cName),
      quantized: printed(p.name),
      float: Array.from(floats.get(p.name)!),
    }));
  return {
    expected: {
      quantized: printed(name),
      float: Array.from(floats.get(name)!),
      ...(others.length > 0 ? { others } : {}),
    },
    dequantized: output.type === 'float32' ? Array.from(raw) : Array.from(raw, (q) => dequantize(q, output)),
    output,
  };
}

/** Firmware prints a float confidence as thousandths, rounded from zero in float32 (templates/firmware/main.c). */
function thousandths(value: number): number {
  return Math.trunc(Math.fround(Math.fround(value * 1000) + (value < 0 ? -0.5 : 0.5)));
}
