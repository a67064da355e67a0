import type { BoardData } from '../../board/catalogue.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import type { BundleDrawing } from '../../bundle/files.ts';
import { DEFAULT_UNROLL_BYTES, type Target } from '../../compiler/target/target.ts';
import { targetFor } from '../../compiler/target/targets.ts';
import type { RawUnits } from '../../common/affine.ts';
import { UserError } from '../../common/error.ts';
import { say, someOf } from '../../common/errors/sentence.ts';
import { checkBundleName } from '../../project/names.ts';
import { hasInt16, isIntegerGraph } from '../../model/formats/tflite/integers.ts';
import type { Graph } from '../../model/graph.ts';
import { givenPart } from '../../quantize/already.ts';
import { idleChoices, type QuantizeOptions } from '../../quantize/options.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import { compileObject, type CompileOptions as GccOptions } from '../../toolchain/compile.ts';
import { type ElfFile, readElf } from '../../toolchain/elf.ts';
import { linkAlone } from '../../toolchain/linkAlone.ts';
import { objectSize } from '../../toolchain/size.ts';
import { StackNeeds } from '../../toolchain/stack/need.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { WeightPlace } from '../../project/options.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { step, type StepContext } from './step.ts';

export interface CompiledModel {
  readonly compiler: 'builtin' | 'glow';
  /** Undefined when Glow compiled it. */
  readonly quantized: QuantizedGraph | undefined;
  /** Kinds of its layers that compute in floating point; only of a network that Glow compiled. */
  readonly floatKinds?: readonly string[];
  /** Glow's own drawing of the network. */
  readonly drawing?: BundleDrawing | undefined;
  /** With its object and the layers' code sizes. */
  readonly bundle: Bundle;
  /** What the model alone takes of the board. */
  readonly size: ModelSize;
}

/** What the built-in compiler made. */
export interface BuiltinModel extends CompiledModel {
  readonly compiler: 'builtin';
  readonly quantized: QuantizedGraph;
}

export interface ModelSize {
  /** Code and constants, those inside the code included. */
  readonly flashBytes: number;
  /** Placeholders and activations (and the constants, when they are copied to RAM); without the stack. */
  readonly ramBytes: number;
  /** Code and constants that it takes of gcc's libraries; none of it is in `flashBytes`. */
  readonly libraryBytes: number;
  /** Stack that a call of it takes; undefined where its code does not tell (see `StackNeeds`). */
  readonly stackBytes: number | undefined;
}

export interface CompileOptions {
  readonly board: BoardData;
  readonly quantization: QuantizeOptions;
  readonly weights: WeightPlace;
  /** See PortChoices. */
  readonly reuseInput?: boolean;
  /** Inputs that are normalized, see `rawUnitsOf`. */
  readonly rawUnits?: RawUnits | undefined;
  readonly tools?: ToolPaths | undefined;
}

/**
 * Quantizes a model and compiles it to a bundle for a board's processor, object included.
 *
 * @throws UserError `board` for float placeholders on a core without FPU, `model` for what cannot be quantized,
 * `toolchain` when the compiler is missing or fails
 */
export async function compile(
  graph: Graph,
  ranges: Ranges,
  options: CompileOptions,
  context: StepContext = {},
): Promise<BuiltinModel> {
  const { board, quantization } = options;
  requireFpu(board, quantization);
  const given = givenPart(graph);
  const precision =
    given === 'none'
      ? quantization.precision
      : `${isIntegerGraph(graph) && hasInt16(graph) ? 'int16' : 'int8'}${given === 'all' ? '' : ', partly'} of the model file`;
  const idle = idleChoices(quantization, given);
  return step(
    context,
    'compile',
    `${precision} for ${board.core}`,
    async () => {
      const network = { graph, ranges, quantization };
      const quantized = await runnerOf(context)('quantizeNetwork', network, context);
      return compileQuantized(quantized, { ...options, name: graph.name }, context);
    },
    ({ size }) => {
      const unused = idle.length === 0 ? '' : ` (nothing to choose for: ${idle.join(', ')})`;
      return `${precision}${unused}, flash ${size.flashBytes} B, RAM ${size.ramBytes} B`;
    },
  );
}

