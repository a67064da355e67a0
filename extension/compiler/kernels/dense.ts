import { elements } from '../../model/graph.ts';
import type { QDense } from '../../quantize/quantizedGraph.ts';
import { CALL, REQUANT, streamedMac } from '../cost.ts';
import type { Step } from '../program.ts';
import { blockSize, emitDot } from './dot.ts';
import type { Kernel } from './kernel.ts';

/** A fully connected layer: weights streamed from the constant memory, several outputs per load of an input. */
export function denseStreamed(node: QDense, step: Step): Kernel {
  const [x, y] = [step.inputs[0]!, step.output];
  const taps = elements(x.layout.shape);
  const channels = node.outChannels;
  return {
    variant: 'streamed',
    macs: taps * channels,
    cycles: CALL + taps * 5 + taps * channels * streamedMac(blockSize(channels)) + channels * (REQUANT + 6),
    codeBytes: 100 + blockSize(channels) * 30,
    scratchBytes: 0,
    optimize: 'speed',
    note: 'weights are streamed from the constant memory',
    emit: (context) => {
      const dot = emitDot(context, { node, x, y, taps, channels, groups: 1, keepMaximum: false }, 'in');
      return [`${y.layout.type} *q = out;`, ...dot.declare, ...dot.multiply];
    },
  };
}
