import { type Bundle, cIdentifier, type LayerReport } from '../bundle/bundle.ts';
import type { TensorPlace } from '../bundle/tensorPlace.ts';
import { headerMacro, writeHeader } from '../bundle/header.ts';
import type { RawUnits } from '../common/affine.ts';
import { type QuantizedGraph, qvalue } from '../quantize/quantizedGraph.ts';
import type { ConstantPool } from './emit/constantPool.ts';
import { type Address, type Addresses, type LayerText, layerText } from './emit/layer.ts';
import { FileNames, placeholderNames } from './emit/names.ts';
import { sourceText } from './emit/source.ts';
import { stateText } from './emit/states.ts';
import { SourceFile } from './emit/sourceFile.ts';
import { chooseKernels } from './kernels/choose.ts';
import type { Kernel } from './kernels/kernel.ts';
import { type Memory, placeMemory } from './memory/memory.ts';
import { alignUp } from './memory/plan.ts';
import { tensorPlaces } from './memory/tensors.ts';
import { buildProgram } from './program/build.ts';
import { allowInPlace } from './program/inPlace.ts';
import type { Target } from './target/target.ts';
import type { Operand, Program, Step } from './values/step.ts';

export interface CompileOptions {
  /** Network name; made a C identifier. */
  readonly name: string;
  readonly target: Target;
  /**
   * Let the network overwrite its inputs once they are read: all memory becomes one arena, often half as large. The caller then
   * has to fill the inputs before every inference. Glow keeps them, and so do we unless asked.
   */
  readonly reuseInputs?: boolean;
  /** Inputs that are normalized: the header says how. */
  readonly rawUnits?: RawUnits;
}

/**
 * Compiles a quantized graph to C with constant shapes: one function a layer, one memory plan, no library.
 *
 * The result has no object yet; the same graph and options give the same bytes.
 */
export function compileBundle(graph: QuantizedGraph, options: CompileOptions): Bundle {
  const name = cIdentifier(options.name);
  const { target, reuseInputs = false } = options;
  const program = allowInPlace(buildProgram(graph), reuseInputs);
  const kernels = chooseKernels(program.steps, target);
  const cNames = placeholderNames(name, [...graph.inputs, ...graph.outputs]);
  const memory = placeMemory(graph, cNames, program, kernels, target, reuseInputs);
  const names = new FileNames(name, cNames);
  const file = new SourceFile(name, names);
  const constantOffsets = addOperandConstants(graph, file.constants);
  const operandConstants = file.constants.length;
  const addresses = addressesOf(name, program, memory, constantOffsets);
  const symbols = program.steps.map((s) => names.layer(s.node.name));
  const layers = program.steps.map((step, i) =>
    layerText(file, symbols[i]!, step, kernels[i]!, addresses, i),
  );
  const states = graph.states.map(({ name: state, initial }) =>
    stateText(state, initial, program.buffers.get(state)!, memory.states.get(state)!),
  );
  const sizes = {
    name,
    placeholders: memory.placeholders,
    constantBytes: alignUp(file.constants.length, target.alignment),
    mutableBytes: memory.mutableBytes,
    stateBytes: states.reduce((n, s) => n + s.bytes, 0),
    activationBytes: memory.activationBytes,
    alignment: target.alignment,
  };
  const tensors = tensorPlaces(
    program,
    kernels,
    memory,
    graph.states.map((s) => s.name),
  );
  const weights = new Uint8Array(sizes.constantBytes);
  weights.set(file.constants.bytes());
  return {
    ...sizes,
    header: writeHeader(sizes, options.rawUnits),
    source: sourceText(file, layers, memory.placeholders, states),
    object: undefined,
    weights,
    layers: program.steps.map((step, i) =>
      layerReport(step, kernels[i]!, layers[i]!, tensors.outputs[i]!, i === 0 ? operandConstants : 0),
    ),
    states: tensors.states,
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

/** Where operands lie when the entry function is called. */
function addressesOf(
  network: string,
  program: Program,
  memory: Memory,
  constantOffsets: ReadonlyMap<string, number>,
): Addresses {
  const placeholders = new Map(memory.placeholders.map((p) => [p.name, p]));
  const inArena = (buffer: string): Address => ({ base: memory.arena, offset: memory.offsets.get(buffer)! });
  return {
    operand: ({ buffer }: Operand): Address => {
      if (program.buffers.get(buffer)!.memory === 'constant') {
        return { base: 'constantWeight', offset: constantOffsets.get(buffer)! };
      }
      const state = memory.states.get(buffer);
      if (state !== undefined) return { base: 'mutableWeight', offset: state };
      const placeholder = placeholders.get(buffer);
      if (!placeholder) return inArena(buffer);
      return { base: 'mutableWeight', offset: `${headerMacro(network)}_${placeholder.cName}` };
    },
    scratch: (step) => inArena(memory.scratch.get(step)!),
  };
}

function layerReport(
  step: Step,
  kernel: Kernel,
  text: LayerText,
  place: TensorPlace,
  moreConstants: number,
): LayerReport {
  const { node, pool, inputs, output } = step;
  return {
    name: node.name,
    operator: pool ? `${node.kind} + ${pool.kind}` : node.kind,
    inputShape: inputs[0]!.layout.shape,
    outputShape: output.layout.shape,
    scale: output.value.scale,
    offset: output.value.offset,
    macs: kernel.macs,
    constantBytes: text.constantBytes + moreConstants,
    predictedCycles: Math.round(kernel.cycles),
    symbol: text.symbol,
    assemblySymbols: text.assemblySymbols,
    variant: kernel.variant,
    output: place,
  };
}
