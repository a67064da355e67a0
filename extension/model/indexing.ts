import type { Shape } from './graph.ts';

/** Row-major strides of a shape, in elements. */
export function strides(shape: Shape): number[] {
  const s = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    s[i] = step;
    step *= shape[i]!;
  }
  return s;
}

/**
 * Walks all positions of `shape` in row-major order and returns, for each, the offset sum(index[k] * step[k]).
 * With other strides than the shape's own this expresses transposes (permuted strides) and broadcasts (stride 0).
 */
export function offsets(shape: Shape, step: readonly number[]): Int32Array {
  let n = 1;
  for (const d of shape) n *= d;
  const out = new Int32Array(n);
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  let at = 0;
  for (let i = 0; i < n; i++) {
    out[i] = at;
    for (let k = rank - 1; k >= 0; k--) {
      at += step[k]!;
      if (++index[k]! < shape[k]!) break;
      at -= shape[k]! * step[k]!;
      index[k] = 0;
    }
  }
  return out;
}

/** Shape of transpose(x, perm) for an x of this shape. */
export function transposedShape(shape: Shape, perm: readonly number[]): number[] {
  return perm.map((k) => shape[k]!);
}

/** For each element of transpose(x, perm), in row-major order, its position in x. */
export function transposeOffsets(shape: Shape, perm: readonly number[]): Int32Array {
  const s = strides(shape);
  return offsets(
    transposedShape(shape, perm),
    perm.map((k) => s[k]!),
  );
}

/** For each element of a gather (graph.ts) in row-major order, its position in an operand of this shape. */
export function gatherOffsets(shape: Shape, indices: readonly Int32Array[]): Int32Array {
  const step = strides(shape);
  return indices.reduce((before, list, k) => {
    const next = new Int32Array(before.length * list.length);
    for (let i = 0, at = 0; i < before.length; i++) {
      for (let j = 0; j < list.length; j++) next[at++] = before[i]! + list[j]! * step[k]!;
    }
    return next;
  }, Int32Array.of(0));
}

/** Counters, outermost first, each with its number of steps and how far a step leads. */
export type Odometer = readonly { readonly count: number; readonly step: number }[];

/** Reads a list as its first number and what an odometer adds to it, with as few counters as can be; undefined when it is none. */
export function odometer(list: Int32Array): Odometer | undefined {
  const n = list.length;
  const first = list[0]!;
  const digits: { count: number; step: number }[] = [];
  for (let block = 1; block < n;) {
    const step = list[block]! - first;
    let count = 2;
    while (count * block < n && list[count * block]! - first === step * count) count++;
    if (n % (block * count) !== 0) return undefined;
    digits.unshift({ count, step });
    block *= count;
  }
  const check = offsets(
    digits.map((d) => d.count),
    digits.map((d) => d.step),
  );
  return check.every((v, i) => first + v === list[i]) ? digits : undefined;
}

/** For each element of `out`, its position in an operand of shape `from` that is broadcast to it (numpy's rule). */
export function broadcastOffsets(from: Shape, out: Shape): Int32Array {
  const s = strides(from);
  const lead = out.length - from.length;
  return offsets(
    out,
    out.map((_, k) => (k < lead || from[k - lead] === 1 ? 0 : s[k - lead]!)),
  );
}

/** The common shape of two operands under numpy's broadcasting, or undefined when there is none. */
export function broadcastShape(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let k = 0; k < rank; k++) {
    const x = a[k - rank + a.length] ?? 1;
    const y = b[k - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    out.push(x === 1 ? y : x);
  }
  return out;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, k) => d === b[k]);
}
