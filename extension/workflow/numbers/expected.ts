import type { Graph } from '../../model/graph.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { quantizeValues } from '../../image/quantizeTensor.ts';
import { largest, smallest } from '../../common/lists.ts';
import type { GivenInput } from '../data/givenInput.ts';
import { evaluate } from '../../model/evaluate.ts';
import { interpret } from '../../quantize/interpret.ts';
import { type QuantizedGraph, type QuantizedValue, qvalue } from '../../quantize/quantizedGraph.ts';
import { dequantize } from '../../quantize/schemas.ts';
import type { Expected } from '../compare/compare.ts';
import { identifier } from '../../project/names.ts';
import { classOutput } from '../data/classifier.ts';

/** What the PC computes for one input. */
export interface PcResult {
  readonly expected: Expected;
  /** Real values of the quantized network, by class. */
  readonly dequantized: readonly number[];
  readonly output: Pick<QuantizedValue, 'type' | 'scale' | 'offset'>;
}

/** Numbers for a network that was compiled, by whichever compiler. */
export interface InputOnPc {
  readonly graph: Graph;
  /** Undefined when Glow compiled it. */
  readonly quantized: QuantizedGraph | undefined;
  /** The bundle's. */
  readonly placeholders: Bundle['placeholders'];
  /** The numbers of each input, in the bundle's order. */
  readonly inputs: readonly Pick<GivenInput, 'placeholder' | 'real' | 'values'>[];
}

/**
 * What the PC computes for an input and a compiled network: bit for bit with the built-in compiler, the float network in
 * the board's numbers with Glow.
 */
export function expectedOf(input: InputOnPc): PcResult {
  const { graph, quantized, placeholders } = input;
  if (quantized) return computeExpected(input, quantized);
  const { name } = classOutput(graph);
  const output = placeholders.find((p) => p.direction === 'output' && p.name === name);
  if (!output) throw new Error(`the bundle has no output '${name}'`);
  const float = evaluate(graph, named(input, 'real')).get(name)!;
  const { type } = output;
  if (type === 'index32') {
    const found = Array.from(float);
    const others = [{ name: identifier(output.cName), quantized: found, float: found }];
    const expected: Expected = namesClass(output, found)
      ? { quantized: found, float: found, reference: 'float', isClass: true }
      : { quantized: [], float: [], reference: 'float', others };
    return { expected, dequantized: found, output };
  }
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

/** See Expected. A float output's range is not known: what its values span for this input stands for it. */
function unitsOf(
  { type, scale }: Pick<QuantizedValue, 'type' | 'scale'>,
  float: ArrayLike<number>,
): Required<Pick<Expected, 'unit' | 'step'>> {
  if (type === 'int8') return { unit: scale, step: scale };
  if (type === 'int16') return { unit: scale, step: scale * 257 };
  const values = Array.from(float);
  return { unit: 0.001, step: Math.max(0.001, (largest(values) - smallest(values)) / 255) };
}

/** Whether a result is the class itself; positions for many, such as a class for each pixel, are printed as further outputs are. */
function namesClass({ type }: Pick<QuantizedValue, 'type'>, { length }: ArrayLike<number>): boolean {
  return type === 'index32' && length === 1;
}

/** Runs the quantized network bit-exactly and the float network on the PC. */
function computeExpected(input: InputOnPc, quantized: QuantizedGraph): PcResult {
  const { graph, placeholders } = input;
  const { name } = classOutput(graph);
  const integers = interpret(quantized, named(input, 'values'));
  const floats = evaluate(graph, named(input, 'real'));
  const output = qvalue(quantized, name);
  const raw = integers.get(name)!;
  const printed = (value: string): number[] => {
    const isFloat = qvalue(quantized, value).type === 'float32';
    return Array.from(integers.get(value)!, isFloat ? thousandths : (q) => q);
  };
  const isClass = namesClass(output, raw);
  const isOther = output.type === 'index32' && !isClass;
  const others = placeholders
    .filter((p) => p.direction === 'output' && (p.name !== name || isOther))
    .map((p) => ({
      name: identifier(p.cName),
      quantized: printed(p.name),
      float: Array.from(floats.get(p.name)!),
    }));
  return {
    expected: {
      quantized: isOther ? [] : printed(name),
      float: isOther ? [] : Array.from(floats.get(name)!),
      ...(isClass ? { isClass: true } : {}),
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

/** Real or quantized numbers by the graph's names; a bundle may have others, but not for an only input. */
function named<K extends 'real' | 'values'>(
  { graph, inputs }: InputOnPc,
  which: K,
): ReadonlyMap<string, InputOnPc['inputs'][number][K]> {
  const [only] = graph.inputs;
  const name = (k: number): string => (graph.inputs.length === 1 ? only!.name : inputs[k]!.placeholder.name);
  return new Map(inputs.map((input, k) => [name(k), input[which]]));
}
