import type { Step } from '../program.ts';
import type { Target } from '../target.ts';
import { convDepthwise } from './convDepthwise.ts';
import { convPatch } from './convPatch.ts';
import { convThumb } from './convThumb.ts';
import { convUnrolled } from './convUnrolled.ts';
import { denseStreamed } from './dense.ts';
import { elementwise } from './elementwise.ts';
import type { Kernel } from './kernel.ts';
import { pool } from './pool.ts';
import { softmax } from './softmax.ts';

/** All kernels that can compute a step. */
export function candidates(step: Step, target: Target): Kernel[] {
  const { node } = step;
  const thumb = target.core === 'cortex-m0plus';
  switch (node.kind) {
    case 'conv2d':
      return [
        thumb ? convThumb(node, step) : undefined,
        convUnrolled(node, step),
        convDepthwise(node, step, thumb),
        convPatch(node, step, thumb),
      ].filter((k) => k !== undefined);
    case 'dense':
      return [denseStreamed(node, step, thumb)];
    case 'maxpool':
    case 'avgpool':
      return [pool(node, step)];
    case 'softmax':
      return [softmax(node, step)];
    case 'reshape':
      throw new Error('reshapes are removed before kernels are chosen');
    default:
      return [elementwise(node, step)];
  }
}

/**
 * The kernel of each step: the smallest code first, then the exchanges that save most cycles per byte of code, as long as the
 * target's budget for unrolled code lasts.
 */
export function chooseKernels(steps: readonly Step[], target: Target): Kernel[] {
  const all = steps.map((s) => candidates(s, target));
  const chosen = all.map((list) => list.reduce((a, b) => (a.codeBytes <= b.codeBytes ? a : b)));
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
