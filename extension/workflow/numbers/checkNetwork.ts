import type { Answer } from '../../bundle/bundle.ts';
import { breather } from '../../common/breather.ts';
import { spread } from '../../common/lists.ts';
import { UserError } from '../../common/error.ts';
import type { WorkContext } from '../../common/work.ts';
import type { DataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import type { Sample } from '../../data/sample.ts';
import { evaluate } from '../../model/evaluate.ts';
import type { Graph } from '../../model/graph.ts';
import { measuredOutputs } from '../../model/positions.ts';
import { givenPart } from '../../quantize/already.ts';
import type { QuantizeOptions } from '../../quantize/options.ts';
import { quantize } from '../../quantize/quantize.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import {
  alternatives,
  type Closeness,
  closenessOf,
  helpful,
  largestLoss,
  type Loss,
  type Trial,
} from '../compare/closeness.ts';
import { AccuracyMeter } from '../report/accuracy.ts';
import type { AccuracyMeasurement } from '../report/data.ts';
import { affordable } from './affordable.ts';
import { type EvaluatedSample, outputsOf, readSample } from './evaluatedSamples.ts';
import { type RoundingCheck, RoundingMeter } from './roundingMeter.ts';

/** What the quantized network is over the samples, beside the float network. */
export interface QuantizationCheck {
  readonly accuracy: AccuracyMeasurement;
  readonly closeness: Closeness;
  /** Where it is lost, and which other choices keep more; only when the networks are not close. */
  readonly loss: Loss | undefined;
  readonly trials: readonly Trial[];
  /** What `rounding: fast` costs a network that is quantized already; undefined for others. */
  readonly rounding: RoundingCheck | undefined;
}

export interface CheckedNetwork extends DataOptions {
  readonly graph: Graph;
  readonly ranges: Ranges;
  readonly quantized: QuantizedGraph;
  readonly quantization: QuantizeOptions;
  /** With the threshold of an anomaly. */
  readonly answer: Answer;
  readonly samples: readonly Sample[];
  /** Names of the classes, by which a sample's label is told. */
  readonly labels: readonly string[];
}

/** Samples that other choices are tried with at most. */
const MAX_TRIAL_SAMPLES = 20;
/** Operations of both networks over all samples, some ten seconds. */
const MAX_OPERATIONS = 2e9;

/**
 * Runs the float and the quantized network side by side over the samples, spread evenly over them when there are very many,
 * and judges how near they stay. When they do not, other choices of quantization are tried on some of them.
 */
export async function checkNetwork(
  network: CheckedNetwork,
  { signal, progress }: WorkContext = {},
): Promise<QuantizationCheck> {
  const { graph, ranges, quantized, quantization, answer } = network;
  const given = givenPart(graph);
  const chosen = spread(network.samples, affordable(graph, MAX_OPERATIONS));
  const tryOn: EvaluatedSample[] = [];
  const meter = new AccuracyMeter(graph, quantized, answer);
  const rounded = (how: QuantizeOptions['rounding']): QuantizedGraph =>
    quantize(graph, ranges, { ...quantization, rounding: how, floatPlaceholders: false });
  const rounding =
    given !== 'none' && quantization.rounding === 'fast'
      ? new RoundingMeter(rounded('fast'), rounded('exact'))
      : undefined;
  const reader = new SampleReader(graph.inputs, network);
  const breathe = breather(signal);
  for (const [i, sample] of chosen.entries()) {
    const one = await readSample(sample, reader, network.labels);
    const reals = evaluate(graph, one.inputs);
    meter.add(one, reals);
    rounding?.add(one);
    if (tryOn.length < MAX_TRIAL_SAMPLES) tryOn.push({ sample: one, reals: outputsOf(graph, reals) });
    progress?.(`${i + 1} of ${chosen.length} samples`, (i + 1) / chosen.length);
    await breathe();
  }
  const accuracy = meter.result();
  const closeness = closenessOf(graph, answer, accuracy);
  const measured = { accuracy, closeness, rounding: rounding?.result() };
  if (closeness.isClose) return { ...measured, loss: undefined, trials: [] };
  const trials: Trial[] = [];
  const afterEach = async (): Promise<void> => {
    progress?.('trying other choices');
    await breathe();
  };
  for (const change of alternatives(quantization, given)) {
    const other = await tried(network, { ...quantization, ...change }, tryOn, afterEach);
    if (other) trials.push({ change, closeness: other });
  }
  return { ...measured, loss: largestLoss(graph, accuracy), trials: helpful(closeness, trials) };
}

/**
 * How near the network is with other choices.
 * @param afterEach awaited after each sample
 * @returns undefined for choices that the network cannot be quantized with */
async function tried(
  { graph, ranges, answer }: Pick<CheckedNetwork, 'graph' | 'ranges' | 'answer'>,
  options: QuantizeOptions,
  samples: readonly EvaluatedSample[],
  afterEach: () => Promise<void>,
): Promise<Closeness | undefined> {
  let meter: AccuracyMeter;
  try {
    const quantized = quantize(graph, ranges, options);
    meter = new AccuracyMeter(graph, quantized, answer, new Set(measuredOutputs(graph)));
  } catch (e) {
    if (e instanceof UserError) return undefined;
    throw e;
  }
  for (const { sample, reals } of samples) {
    meter.add(sample, reals);
    await afterEach();
  }
  return closenessOf(graph, answer, meter.result());
}
