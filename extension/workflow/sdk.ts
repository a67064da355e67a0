import {
  addSdkBoards,
  forgetSdkBoards,
  type BoardData,
  boards,
  findAmong,
  findBoard,
} from '../board/catalogue.ts';
import { errorOf, UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { sdkBoard, sdkBoardNames, type SdkBoards } from '../sdk/boards/sdkBoards.ts';
import { findSdk, openSdk, requireBoard, type Sdk, type SdkBoard } from '../sdk/discover.ts';
import type { Diagnosis } from '../toolchain/find.ts';
import { AUTO_SDK } from './choices/choices.ts';
import { runnerOf, type TaskRunner } from './tasks/tasks.ts';

interface SdkOptions {
  /** Place that a setting names; `auto` looks there only, when there is one. */
  readonly set?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The chosen SDK. @throws UserError `input` when there is none there
 */
export async function openChosenSdk(choice: string, { set, signal }: SdkOptions = {}): Promise<Sdk> {
  if (choice !== AUTO_SDK) return openSdk(choice, { signal });
  const found = await findSdk(set, { signal });
  if (found) return found;
  throw new UserError('input', say`No MCUXpresso SDK was found in the usual places.`, { do: 'getSdk' });
}

/**
 * The board's files of the chosen SDK; undefined when our own board support is to be used.
 * @throws UserError `input` when the SDK lacks the board, `board` when nothing was chosen for a board that needs an SDK
 */
export async function chosenSdk(
  choice: string | undefined,
  board: BoardData,
  options: SdkOptions = {},
): Promise<SdkBoard | undefined> {
  if (choice !== undefined) return requireBoard(await openChosenSdk(choice, options), board);
  if (board.bsp) return undefined;
  throw new UserError(
    'board',
    say`${board.name} has no board support of our own, so its firmware is built on NXP's SDK.`,
    [{ do: 'buildOnSdk' }, { do: 'chooseBoard', which: 'simulated' }],
  );
}

/** A board, and what its firmware is built on. */
export interface ChosenBoard {
  readonly board: BoardData;
  readonly sdk: SdkBoard | undefined;
}

/**
 * The board that was named, and the SDK's files for it; a board that the catalogue lacks is read from the chosen SDK, and
 * known from then on.
 * @throws UserError as {@link chosenSdk} does, `board` when there is no such board, `input` when the SDK does not describe it
 */
export async function chosenBoard(
  idOrName: string,
  choice: string | undefined,
  options: SdkOptions = {},
): Promise<ChosenBoard> {
  if (choice === undefined) {
    const board = findBoard(idOrName);
    return { board, sdk: await chosenSdk(choice, board, options) };
  }
  const sdk = await openChosenSdk(choice, options);
  const board = await boardOf(sdk, idOrName);
  return { board, sdk: await requireBoard(sdk, board) };
}

/** The board that was named, as {@link chosenBoard} finds it; what is built on an SDK is not asked. */
export async function namedBoard(
  idOrName: string,
  choice: string | undefined,
  options: SdkOptions = {},
): Promise<BoardData> {
  const isOurs = boards().some((b) => b.id === idOrName);
  if (choice === undefined || isOurs) return findBoard(idOrName);
  return boardOf(await openChosenSdk(choice, options), idOrName);
}

/** A board of the catalogue or, where that has none of this name, of an SDK. */
async function boardOf(sdk: Sdk, idOrName: string): Promise<BoardData> {
  const ours = boards();
  const ids = new Set(ours.map((b) => b.id));
  const theirs = (await sdkBoardNames(sdk)).filter(({ id }) => !ids.has(id));
  const { id } = findAmong(idOrName, [...ours, ...theirs]);
  const known = ours.find((b) => b.id === id);
  if (known) return known;
  const board = await sdkBoard(sdk, id);
  addSdkBoards([board]);
  return board;
}

/** All boards that firmware can be built for on the chosen SDK and that the catalogue lacks; they are known from then on. */
export async function boardsOfSdk(
  choice: string,
  options: SdkOptions & { readonly tasks?: TaskRunner | undefined } = {},
): Promise<SdkBoards> {
  const { root, layout } = await openChosenSdk(choice, options);
  const known = boards().map((b) => b.id);
  const read = await runnerOf(options)('describeBoards', { root, layout, known }, { signal: options.signal });
  forgetSdkBoards();
  addSdkBoards(read.boards);
  return { ...read, refused: read.refused.map(({ id, why }) => ({ id, why: errorOf(why) })) };
}

/** The SDK's line of `glowport doctor`. */
export async function diagnoseSdk(choice?: string): Promise<Diagnosis> {
  const line = {
    tool: 'sdk',
    label: 'MCUXpresso SDK',
    purpose: 'firmware for real boards; simulated boards need none',
    required: false,
    install: undefined,
  } as const;
  const missing = { ...line, state: 'missing', path: undefined, version: undefined } as const;
  try {
    const sdk = await findSdk(choice);
    if (!sdk) return { ...missing, remedies: [{ do: 'getSdk' }] };
    const names = sdk.boards.map((b) => b.name);
    return {
      ...line,
      state: sdk.boards.length > 0 && sdk.cmsis !== undefined ? 'ok' : 'missing',
      path: sdk.root,
      version: sdk.version,
      note: names.length > 0 ? say`It has ${names}.` : undefined,
      remedies: sdk.problems.map((sentence) => ({ do: 'advice', sentence })),
    };
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    return { ...missing, note: e.sentence, remedies: e.remedies };
  }
}
