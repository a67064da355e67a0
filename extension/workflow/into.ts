import path from 'node:path';
import { type BoardData, boards, findBoard } from '../board/catalogue.ts';
import type { Answer, Bundle } from '../bundle/bundle.ts';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { english, say } from '../common/errors/sentence.ts';
import type { ConfirmOverwrite } from '../common/output/writeOutputs.ts';
import {
  applyChanges,
  changedFiles,
  planChanges,
  planDiff,
  planRevert,
  replacedFiles,
  revertChanges,
} from '../project/changeSet.ts';
import type { HostProject } from '../project/hostProject.ts';
import { mcuxpressoIdeProject } from '../project/mcuxpressoIde.ts';
import { mcuxpressoVscodeProject } from '../project/mcuxpressoVscode.ts';
import { dataOptions } from '../data/options.ts';
import { portRequest } from '../project/portRequest.ts';
import { findSdk } from '../sdk/discover.ts';
import { cmakeSources } from '../toolchain/cmakeSources.ts';
import type { ToolPaths } from '../toolchain/find.ts';
import type { WeightPlace } from '../project/options.ts';
import type { PortChoices } from './choices/choices.ts';
import { gccOptions, modelSize, type ModelSize } from './steps/compile.ts';
import { compileModel } from './steps/compileModel.ts';
import { networkNeed, requireFit } from './port/fit.ts';
import { floatSentence } from './port/floats.ts';
import { fitBoard } from '../board/fit.ts';
import { type ConvertedInput, convertInput } from './steps/convertInput.ts';
import { isUnread, readModel } from './steps/readModel.ts';
import { withThreshold } from './steps/withThreshold.ts';
import { answerOf } from './data/task.ts';
import { testInput } from './data/testInput.ts';
import { requireObjectFor } from './steps/requireObjectFor.ts';
import { step, type StepContext } from './steps/step.ts';

export interface IntoOptions {
  /** Work out and show the changes, and make none. */
  readonly dryRun?: boolean | undefined;
  /** Asked over files of the user's own, and those of an earlier port that were edited since; without it they are an error. */
  readonly confirmOverwrite?: ConfirmOverwrite | undefined;
  readonly tools?: ToolPaths | undefined;
}

