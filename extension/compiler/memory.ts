import type { ActivationBuffer, Placeholder } from '../bundle/bundle.ts';
import { elements } from '../model/graph.ts';
import { type QuantizedGraph, qvalue } from '../quantize/quantizedGraph.ts';
import type { Kernel } from './kernels/kernel.ts';
import { byteSize } from './layout.ts';
import { placeholderNames } from './names.ts';
import { type BufferRequest, planMemory } from './plan.ts';
import type { Program } from './program.ts';

/** Alignment of the three memories; the kernels read words. */
export const ALIGNMENT = 4;

/** Where every buffer lies at run time. */
export interface Memory {
  readonly placeholders: readonly Placeholder[];
  /** The memory that inner buffers and scratch live in, as the entry function's parameter. */
  readonly arena: 'activations' | 'mutableWeight';
  /** Byte offsets in the arena by buffer name (scratchName for scratch). */
  readonly offsets: ReadonlyMap<string, number>;
  readonly mutableBytes: number;
  readonly activationBytes: number;
  /** The plan for reports. */
  readonly buffers: readonly ActivationBuffer[];
}

/** Name of a step's scratch memory in the plan. */
export function scratchName(step: number): string {
  return `scratch ${step}`;
}

/**
 * Plans the memory: placeholders in the mutable memory and everything else in the activations, as Glow has it, or with
 * `reuseInputs` all of it in one arena, in which an input's bytes are used again after its last reader.
 *
 * @param name the network's, a C identifier
 */
export function placeMemory(
  name: string,
  graph: QuantizedGraph,
  program: Program,
  kernels: readonly Kernel[],
  reuseInputs: boolean,
): Memory {
  const separate = layOutPlaceholders(name, graph);
  const inner = bufferRequests(program, kernels);
  if (!reuseInputs) {
    const plan = planMemory(inner);
    return {
      placeholders: separate,
      arena: 'activations',
      offsets: plan.offsets,
      mutableBytes: separate.reduce((n, p) => Math.max(n, align(p.byteOffset + p.byteSize)), 0),
      activationBytes: plan.bytes,
      buffers: inner.map((r) => ({ ...r, offset: plan.offsets.get(r.name)! })),
    };
  }
  const requests = [...inner, ...separate.map((p) => placeholderRequest(p, program))];
  const plan = planMemory(requests, inPlacePositions(program));
  return {
    placeholders: separate.map((p) => ({ ...p, byteOffset: plan.offsets.get(p.name)! })),
    arena: 'mutableWeight',
    offsets: plan.offsets,
    mutableBytes: plan.bytes,
    activationBytes: 0,
    buffers: requests.map((r) => ({ ...r, first: Math.max(0, r.first), offset: plan.offsets.get(r.name)! })),
  };
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Inputs, then outputs, one after the other in the mutable memory. */
function layOutPlaceholders(network: string, graph: QuantizedGraph): Placeholder[] {
  let byteOffset = 0;
  const names = [...graph.inputs, ...graph.outputs];
  const cNames = placeholderNames(network, names);
  return names.map((name, i) => {
    const v = qvalue(graph, name);
    const bytes = v.type === 'int8' ? 1 : v.type === 'int16' ? 2 : 4;
    const p: Placeholder = {
      name,
      cName: cNames[i]!,
      direction: i < graph.inputs.length ? 'input' : 'output',
      shape: v.shape,
      type: v.type,
      scale: v.scale,
      offset: v.offset,
      byteOffset,
      byteSize: elements(v.shape) * bytes,
    };
    byteOffset = align(byteOffset + p.byteSize);
    return p;
  });
}

/** Inputs live until their last reader, outputs from their writer to the end. */
function placeholderRequest(p: Placeholder, program: Program): BufferRequest {
  const uses = program.steps.flatMap((s, i) =>
    [...s.inputs, s.output].some((o) => o.buffer === p.name) ? [i] : [],
  );
  const end = program.steps.length;
  const first = p.direction === 'input' ? -1 : Math.min(end, ...uses);
  const last = p.direction === 'input' ? Math.max(-1, ...uses) : end;
  return { name: p.name, bytes: p.byteSize, first, last };
}

/** The first step that works in place: its output at the start of the arena, its input the gap behind. */
function inPlacePositions(program: Program): Map<string, number> {
  const step = program.steps.find((s) => s.inPlace !== undefined);
  if (!step) return new Map();
  const { bytesPerElement } = step.output.layout;
  return new Map([
    [step.output.buffer, 0],
    [step.inputs[0]!.buffer, align(step.inPlace! * bytesPerElement)],
  ]);
}

/** Lifetimes: a buffer lives from the step that writes it to the last that reads it. */
function bufferRequests(program: Program, kernels: readonly Kernel[]): BufferRequest[] {
  const requests = new Map<string, { bytes: number; first: number; last: number }>();
  program.steps.forEach((step, i) => {
    for (const o of [...step.inputs, step.output]) {
      const buffer = program.buffers.get(o.buffer)!;
      if (buffer.memory !== 'activations') continue;
      const r = requests.get(o.buffer);
      if (r) r.last = i;
      else requests.set(o.buffer, { bytes: byteSize(buffer.layout), first: i, last: i });
    }
    const { scratchBytes } = kernels[i]!;
    if (scratchBytes > 0) requests.set(scratchName(i), { bytes: scratchBytes, first: i, last: i });
  });
  return [...requests].map(([name, r]) => ({ name, ...r }));
}
