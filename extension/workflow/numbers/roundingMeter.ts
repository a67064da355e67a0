import { interpret } from '../../quantize/interpret.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import { type AccuracySample, quantizedInputs } from '../report/accuracy.ts';

/** How far results of our own rounding are from the exact ones, over some samples. */
export interface RoundingCheck {
  readonly samples: number;
  /** Numbers that come out of the network, of all samples. */
  readonly outputs: number;
  /** Of these, how many are others, and by how much at most. */
  readonly differing: number;
  readonly most: number;
}

/** Runs a network that is quantized already in both roundings. */
export class RoundingMeter {
  readonly #fast: QuantizedGraph;
  readonly #exact: QuantizedGraph;
  #samples = 0;
  #outputs = 0;
  #differing = 0;
  #most = 0;

  constructor(fast: QuantizedGraph, exact: QuantizedGraph) {
    this.#fast = fast;
    this.#exact = exact;
  }

  add({ inputs }: AccuracySample): void {
    const given = quantizedInputs(this.#fast, inputs);
    const fast = interpret(this.#fast, given);
    const exact = interpret(this.#exact, given);
    this.#samples++;
    for (const name of this.#fast.outputs) {
      const other = fast.get(name)!;
      exact.get(name)!.forEach((q, i) => {
        const apart = Math.abs(q - other[i]!);
        this.#outputs++;
        if (apart > 0) this.#differing++;
        if (apart > this.#most) this.#most = apart;
      });
    }
  }

  result(): RoundingCheck {
    return {
      samples: this.#samples,
      outputs: this.#outputs,
      differing: this.#differing,
      most: this.#most,
    };
  }
}
