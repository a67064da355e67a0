import type { Shape } from '../graph.ts';

/** A tensor that flows at run time; `name` is a value of the graph being built, its shape in the model's order. */
export interface Flowing {
  readonly kind: 'value';
  readonly name: string;
  readonly shape: Shape;
}

/** Real numbers of the model, such as weights. */
export interface FloatConstant {
  readonly kind: 'float';
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Integers of the model: shapes, axes, indices. */
export interface IntConstant {
  readonly kind: 'int';
  readonly shape: Shape;
  readonly data: readonly number[];
}

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
