import { elements } from '../../model/graph.ts';
import { planDot } from './dot/dot.ts';
import type { Kernel, KernelMaker } from './kernel.ts';

/** A fully connected layer: weights streamed from the constant memory, several outputs per load of an input. */
export const denseStreamed: KernelMaker<'dense'> = {
  computes: ['dense'],
  make(step, target): Kernel {
    const { node, output: y } = step;
    const x = step.inputs[0]!;
    const taps = elements(x.layout.shape);
    const channels = node.outChannels;
    const dot = planDot({ node, x, y, taps, channels, groups: 1, keepMaximum: false }, target);
    return {
      variant: dot.isThumb ? 'thumb streamed' : 'streamed',
      macs: taps * channels,
      cycles: target.costs.call + dot.cycles,
      codeBytes: 100 + dot.codeBytes,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'weights are streamed from the constant memory',
      emit: (context) => {
        const code = dot.emit(context, context.inputs[0]!);
        return [`${y.layout.type} *q = ${context.output};`, ...code.setup, ...code.begin, ...code.multiply];
      },
    };
  },
};
