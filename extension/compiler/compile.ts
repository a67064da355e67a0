import { type Bundle, cIdentifier, type LayerReport } from '../bundle/bundle.ts';
import { headerMacro, writeHeader } from '../bundle/header.ts';
import { type QuantizedGraph, qvalue } from '../quantize/quantizedGraph.ts';
import { ConstantPool } from './constantPool.ts';
import { emitSource, place } from './emit.ts';
import { chooseKernels } from './kernels/choose.ts';
import type { Kernel } from './kernels/kernel.ts';
import { allowInPlace } from './inPlace.ts';
import { ALIGNMENT, placeMemory, scratchName } from './memory.ts';
import { layerSymbols } from './names.ts';
import { buildProgram, type Operand, type Step } from './program.ts';
import type { Target } from './target.ts';

export interface CompileOptions {
  /** Network name; made a C identifier. */
  readonly name: string;
  readonly target: Target;
  /**
   * Let the network overwrite its inputs once they are read: all memory becomes one arena, often half as large. The caller then
   * has to fill the inputs before every inference. Glow keeps them, and so do we unless asked.
   */
  readonly reuseInputs?: boolean;
}

/**
 * Compiles a quantized graph to C with constant shapes: one function a layer, one memory plan, no library.
 *
 * The result has no object yet; the same graph and options give the same bytes.
 */
export function compileBundle(graph: QuantizedGraph, options: CompileOptions): Bundle {
  const name = cIdentifier(options.name);
  const program = allowInPlace(buildProgram(graph), options.reuseInputs === true);
  const kernels = chooseKernels(program.steps, options.target);
  const constants = new ConstantPool();
  const constantOffsets = addOperandConstants(graph, constants);
  const memory = placeMemory(name, graph, program, kernels, options.reuseInputs === true);
  const { placeholders } = memory;
  const symbols = layerSymbols(name, program.steps, placeholders);
  const macro = headerMacro(name);
  const address = (o: Operand): string => {
    if (program.buffers.get(o.buffer)!.memory === 'constant') {
      return place('constantWeight', constantOffsets.get(o.buffer)!);
    }
    const placeholder = placeholders.find((p) => p.name === o.buffer);
    if (placeholder) return `mutableWeight + ${macro}_${placeholder.cName}`;
    return place(memory.arena, memory.offsets.get(o.buffer)!);
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
    scratch: (i) => place(memory.arena, memory.offsets.get(scratchName(i))!),
  });
  const sizes = {
    name,
    placeholders,
    constantBytes: Math.ceil(constants.length / ALIGNMENT) * ALIGNMENT,
    mutableBytes: memory.mutableBytes,
    activationBytes: memory.activationBytes,
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
    buffers: memory.buffers,
  };
}

function addOperandConstants(graph: QuantizedGraph, constants: ConstantPool): Map<string, number> {
  const offsets = new Map<string, number>();
  for (const [name, q] of graph.constants) {
    offsets.set(name, constants.add(q, qvalue(graph, name).type === 'int8' ? 1 : 2));
  }
  return offsets;
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
