/** Where a layer's output lies while an inference runs, and how: what a debugger reads it with. */
export interface TensorPlace {
  /** Name of the value in the quantized graph. */
  readonly value: string;
  readonly memory: 'mutable' | 'activations';
  /** Of the first element in that memory; a border may lie before it. */
  readonly byteOffset: number;
  readonly type: StoredType;
  /** stored = q + bias */
  readonly bias: number;
  /** NHWC or flat. */
  readonly shape: readonly number[];
  /** Distance between neighbours along each dimension, in elements. */
  readonly strides: readonly number[];
  /** The first layer behind it that writes over it, counted from 0; left out where none does before the inference ends. */
  readonly overwrittenBy?: number;
}

export const STORED_TYPES = ['uint8', 'int8', 'int16', 'int32', 'float32'] as const;
export type StoredType = (typeof STORED_TYPES)[number];

/** Bytes of one element. */
export const STORED_BYTES: Readonly<Record<StoredType, 1 | 2 | 4>> = {
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  float32: 4,
};
