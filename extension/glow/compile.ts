import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle } from '../bundle/bundle.ts';
import { graphSvg } from '../bundle/graphSvg.ts';
import { softFloatSource } from '../bundle/softFloat.ts';
import { weightsText } from '../bundle/weights.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { undefinedNames } from '../toolchain/elf.ts';
import { explainFailure, type FailureContext, GIVE_FOLDER } from './failure.ts';
import type { GlowTools } from './find.ts';
import { floatKinds, glowDrawing, readGlowGraph } from './graph.ts';
import { fitHeader } from './header.ts';
import { unknownProcessor } from './noise.ts';
import { compileArguments, type GlowCompileOptions, glowCpu, STATIC_API, WORK_FILES } from './options.ts';
import { type GlowAbilities, hasOption } from './probe.ts';
import { type GlowRunOptions, runGlow } from './run.ts';
import { floatOutputs, matchPlaceholders, type ModelEnds, verifyObject, verifyWeights } from './verify.ts';

/** A bundle that Glow made, every part of it checked. */
export interface GlowBundle {
  readonly bundle: Bundle;
  /** Kinds of its layers that compute in floating point, by Glow's own graph. */
  readonly floatKinds: readonly string[];
  /** Glow's own drawing of the network, as it wrote it and as a picture; undefined when it wrote none. */
  readonly drawing: { readonly dot: string; readonly svg: string } | undefined;
}

/** What Glow did in place of what was asked for: outputs in float, by name, of a network whose inputs are integers. */
export interface LeftInFloat {
  readonly floatOutputs: readonly string[];
}

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Compiles the model of a working folder with model-compiler and checks the result: header, placeholders, weights, object.
 * Nothing is written outside the folder.
 * @param ends the model's inputs and outputs, which the header is matched with
 * @throws UserError for each way in which it fails; see failure.ts and verify.ts
 */
export async function compileWithGlow(
  tools: GlowTools,
  abilities: GlowAbilities,
  folder: string,
  ends: ModelEnds,
  options: GlowCompileOptions,
  runOptions: GlowRunOptions & FailureContext = {},
): Promise<GlowBundle | LeftInFloat> {
  const hasApis = await hasOption(tools, 'model-compiler', STATIC_API, runOptions);
  const args = compileArguments(options, hasApis);
  const cpu = glowCpu(options.core);
  const run = await runGlow(tools, 'model-compiler', args, folder, { ...runOptions, cpu });
  if (run.exitCode !== 0) {
    throw explainFailure('model-compiler', run, { ...runOptions, version: abilities.version });
  }
  if (run.output.split(/\r?\n/).some((line) => unknownProcessor(line) === cpu)) {
    throw new UserError(
      'toolchain',
      say`This Glow does not know the processor ${cpu}.`,
      say`Use a Glow whose LLVM has the Arm target, such as NXP’s.`,
      run.output,
    );
  }
  const { networkName: name } = options;
  const read = (ending: string): Promise<Buffer> => readResult(folder, `${name}.${ending}`, run.output);
  const { text: header, parsed } = fitHeader((await read('h')).toString('utf8'), `${name}.h`);
  const weights = new Uint8Array(await read('weights.bin'));
  const object = new Uint8Array(await read('o'));
  verifyWeights(weights, parsed);
  if ((await read('weights.txt')).toString('latin1').trim() !== weightsText(weights).trim()) {
    throw new UserError(
      'toolchain',
      say`${name}.weights.txt and ${name}.weights.bin of Glow hold different bytes.`,
      say`Compile the model again; a full disk is the usual reason.`,
    );
  }
  const floating = floatOutputs(parsed, ends, options);
  if (floating.length > 0) return { floatOutputs: floating };
  const asked = options.isQuantized ? undefined : options;
  const placeholders = matchPlaceholders(parsed, ends, asked, runOptions.profileFile);
  const elf = verifyObject(object, parsed.name, options.core);
  const softFloat = softFloatSource(parsed.name, undefinedNames(elf));
  const dot = await readFile(path.join(folder, WORK_FILES.graph), 'utf8').catch(() => undefined);
  const graph = dot === undefined ? undefined : readGlowGraph(dot);
  return {
    bundle: { ...parsed, placeholders, header, source: undefined, softFloat, object, weights, layers: [] },
    floatKinds: graph ? floatKinds(graph) : [],
    drawing: dot === undefined || !graph ? undefined : { dot, svg: graphSvg(glowDrawing(name, graph)) },
  };
}

async function readResult(folder: string, file: string, output: string): Promise<Buffer> {
  const full = path.join(folder, WORK_FILES.bundle, file);
  const size = (await stat(full).catch(() => undefined))?.size;
  if (size === undefined) {
    throw new UserError(
      'toolchain',
      say`Glow's model-compiler ended well but wrote no ${file}.`,
      [say`Is it the real tool?`, GIVE_FOLDER],
      output,
    );
  }
  if (size > MAX_FILE_BYTES) {
    throw new UserError(
      'toolchain',
      say`Glow's ${file} has ${size} bytes, too many for a microcontroller.`,
      say`Choose a smaller model.`,
    );
  }
  return readFile(full);
}
