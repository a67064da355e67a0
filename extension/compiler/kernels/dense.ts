import { elements } from '../../model/graph.ts';
import type { QDense } from '../../quantize/quantizedGraph.ts';
import { CALL } from '../cost.ts';
import type { Step } from '../program.ts';
import { dotCost, emitDot, usesThumb } from './dot.ts';
import type { Kernel } from './kernel.ts';

/**
 * A fully connected layer: weights streamed from the constant memory, several outputs per load of an input.
 *
 * @param thumb for Cortex-M0+
 */
export function denseStreamed(node: QDense, step: Step, thumb: boolean): Kernel {
  const [x, y] = [step.inputs[0]!, step.output];
  const taps = elements(x.layout.shape);
  const channels = node.outChannels;
  const d = { node, x, y, taps, channels, groups: 1, keepMaximum: false, thumb };
  const { cycles, codeBytes } = dotCost(d);
  return {
    variant: usesThumb(d) ? 'thumb streamed' : 'streamed',
    macs: taps * channels,
    cycles: CALL + cycles,
    codeBytes: 100 + codeBytes,
    scratchBytes: 0,
    optimize: 'speed',
    note: 'weights are streamed from the constant memory',
    emit: (context) => {
      const dot = emitDot(context, d, 'in');
      return [`${y.layout.type} *q = out;`, ...dot.setup, ...dot.begin, ...dot.multiply];
    },
  };
}
