import type { Component, Frame } from './frame.ts';
import type { Plane } from './inverseDct.ts';

/** Row `y` of a component in the picture's full size; may be written over by the next call. */
export type FullRows = (y: number) => Uint8Array;

/** Below this width libjpeg does not interpolate across. */
const MIN_WIDTH = 3;

/**
 * A component in the picture's full size, as libjpeg makes it by default ("fancy upsampling"): where it has half the samples,
 * each new one is 3/4 of the nearer and 1/4 of the farther old one, with libjpeg's rounding; at the edge the last one
 * stands for what lies beyond. Other ratios repeat samples.
 */
export function upsample(frame: Frame, component: Component, plane: Plane): FullRows {
  const { h, v } = component;
  const isFullWidth = h === frame.maxH;
  const isFullHeight = v === frame.maxV;
  const isHalfWidth = 2 * h === frame.maxH && plane.width >= MIN_WIDTH;
  const isHalfHeight = 2 * v === frame.maxV;
  if (isFullWidth && isFullHeight) return (y) => rowOf(plane, y);
  if (isHalfWidth && isFullHeight) return acrossOnly(plane);
  if (isFullWidth && isHalfHeight) return downOnly(plane);
  if (isHalfWidth && isHalfHeight) return acrossAndDown(plane);
  return repeated(frame, component, plane);
}

function rowOf({ data, stride, width }: Plane, y: number): Uint8Array {
  return data.subarray(y * stride, y * stride + width);
}

/** The old rows nearest to row `y` of twice as many, the nearer first. */
function nearest(plane: Plane, y: number): [Uint8Array, Uint8Array] {
  const near = y >> 1;
  const far = Math.min(Math.max(y % 2 === 0 ? near - 1 : near + 1, 0), plane.height - 1);
  return [rowOf(plane, near), rowOf(plane, far)];
}

function acrossOnly(plane: Plane): FullRows {
  const out = new Uint8Array(2 * plane.width);
  const last = plane.width - 1;
  return (y) => {
    const from = rowOf(plane, y);
    for (let x = 0; x <= last; x++) {
      const three = 3 * from[x]!;
      out[2 * x] = (three + from[x === 0 ? 0 : x - 1]! + 1) >> 2;
      out[2 * x + 1] = (three + from[x === last ? last : x + 1]! + 2) >> 2;
    }
    return out;
  };
}

function downOnly(plane: Plane): FullRows {
  const out = new Uint8Array(plane.width);
  return (y) => {
    const [near, far] = nearest(plane, y);
    const rounding = 1 + (y % 2);
    for (let x = 0; x < out.length; x++) out[x] = (3 * near[x]! + far[x]! + rounding) >> 2;
    return out;
  };
}

/** Both ways at once, rounded once. */
function acrossAndDown(plane: Plane): FullRows {
  const out = new Uint8Array(2 * plane.width);
  const last = plane.width - 1;
  return (y) => {
    const [near, far] = nearest(plane, y);
    const down = (x: number): number => 3 * near[x]! + far[x]!;
    let [before, here] = [down(0), down(0)];
    for (let x = 0; x <= last; x++) {
      const after = x === last ? here : down(x + 1);
      out[2 * x] = (3 * here + before + 8) >> 4;
      out[2 * x + 1] = (3 * here + after + 7) >> 4;
      [before, here] = [here, after];
    }
    return out;
  };
}

function repeated(frame: Frame, { h, v }: Component, plane: Plane): FullRows {
  const out = new Uint8Array(frame.width);
  return (y) => {
    const from = rowOf(plane, Math.floor((y * v) / frame.maxV));
    for (let x = 0; x < out.length; x++) out[x] = from[Math.floor((x * h) / frame.maxH)]!;
    return out;
  };
}
