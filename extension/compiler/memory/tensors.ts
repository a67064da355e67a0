import type { StoredType, TensorPlace } from '../../bundle/tensorPlace.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { byteSize, type Layout } from '../values/layout.ts';
import type { Buffer, Program } from '../values/step.ts';
import type { Memory } from './memory.ts';

/** Bytes of one of the entry function's memories. */
interface Region {
  readonly memory: TensorPlace['memory'];
  readonly begin: number;
  readonly end: number;
}

const STORED: Readonly<Record<Layout['type'], StoredType>> = {
  uint8_t: 'uint8',
  int8_t: 'int8',
  int16_t: 'int16',
  int32_t: 'int32',
  float: 'float32',
};

/** Where debuggers find what each step writes, in the steps' order, and the network's states, in that of `states`. */
export function tensorPlaces(
  program: Program,
  kernels: readonly Kernel[],
  memory: Memory,
  states: readonly string[],
): { readonly outputs: readonly TensorPlace[]; readonly states: readonly TensorPlace[] } {
  const { steps, buffers } = program;
  const regionOf = (buffer: string): Region => {
    const { layout } = buffers.get(buffer)!;
    const at = placeOf(buffer, memory);
    return { memory: at.memory, begin: at.byteOffset, end: at.byteOffset + byteSize(layout) };
  };
  // what each step writes over, its scratch memory included
  const written = steps.map((step, i): Region[] => {
    const updated = step.inputs.filter((x) => x.isUpdated).map((x) => regionOf(x.buffer));
    const scratch = memory.scratch.get(i);
    const begin = scratch === undefined ? 0 : memory.offsets.get(scratch)!;
    return [
      ...[regionOf(step.output.buffer), ...updated],
      ...(scratch === undefined
        ? []
        : [{ memory: memoryOf(memory.arena), begin, end: begin + kernels[i]!.scratchBytes }]),
    ];
  });
  // which value a buffer holds when a step copies it: several may share one, and states change
  const held = new Map<string, string>();
  const outputs = steps.map(({ node, output }, i): TensorPlace => {
    const region = regionOf(output.buffer);
    const value = node.kind === 'copy' ? (held.get(node.inputs[0]!) ?? node.inputs[0]!) : output.value.name;
    held.set(output.buffer, value);
    const over = written.findIndex((regions, k) => k > i && regions.some((r) => overlap(r, region)));
    return {
      ...tensorPlace(output.buffer, output.layout, memory),
      value,
      ...(over < 0 ? {} : { overwrittenBy: over }),
    };
  });
  return {
    outputs,
    states: states.map((name) => tensorPlace(name, (buffers.get(name) as Buffer).layout, memory)),
  };
}

function tensorPlace(buffer: string, layout: Layout, memory: Memory): TensorPlace {
  const { memory: where, byteOffset } = placeOf(buffer, memory);
  return {
    value: buffer,
    memory: where,
    byteOffset: byteOffset + layout.origin * layout.bytesPerElement,
    type: STORED[layout.type],
    bias: layout.bias,
    shape: layout.shape,
    strides: layout.strides,
  };
}

/** Where a buffer that is no constant begins. */
function placeOf(buffer: string, memory: Memory): Pick<TensorPlace, 'memory' | 'byteOffset'> {
  const state = memory.states.get(buffer);
  if (state !== undefined) return { memory: 'mutable', byteOffset: state };
  const placeholder = memory.placeholders.find((p) => p.name === buffer);
  if (placeholder) return { memory: 'mutable', byteOffset: placeholder.byteOffset };
  return { memory: memoryOf(memory.arena), byteOffset: memory.offsets.get(buffer)! };
}

function memoryOf(arena: Memory['arena']): TensorPlace['memory'] {
  return arena === 'activations' ? 'activations' : 'mutable';
}

function overlap(a: Region, b: Region): boolean {
  return a.memory === b.memory && a.begin < b.end && b.begin < a.end;
}
