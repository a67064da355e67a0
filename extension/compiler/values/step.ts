import type { QMaxPool, QNode, QuantizedValue } from '../../quantize/quantizedGraph.ts';
import type { Layout } from './layout.ts';

/** Copies a value, into another layout where it needs one; the only operator that the quantized graph does not have. */
export interface CopyNode {
  readonly kind: 'copy';
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** What a step computes; a reshape computes nothing, it is another name for memory. */
export type StepNode = Exclude<QNode, { kind: 'reshape' }> | CopyNode;
export type StepKind = StepNode['kind'];

/** A value as a step reads or writes it: its own shape, in the memory of a buffer. */
export interface Operand {
  readonly buffer: string;
  readonly value: QuantizedValue;
  readonly layout: Layout;
  /** A state that the step reads and brings up to date. */
  readonly isUpdated?: boolean;
}

/** One C function: an operator, or a convolution with the max pooling behind it. */
export interface Step<N extends StepNode = StepNode> {
  readonly node: N;
  /** A max pooling computed together with its convolution. */
  readonly pool: QMaxPool | undefined;
  /** Constants included. */
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  /** Set when the output is written over the input while it is read: how many elements the input must start behind it. */
  readonly inPlace?: number;
}

/** A step of one kind of operator. */
export type StepOf<K extends StepKind> = Step<Extract<StepNode, { kind: K }>>;

export interface Buffer {
  readonly value: QuantizedValue;
  readonly layout: Layout;
  /** Placeholders are mutable; states live in the same memory, between inferences too. */
  readonly memory: 'mutable' | 'state' | 'activations' | 'constant';
}

/** What is to be emitted: steps in order, and where each value lies. */
export interface Program {
  readonly steps: readonly Step[];
  readonly buffers: ReadonlyMap<string, Buffer>;
}
