/**
 * Views: how the layout pass carries transposes and reshapes along without doing them.
 *
 * A view says that a value of the old graph is a value of the new one (its base) with its elements in another order:
 * element i of the old value, in row-major order, is element map[i] of the base.
 */
import type { Shape } from '../graph.ts';
import { odometer, offsets, strides, transposedShape, transposeOffsets } from '../indexing.ts';

export interface View {
  /** Name of the value in the new graph. */
  readonly base: string;
  readonly baseShape: Shape;
  /** Shape in the old graph; as many elements as the base. */
  readonly shape: Shape;
  /** A permutation, or null for the identity. */
  readonly map: Int32Array | null;
  /**
   * When the view only permutes dimensions, inserts or drops dimensions of size 1: for each dimension of `shape` the
   * dimension of the base it is, or -1 for an inserted one. Null when dimensions were split or merged.
   */
  readonly axes: readonly number[] | null;
  /** Makes the value as the old graph has it, for maps that no reshape-transpose-reshape expresses. */
  readonly fallback?: () => string;
}

/** A value as it is. */
export function plainView(base: string, shape: Shape): View {
  return { base, baseShape: shape, shape, map: null, axes: shape.map((_, k) => k) };
}

/** transpose(view, perm) */
export function transposeView(view: View, perm: readonly number[]): View {
  return {
    ...view,
    shape: transposedShape(view.shape, perm),
    map: compose(view.map, transposeOffsets(view.shape, perm)),
    axes: view.axes && perm.map((k) => view.axes![k]!),
  };
}

/** reshape(view, shape) */
export function reshapeView(view: View, shape: Shape): View {
  return { ...view, shape, axes: view.axes && reshapedAxes(view.shape, view.axes, shape) };
}

/** The order in which `second` reads what `first` has put in order; null when that is the identity. */
export function compose(first: Int32Array | null, second: Int32Array): Int32Array | null {
  const map = first ? second.map((i) => first[i]!) : second;
  return map.every((v, i) => v === i) ? null : map;
}

/** Carries axes over a reshape that inserts or drops dimensions of 1; null for any other reshape. */
function reshapedAxes(from: Shape, axes: readonly number[], to: Shape): number[] | null {
  const out: number[] = [];
  let k = 0;
  for (const d of to) {
    if (d === 1) {
      // The same dimension of 1 when it stands at the same place, an inserted one otherwise.
      if (from[k] === 1) out.push(axes[k++]!);
      else out.push(-1);
      continue;
    }
    while (from[k] === 1) k++;
    if (from[k] !== d) return null;
    out.push(axes[k++]!);
  }
  return from.slice(k).every((d) => d === 1) ? out : null;
}

/** Positions of the old value by element of the base: the map backwards. */
export function inverse(map: Int32Array): Int32Array {
  const out = new Int32Array(map.length);
  for (let i = 0; i < map.length; i++) out[map[i]!] = i;
  return out;
}

/**
 * Shrinks an operand that was broadcast: `positions` gives, for every element of `shape`, the operand's element that
 * belongs there. Dimensions along which it never changes become 1.
 */
export function collapse(positions: Int32Array, shape: Shape): { shape: number[]; positions: Int32Array } {
  const out = [...shape];
  let current = positions;
  for (let k = 0; k < shape.length; k++) {
    const size = out[k]!;
    if (size === 1) continue;
    const inner = strides(out)[k]!;
    const same = current.every((p, i) => p === current[i - (Math.floor(i / inner) % size) * inner]);
    if (!same) continue;
    const first = offsets(
      out.map((d, j) => (j === k ? 1 : d)),
      strides(out),
    );
    current = Int32Array.from(first, (i) => current[i]!);
    out[k] = 1;
  }
  return { shape: out, positions: current };
}

/** A transpose between two reshapes: reshape to `split`, transpose by `perm`. */
export interface Factors {
  readonly split: readonly number[];
  readonly perm: readonly number[];
}

/** Expresses a permutation as reshape, transpose, reshape with as few dimensions as can be; undefined when none does. */
export function factor(map: Int32Array): Factors | undefined {
  if (map[0] !== 0) return undefined;
  const digits = odometer(map);
  if (!digits) return undefined;
  const sorted = [...digits].sort((a, b) => b.step - a.step);
  const split = sorted.map((d) => d.count);
  const expected = strides(split);
  if (sorted.some((d, k) => d.step !== expected[k])) return undefined;
  return { split, perm: digits.map((d) => sorted.indexOf(d)) };
}

/** Whether two maps order alike. */
export function sameMap(a: Int32Array | null, b: Int32Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

/** Whether the positions name each element once. */
export function isPermutation(positions: Int32Array): boolean {
  const seen = new Uint8Array(positions.length);
  for (const p of positions) seen[p] = 1;
  return seen.every((v) => v === 1);
}

/**
 * A base whose dimension axes[k] is dimension k of a value of this shape (dimensions of the base that no axis names
 * are 1), and, for each of its elements, the element of the value.
 */
export function permuted(
  shape: Shape,
  axes: readonly number[],
  rank: number,
): { baseShape: number[]; toOld: Int32Array } {
  const baseShape = new Array<number>(rank).fill(1);
  const step = new Array<number>(rank).fill(0);
  const own = strides(shape);
  axes.forEach((a, k) => {
    if (a < 0) return;
    baseShape[a] = shape[k]!;
    step[a] = own[k]!;
  });
  return { baseShape, toOld: offsets(baseShape, step) };
}

/** The permutation of dimensions that a map is, when shapes of the same rank tell it at once; null otherwise. */
export function directAxes(baseShape: Shape, shape: Shape, map: Int32Array): number[] | null {
  if (baseShape.length !== shape.length) return null;
  const base = strides(baseShape);
  const own = strides(shape);
  const used = new Set<number>();
  const axes = shape.map((d, k) => {
    const at = d === 1 ? undefined : map[own[k]!];
    const found = baseShape.findIndex((b, j) => !used.has(j) && b === d && (d === 1 || base[j] === at));
    used.add(found);
    return found;
  });
  if (axes.includes(-1)) return null;
  return sameMap(
    offsets(
      shape,
      axes.map((a) => base[a]!),
    ),
    map,
  )
    ? axes
    : null;
}
