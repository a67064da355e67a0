import { families } from '../kernels/families.ts';
import type { Family } from '../kernels/family.ts';
import type { Program } from '../values/step.ts';

/**
 * Marks the steps whose output may be written over an input placeholder while that is read: the only reader of its input, where
 * the operator's kernels can (a pooling reads far ahead of where it writes, so its output only has to start a little before).
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
    const family = families[step.node.kind] as Family;
    const gap = possible ? family.inPlaceGap?.(step) : undefined;
    return gap === undefined ? step : { ...step, inPlace: gap };
  });
  return { ...program, steps };
}
