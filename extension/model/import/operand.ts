import type { Shape } from '../graph.ts';
import type { GivenParams } from '../params.ts';

/** A tensor that flows at run time; `name` is a value of the graph being built, its shape in the model's order. */
export interface Flowing {
  readonly kind: 'value';
  readonly name: string;
  readonly shape: Shape;
  /** Of a tensor that has integers in the file, in place of which the graph has the real numbers: what they stand for. */
  readonly integers?: Parameters;
}

/** What integers that flow stand for. */
export type Parameters = FlowingParams | DynamicParams;

/** Integers of 8 bits: of uint8, too, the offset is that of int8. */
export interface FlowingParams extends GivenParams {
  readonly type: 'INT8' | 'UINT8';
}

/** What is computed for each sample. The graph has the real numbers, so that these stand for it: one of each for an operator. */
export interface DynamicParams {
  readonly dynamicScale: FloatConstant;
  readonly dynamicZero: IntConstant;
}

export function isDynamic(params: Parameters): params is DynamicParams {
  return 'dynamicZero' in params;
}

/** Integers in the file that a constant's real numbers are made of: scale · (integer - zero point). */
export interface ConstantIntegers {
  readonly integers: readonly number[];
  /** One for all, or one for each position along the axis. */
  readonly scales: readonly number[];
  /** As many; of uint8 numbers less 128, as the integers. */
  readonly offsets: readonly number[];
  readonly axis: number;
}

/** Real numbers of the model, such as weights. */
export interface FloatConstant {
  readonly kind: 'float';
  readonly shape: Shape;
  readonly data: Float32Array;
  readonly quantized?: ConstantIntegers;
}

/** Integers of the model: shapes, axes, indices. */
export interface IntConstant {
  readonly kind: 'int';
  readonly shape: Shape;
  readonly data: readonly number[];
  /** Where it matters: numbers of quantized tensors. */
  readonly type?: IntegerType;
}

/** Types of quantized tensors. */
export type IntegerType = 'INT8' | 'UINT8' | 'INT16' | 'UINT16' | 'INT32';

export type ModelConstant = FloatConstant | IntConstant;

/** What the IR's nodes can read. */
export type Real = Flowing | FloatConstant;

/** Positions that flow at run time (ArgMax): a value of the graph that nothing computes with. */
export interface FlowingPositions {
  readonly kind: 'positions';
  readonly name: string;
  readonly shape: Shape;
}

/** What a tensor's name in a model file can stand for. */
export type Operand = Real | IntConstant | FlowingPositions;

/** One number, as an operand that broadcasts to any shape. */
export function scalar(value: number): FloatConstant {
  return { kind: 'float', shape: [], data: Float32Array.of(value) };
}