export interface IntoResult {
  /** Folder of the project, absolute. */
  readonly project: string;
  readonly kind: HostProject['kind'];
  readonly board: BoardData;
  /** Where main()'s start was read. */
  readonly init: 'catalogue' | 'example';
  /** All changes as a unified diff; empty when the project was already so. */
  readonly diff: string;
  /** Files changed; with `dryRun` those that would be. */
  readonly changed: readonly string[];
  /** Files of the user's own that were replaced; with `dryRun` those that would be. */
  readonly replaced: readonly string[];
  /** Files left as they are, because the user said so. */
  readonly kept: readonly string[];
  /** What the user has to know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads the project in a folder.
 * @param tools where CMake and the SDK are, for projects whose files do not tell what they build
 * @throws UserError `input` when it is none of MCUXpresso IDE or MCUXpresso for VS Code
 */
export async function hostProject(
  folder: string,
  tools?: ToolPaths,
  { signal, log }: StepContext = {},
): Promise<HostProject> {
  const compiledSources = async (place: string): Promise<readonly string[] | undefined> => {
    const sdkRoot = process.env['SdkRootDirPath'] ?? (await findSdk(tools?.sdk, { signal }))?.root;
    if (sdkRoot === undefined) return undefined;
    return cmakeSources(place, { sdkRoot, paths: tools, signal, log });
  };
  const found =
    (await mcuxpressoIdeProject(folder)) ?? (await mcuxpressoVscodeProject(folder, { compiledSources }));
  if (found) return found;
  throw new UserError(
    'input',
    say`${folder} holds no MCUXpresso project: neither a .cproject nor a CMakeLists.txt of NXP's SDK.`,
    say`Import the SDK's hello_world for your board first, then name its folder.`,
  );
}

/**
 * The catalogue's board for a project: the one given, else the one that the project says.
 * @throws UserError `board` when neither is there, or the project is for another core
 */
export function boardOfProject(
  host: Pick<HostProject, 'folder' | 'boardId' | 'core'>,
  given?: string,
): BoardData {
  const board = given === undefined || given === '' ? said(host) : findBoard(given);
  if (!board) {
    throw new UserError(
      'board',
      host.boardId === undefined
        ? say`The project in ${host.folder} does not say which board it is for.`
        : say`The project in ${host.folder} does not say which board it is for that GlowPort knows ("${host.boardId}").`,
      { do: 'nameProjectBoard' },
    );
  }
  if (host.core?.startsWith(PROJECT_CORES[board.core]) === false) {
    throw new UserError(
      'board',
      say`The project in ${host.folder} is for another processor than ${board.name}'s.`,
      { do: 'nameProjectBoard', says: host.boardId },
    );
  }
  return board;
}

/** How projects begin a core's name: `cm0plus`, and `cm0` for the same; `cm33_core0`. */
const PROJECT_CORES: Readonly<Record<BoardData['core'], string>> = {
  'cortex-m0plus': 'cm0',
  'cortex-m33': 'cm33',
  'cortex-m7': 'cm7',
};

/** Revisions and successors of a board (evkbmimxrt1060 for evkmimxrt1060) have the catalogue's processor and boot code. */
function said({ boardId }: Pick<HostProject, 'boardId'>): BoardData | undefined {
  if (boardId === undefined) return undefined;
  const plain = (id: string): string => id.toLowerCase().replace(/^evkb/, 'evk');
  const wanted = boardId.toLowerCase();
  return boards().find((b) => plain(b.id) === plain(wanted) || b.successors?.includes(wanted));
}

/**
 * Ports a compiled network into somebody's project: its files into source/, its settings into .cproject or CMakeLists.txt,
 * nothing else. Originals are kept, so that `revertInto` restores the project byte for byte; ported again it changes nothing.
 *
 * @throws UserError `input` for files in the way or damaged, `board` for a bundle of another processor or one that does not fit,
 * `toolchain` when it cannot be measured, `cancelled`
 */
export async function intoProject(
  host: HostProject,
  network: {
    readonly board: BoardData;
    readonly bundle: Bundle;
    readonly testData: readonly ConvertedInput[];
    readonly weights: WeightPlace;
    readonly answer: Answer;
    readonly modelName?: string | undefined;
    /** What the network takes, where that is known already. */
    readonly size?: ModelSize | undefined;
    /** Kinds of layers that Glow left in floating point, where that is known. */
    readonly floatKinds?: readonly string[] | undefined;
  },
  options: IntoOptions = {},
  context: StepContext = {},
): Promise<IntoResult> {
  const { board, bundle, testData: data, weights, answer, modelName, floatKinds = [] } = network;
  requireObjectFor(board, bundle);
  const model = await requireRoom(network, options, context);
  const floats = model && floatSentence({ floatKinds, board, bundle, model });
  return step(
    context,
    'generate',
    `into ${path.basename(host.folder)}`,
    async () => {
      const testData = new Map(data.map((d) => [d.placeholder.name, d.inc]));
      const { request, init, notes } = await portRequest(host, {
        board,
        bundle,
        testData,
        weights,
        answer,
        modelName,
      });
      const plan = await planChanges(request);
      const replaced = replacedFiles(plan);
      const { changed, kept } = options.dryRun
        ? { changed: changedFiles(plan), kept: [] }
        : await applyChanges(plan, {
            confirmOverwrite: options.confirmOverwrite,
            signal: context.signal,
          });
      const { kind } = host;
      return {
        ...{ project: plan.folder, kind, board, init: init.from, diff: planDiff(plan) },
        ...{ changed, kept, replaced: replaced.filter((f) => !kept.includes(f)) },
        notes: floats ? [...notes, english(floats)] : notes,
      };
    },
    ({ changed }) => filesText(changed, options.dryRun ? 'would change' : 'changed'),
  );
}

/**
 * The project's own code is not counted: it is not known what of it stays.
 * @returns what the network takes
 * @throws UserError `board` when the rest is too much
 */
async function requireRoom(
  { board, bundle, weights, answer, size }: Parameters<typeof intoProject>[1],
  { tools }: IntoOptions,
  context: StepContext,
): Promise<ModelSize | undefined> {
  if (!bundle.object) return undefined; // told by networkFiles
  const { object } = bundle;
  const known = size ?? (await modelSize({ ...bundle, object }, weights, gccOptions(board, tools, context)));
  const need = networkNeed(bundle, known, answer);
  const fit = fitBoard(board, need, 'sdk');
  await requireFit(board, { bundle, need }, fit, { platform: 'sdk', isFixed: true, weights, answer, tools });
  return known;
}

/**
 * From a model to its place in somebody's project: measured, compiled for the project's board, ported into it.
 *
 * @param choices as for a port; the board may be empty when the project says it
 * @throws UserError of any code; see each step
 */
export async function portInto(
  folder: string,
  choices: PortChoices,
  options: IntoOptions & { readonly glowCache?: string | null | undefined } = {},
  context: StepContext = {},
): Promise<IntoResult> {
  throwIfCancelled(context.signal);
  const host = await hostProject(folder, options.tools, context);
  const board = boardOfProject(host, choices.board);
  const { tools, glowCache } = options;
  const model = await readModel(choices, tools, context);
  const made = await compileModel(model, { ...choices, board, tools, glowCache }, context);
  const { compiled, samples, normalize } = made;
  const { bundle } = compiled;
  const { weights } = choices;
  const input = await testInput(choices.input, samples);
  const data = { ...choices, normalize };
  const testData = await convertInput(input, bundle, data, context);
  const graph = isUnread(model) ? undefined : model.graph;
  const quantized = compiled.compiler === 'builtin' ? compiled.quantized : undefined;
  const chosen = answerOf(graph, bundle.placeholders, choices);
  const answer = graph
    ? await withThreshold(chosen, { graph, quantized, samples, ...dataOptions(data) }, context)
    : chosen;
  const { size, floatKinds } = compiled;
  const network = {
    ...{ board, bundle, testData, weights, answer, size, floatKinds },
    modelName: path.basename(model.file),
  };
  return intoProject(host, network, options, context);
}

/**
 * Takes a port back: the project is what it was before the first one, byte for byte.
 *
 * @throws UserError `input` when nothing was ported, or files were edited since and `overwrite` is not set
 */
export async function revertInto(
  folder: string,
  options: { readonly dryRun?: boolean | undefined; readonly overwrite?: boolean | undefined } = {},
): Promise<{ readonly changed: readonly string[]; readonly diff: string }> {
  const place =
    path.basename(path.resolve(folder)) === 'armgcc' ? path.dirname(path.resolve(folder)) : folder;
  const plan = await planRevert(place);
  if (options.dryRun && plan) return { changed: changedFiles(plan), diff: planDiff(plan) };
  const changed = await revertChanges(place, { overwrite: options.overwrite ?? false });
  return { changed, diff: plan ? planDiff(plan) : '' };
}

function filesText(changed: readonly string[], what: string): string {
  if (changed.length === 0) return 'nothing to change';
  return `${changed.length} ${changed.length === 1 ? 'file' : 'files'} ${what}`;
}
