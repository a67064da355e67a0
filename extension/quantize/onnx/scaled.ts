/** Requantization of ONNX's integer operators (QLinearConv and the like), as onnxruntime's kernels for CPUs compute it in float32. */
import { roundToEven } from '../../model/functions.ts';
import type { Multiplier } from '../tflite/fixedPoint.ts';

/** A float32 scale as its 32 bits, in place of a multiplier; no shift. */
export interface FloatScale extends Multiplier {
  readonly isFloat: true;
}

const word = new DataView(new ArrayBuffer(4));

/** input scale · weight scale / output scale, each step in float32. */
export function floatScale(input: number, weight: number, output: number): FloatScale {
  word.setFloat32(0, Math.fround(Math.fround(input * weight) / output));
  return { multiplier: word.getInt32(0), shift: 0, isFloat: true };
}

/** The scale whose bits a requantization has. */
export function scaleOf({ multiplier }: FloatScale): number {
  word.setInt32(0, multiplier);
  return word.getFloat32(0);
}

/** Accumulator · scale, both float32, to the nearest integer, halves to the even one. */
export function scaledToEven(acc: number, scale: number): number {
  return roundToEven(Math.fround(Math.fround(acc) * scale));
}
