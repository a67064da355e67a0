import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { Answer } from '../../bundle/bundle.ts';
import type { Graph } from '../../model/graph.ts';
import { measuredOutputs, positionValues } from '../../model/positions.ts';
import { type GivenPart, matters, type QuantizeOptions } from '../../quantize/options.ts';
import type { ValueError } from '../../../webview/shared/report.ts';
import type { AccuracyMeasurement } from '../report/data.ts';

/** How near a quantized network stays to its float network over some samples: the other half of "match". */
export interface Closeness {
  readonly samples: number;
  /** The result is a list of classes, so that Top1 means something. */
  readonly namesClasses: boolean;
  /** Samples whose Top1 both networks agree in. */
  readonly sameTop1: number;
  /** Of `regress`: how far the numbers are from the float network's, in real units. */
  readonly errors?: OutputErrors;
  /** Of `anomaly` with a threshold: samples of which both networks say the same, normal or anomalous. */
  readonly sameVerdict?: number;
  /** Signal to quantization noise of the output that is worst, in dB; undefined: every output is exact. */
  readonly sqnrDb: number | undefined;
  readonly isClose: boolean;
}

/** Differences of an output from the float network's over all samples, in real units. */
export interface OutputErrors {
  readonly meanAbsolute: number;
  readonly maxAbsolute: number;
  /** Root of the mean squared one. */
  readonly rmse: number;
}

/** Where most is lost: the noise before a node and behind it. */
export interface Loss {
  /** Name of the node. */
  readonly node: string;
  readonly fromDb: number;
  readonly toDb: number;
}

/** Another choice of quantization, and how near the network would be with it. */
export interface Trial {
  readonly change: Partial<QuantizeOptions>;
  readonly closeness: Closeness;
}

/** Below it the noise has a tenth of the output's power: no answer can be trusted. */
const LEAST_SQNR_DB = 10;
/** Of the samples, for a network that names classes or says what is anomalous. */
const LEAST_SAME = 0.9;
/** Taken for a value without an error: more than 8 bits reach. */
const EXACT_DB = 60;

/** Judges a measurement: noise for every network, Top1 for those that name classes, verdicts for those that say what is anomalous. */
export function closenessOf(graph: Graph, { task }: Answer, accuracy: AccuracyMeasurement): Closeness {
  const { samples, sameTop1, sameVerdict, values } = accuracy;
  const noises = measuredOutputs(graph).flatMap((name) => {
    const error = values.get(name);
    return error === undefined ? [] : noiseOf(error);
  });
  const worst = noises.reduce((a, b) => Math.min(a, b), Infinity);
  const [result] = graph.outputs as [string];
  const namesClasses = task === 'classify' || positionValues(graph).has(result);
  const same = namesClasses ? sameTop1 : (sameVerdict ?? samples);
  const error = task === 'regress' ? values.get(result) : undefined;
  return {
    ...{ samples, namesClasses, sameTop1 },
    ...(error ? { errors: errorsOf(error) } : {}),
    ...(sameVerdict === undefined ? {} : { sameVerdict }),
    sqnrDb: worst === Infinity ? undefined : worst,
    isClose: worst >= LEAST_SQNR_DB && same >= LEAST_SAME * samples,
  };
}

function errorsOf({ meanAbsolute, maxAbsolute, rmse }: ValueError): OutputErrors {
  return { meanAbsolute, maxAbsolute, rmse };
}

/** The node behind which the noise has grown most over what it was before. */
export function largestLoss(graph: Graph, { values }: AccuracyMeasurement): Loss | undefined {
  const levels = new Map<string, number>();
  const levelOf = (name: string): number => {
    const error = values.get(name);
    return Math.min(EXACT_DB, error === undefined ? (levels.get(name) ?? EXACT_DB) : noiseOf(error));
  };
  let largest: Loss | undefined;
  for (const { name, inputs, output } of graph.nodes) {
    const fromDb = inputs.reduce((least, input) => Math.min(least, levelOf(input)), EXACT_DB);
    // what is computed within another step has no value of its own
    levels.set(output, fromDb);
    const toDb = levelOf(output);
    if (!largest || fromDb - toDb > largest.fromDb - largest.toDb) largest = { node: name, fromDb, toDb };
  }
  return largest;
}

/**
 * How near, as the end of a sentence: `the same class for 99 of 100 samples, SQNR 31 dB`, the same verdict, how far real numbers are
 * apart, or the noise alone.
 */
export function nearness({
  samples,
  sameTop1,
  namesClasses,
  errors,
  sameVerdict,
  sqnrDb,
}: Closeness): Sentence {
  const noise = sqnrDb === undefined ? say`no error` : say`SQNR ${sqnrDb.toFixed(0)} dB`;
  if (errors) {
    const { meanAbsolute: mean, maxAbsolute: most, rmse } = errors;
    return say`error ${mean.toPrecision(2)} in the mean, ${most.toPrecision(2)} at most, RMSE ${rmse.toPrecision(2)}, ${noise}`;
  }
  if (sameVerdict !== undefined) {
    return samples === 1
      ? say`the same verdict for ${sameVerdict} of 1 sample, ${noise}`
      : say`the same verdict for ${sameVerdict} of ${samples} samples, ${noise}`;
  }
  if (!namesClasses) return noise;
  return samples === 1
    ? say`the same class for ${sameTop1} of 1 sample, ${noise}`
    : say`the same class for ${sameTop1} of ${samples} samples, ${noise}`;
}

/** Choices of quantization that may keep a network nearer than the present ones, those that cost nothing on the board first. */
export function alternatives(options: QuantizeOptions, given: GivenPart): Partial<QuantizeOptions>[] {
  const list: Partial<QuantizeOptions>[] = [];
  if (!options.channelwise) list.push({ channelwise: true });
  if (options.schema !== 'asymmetric') list.push({ schema: 'asymmetric' });
  if (options.weightSchema !== 'symmetric') list.push({ weightSchema: 'symmetric' });
  for (const range of ['mse', 'percentile', 'minmax'] as const) {
    if (options.range !== range) list.push({ range });
  }
  if (options.precision === 'int8') list.push({ precision: 'int16' });
  return list.filter((change) =>
    Object.keys(change).every((k) => matters(k as keyof QuantizeOptions, given)),
  );
}

/** The trials that help: those that are close, in their order; else the best, where it is much nearer than now. */
export function helpful(now: Closeness, trials: readonly Trial[]): Trial[] {
  const close = trials.filter((t) => t.closeness.isClose);
  if (close.length > 0) return close;
  const level = (c: Closeness): number => c.sqnrDb ?? EXACT_DB;
  const [best] = [...trials].sort((a, b) => level(b.closeness) - level(a.closeness));
  return best && level(best.closeness) >= level(now) + 6 ? [best] : [];
}

/** An error in dB; without a signal there is nothing but noise. */
function noiseOf({ sqnrDb, maxAbsolute }: ValueError): number {
  return sqnrDb ?? (maxAbsolute > 0 ? 0 : Infinity);
}
