/** What a Glow bundle is: three memories (constant, mutable, activations), placeholders in the mutable one, one function. */

import type { ActivationBuffer } from '../../webview/shared/report.ts';
import type { Answer, Task } from '../../webview/shared/task.ts';
import type { TensorPlace } from './tensorPlace.ts';

export type { ActivationBuffer, Answer, Task };

/** int32: numbers, and index32: positions that ArgMax or ArgMin found; outputs only. */
export type ElementType = 'int8' | 'int16' | 'int32' | 'index32' | 'float32';

/** A network input or output: a region of the mutable memory. */
export interface Placeholder {
  /** The model's own name. */
  readonly name: string;
  /** The name as a C identifier: every other byte replaced by `_`, as Glow does. */
  readonly cName: string;
  readonly direction: 'input' | 'output';
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** real = scale * (q - offset); scale 1, offset 0 for float32. */
  readonly scale: number;
  readonly offset: number;
  /** Byte offset in the mutable memory. */
  readonly byteOffset: number;
  readonly byteSize: number;
}

/** One line of the layer report. */
export interface LayerReport {
  readonly name: string;
  /** Operators this layer covers after fusing, such as `conv2d + maxpool`. */
  readonly operator: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Quantization of the output: real = scale * (q - offset). */
  readonly scale: number;
  readonly offset: number;
  /** Multiply-accumulates really executed. */
  readonly macs: number;
  /** Bytes of constants in flash (weights.bin part). */
  readonly constantBytes: number;
  /** Bytes of code, known once the object is compiled. */
  readonly codeBytes?: number;
  /** Predicted core cycles of the target at zero wait states. */
  readonly predictedCycles: number;
  /** Symbol of the C function of this layer, as in the ELF. */
  readonly symbol: string;
  /** Symbols of assembly that only this layer calls; their code is the layer's too. */
  readonly assemblySymbols?: readonly string[];
  /** Kernel variant chosen, such as `unrolled` or `im2col`. */
  readonly variant: string;
  /** Where its output lies; unknown for a bundle made by Glow. */
  readonly output?: TensorPlace;
}

export interface Bundle {
  /** Network name as a C identifier: file names, entry point and (upper-cased) macro prefix. */
  readonly name: string;
  /** Text of NAME.h. */
  readonly header: string;
  /** Text of NAME.c for the built-in compiler; undefined for a bundle made by Glow. */
  readonly source: string | undefined;
  /** Text of NAME_float.c, which is linked beside the object (see softFloat.ts); only of a bundle made by Glow. */
  readonly softFloat?: string | undefined;
  /** Bytes of NAME.o once compiled. */
  readonly object: Uint8Array | undefined;
  /** NAME.weights.bin: the constant memory. */
  readonly weights: Uint8Array;
  readonly placeholders: readonly Placeholder[];
  readonly constantBytes: number;
  readonly mutableBytes: number;
  /** Of these, what the network keeps between inferences; 0 for most, and for all of Glow's. */
  readonly stateBytes: number;
  readonly activationBytes: number;
  readonly alignment: number;
  readonly layers: readonly LayerReport[];
  /** Where the network's states lie; unknown for a bundle made by Glow. */
  readonly states?: readonly TensorPlace[];
  /** Plan of the activations memory (of all memory when there are no activations); undefined for a bundle made by Glow. */
  readonly buffers?: readonly ActivationBuffer[];
}

/**
 * A name as a C identifier, as Glow makes it: `_` for every byte, in UTF-8, of what no identifier has (`ä-1` becomes `___1`), and
 * an `A` in front of a digit.
 */
export function cIdentifier(name: string): string {
  const id = name.replace(/[^A-Za-z0-9_]/gu, (character) => '_'.repeat(Buffer.byteLength(character)));
  return /^[0-9]/.test(id) || id === '' ? `A${id}` : id;
}
