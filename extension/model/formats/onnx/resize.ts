import { say } from '../../../common/errors/sentence.ts';
import { type ResizedAxis, resizedLinearly, resizedToNearest } from '../../import/resize.ts';
import type { Operand, Real } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** An axis that is resized: its sizes, and how many elements of the new one lie where the old one has one. */
interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

/** Positions in float32, as runtimes compute them: a position on the edge between two elements shall fall to the same side. */
const { fround } = Math;

/** By coordinate_transformation_mode: where element i lies on the old axis. */
const COORDINATES: Readonly<Record<string, (axis: Axis) => (i: number) => number>> = {
  asymmetric:
    ({ scale }) =>
    (i) =>
      fround(i / scale),
  half_pixel: halfPixel,
  half_pixel_symmetric: (axis) => {
    const { from, to, scale } = axis;
    const adjustment = fround(to / fround(scale * from));
    const offset = fround((from / 2) * (1 - adjustment));
    const position = halfPixel(axis);
    return (i) => fround(offset + position(i));
  },
  pytorch_half_pixel: (axis) => (axis.to > 1 ? halfPixel(axis) : () => 0),
  align_corners: ({ from, to }) => {
    return (i) => (to === 1 ? 0 : fround(fround(i * (from - 1)) / (to - 1)));
  },
  tf_half_pixel_for_nn:
    ({ scale }) =>
    (i) =>
      fround(fround(i + 0.5) / scale),
};

function halfPixel({ scale }: Axis): (i: number) => number {
  return (i) => fround(fround(fround(i + 0.5) / scale) - 0.5);
}

/** By nearest_mode. */
const ROUNDINGS: Readonly<Record<string, (position: number) => number>> = {
  round_prefer_floor: (p) => Math.ceil(p - 0.5),
  round_prefer_ceil: (p) => Math.floor(p + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Resize of one or two dimensions, nearest or linear; operator set 10 has scales only, and coordinates without a mode. */
export function resize(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const isOld = ctx.opset < 11;
  const mode = ctx.string('mode', 'nearest');
  const scales = axisScales(ctx, isOld ? 1 : 2, x);
  const coordinates = ctx.string('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  const transform = Object.hasOwn(COORDINATES, coordinates) && COORDINATES[coordinates];
  if (!transform)
    ctx.refuse(say`has coordinates '${coordinates}'; ${Object.keys(COORDINATES)} are supported`);
  if (ctx.int('antialias', 0) !== 0)
    ctx.refuse(say`smooths what it makes smaller (antialias), which is not supported`);
  const axes = scales.map((axis) => axis && { size: axis.to, at: transform(axis) });
  if (mode === 'linear') return resizedLinearly(ctx, x, axes);
  if (mode !== 'nearest') ctx.refuse(say`interpolates in mode '${mode}'; nearest and linear are supported`);
  if (isOld) return simplyResized(ctx, x, scales, axes);
  const rounding = ctx.string('nearest_mode', 'round_prefer_floor');
  const round = Object.hasOwn(ROUNDINGS, rounding) && ROUNDINGS[rounding];
  if (!round) ctx.refuse(say`rounds positions by '${rounding}'; ${Object.keys(ROUNDINGS)} are supported`);
  return resizedToNearest(ctx, x, axes, round);
}

/** Upsample, which Resize took over from operator set 10 on: scales are an attribute before 9, and an input in 9. */
export function upsample(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const mode = ctx.string('mode', 'nearest');
  const scales = axisScales(ctx, 1, x, ctx.opset < 9 ? ctx.floatList('scales') : undefined);
  const axes = scales.map((axis) => axis && { size: axis.to, at: COORDINATES['asymmetric']!(axis) });
  if (mode === 'linear' || mode === 'bilinear') return resizedLinearly(ctx, x, axes);
  if (mode !== 'nearest') ctx.refuse(say`interpolates in mode '${mode}'; nearest and linear are supported`);
  return simplyResized(ctx, x, scales, axes);
}

/** Before operator set 11: positions are cut off where the map grows, and rounded up where it shrinks, as runtimes do. */
function simplyResized(
  ctx: OnnxContext,
  x: Real,
  scales: readonly (Axis | undefined)[],
  axes: readonly (ResizedAxis | undefined)[],
): Operand {
  const pick = (shrinks: boolean): (ResizedAxis | undefined)[] =>
    axes.map((axis, k) => (scales[k] && scales[k].scale < 1 === shrinks ? axis : undefined));
  const grown = resizedToNearest(ctx, x, pick(false), Math.floor, pick(true).some(Boolean) ? '/grown' : '');
  return resizedToNearest(ctx, grown, pick(true), Math.ceil);
}

/** The axes that change, from scales or sizes; undefined for the others. @param at of the operand with the scales */
function axisScales(
  ctx: OnnxContext,
  at: number,
  x: Real,
  attribute?: readonly number[],
): (Axis | undefined)[] {
  const rank = x.shape.length;
  const named = ctx.ints('axes')?.map((a) => ctx.axis(a, rank)) ?? [...x.shape.keys()];
  const policy = ctx.string('keep_aspect_ratio_policy', 'stretch');
  if (policy !== 'stretch')
    ctx.refuse(say`keeps the ratio of its sides by '${policy}', which is not supported`);
  const given = attribute ?? (ctx.inputs[at] ? [...ctx.floats(at, say`the scales`).data] : []);
  const sizes = given.length > 0 ? undefined : ctx.optionalInts(at + 1, say`the sizes`);
  const list = sizes ?? given;
  if (list.length !== named.length) {
    ctx.refuse(say`has ${list.length} scales or sizes for ${named.length} dimensions`);
  }
  return x.shape.map((from, k) => {
    const place = named.indexOf(k);
    if (place < 0) return undefined;
    const scale = fround(sizes ? sizes[place]! / from : given[place]!);
    const to = sizes ? sizes[place]! : Math.floor(fround(scale * from));
    if (!(scale > 0 && Number.isSafeInteger(to) && to > 0)) ctx.refuse(say`makes ${to} elements of ${from}`);
    return to === from && scale === 1 ? undefined : { from, to, scale };
  });
}
