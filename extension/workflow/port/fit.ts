import type { Platform } from '../../board/board.ts';
import { type BoardData, knownBoards } from '../../board/catalogue.ts';
import { type Fit, fitBoard, fitsAlone, type NetworkNeed } from '../../board/fit.ts';
import { ANSWER_BYTES } from '../../board/overhead.ts';
import type { Answer, Bundle } from '../../bundle/bundle.ts';
import { UserError } from '../../common/error.ts';
import type { Remedy } from '../../common/errors/remedy.ts';
import { joined, say } from '../../common/errors/sentence.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { WeightPlace } from '../../project/options.ts';
import { type CompiledModel, compileQuantized, type ModelSize, targetOf } from '../steps/compile.ts';
import type { StepContext } from '../steps/step.ts';
import { isCloseCall, trialBuild } from './trial.ts';

/** How a network fits a board. */
export interface BoardFit {
  readonly board: BoardData;
  readonly need: NetworkNeed;
  readonly fit: Fit;
}

/** What a compiled network needs of a board; `cycles` as the compiler predicts them, undefined for Glow's, which tells no layers. */
export function networkNeed(
  bundle: Bundle,
  size: ModelSize,
  { task }: Answer = { task: 'classify' },
): NetworkNeed {
  const testData = bundle.placeholders.filter((p) => p.direction === 'input');
  return {
    flashBytes:
      size.flashBytes + size.libraryBytes + testData.reduce((n, p) => n + p.byteSize, 0) + ANSWER_BYTES[task],
    ramBytes: size.ramBytes,
    stackBytes: size.stackBytes,
    floatPlaceholders: bundle.placeholders.some((p) => p.type === 'float32'),
    cycles:
      bundle.layers.length === 0
        ? undefined
        : bundle.layers.reduce((n, layer) => n + layer.predictedCycles, 0),
  };
}

/** A compiled network, its object included, and what it needs. */
export interface FittedNetwork {
  readonly bundle: Bundle;
  readonly need: NetworkNeed;
}

/** What decides what the firmware around a network is. */
export interface FirmwareChoices {
  readonly platform: Platform;
  readonly weights: WeightPlace;
  /** What it prints; default classes. */
  readonly answer?: Answer | undefined;
  readonly tools?: ToolPaths | undefined;
}

/**
 * How a network fits a board: predicted, and built where the prediction is too near the board's limits to be trusted (on our
 * own board support only: the SDK's files are not at hand, and the build refuses what is too large).
 * @throws UserError `toolchain` when that build fails
 */
export async function fitOf(
  board: BoardData,
  { bundle, need }: FittedNetwork,
  options: FirmwareChoices,
  context: StepContext = {},
): Promise<Fit> {
  const predicted = fitBoard(board, need, options.platform);
  const canBuild = options.platform === 'own' && board.bsp !== undefined && bundle.object !== undefined;
  const mayRun = board.fpu || !need.floatPlaceholders;
  if (!canBuild || !mayRun || !isCloseCall(predicted, bundle)) return predicted;
  return fitBoard(board, need, 'own', await trialBuild(board, bundle, need, options, context));
}

/** What a refusal of a network that does not fit looks into: what would help. */
export interface FitHelp extends FirmwareChoices {
  /** Compiles the network so that it may overwrite its input; left out when it does already, or cannot. */
  readonly reusing?: (() => Promise<FittedNetwork>) | undefined;
  /** The platform cannot be another one: somebody's project is on it. */
  readonly isFixed?: boolean | undefined;
}

/**
 * Refuses a network that does not fit. An estimate refuses none that the build may find room for.
 * @param fit as {@link fitOf} has it
 * @throws UserError `board` saying by how many bytes the network does not fit, and what would help
 */
export async function requireFit(
  board: BoardData,
  network: FittedNetwork,
  fit: Fit,
  help: FitHelp,
  context: StepContext = {},
): Promise<void> {
  const { bundle, need } = network;
  if (fit.fits || (fit.basis === 'estimated' && fitsAlone(board, need))) return;
  const reasons = joined(fit.reasons, (before, next) => say`${before}, and it ${next}`);
  throw new UserError(
    'board',
    help.platform === 'sdk'
      ? say`${bundle.name} does not fit ${board.name} on NXP's SDK: it ${reasons}.`
      : say`${bundle.name} does not fit ${board.name}: it ${reasons}.`,
    [...(await smaller(board, network, help, context)), { do: 'chooseBoard', which: 'fitting' }],
  );
}

/** What would make the network fit this very board. */
async function smaller(
  board: BoardData,
  network: FittedNetwork,
  help: FitHelp,
  context: StepContext,
): Promise<Remedy[]> {
  const { platform, reusing, isFixed } = help;
  if (reusing && (await fitOf(board, await reusing(), help, context)).fits) return [{ do: 'reuseInput' }];
  const own = { ...help, platform: 'own' } as const;
  if (platform === 'sdk' && !isFixed && board.bsp && (await fitOf(board, network, own, context)).fits) {
    return [{ do: 'buildWithoutSdk' }];
  }
  return [];
}

/**
 * Compiles a network for every kind of board and says how it fits each of the catalogue.
 *
 * @param known what has been compiled already, for which board, and how it fits there
 */
export async function fitBoards(
  quantized: QuantizedGraph,
  options: {
    readonly name: string;
    readonly weights: WeightPlace;
    readonly reuseInput?: boolean;
    readonly platform?: Platform | undefined;
    readonly answer?: Answer | undefined;
    readonly tools?: ToolPaths | undefined;
  },
  context: StepContext = {},
  known?: {
    readonly board: BoardData;
    readonly compiled: CompiledModel;
    readonly need: NetworkNeed;
    readonly fit: Fit;
  },
): Promise<BoardFit[]> {
  const kind = (board: BoardData): string => {
    const { core, unrollBytes } = targetOf(board);
    return JSON.stringify([core, unrollBytes, board.compile.cpuFlags]);
  };
  const all = knownBoards();
  const networks = new Map<string, Promise<FittedNetwork>>();
  if (known) {
    const { need, compiled } = known;
    networks.set(kind(known.board), Promise.resolve({ need, bundle: compiled.bundle }));
  }
  for (const board of all) {
    if (networks.has(kind(board))) continue;
    const compiling = compileQuantized(quantized, { ...options, board }, context);
    networks.set(
      kind(board),
      compiling.then(({ bundle, size }) => ({ bundle, need: networkNeed(bundle, size, options.answer) })),
    );
  }
  await Promise.all(networks.values());
  return Promise.all(
    all.map(async (board) => {
      const network = await networks.get(kind(board))!;
      const { need } = network;
      if (board === known?.board) return { board, need, fit: known.fit };
      const fit = await fitOf(board, network, { ...options, platform: options.platform ?? 'own' }, context);
      return { board, need, fit };
    }),
  );
}

/**
 * How a network fits the boards of one core: what Glow's object tells, without compiling again.
 * @param fit how it fits `board`
 */
export async function fitSameCore(
  board: BoardData,
  network: FittedNetwork,
  fit: Fit,
  options: FirmwareChoices,
  context: StepContext = {},
): Promise<BoardFit[]> {
  const { need } = network;
  const alike = knownBoards().filter((b) => b.core === board.core);
  return Promise.all(
    alike.map(async (b) => ({
      board: b,
      need,
      fit: b === board ? fit : await fitOf(b, network, options, context),
    })),
  );
}
