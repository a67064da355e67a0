import type { Numbers } from './debuggedNetwork.ts';
import type { Difference } from './difference.ts';
import type { Mark } from './marks.ts';
import type { Bases } from './readTensor.ts';

/** A point of a machine's past. */
export interface Moment {
  readonly instructions: number;
  readonly cycles: number;
}

/** What was found when a layer's tensor was compared. */
export interface Verdict {
  readonly at: Moment;
  /** Undefined when it is the PC's. */
  readonly difference: Difference | undefined;
}

/** One run of the network, as far as it was seen. */
export interface Inference {
  readonly entered: Moment;
  readonly bases: Bases;
  /** What its inputs and states held when it was entered. */
  inputs: Numbers;
  states: Numbers;
  /** By layer. */
  readonly began: (Moment | undefined)[];
  readonly ended: (Moment | undefined)[];
  /** When it returned, or a reset ended it. */
  left: Moment | undefined;
  readonly verdicts: Map<number, Verdict>;
}

/** Further inferences back are not remembered. */
const MOST_INFERENCES = 16;

/**
 * The inferences of a machine's past, in the order in which they were. The machine is deterministic: what was seen once holds when the past
 * is run through again, until somebody changes something there.
 */
export class Trace {
  readonly #layers: number;
  #inferences: Inference[] = [];

  /** @param layers how many the network has */
  constructor(layers: number) {
    this.#layers = layers;
  }

  /** The last inference that had begun at a point of the past. */
  at(instructions: number): Inference | undefined {
    return this.#inferences.findLast((i) => i.entered.instructions <= instructions);
  }

  /** An inference begins, unless this one is known. @param look what it finds */
  enter(entered: Moment, look: () => Pick<Inference, 'bases' | 'inputs' | 'states'>): void {
    const last = this.at(entered.instructions);
    if (last?.entered.instructions === entered.instructions) return;
    // an interrupt came just before the first instruction, which is met again behind it
    const isAgain = last && !last.left && last.began.every((m) => m === undefined);
    const others = isAgain ? this.#inferences.filter((i) => i !== last) : this.#inferences;
    const all = [
      ...others,
      {
        ...look(),
        entered,
        began: Array<undefined>(this.#layers).fill(undefined),
        ended: Array<undefined>(this.#layers).fill(undefined),
        left: undefined,
        verdicts: new Map<number, Verdict>(),
      },
    ];
    all.sort((a, b) => a.entered.instructions - b.entered.instructions);
    this.#inferences = all.slice(-MOST_INFERENCES);
  }

  /** The machine has come to a mark. */
  mark(mark: Exclude<Mark, { kind: 'enter' }>, now: Moment): void {
    const inference = this.at(now.instructions);
    if (!inference || isBefore(inference.left, now)) return;
    const { began, ended } = inference;
    const end = (layers: number): void => {
      for (let i = 0; i < layers; i++) ended[i] ??= now;
    };
    switch (mark.kind) {
      case 'call':
        end(mark.layer);
        began[mark.layer] ??= now;
        break;
      case 'return':
        ended[mark.layer] ??= now;
        break;
      case 'leave':
        end(this.#layers);
        inference.left ??= now;
    }
  }

  /** Another future begins. @param isReset an inference that was under way never ends */
  forgetAfter(now: Moment, isReset: boolean): void {
    this.#inferences = this.#inferences.filter((i) => i.entered.instructions <= now.instructions);
    for (const inference of this.#inferences) {
      for (const moments of [inference.began, inference.ended]) {
        moments.forEach((m, i) => {
          if (isBefore(now, m)) moments[i] = undefined;
        });
      }
      if (isBefore(now, inference.left)) inference.left = undefined;
      for (const [layer, { at }] of inference.verdicts) {
        if (isBefore(now, at)) inference.verdicts.delete(layer);
      }
      if (isReset) inference.left ??= now;
    }
  }

  clear(): void {
    this.#inferences = [];
  }
}

/** Whether one moment is known and earlier than another. */
export function isBefore(a: Moment | undefined, b: Moment | undefined): boolean {
  return a !== undefined && b !== undefined && a.instructions < b.instructions;
}
