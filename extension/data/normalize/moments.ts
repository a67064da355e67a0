import type { Channels } from '../../common/affine.ts';
import { count, type ModelInput } from '../fit.ts';
import type { DataOptions } from '../options.ts';
import { measuredChannels } from './channels.ts';
import type { NormalizeOptions } from './options.ts';

/** Columns that get numbers of their own; of more, such as the pixels of a flat picture, all get the same. */
const MOST_COLUMNS = 256;
/** Digits that are kept of a measured number: as many as float32 has. */
const DIGITS = 7;

/** Mean and standard deviation of numbers as they come (Welford, Technometrics 4, 1962). */
class Moments {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    const off = value - this.#mean;
    this.#mean += off / this.#count;
    this.#squares += off * (value - this.#mean);
  }

  get mean(): number {
    return rounded(this.#mean);
  }

  /** Of all numbers, as NumPy and scikit-learn have it; 1 where none differs, which then stays 0. */
  get std(): number {
    const std = rounded(Math.sqrt(this.#squares / Math.max(1, this.#count)));
    return std > 0 ? std : 1;
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** Measures mean and standard deviation of a model's inputs, for each channel or column. */
export class MomentMeter {
  readonly #inputs: readonly (ModelInput & { readonly channels: Channels; readonly moments: Moments[] })[];

  constructor(inputs: readonly ModelInput[], options: Pick<DataOptions, 'image'>) {
    this.#inputs = inputs.map((input) => {
      const channels = measuredChannels(input, options, MOST_COLUMNS);
      return { ...input, channels, moments: Array.from({ length: channels.count }, () => new Moments()) };
    });
  }

  /** @param values a sample that is not normalized, by input */
  add(values: ReadonlyMap<string, Float32Array>): void {
    for (const { name, shape, channels, moments } of this.#inputs) {
      const all = values.get(name)!;
      for (let i = 0, n = count(shape); i < n; i++) {
        moments[Math.floor(i / channels.inner) % channels.count]!.add(all[i]!);
      }
    }
  }

  /** What to normalize with from now on. A model's only input needs no name. */
  result(): NormalizeOptions {
    const lists = (of: (m: Moments) => number): Record<string, number[]> =>
      Object.fromEntries(
        this.#inputs.map(({ name, moments }) => [this.#inputs.length === 1 ? '' : name, moments.map(of)]),
      );
    return { mean: lists((m) => m.mean), std: lists((m) => m.std), minmax: {}, from: undefined };
  }
}
