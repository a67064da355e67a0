import { UnusedNames } from '../../common/unusedNames.ts';
import type { ActivationBuffer, Placeholder } from '../../bundle/bundle.ts';
import { elements } from '../../model/graph.ts';
import { type QuantizedGraph, qvalue } from '../../quantize/quantizedGraph.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Target } from '../target/target.ts';
import { byteSize } from '../values/layout.ts';
import type { Program } from '../values/step.ts';
import { alignUp, type BufferRequest, planMemory } from './plan.ts';

/** Where every buffer lies at run time. */
export interface Memory {
  readonly placeholders: readonly Placeholder[];
  /** Byte offsets of states in the mutable memory, by name. */
  readonly states: ReadonlyMap<string, number>;
  /** The memory that inner buffers and scratch live in, as the entry function's parameter. */
  readonly arena: 'activations' | 'mutableWeight';
  /** Byte offsets in the arena by buffer name. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Names of the steps' scratch memories among the buffers, by the step's place. */
  readonly scratch: ReadonlyMap<number, string>;
  readonly mutableBytes: number;
  readonly activationBytes: number;
  /** The plan for reports. */
  readonly buffers: readonly ActivationBuffer[];
}

/**
 * Plans the memory: placeholders and states in the mutable memory and everything else in the activations, as Glow has it, or with
 * `reuseInputs` all of it in one arena, in which an input's bytes are used again after its last reader.
 *
 * @param cNames C names of the placeholders, inputs before outputs
 */
export function placeMemory(
  graph: QuantizedGraph,
  cNames: readonly string[],
  program: Program,
  kernels: readonly Kernel[],
  { alignment }: Target,
  reuseInputs: boolean,
): Memory {
  const separate = layOutPlaceholders(graph, cNames, alignment);
  const kept = stateRequests(graph, program);
  const { inner, scratch } = bufferRequests(program, kernels);
  if (!reuseInputs) {
    const plan = planMemory(inner, alignment);
    let mutableBytes = separate.reduce(
      (n, p) => Math.max(n, alignUp(p.byteOffset + p.byteSize, alignment)),
      0,
    );
    const states = new Map<string, number>();
    for (const { name, bytes } of kept) {
      states.set(name, mutableBytes);
      mutableBytes += alignUp(bytes, alignment);
    }
    return {
      placeholders: separate,
      states,
      arena: 'activations',
      offsets: plan.offsets,
      scratch,
      mutableBytes,
      activationBytes: plan.bytes,
      buffers: inner.map((r) => ({ ...r, offset: plan.offsets.get(r.name)! })),
    };
  }
  const requests = [...inner, ...kept, ...separate.map((p) => placeholderRequest(p, program))];
  const plan = planMemory(requests, alignment, inPlacePositions(program, alignment));
  return {
    placeholders: separate.map((p) => ({ ...p, byteOffset: plan.offsets.get(p.name)! })),
    states: new Map(kept.map(({ name }) => [name, plan.offsets.get(name)!])),
    arena: 'mutableWeight',
    offsets: plan.offsets,
    scratch,
    mutableBytes: plan.bytes,
    activationBytes: 0,
    buffers: requests.map((r) => ({ ...r, first: Math.max(0, r.first), offset: plan.offsets.get(r.name)! })),
  };
}

/** Inputs, then outputs, one after the other in the mutable memory. */
function layOutPlaceholders(
  graph: QuantizedGraph,
  cNames: readonly string[],
  alignment: number,
): Placeholder[] {
  let byteOffset = 0;
  return [...graph.inputs, ...graph.outputs].map((name, i) => {
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
    byteOffset = alignUp(byteOffset + p.byteSize, alignment);
    return p;
  });
}

/** States live all the time. */
function stateRequests({ states }: QuantizedGraph, { steps, buffers }: Program): BufferRequest[] {
  return states.map(({ name }) => {
    const bytes = byteSize(buffers.get(name)!.layout);
    return { name, bytes, first: -1, last: steps.length };
  });
}

/** Inputs live until their last reader, outputs from their writer to the end. */
function placeholderRequest(p: Placeholder, program: Program): BufferRequest {
  const uses = program.steps.flatMap((s, i) =>
    [...s.inputs, s.output].some((o) => o.buffer === p.name) ? [i] : [],
  );
  const end = program.steps.length;
  const first = p.direction === 'input' ? -1 : (uses[0] ?? end);
  const last = p.direction === 'input' ? (uses.at(-1) ?? -1) : end;
  return { name: p.name, bytes: p.byteSize, first, last };
}

/** The first step that works in place: its output at the start of the arena, its input the gap behind. */
function inPlacePositions(program: Program, alignment: number): Map<string, number> {
  const step = program.steps.find((s) => s.inPlace !== undefined);
  if (!step) return new Map();
  const { bytesPerElement } = step.output.layout;
  return new Map([
    [step.output.buffer, 0],
    [step.inputs[0]!.buffer, alignUp(step.inPlace! * bytesPerElement, alignment)],
  ]);
}

/** Lifetimes: a buffer lives from the step that writes it to the last that reads it, scratch memory in its step. */
function bufferRequests(
  program: Program,
  kernels: readonly Kernel[],
): { inner: BufferRequest[]; scratch: Map<number, string> } {
  const scratch = new Map<number, string>();
  const names = new UnusedNames((name) => program.buffers.has(name));
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
    if (scratchBytes === 0) return;
    const name = names.like(`scratch ${i}`);
    scratch.set(i, name);
    requests.set(name, { bytes: scratchBytes, first: i, last: i });
  });
  return { inner: [...requests].map(([name, r]) => ({ name, ...r })), scratch };
}
