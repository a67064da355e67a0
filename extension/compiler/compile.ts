import { type Bundle, cIdentifier, type LayerReport, type Placeholder } from '../bundle/bundle.ts';
import { headerMacro, writeHeader } from '../bundle/header.ts';
import { elements } from '../model/graph.ts';
import { type QuantizedGraph, qvalue } from '../quantize/quantizedGraph.ts';
import { ConstantPool } from './constantPool.ts';
import { emitSource, layerSymbols, place } from './emit.ts';
import { chooseKernels } from './kernels/choose.ts';
import type { Kernel } from './kernels/kernel.ts';
import { byteSize } from './layout.ts';
import { type BufferRequest, planMemory } from './plan.ts';
import { buildProgram, type Operand, type Program, type Step } from './program.ts';
import type { Target } from './target.ts';

/** Alignment of the three memories; the kernels read words. */
const ALIGNMENT = 4;

export interface CompileOptions {
  /** Network name; made a C identifier. */
  readonly name: string;
  readonly target: Target;
}

/**
 * Compiles a quantized graph to C with constant shapes: one function a layer, one memory plan, no library.
 *
 * The result has no object yet; the same graph and options give the same bytes.
 */
export function compileBundle(graph: QuantizedGraph, options: CompileOptions): Bundle {
  const name = cIdentifier(options.name);
  const program = buildProgram(graph);
  const kernels = chooseKernels(program.steps, options.target);
  const symbols = layerSymbols(name, program.steps);
  const constants = new ConstantPool();
  const constantOffsets = addOperandConstants(graph, constants);
  const placeholders = layOutPlaceholders(graph);
  const requests = bufferRequests(program, kernels);
  const plan = planMemory(requests);
  const macro = headerMacro(name);
  const address = (o: Operand): string => {
    const { memory } = program.buffers.get(o.buffer)!;
    if (memory === 'constant') return place('constantWeight', constantOffsets.get(o.buffer)!);
    if (memory === 'activations') return place('activations', plan.offsets.get(o.buffer)!);
    return `mutableWeight + ${macro}_${placeholders.find((p) => p.name === o.buffer)!.cName}`;
  };
  const before = constants.length;
  const spent: number[] = [];
  const counted = kernels.map((k) => ({
    ...k,
    emit: (context: Parameters<Kernel['emit']>[0]) => {
      const start = constants.length;
      const lines = k.emit(context);
      spent.push(constants.length - start);
      return lines;
    },
  }));
  const source = emitSource(name, program, counted, symbols, constants, placeholders, {
    operand: address,
    scratch: (i) => plan.offsets.get(scratchName(i))!,
  });
  const sizes = {
    name,
    placeholders,
    constantBytes: Math.ceil(constants.length / ALIGNMENT) * ALIGNMENT,
    mutableBytes: placeholders.reduce((n, p) => Math.max(n, align(p.byteOffset + p.byteSize)), 0),
    activationBytes: plan.bytes,
    alignment: ALIGNMENT,
  };
  const weights = new Uint8Array(sizes.constantBytes);
  weights.set(constants.bytes());
  return {
    ...sizes,
    header: writeHeader(sizes),
    source,
    object: undefined,
    weights,
    layers: program.steps.map((s, i) =>
      layerReport(s, kernels[i]!, symbols[i]!, spent[i]! + (i === 0 ? before : 0)),
    ),
    buffers: requests.map((r) => ({ ...r, offset: plan.offsets.get(r.name)! })),
  };
}

function addOperandConstants(graph: QuantizedGraph, constants: ConstantPool): Map<string, number> {
  const offsets = new Map<string, number>();
  for (const [name, q] of graph.constants) {
    offsets.set(name, constants.add(q, qvalue(graph, name).type === 'int8' ? 1 : 2));
  }
  return offsets;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Inputs, then outputs, one after the other in the mutable memory. */
function layOutPlaceholders(graph: QuantizedGraph): Placeholder[] {
  let byteOffset = 0;
  const used = new Set<string>();
  return [...graph.inputs, ...graph.outputs].map((name, i) => {
    const v = qvalue(graph, name);
    const bytes = v.type === 'int8' ? 1 : v.type === 'int16' ? 2 : 4;
    let cName = cIdentifier(name);
    while (used.has(cName)) cName += '_';
    used.add(cName);
    const p: Placeholder = {
      name,
      cName,
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

function scratchName(step: number): string {
  return `scratch ${step}`;
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

function layerReport(step: Step, kernel: Kernel, symbol: string, constantBytes: number): LayerReport {
  const { node, pool, inputs, output } = step;
  return {
    name: node.name,
    operator: pool ? `${node.kind} + ${pool.kind}` : node.kind,
    inputShape: inputs[0]!.layout.shape,
    outputShape: output.layout.shape,
    scale: output.value.scale,
    offset: output.value.offset,
    macs: kernel.macs,
    constantBytes,
    predictedCycles: Math.round(kernel.cycles),
    symbol,
    variant: kernel.variant,
  };
}
