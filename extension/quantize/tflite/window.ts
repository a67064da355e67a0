import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import { placeWindow, type Two } from '../../model/import/placeWindow.ts';
import type { Window } from '../../model/window.ts';
import type { QuantizedValue } from '../quantizedGraph.ts';
import { wrong } from './lowering.ts';

/** What the options of convolutions and poolings share. */
interface WindowOptions {
  readonly padding: 'SAME' | 'VALID';
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight?: number;
  readonly dilationWidth?: number;
}

/** A window over the map x; its sizes have been checked as the model was read. */
export function windowOf(node: TfliteNode, x: QuantizedValue, kernel: Two, options: WindowOptions): Window {
  const { padding, strideHeight, strideWidth, dilationHeight = 1, dilationWidth = 1 } = options;
  const window = {
    kernel,
    strides: [strideHeight, strideWidth],
    dilations: [dilationHeight, dilationWidth],
    padding: padding === 'SAME' ? 'same upper' : 'valid',
    ceil: false,
  } as const;
  const refuse = (why: Parameters<typeof wrong>[1]): never => {
    throw wrong(node, why);
  };
  const { strides, dilations, pads } = placeWindow({ refuse }, window, [x.shape[1]!, x.shape[2]!]);
  return { kernel, strides, dilations, pads };
}
