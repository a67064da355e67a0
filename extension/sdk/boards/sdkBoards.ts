import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BoardData, NamedBoard } from '../../board/catalogue.ts';
import { throwIfCancelled, UserError } from '../../common/error.ts';
import { readStart } from '../../common/regularFile.ts';
import type { WorkContext } from '../../common/work.ts';
import type { SdkLayout } from '../layout.ts';
import { readBoardHeader } from './boardHeader.ts';
import { FileIndex } from './fileIndex.ts';
import { type ReadSdk, readSdkDevices } from './findDevice.ts';
import { boardFolderOf } from './places.ts';
import { readSdkBoard } from './readBoard.ts';

/** Where an SDK is, and how its files are arranged. */
export interface SdkPlace {
  readonly root: string;
  readonly layout: SdkLayout;
}

/** All boards of an SDK. */
export interface SdkBoards {
  readonly boards: readonly BoardData[];
  /** Boards that firmware cannot be built for, and why. */
  readonly refused: readonly { readonly id: string; readonly why: UserError }[];
}

/** Longest start of a board.h that its name is looked for in, and most boards of an SDK (NXP has some 90). */
const MAX_HEADER = 64 * 1024;
const MAX_BOARDS = 1000;

/** Names of an SDK's boards, whatever their processor. */
export async function sdkBoardNames({ root, layout }: SdkPlace): Promise<NamedBoard[]> {
  const folder = path.join(root, path.posix.dirname(boardFolderOf(layout, 'any')));
  const ids = (await readdir(folder).catch(() => []))
    .filter((id) => /^\w{3,60}$/.test(id))
    .slice(0, MAX_BOARDS);
  const names = await Promise.all(
    ids.map(async (id) => {
      const header = await readStart(path.join(folder, id, 'board.h'), MAX_HEADER);
      return header && { id, name: readBoardHeader(header.toString('utf8')).name ?? id.toUpperCase() };
    }),
  );
  return names.filter((n) => n !== undefined);
}

/** What is read of an SDK, once for each time that it is opened. */
const opened = new WeakMap<SdkPlace, Promise<ReadSdk>>();

function readOnce(sdk: SdkPlace): Promise<ReadSdk> {
  const known = opened.get(sdk);
  if (known) return known;
  const read = FileIndex.of(sdk.root).then((index) => readSdkDevices(index, sdk.layout));
  opened.set(sdk, read);
  return read;
}

/** One board. @throws UserError as {@link readSdkBoard} does */
export async function sdkBoard(sdk: SdkPlace, id: string): Promise<BoardData> {
  return readSdkBoard(await readOnce(sdk), id);
}

/**
 * All boards but those that are known better. It takes seconds: an SDK has thousands of files.
 * @param known their ids
 * @throws UserError `cancelled`
 */
export async function sdkBoards(
  sdk: SdkPlace,
  known: ReadonlySet<string>,
  { signal, progress }: WorkContext = {},
): Promise<SdkBoards> {
  const boards: BoardData[] = [];
  const refused: { id: string; why: UserError }[] = [];
  const names = (await sdkBoardNames(sdk)).filter(({ id }) => !known.has(id));
  for (const [i, { id, name }] of names.entries()) {
    throwIfCancelled(signal);
    try {
      boards.push(await sdkBoard(sdk, id));
    } catch (e) {
      if (!(e instanceof UserError)) throw e;
      refused.push({ id, why: e });
    }
    progress?.(name, (i + 1) / names.length);
  }
  return { boards, refused };
}
