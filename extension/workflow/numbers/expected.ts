import { percentsOf } from '../../../webview/shared/task.ts';
import type { Answer, Bundle, Placeholder } from '../../bundle/bundle.ts';
import { decimalOf, decimalText } from '../../bundle/decimal.ts';
import {
  isAnomalous,
  meanSquaredError,
  reconstructionError,
  reconstructionOf,
} from '../../bundle/reconstruction.ts';
import { quantizeValues } from '../../image/quantizeTensor.ts';
import { largest, smallest } from '../../common/lists.ts';
import type { GivenInput } from '../data/givenInput.ts';
import { evaluate } from '../../model/evaluate.ts';
import type { Graph } from '../../model/graph.ts';
import { interpret } from '../../quantize/interpret.ts';
import type { QuantizedGraph, QuantizedValue } from '../../quantize/quantizedGraph.ts';
import type { Expected, ExpectedOutput, ExpectedReconstruction } from '../compare/compare.ts';
import { areRealsPrinted, isPrintedAsClasses } from '../../project/bundleView.ts';
import { identifier } from '../../project/names.ts';
import { classOutput } from '../data/classifier.ts';
import { realValue } from './realValue.ts';

/** What the PC computes for one input. */
export interface PcResult {
  readonly expected: Expected;
  /** Real values of the quantized network's first output. */
  readonly dequantized: readonly number[];
  /** Percent of each class, where it is known what their numbers are. */
  readonly percents?: readonly number[];
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
  /** What the firmware prints of the first output. */
  readonly answer: Answer;
}

/** An output as the PC has it. */
interface Computed {
  readonly placeholder: Placeholder;
  /** Of the quantized network, float32 where the output is; with Glow the float network's in the output's numbers. */
  readonly values: ArrayLike<number>;
  /** What the board prints of them. */
  readonly printed: readonly number[];
  /** Of the float network. */
  readonly float: readonly number[];
}

/**
 * What the PC computes for an input and a compiled network: bit for bit with the built-in compiler, the float network in
 * the board's numbers with Glow.
 */
export function expectedOf(input: InputOnPc): PcResult {
  const { graph, quantized, placeholders, answer } = input;
  const floats = evaluate(graph, named(input, 'real'));
  const integers = quantized && interpret(quantized, named(input, 'values'));
  const outputs = placeholders
    .filter((p) => p.direction === 'output' && floats.has(p.name))
    .map((p) => computed(p, integers?.get(p.name), floats.get(p.name)!));
  const { name } = classOutput(graph);
  const first = outputs.find(({ placeholder }) => placeholder.name === name);
  if (!first) throw new Error(`the bundle has no output '${name}'`);
  const reference = quantized ? undefined : 'float';
  const { placeholder: output, printed, float } = first;
  const isClasses = isPrintedAsClasses(output, answer);
  const others = outputs
    .filter((o) => o !== first || !isClasses)
    .map((o) => expectedOutput(o, reference, o === first && areRealsPrinted(output, answer)));
  const isClass = isClasses && output.type === 'index32';
  const dequantized = output.type === 'float32' ? Array.from(first.values) : printed.map(realValue(output));
  const percents = percentsOf(dequantized, answer.scores);
  return {
    expected: {
      quantized: isClasses ? printed : [],
      float: isClasses ? float : [],
      ...(isClass ? { isClass: true } : {}),
      ...(reference ? { reference } : {}),
      ...(reference && isClasses && !isClass ? stepsOf(output, float) : {}),
      ...(others.length > 0 ? { others } : {}),
      ...(answer.task === 'anomaly' ? { reconstruction: reconstructed(input, first) } : {}),
    },
    dequantized,
    ...(percents ? { percents } : {}),
    output: { type: output.type, scale: output.scale, offset: output.offset },
  };
}

function computed(
  placeholder: Placeholder,
  integers: ArrayLike<number> | undefined,
  float: Float32Array,
): Computed {
  const { type } = placeholder;
  const values =
    integers ??
    (type === 'float32' || type === 'index32' ? float : quantizeValues(float, { ...placeholder, type }));
  return {
    placeholder,
    values,
    printed: Array.from(values, type === 'float32' ? thousandths : (q) => q),
    float: Array.from(float),
  };
}

function expectedOutput(
  { placeholder, printed, float }: Computed,
  reference: Expected['reference'],
  hasReals: boolean,
): ExpectedOutput {
  const { type, scale, offset, cName } = placeholder;
  const decimal = hasReals && !reference ? decimalOf(placeholder) : undefined;
  return {
    name: identifier(cName),
    quantized: printed,
    float,
    ...(type === 'float32' ? { scale: 0.001, offset: 0 } : { scale, offset }),
    ...(decimal ? { reals: printed.map((q) => decimalText(q, decimal)) } : {}),
    ...(reference && type !== 'index32' ? { step: stepsOf(placeholder, float).step } : {}),
  };
}

/** How far the output is from the input: as the board computes it, and of the float network. */
function reconstructed({ inputs, quantized, answer }: InputOnPc, output: Computed): ExpectedReconstruction {
  const [{ placeholder, values, real }] = inputs as [InputOnPc['inputs'][number]];
  const of = reconstructionOf(placeholder, output.placeholder, answer);
  const error = quantized
    ? reconstructionError(of, { ...placeholder, values }, { ...output.placeholder, values: output.values })
    : undefined;
  const floatError = meanSquaredError(real, output.float);
  const limit = answer.threshold?.value;
  return {
    error,
    threshold: of.threshold,
    isAnomalous: error === undefined ? undefined : isAnomalous(error, of),
    unit: of.unit ** 2,
    float: floatError,
    isFloatAnomalous: limit === undefined ? undefined : floatError > limit,
  };
}

/** See Expected. A float output's range is not known: what its values span for this input stands for it. */
function stepsOf(
  { type, scale }: Pick<Placeholder, 'type' | 'scale'>,
  float: readonly number[],
): Required<Pick<Expected, 'unit' | 'step'>> {
  if (type === 'int8') return { unit: scale, step: scale };
  if (type === 'int16') return { unit: scale, step: scale * 257 };
  return { unit: 0.001, step: Math.max(0.001, (largest(float) - smallest(float)) / 255) };
}

/** Firmware prints a float as thousandths, rounded from zero in float32, and what is none as far away (templates/firmware/main.c). */
function thousandths(value: number): number {
  if (!(value > -MOST)) return -MOST * 1000;
  if (value >= MOST) return MOST * 1000;
  return Math.trunc(Math.fround(Math.fround(value * 1000) + (value < 0 ? -0.5 : 0.5)));
}

/** The largest float that is printed. */
const MOST = 2e6;

/** Real or quantized numbers by the graph's names; a bundle may have others, but not for an only input. */
function named<K extends 'real' | 'values'>(
  { graph, inputs }: InputOnPc,
  which: K,
): ReadonlyMap<string, InputOnPc['inputs'][number][K]> {
  const [only] = graph.inputs;
  const name = (k: number): string => (graph.inputs.length === 1 ? only!.name : inputs[k]!.placeholder.name);
  return new Map(inputs.map((input, k) => [name(k), input[which]]));
}