/** @throws UserError `board` for float placeholders on a core without an FPU */
export function requireFpu(board: BoardData, quantization: QuantizeOptions): void {
  if (!quantization.floatPlaceholders || board.fpu) return;
  throw new UserError('board', say`${board.name} has no FPU, so its inputs and outputs must be quantized.`, [
    { do: 'quantizePlaceholders' },
    { do: 'chooseBoard', which: 'with an FPU' },
  ]);
}

/** Compiles a quantized model, without being a step of its own. @throws as `compile` does */
export async function compileQuantized(
  quantized: QuantizedGraph,
  options: Omit<CompileOptions, 'quantization'> & { readonly name: string },
  context: StepContext,
): Promise<BuiltinModel> {
  const { board, name } = options;
  checkBundleName(name);
  const { core, unrollBytes } = targetOf(board);
  const unlinked = await runnerOf(context)(
    'compileNetwork',
    {
      quantized,
      name,
      core,
      unrollBytes,
      reuseInputs: options.reuseInput === true,
      rawUnits: options.rawUnits,
    },
    context,
  );
  const gcc = gccOptions(board, options.tools, context);
  const object = await compileObject(
    { name: unlinked.name, source: unlinked.source ?? '', header: unlinked.header },
    gcc,
  );
  const bundle = { ...unlinked, object, layers: withCodeBytes(unlinked, readElf(object)) };
  const size = await modelSize(bundle, options.weights, gcc);
  return { compiler: 'builtin', quantized, bundle, size };
}

/** What the compiler needs to know of a board: on a small flash no code is spent on unrolling. */
export function targetOf(board: BoardData): Target {
  return targetFor(board.core, Math.min(DEFAULT_UNROLL_BYTES, board.flash.size >> 1));
}

function withCodeBytes(bundle: Bundle, elf: ElfFile): Bundle['layers'] {
  const sizes = new Map(elf.symbols.map((s) => [s.name, s.size]));
  return bundle.layers.map((layer) => {
    const own = sizes.get(layer.symbol);
    if (own === undefined) return layer;
    const assembly = (layer.assemblySymbols ?? []).reduce((n, s) => n + (sizes.get(s) ?? 0), 0);
    return { ...layer, codeBytes: own + assembly };
  });
}

/** How gcc is called for a board. */
export function gccOptions(
  board: BoardData,
  tools: ToolPaths | undefined,
  { signal, log }: StepContext,
): GccOptions {
  return { cpuFlags: board.compile.cpuFlags, paths: tools ?? {}, signal, log };
}

/**
 * What a bundle takes of a board: from its object, and from that linked with the libraries it calls.
 * @throws UserError `toolchain` when it calls what no library has
 */
export async function modelSize(
  bundle: Bundle & { readonly object: Uint8Array },
  weights: WeightPlace,
  gcc: GccOptions,
): Promise<ModelSize> {
  const object = objectSize(readElf(bundle.object));
  const inObject = object.codeBytes + object.constantBytes;
  const ramBytes = bundle.mutableBytes + bundle.activationBytes + object.ramBytes;
  const alone = await linkAlone(bundle, gcc);
  if (alone && alone.missing.length > 0) {
    throw new UserError(
      'toolchain',
      say`The object of the network "${bundle.name}" calls ${someOf(alone.missing, 3)}, which no library of arm-none-eabi-gcc has.`,
      { do: 'useBuiltinCompiler' },
    );
  }
  const linked = alone && objectSize(alone.elf);
  const stack = alone && new StackNeeds(alone.elf).of(bundle.name);
  const size: ModelSize = {
    flashBytes: inObject + bundle.constantBytes,
    ramBytes,
    // of the object itself the linker may leave something out
    libraryBytes: linked ? Math.max(0, linked.codeBytes + linked.constantBytes - inObject) : 0,
    stackBytes: stack?.kind === 'known' ? stack.bytes : undefined,
  };
  return withConstantsIn(weights, { bundle, size });
}

/** The size of a model whose constants were to stay in flash, with its constants elsewhere. */
export function withConstantsIn(
  weights: WeightPlace,
  { bundle, size }: Pick<CompiledModel, 'bundle' | 'size'>,
): ModelSize {
  return weights === 'flash' ? size : { ...size, ramBytes: size.ramBytes + bundle.constantBytes };
}
