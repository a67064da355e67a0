import { type BundleDrawing, writeBundle } from '../../bundle/files.ts';
import { graphSvg } from '../../bundle/graphSvg.ts';
import { graphvizDot } from '../../bundle/graphvizDot.ts';
import { UserError } from '../../common/error.ts';
import type { OverwriteRules } from '../../common/output/writeOutputs.ts';
import { rawUnitsOf } from '../../data/normalize/rawUnits.ts';
import type { Sample } from '../../data/sample.ts';
import type { Graph } from '../../model/graph.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { BoardData } from '../../board/catalogue.ts';
import type { PortChoices } from '../choices/choices.ts';
import { type BuiltinModel, compile, type CompiledModel } from './compile.ts';
import { compileByGlow, type GlowModel } from './glow/compileByGlow.ts';
import { glowFormat } from './glow/profileByGlow.ts';
import { networkOf } from './glow/network.ts';
import { offerToGlow } from './glow/offerToGlow.ts';
import { inOutputFolder } from '../folders/outputFolder.ts';
import { quantizedDrawing } from '../report/data.ts';
import type { StepContext } from './step.ts';

/** A model with all that either compiler wants to know of it. */
export interface MeasuredModel {
  /** Model file. */
  readonly file: string;
  readonly graph: Graph;
  /** For the built-in compiler. */
  readonly ranges: Ranges;
  /** For Glow, which measures its own. */
  readonly samples: readonly Sample[];
}

export interface CompileChoices extends Pick<
  PortChoices,
  'compiler' | 'glowArguments' | 'quantization' | 'weights' | 'reuseInput' | 'image' | 'sound' | 'normalize'
> {
  readonly board: BoardData;
  readonly tools?: ToolPaths | undefined;
  /** Folder of Glow's kept profiles; null: measure anew; undefined: the usual place. */
  readonly glowCache?: string | null | undefined;
}

/**
 * Compiles with the compiler that was chosen. `auto` is the built-in one; when that refuses the model itself (not for a
 * missing tool or a board that is too small) and Glow is installed, it is Glow, and the result says why.
 *
 * @throws UserError as `compile` and `compileByGlow` do; with `auto`, when both fail, one that says what each said
 */
export async function compileChosen(
  model: MeasuredModel,
  choices: CompileChoices,
  context: StepContext = {},
): Promise<BuiltinModel | GlowModel> {
  if (choices.compiler === 'glow') return byGlow(model, choices, context);
  try {
    const rawUnits = rawUnitsOf(model.graph.inputs, choices, model.samples[0]);
    return await compile(model.graph, model.ranges, { ...choices, rawUnits }, context);
  } catch (e) {
    if (choices.compiler !== 'auto' || !(e instanceof UserError) || e.code !== 'model') throw e;
    if (!(await glowFormat(model.file))) throw e;
    return offerToGlow(e, choices.tools, () => byGlow(model, choices, context, e.message));
  }
}

function byGlow(
  model: MeasuredModel,
  choices: CompileChoices,
  context: StepContext,
  insteadBecause?: string,
): Promise<GlowModel> {
  const { file, graph, samples } = model;
  const { glowArguments: extraArguments, glowCache: cacheFolder } = choices;
  return compileByGlow(
    {
      ...{ ...choices, model: file, network: networkOf(graph), samples },
      ...{ extraArguments, cacheFolder, insteadBecause },
    },
    context,
  );
}

/** The drawing of a compiled model: Glow's own, or ours of the quantized network. @param graph undefined of one that is not read */
export function drawingOf(
  { quantized, drawing }: CompiledModel,
  graph: Graph | undefined,
): BundleDrawing | undefined {
  if (!quantized || !graph) return drawing;
  const drawn = quantizedDrawing(graph, quantized);
  return { dot: graphvizDot(drawn), svg: graphSvg(drawn) };
}

/**
 * Writes a compiled model's bundle and drawing into a folder of its own, whichever compiler made it.
 *
 * @throws UserError as `writeOutputs` does, or when another GlowPort is at it
 */
export async function saveCompiled(
  folder: string,
  compiled: CompiledModel,
  graph: Graph | undefined,
  rules: OverwriteRules = {},
): Promise<void> {
  await inOutputFolder(folder, () => writeBundle(folder, compiled.bundle, drawingOf(compiled, graph), rules));
}
