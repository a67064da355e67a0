import { isWide } from '../../common/wideType.ts';
import type { Answer } from '../../bundle/bundle.ts';
import {
  isAnomalous,
  meanSquaredError,
  reconstructionError,
  reconstructionOf,
} from '../../bundle/reconstruction.ts';
import { quantizeValues } from '../../image/quantizeTensor.ts';
import { evaluate } from '../../model/evaluate.ts';
import type { Graph } from '../../model/graph.ts';
import { interpret } from '../../quantize/interpret.ts';
import { qvalue, type QuantizedGraph, type QuantizedValue } from '../../quantize/quantizedGraph.ts';
import { dequantize } from '../../quantize/schemas.ts';
import type { LabelledAccuracy, Miss, ValueError } from '../../../webview/shared/report.ts';
import type { AccuracyMeasurement } from './data.ts';

/** One sample: a tensor for every placeholder, and what it shows where that is known. */
export interface AccuracySample {
  readonly name: string;
  /** Class number. */
  readonly label: number | undefined;
  /** float32 in the placeholder's shape, by placeholder name. */
  readonly inputs: ReadonlyMap<string, Float32Array>;
}

/** Wrongly classified samples listed in a report. */
const MAX_MISSES = 50;

/**
 * Runs float and quantized network side by side and compares every value both have; counts what each classifies right.
 * The quantized value of a layer holds its own rounding and all that came before it: what the board really computes.
 */
export class AccuracyMeter {
  readonly #graph: Graph;
  readonly #quantized: QuantizedGraph;
  readonly #compared: readonly QuantizedValue[];
  readonly #collectors: ReadonlyMap<string, ErrorCollector>;
  readonly #misses: Miss[] = [];
  readonly #answer: Answer;
  #samples = 0;
  #sameTop1 = 0;
  #sameVerdict = 0;
  #labelled = 0;
  #floatCorrect = 0;
  #quantizedCorrect = 0;

