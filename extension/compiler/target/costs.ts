/**
 * Cycles that kernels predict themselves with, and bytes of code: what gcc makes of their C at the level they ask for. Each
 * core has a table of its own, fitted to measurements of random layers (bench/cost.ts); test/compiler/costs.test.ts holds
 * the predictions to what is measured.
 */
export interface Costs {
  /** Call, prologue and epilogue of a layer's function, and what it sets up. */
  readonly call: number;
  /** What a load of a signed number of 8 or 16 bits takes more than one of an unsigned byte. */
  readonly signedLoad: number;
  /** What saturating to other bounds than 0..255 takes more: two comparisons instead of one. */
  readonly twoBounds: number;
  /**
   * What C takes more for a result that is requantized exactly: by TensorFlow Lite's product of 64 bits, by ONNX's of float32. The
   * library's functions and what is saved around them, where the core has no such instructions.
   */
  readonly exact: { readonly fixed: number; readonly float: number };
  /** Filling a border: the call of the helper and a word of bytes; an element of more than a byte. */
  readonly fill: { readonly call: number; readonly word: number; readonly element: number };
  /** Convolutions with their weights as immediates. */
  readonly unrolled: {
    /** An activation, for a block of output channels. */
    readonly load: number;
    /** A weight; one that is a power of two. */
    readonly mac: number;
    readonly cheapMac: number;
    readonly macBytes: number;
    /** Four channels at a position of the window: what the compiler cannot hold in registers, the loop of a pooling. */
    readonly position: number;
    /** The loop over output pixels. */
    readonly pixel: number;
    /** Taking the maximum of an output channel. */
    readonly maximum: number;
    /** Requantizing and storing an output. */
    readonly output: number;
    readonly outputBytes: number;
  };
  readonly depthwise: {
    readonly mac: number;
    readonly macBytes: number;
    readonly output: number;
    readonly pixel: number;
  };
  /** Convolutions over a gathered patch. */
  readonly patch: {
    readonly pixel: number;
    readonly gather: { readonly call: number; readonly run: number; readonly element: number };
  };
  /** Dot products with streamed weights. */
  readonly dot: {
    /** Telling the assembly where things are, and calling it. */
    readonly call: number;
    /** An element of the vector for the sum; one for a block of channels; a weight. */
    readonly sum: number;
    readonly input: number;
    readonly mac: number;
    /** Beginning and ending a block; requantizing and storing a channel; comparing it with what is stored. */
    readonly block: number;
    readonly output: number;
    readonly maximum: number;
    readonly channelBytes: number;
  };
  /** Loop nests over elements: a turn of the innermost loop and of one around it, and the statements of one element. */
  readonly nest: {
    readonly innerLoop: number;
    readonly outerLoop: number;
    /** An array whose neighbours in the innermost loop do not lie side by side. */
    readonly strided: number;
    /** Into another storage; as it is, a byte and a wider element. */
    readonly move: number;
    readonly copy: number;
    readonly copyWide: number;
    /** Setting a byte, and a wider element. */
    readonly setByte: number;
    readonly set: number;
    readonly requant: number;
    readonly lookup: number;
    readonly interpolate: number;
    readonly add: number;
    readonly mul: number;
    /** The greater or smaller of two; a quotient; a slope below zero. */
    readonly extreme: number;
    readonly divide: number;
    readonly prelu: number;
    readonly quantize: number;
    readonly dequantize: number;
  };
  /** Poolings whose windows lie inside: an element where the window is written out and where it is looped over, an output. */
  readonly pool: {
    readonly maximum: number;
    readonly maximumLooped: number;
    readonly sum: number;
    readonly sumLooped: number;
    readonly pixel: number;
    readonly output: number;
    /** Requantizing and storing the sum of more than one element. */
    readonly average: number;
  };
  /** Poolings cut at the edge: a row and a column looked at, an element taken, an output. */
  readonly clippedPool: {
    readonly row: number;
    readonly column: number;
    readonly element: number;
    readonly output: number;
    readonly average: number;
  };
  readonly logSoftmax: { readonly group: number; readonly element: number };
  readonly normalize: { readonly group: number; readonly element: number };
  readonly softmax: { readonly group: number; readonly element: number; readonly interpolation: number };
}
