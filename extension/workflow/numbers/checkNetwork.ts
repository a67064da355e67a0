import path from 'node:path';
import { breather } from '../../common/breather.ts';
import { UserError } from '../../common/error.ts';
import type { WorkContext } from '../../common/work.ts';
import type { DataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import { type Sample, sampleName } from '../../data/sample.ts';
import { evaluate } from '../../model/evaluate.ts';
import type { Graph } from '../../model/graph.ts';
import { operationsOf } from '../../model/macs.ts';
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
import { AccuracyMeter, type AccuracySample } from '../report/accuracy.ts';
import type { AccuracyMeasurement } from '../report/data.ts';
import { classNumber } from '../data/labels.ts';
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
  readonly samples: readonly Sample[];
  /** Names of the classes, by which a sample's label is told. */
  readonly labels: readonly string[];
}

/** A sample and what the float network makes of it, which no choice of quantization changes. */
interface TrialSample {
  readonly sample: AccuracySample;
  readonly reals: ReadonlyMap<string, Float32Array>;
}

/** Samples at most: enough for two digits. */
const MAX_SAMPLES = 500;
/** Samples that other choices are tried with at most. */
const MAX_TRIAL_SAMPLES = 20;
/** Operations of both networks over all samples, some ten seconds; but a few samples are always run. */
const MAX_OPERATIONS = 2e9;
const LEAST_SAMPLES = 8;

/**
 * Runs the float and the quantized network side by side over the samples, spread evenly over them when there are very many,
 * and judges how near they stay. When they do not, other choices of quantization are tried on some of them.
 */
export async function checkNetwork(
  network: CheckedNetwork,
  { signal, progress }: WorkContext = {},
): Promise<QuantizationCheck> {
  const { graph, ranges, quantized, quantization } = network;
  const given = givenPart(graph);
  const chosen = spread(network.samples, affordable(graph));
  const tryOn: TrialSample[] = [];
  const meter = new AccuracyMeter(graph, quantized);
  const rounded = (how: QuantizeOptions['rounding']): QuantizedGraph =>
    quantize(graph, ranges, { ...quantization, rounding: how, floatPlaceholders: false });
  const rounding =
    given !== 'none' && quantization.rounding === 'fast'
      ? new RoundingMeter(rounded('fast'), rounded('exact'))
      : undefined;
  const reader = new SampleReader(graph.inputs, network);
  const breathe = breather(signal);
  for (const [i, sample] of chosen.entries()) {
    const one = await load(sample, reader, network.labels);
    const reals = evaluate(graph, one.inputs);
    meter.add(one, reals);
    rounding?.add(one);
    if (tryOn.length < MAX_TRIAL_SAMPLES) tryOn.push({ sample: one, reals: outputsOf(graph, reals) });
    progress?.(`${i + 1} of ${chosen.length} samples`, (i + 1) / chosen.length);
    await breathe();
  }
  const accuracy = meter.result();
  const closeness = closenessOf(graph, accuracy);
  const measured = { accuracy, closeness, rounding: rounding?.result() };
  if (closeness.isClose) return { ...measured, loss: undefined, trials: [] };
  const trials: Trial[] = [];
  const afterEach = async (): Promise<void> => {
    progress?.('trying other choices');
    await breathe();
  };
  for (const change of alternatives(quantization, given)) {
    const other = await tried(graph, ranges, { ...quantization, ...change }, tryOn, afterEach);
    if (other) trials.push({ change, closeness: other });
  }
  return { ...measured, loss: largestLoss(graph, accuracy), trials: helpful(closeness, trials) };
}

/**
 * How near the network is with other choices.
 * @param afterEach awaited after each sample
 * @returns undefined for choices that the network cannot be quantized with */
async function tried(
  graph: Graph,
  ranges: Ranges,
  options: QuantizeOptions,
  samples: readonly TrialSample[],
  afterEach: () => Promise<void>,
): Promise<Closeness | undefined> {
  let meter: AccuracyMeter;
  try {
    meter = new AccuracyMeter(graph, quantize(graph, ranges, options), new Set(measuredOutputs(graph)));
  } catch (e) {
    if (e instanceof UserError) return undefined;
    throw e;
  }
  for (const { sample, reals } of samples) {
    meter.add(sample, reals);
    await afterEach();
  }
  return closenessOf(graph, meter.result());
}

function outputsOf(graph: Graph, reals: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  return new Map([...graph.outputs, ...measuredOutputs(graph)].map((name) => [name, reals.get(name)!]));
}

async function load(
  sample: Sample,
  reader: SampleReader,
  labels: readonly string[],
): Promise<AccuracySample> {
  return {
    name: path.basename(sampleName(sample)),
    label: classNumber(sample.label, labels),
    inputs: await reader.read(sample),
  };
}

/** How many samples a network's size allows. */
function affordable(graph: Graph): number {
  const operations = graph.nodes.reduce((n, node) => n + operationsOf(graph, node), 0);
  const many = Math.floor(MAX_OPERATIONS / (2 * Math.max(1, operations)));
  return Math.min(MAX_SAMPLES, Math.max(LEAST_SAMPLES, many));
}

/** So many of a list at most, evenly spread over it. */
function spread<T>(list: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(list.length / most));
  return list.filter((_, i) => i % every === 0);
}