  /**
   * @param answer of `anomaly` with its threshold, where verdicts are wanted
   * @param compared names of the values to compare; default all that both have
   */
  constructor(
    graph: Graph,
    quantized: QuantizedGraph,
    answer: Answer,
    compared: { has(name: string): boolean } = graph.values,
  ) {
    this.#graph = graph;
    this.#quantized = quantized;
    this.#answer = answer;
    this.#compared = [...quantized.values.values()].filter(
      (v) => v.type !== 'index32' && graph.values.has(v.name) && compared.has(v.name),
    );
    this.#collectors = new Map(this.#compared.map((v) => [v.name, new ErrorCollector()]));
  }

  /** @param reals values of the float network, the compared ones and the outputs at least, where they are known already */
  add(
    sample: AccuracySample,
    reals: ReadonlyMap<string, Float32Array> = evaluate(this.#graph, sample.inputs),
  ): void {
    const given = quantizedInputs(this.#quantized, sample.inputs);
    const integers = interpret(this.#quantized, given);
    for (const value of this.#compared) {
      this.#collectors
        .get(value.name)!
        .add(reals.get(value.name)!, realValues(integers.get(value.name)!, value));
    }
    const output = this.#graph.outputs[0]!;
    const isPosition = qvalue(this.#quantized, output).type === 'index32';
    const float = classOf(reals.get(output)!, isPosition);
    const quantized = classOf(integers.get(output)!, isPosition);
    this.#samples++;
    const isSame = isPosition ? areSame(reals.get(output)!, integers.get(output)!) : float === quantized;
    if (isSame) this.#sameTop1++;
    const [input] = this.#graph.inputs as [Graph['inputs'][number]];
    const { threshold } = this.#answer;
    if (threshold) {
      const from = { ...qvalue(this.#quantized, input.name), values: given.get(input.name)! };
      const to = { ...qvalue(this.#quantized, output), values: integers.get(output)! };
      const of = reconstructionOf(from, to, this.#answer);
      const floatError = meanSquaredError(sample.inputs.get(input.name)!, reals.get(output)!);
      const verdict = isAnomalous(reconstructionError(of, from, to), of);
      if (verdict === floatError > threshold.value) this.#sameVerdict++;
    }
    // a label says nothing of what is no class, such as positions for many
    const isMany = isPosition && integers.get(output)!.length > 1;
    if (sample.label === undefined || isMany || this.#answer.task !== 'classify') return;
    this.#labelled++;
    if (float === sample.label) this.#floatCorrect++;
    if (quantized === sample.label) this.#quantizedCorrect++;
    else if (this.#misses.length < MAX_MISSES) {
      this.#misses.push({ sample: sample.name, label: sample.label, float, quantized });
    }
  }

  result(): AccuracyMeasurement {
    const labelled: LabelledAccuracy = {
      samples: this.#labelled,
      floatCorrect: this.#floatCorrect,
      quantizedCorrect: this.#quantizedCorrect,
      misses: [...this.#misses],
    };
    return {
      samples: this.#samples,
      task: this.#answer.task,
      values: new Map([...this.#collectors].map(([name, c]) => [name, c.result()])),
      sameTop1: this.#sameTop1,
      ...(this.#answer.threshold ? { sameVerdict: this.#sameVerdict } : {}),
      labelled: this.#labelled > 0 ? labelled : undefined,
    };
  }
}

/** The placeholders' data as the firmware gets it: quantized, or float32 where the placeholder stayed float. */
export function quantizedInputs(
  graph: QuantizedGraph,
  inputs: ReadonlyMap<string, Float32Array>,
): Map<string, ArrayLike<number>> {
  const result = new Map<string, ArrayLike<number>>();
  for (const [name, data] of inputs) {
    const { type, scale, offset } = qvalue(graph, name);
    if (isWide(type)) throw new Error(`input ${name} is ${type}`);
    result.set(name, type === 'float32' ? data : quantizeValues(data, { type, scale, offset }));
  }
  return result;
}

function realValues(data: ArrayLike<number>, value: QuantizedValue): ArrayLike<number> {
  return value.type === 'float32' ? data : Float64Array.from(data, (q) => dequantize(q, value));
}

/** Sums up the difference of one value's two versions over samples: constant memory, any number of elements. */
export class ErrorCollector {
  #count = 0;
  #signal = 0;
  #noise = 0;
  #absolute = 0;
  #magnitude = 0;
  #max = 0;

  /** Adds the elements of one sample: float and quantized (already in real units). */
  add(float: ArrayLike<number>, quantized: ArrayLike<number>): void {
    const n = Math.min(float.length, quantized.length);
    for (let i = 0; i < n; i++) {
      const x = float[i]!;
      const difference = Math.abs(x - quantized[i]!);
      this.#signal += x * x;
      this.#noise += difference * difference;
      this.#absolute += difference;
      this.#magnitude += Math.abs(x);
      if (difference > this.#max) this.#max = difference;
    }
    this.#count += n;
  }

  result(): ValueError {
    const n = Math.max(1, this.#count);
    return {
      sqnrDb: this.#noise > 0 && this.#signal > 0 ? 10 * Math.log10(this.#signal / this.#noise) : undefined,
      meanAbsolute: this.#absolute / n,
      maxAbsolute: this.#max,
      rmse: Math.sqrt(this.#noise / n),
      meanMagnitude: this.#magnitude / n,
    };
  }
}

/** The class that a result names: the position that it is, or that of its largest element. */
export function classOf(values: ArrayLike<number>, isPosition: boolean): number {
  return isPosition ? values[0]! : top1(values);
}

/** Of several positions, such as a class for each pixel, so many have to be the same. */
const LEAST_SAME = 0.9;

/** Whether positions that two networks find are the same for nearly all. @param differing how many are not */
export function areNearlySame(differing: number, elements: number): boolean {
  return elements - differing >= LEAST_SAME * elements;
}

function areSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return areNearlySame(Array.from(a).filter((v, i) => v !== b[i]).length, a.length);
}

/** Index of the largest element, the first of several; starts from the first element, so all may be negative. */
export function top1(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
