/**
 * A transposed convolution as ordinary ones. With a stride of s every s-th row of its output reads the same taps: each of these
 * phases is a convolution with the stride 1 of its own. A pixel's columns of all phases are channels side by side, which in memory
 * are pixels side by side already; only rows have to be put in turn.
 */
import { repeated } from '../common/lists.ts';
import { largest, smallest } from '../common/lists.ts';
import type { ConvTranspose2dNode, Conv2dNode, Node, Shape } from '../model/graph.ts';
import type { Axis, Window } from '../model/window.ts';

/** A node with the shape of its output. */
export interface Part {
  readonly node: Exclude<Node, ConvTranspose2dNode>;
  readonly shape: Shape;
}

/** The taps of one phase: which of the kernel's, and how many elements of the input behind the output's place each reads. */
type Phase = readonly { readonly tap: number; readonly offset: number }[];

/** The phases of an axis, from that of the first output on. @param count of them: as many as the stride, or as there are outputs */
function phasesOf({ kernel, strides, dilations, pads }: Window, axis: Axis, count: number): Phase[] {
  const before = axis === 0 ? pads.top : pads.left;
  return Array.from({ length: count }, (_, first) =>
    Array.from({ length: kernel[axis] }, (__, tap) => ({
      tap,
      offset: (first + before - tap * dilations[axis]) / strides[axis],
    })).filter(({ offset }) => Number.isInteger(offset)),
  );
}

/** Along one axis, a window of stride 1 that has all taps of some phases. */
interface Span {
  readonly size: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** @param from elements of the input. @param to elements that each phase makes */
function spanOf(phases: readonly Phase[], from: number, to: number): Span {
  const offsets = phases.flat().map(({ offset }) => offset);
  // no window begins behind the first element or ends before the last: what is too much has weights of zero
  const first = Math.min(0, smallest(offsets));
  const last = largest(offsets, Math.max(from - to, first));
  const dilation = [...offsets, last].reduce((d, offset) => greatestDivisor(d, offset - first), 0) || 1;
  return { size: (last - first) / dilation + 1, dilation, before: -first, after: to - 1 + last - (from - 1) };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/**
 * @param from shape of the input
 * @param to shape of the output
 * @param fresh a name for what stands between, by a suffix
 */
export function ordinary(
  node: ConvTranspose2dNode,
  from: Shape,
  to: Shape,
  fresh: (suffix: string) => string,
): Part[] {
  const [, height, width] = from as [number, number, number];
  const [, outHeight, outWidth, channels] = to as [number, number, number, number];
  const [turnsY, turnsX] = [Math.min(node.strides[0], outHeight), Math.min(node.strides[1], outWidth)];
  const [rows, columns] = [Math.ceil(outHeight / turnsY), Math.ceil(outWidth / turnsX)];
  const parts: Part[] = [];
  const add = (suffix: string, part: Omit<Part['node'], 'name' | 'output'>, shape: Shape): string => {
    const output = fresh(suffix);
    parts.push({ node: { ...part, name: node.name + suffix, output } as Part['node'], shape });
    return output;
  };
  const conv = (suffix: string, phase: Phase, beside: readonly Phase[]): string => {
    const y = spanOf([phase], height, rows);
    const x = spanOf(beside, width, columns);
    const spec = { kind: 'conv2d', inputs: node.inputs, groups: node.groups, clamp: node.clamp, ...taps(node, phase, beside, y, x) } as const; // prettier-ignore
    return add(suffix, spec, [1, rows, columns, spec.bias.length]);
  };

  const phases = phasesOf(node, 0, turnsY);
  const beside = phasesOf(node, 1, turnsX);
  const made = phases.map((phase, r) => {
    // the channels of a group would stand between those of another
    if (node.groups === 1) return conv(`/rows_${r}`, phase, beside);
    const inputs = beside.map((column, c) => conv(`/rows_${r}_columns_${c}`, phase, [column]));
    const shape = [1, rows, columns, turnsX * channels];
    return turnsX === 1 ? inputs[0]! : add(`/rows_${r}`, { kind: 'concat', axis: 3, inputs } as never, shape);
  });
  const row = columns * turnsX * channels;
  let joined = made[0]!;
  if (turnsY > 1) {
    const inputs = made.map((value, r) =>
      add(`/row_${r}`, { kind: 'reshape', inputs: [value] }, [1, rows, 1, row]),
    );
    joined = add('/rows', { kind: 'concat', axis: 2, inputs } as never, [1, rows, turnsY, row]);
  }
  const whole = [1, rows * turnsY, columns * turnsX, channels];
  joined = add('/whole', { kind: 'reshape', inputs: [joined] }, whole);
  if (whole[1] !== outHeight || whole[2] !== outWidth) {
    const indices = to.map((d) => Int32Array.from({ length: d }, (_, i) => i));
    add('/cut', { kind: 'gather', inputs: [joined], indices } as never, to);
  }
  const last = parts.pop()!;
  return [...parts, { node: { ...last.node, name: node.name, output: node.output }, shape: to }];
}

/** The window of some phases and its weights, the phases of columns one behind the other. */
function taps(
  { weights, bias, kernel, given }: ConvTranspose2dNode,
  row: Phase,
  columns: readonly Phase[],
  y: Span,
  x: Span,
): Pick<Conv2dNode, keyof Window | 'weights' | 'bias' | 'given'> {
  const outputs = bias.length;
  const perGroup = weights.length / (outputs * kernel[0] * kernel[1]);
  const all = new Float32Array(columns.length * outputs * y.size * x.size * perGroup);
  columns.forEach((column, c) => {
    for (const { tap: ky, offset: dy } of row) {
      for (const { tap: kx, offset: dx } of column) {
        const [ty, tx] = [(dy + y.before) / y.dilation, (dx + x.before) / x.dilation];
        for (let m = 0; m < outputs; m++) {
          const from = ((m * kernel[0] + ky) * kernel[1] + kx) * perGroup;
          const to = (((c * outputs + m) * y.size + ty) * x.size + tx) * perGroup;
          all.set(weights.subarray(from, from + perGroup), to);
        }
      }
    }
  });
  return {
    weights: all,
    bias: Float32Array.from({ length: columns.length * outputs }, (_, i) => bias[i % outputs]!),
    given: given && {
      scales: repeated(given.scales, columns.length),
      bias: given.bias && {
        integers: repeated(given.bias.integers, columns.length),
        scales: repeated(given.bias.scales, columns.length),
      },
    },
    kernel: [y.size, x.size],
    strides: [1, 1],
    dilations: [y.dilation, x.dilation],
    pads: { top: y.before, left: x.before, bottom: y.after, right: x.after },
  };
}
