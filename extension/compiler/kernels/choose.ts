import type { Target } from '../target/target.ts';
import type { Step, StepKind } from '../values/step.ts';
import * as all from './all.ts';
import type { Kernel, KernelMaker } from './kernel.ts';

/** By the operators that they compute. */
const makers = new Map<StepKind, KernelMaker[]>();
for (const maker of Object.values<unknown>(all) as readonly KernelMaker[]) {
  for (const kind of maker.computes) makers.set(kind, [...(makers.get(kind) ?? []), maker]);
}

/** All kernels that can compute a step. */
export function candidates(step: Step, target: Target): Kernel[] {
  const kernels = (makers.get(step.node.kind) ?? [])
    .map((m) => m.make(step, target))
    .filter((k) => k !== undefined);
  if (kernels.length === 0) throw new Error(`no kernel computes ${step.node.kind}`);
  return kernels;
}

/**
 * The kernel of each step: the smallest code first, then the exchanges that save most cycles per byte of code, as long as the
 * target's budget for unrolled code lasts.
 */
export function chooseKernels(steps: readonly Step[], target: Target): Kernel[] {
  const all = steps.map((s) => candidates(s, target));
  const chosen = all.map((list) => list.reduce(smaller));
  let budget = target.unrollBytes;
  const exchanges = all
    .flatMap((list, i) => {
      const small = chosen[i]!;
      return list
        .filter((k) => k !== small && k.cycles < small.cycles)
        .map((kernel) => ({
          i,
          kernel,
          bytes: kernel.codeBytes - small.codeBytes,
          gain: (small.cycles - kernel.cycles) / Math.max(1, kernel.codeBytes - small.codeBytes),
        }));
    })
    .sort((a, b) => b.gain - a.gain);
  const spent = new Map<number, number>();
  for (const { i, kernel, bytes } of exchanges) {
    // a second exchange of a step gives back what the first has spent
    const more = bytes - (spent.get(i) ?? 0);
    if (more > budget || kernel.cycles >= chosen[i]!.cycles) continue;
    budget -= more;
    spent.set(i, bytes);
    chosen[i] = kernel;
  }
  return chosen;
}

/** The kernel with less code; of as much, the faster one. */
function smaller(a: Kernel, b: Kernel): Kernel {
  if (a.codeBytes !== b.codeBytes) return a.codeBytes < b.codeBytes ? a : b;
  return a.cycles <= b.cycles ? a : b;
}
