import type { WeightedNode } from '../../../quantize/quantizedGraph.ts';
import type { Operand } from '../../values/step.ts';

/**
 * Dot products of one vector with the weights of several output channels, streamed from the constant memory: the inner
 * part of dense layers and of convolutions over a gathered patch.
 */
export interface DotProducts {
  readonly node: WeightedNode;
  readonly x: Operand;
  readonly y: Operand;
  /** Weights per output channel. */
  readonly taps: number;
  /** Output channels of a vector. */
  readonly channels: number;
  /** Vectors, each with channels of its own, that are multiplied one after the other (groups of a convolution); else 1. */
  readonly groups: number;
  /** Keep the larger of the result and what already stands at `q`: a max pooling over several positions. */
  readonly keepMaximum: boolean;
}

/** How weights are stored: w + 128 in bytes with the sum correction, or as they are in one or two bytes. */
export interface WeightForm {
  readonly type: 'uint8_t' | 'int8_t' | 'int16_t';
  readonly bytes: 1 | 2;
  readonly bias: number;
}

/**
 * 8-bit weights are stored as w + 128, because LDRB has an immediate offset and LDRSB has none; 128 * sum(x) is then taken off
 * every accumulator.
 */
export function weightForm(d: DotProducts): WeightForm {
  if (d.node.weights.some((w) => w < -128 || w > 127)) return { type: 'int16_t', bytes: 2, bias: 0 };
  // 128 * sum(x) must fit 32 bits along with the products
  const biased = d.x.layout.bytesPerElement === 1 && d.taps * 255 * 255 < 2 ** 30;
  return biased ? { type: 'uint8_t', bytes: 1, bias: 128 } : { type: 'int8_t', bytes: 1, bias: 0 };
}
