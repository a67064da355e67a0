import { isClipped } from './kernels/pool.ts';
import { imageOf } from './layout.ts';
import type { Program, Step } from './program.ts';

/**
 * Marks the steps whose output may be written over an input placeholder while that is read: a pooling that is the only reader of
 * its input. Pooling reads far ahead of where it writes, so the output only has to start a little before the input.
 */
export function allowInPlace(program: Program, reuseInputs: boolean): Program {
  if (!reuseInputs) return program;
  const steps = program.steps.map((step) => {
    const [x] = step.inputs;
    const source = program.buffers.get(x!.buffer)!;
    const readers = program.steps.filter((s) => s.inputs.some((i) => i.buffer === x!.buffer));
    const written = program.steps.some((s) => s.output.buffer === x!.buffer);
    const possible =
      source.memory === 'mutable' &&
      !written &&
      readers.length === 1 &&
      program.buffers.get(step.output.buffer)!.memory === 'activations' &&
      x!.layout.bytesPerElement === step.output.layout.bytesPerElement;
    const gap = possible ? inPlaceGap(step) : undefined;
    return gap === undefined ? step : { ...step, inPlace: gap };
  });
  return { ...program, steps };
}

/**
 * Elements by which the input must start behind the output, so that no write of the pooling (its border included, row by row)
 * reaches an element that a later window reads; undefined for operators that are not computed in one pass.
 */
export function inPlaceGap(step: Step): number | undefined {
  const { node } = step;
  if ((node.kind !== 'maxpool' && node.kind !== 'avgpool') || isClipped(node)) return undefined;
  const image = imageOf(step.inputs[0]!.layout);
  const result = imageOf(step.output.layout);
  const { origin } = step.output.layout;
  const start = (y: number, x: number): number =>
    y * node.strides[0] * image.row + x * node.strides[1] * image.column;
  // from the last window to the first: the lowest element still to be read after each write
  let gap = 0;
  let lowest = Infinity;
  for (let y = result.h - 1; y >= 0; y--) {
    const behindRow = origin + (y + 1) * result.row - 1; // the border behind the row's last pixel
    if (lowest < Infinity) gap = Math.max(gap, behindRow - lowest + 1);
    for (let x = result.w - 1; x >= 0; x--) {
      for (let c = result.c - 1; c >= 0; c--) {
        const write = origin + y * result.row + x * result.column + c;
        if (lowest < Infinity) gap = Math.max(gap, write - lowest + 1);
        lowest = Math.min(lowest, start(y, x) + c);
      }
    }
  }
  return Math.max(gap, origin - lowest); // the border above the first row is written before anything is read
}
