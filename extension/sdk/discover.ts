import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BoardData, boards } from '../board/catalogue.ts';
import { UserError } from '../common/error.ts';
import { say, type Sentence, someOf } from '../common/errors/sentence.ts';
import { sdkBoardNames } from './boards/sdkBoards.ts';
import { type BoardFiles, boardFiles } from './boardFiles.ts';
import { headersOf, sdkExample, type SdkExample } from './example.ts';
import { functionsOf } from './functions.ts';
import { isFolder, sdkRoot, sdkVersion, type SdkLayout } from './layout.ts';
import { isTooOld, oldestRelease } from './release.ts';
import { openZip } from './unzip.ts';

/** An installed MCUXpresso SDK. */
export interface Sdk {
  /** Absolute. */
  readonly root: string;
  readonly layout: SdkLayout;
  /** Such as `2.16.0`; undefined when its files do not say. */
  readonly version: string | undefined;
  /** Absolute folder of CMSIS's core headers; undefined when they are not there. */
  readonly cmsis: string | undefined;
  /** Boards of the catalogue that firmware can be built for. */
  readonly boards: readonly BoardData[];
  /** What stands in the way, each a sentence that says what to do; boards that the SDK simply does not have are none. */
  readonly problems: readonly Sentence[];
}

/** Where a search looks; tests give their own. */
export interface SdkPlaces {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Where packages are unpacked to. */
  readonly cache: string;
}

function usualPlaces(): SdkPlaces {
  const home = os.homedir();
  const base =
    process.platform === 'win32'
      ? (process.env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : (process.env.XDG_CACHE_HOME ?? path.join(home, '.cache'));
  return { home, env: process.env, platform: process.platform, cache: path.join(base, 'glowport', 'sdk') };
}

/**
 * Opens the SDK at a place: a folder, a west workspace that holds it, or an SDK_2.x_BOARD.zip, which is unpacked once into
 * the cache (its examples apart from hello_world are left out).
 * @throws UserError `input` when there is none, or the zip file is damaged or dangerous; `cancelled`
 */
export async function openSdk(
  place: string,
  options: { readonly places?: SdkPlaces; readonly signal?: AbortSignal | undefined } = {},
): Promise<Sdk> {
  const at = path.resolve(place);
  const info = await stat(at).catch(() => undefined);
  if (!info) throw noSdk(at, say`does not exist`);
  const folder = info.isFile() ? await unpack(at, info, options.places ?? usualPlaces(), options.signal) : at;
  const found = await sdkRoot(folder);
  if (!found) throw noSdk(at, say`is no MCUXpresso SDK: it lacks the SDK's folders devices and boards`);
  return describe(found.root, found.layout);
}

/**
 * The SDK to use: the place that was set, else GLOWPORT_SDK, else the newest in the usual places. Undefined when there is none.
 * @throws UserError `input` when a place was set and holds none
 */
export async function findSdk(
  set?: string,
  options: { readonly places?: SdkPlaces; readonly signal?: AbortSignal | undefined } = {},
): Promise<Sdk | undefined> {
  const places = options.places ?? usualPlaces();
  const named = set || places.env['GLOWPORT_SDK'];
  if (named) return openSdk(named, { ...options, places });
  const found: Sdk[] = [];
  for (const candidate of await candidates(places)) {
    const sdk = await openSdk(candidate, { ...options, places }).catch(() => undefined);
    if (sdk) found.push(sdk);
  }
  const rank = (sdk: Sdk): number => sdk.boards.length;
  return found.sort(
    (a, b) => (b.version ?? '').localeCompare(a.version ?? '', 'en', { numeric: true }) || rank(b) - rank(a),
  )[0];
}

/** An SDK's files for one board, all there. */
export interface SdkBoard extends BoardFiles {
  readonly root: string;
  readonly version: string | undefined;
  readonly cmsis: string;
  /** Its hello_world for the board. */
  readonly example: SdkExample;
  /** Headers that a project can include. */
  readonly headers: ReadonlySet<string>;
  /** Functions that main() may call. */
  readonly functions: ReadonlySet<string>;
}

/** A board's files, everything there. @throws UserError `input` naming what is missing and what to do */
export async function requireBoard(sdk: Sdk, board: BoardData): Promise<SdkBoard> {
  const files = await boardFiles(sdk.root, board);
  const { missing } = files;
  if (isTooOld(sdk.version, board) && (await hasFolderOf(sdk.root, board))) {
    throw new UserError(
      'input',
      say`The SDK in ${sdk.root} is too old for ${board.name}: it is of release ${sdk.version!}.`,
      [say`Take release ${oldestRelease(board)} or newer.`, { do: 'getSdk', board: board.name }],
    );
  }
  if (missing.length > 0) {
    const hasBoard = await hasFolderOf(sdk.root, board);
    const others = sdk.boards.map((b) => b.id);
    const successors = (await sdkBoardNames(sdk))
      .map((b) => b.id)
      .filter((id) => board.successors?.includes(id));
    throw new UserError(
      'input',
      hasBoard
        ? say`The SDK in ${sdk.root} lacks ${someOf(missing, 1)} for ${board.name}.`
        : others.length > 0
          ? say`The SDK in ${sdk.root} does not have the board ${board.name}; it has ${others}.`
          : say`The SDK in ${sdk.root} does not have the board ${board.name}.`,
      successors.length > 0
        ? { do: 'chooseBoard', which: 'any', near: successors }
        : { do: 'getSdk', board: board.name },
      missing.join('\n'),
    );
  }
  if (sdk.cmsis === undefined) {
    throw new UserError(
      'input',
      say`The SDK in ${sdk.root} has no CMSIS headers (core_cm0plus.h).`,
      CMSIS_ADVICE,
    );
  }
  const [example, headers, functions] = await Promise.all([
    sdkExample(sdk.root, board, files),
    headersOf(sdk.root, files),
    functionsOf(sdk.root, files),
  ]);
  return { ...files, root: sdk.root, version: sdk.version, cmsis: sdk.cmsis, example, headers, functions };
}

const CMSIS_ADVICE = say`Since release 2.13 the repository comes without them: clone nxp-mcuxpresso/CMSIS_5 beside it, or run "west update".`;

async function hasFolderOf(root: string, board: BoardData): Promise<boolean> {
  return (
    (await isFolder(path.join(root, board.sdk.boardFolder))) ||
    isFolder(path.join(root, 'examples/_boards', board.id))
  );
}

async function describe(root: string, layout: SdkLayout): Promise<Sdk> {
  const entries = await readdir(root).catch(() => []);
  const [version, cmsis] = await Promise.all([sdkVersion(root, entries), findCmsis(root)]);
  const usable: BoardData[] = [];
  const problems: Sentence[] = [];
  for (const board of boards()) {
    if (!(await hasFolderOf(root, board))) continue;
    if (isTooOld(version, board)) {
      problems.push(
        say`Release ${version!} is too old for ${board.name}; take ${oldestRelease(board)} or newer.`,
      );
      continue;
    }
    const { missing } = await boardFiles(root, board);
    if (missing.length === 0) usable.push(board);
    else {
      problems.push(
        missing.length > 1
          ? say`${board.name} cannot be built: ${someOf(missing, 3)} are missing; download the SDK again.`
          : say`${board.name} cannot be built: ${missing} is missing; download the SDK again.`,
      );
    }
  }
  if (cmsis === undefined)
    problems.push(say`The CMSIS headers (core_cm0plus.h) are missing. ${CMSIS_ADVICE}`);
  if (usable.length === 0 && problems.length === 0 && (await sdkBoardNames({ root, layout })).length === 0) {
    problems.push(say`It has no board; download the SDK of yours.`);
  }
  return { root, layout, version, cmsis, boards: usable, problems };
}

/** Inside the SDK, or beside it when CMSIS_5 was cloned on its own. */
async function findCmsis(root: string): Promise<string | undefined> {
  const inside = [
    'CMSIS/Core/Include',
    'CMSIS/Include',
    'arch/arm/CMSIS/Core/Include',
    'CMSIS/CMSIS/Core/Include',
  ];
  const beside = [
    'CMSIS_5/CMSIS/Core/Include',
    'CMSIS/Core/Include',
    'CMSIS_5/Core/Include',
    'CMSIS/CMSIS/Core/Include',
  ];
  const all = [...inside.map((p) => path.join(root, p)), ...beside.map((p) => path.join(root, '..', p))];
  for (const folder of all) {
    if (existsSync(path.join(folder, 'core_cm0plus.h')) && existsSync(path.join(folder, 'core_cm7.h')))
      return folder;
  }
  return undefined;
}

/** Folders and zip files that look like an SDK, in the places where NXP's tools and people put them. */
async function candidates({ home, platform }: SdkPlaces): Promise<string[]> {
  const p = path;
  const folders = [
    home,
    p.join(home, 'Downloads'),
    p.join(home, 'Documents'),
    p.join(home, 'nxp'),
    ...(platform === 'win32' ? ['C:\\nxp'] : ['/opt/nxp', '/opt']),
  ];
  // MCUXpresso IDE keeps installed packages here, one numbered folder a version of it
  for (const ide of ['mcuxpresso', 'Documents/MCUXpresso']) {
    for (const name of await readdir(p.join(home, ide)).catch(() => [])) {
      folders.push(p.join(home, ide, name, 'SDKPackages'));
    }
  }
  const found: string[] = [];
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (/^(mcux-?sdk([-_]\w+)?|sdk[-_]?nxp|SDK_2[\w.-]*)$/i.test(name) && !/\.(exe|txt|pdf)$/i.test(name)) {
        found.push(p.join(folder, name));
      }
    }
  }
  return found.slice(0, 100);
}

/** Unpacks a package into the cache, once: the folder's name holds the file's name, size and time. */
async function unpack(
  file: string,
  info: { size: number; mtimeMs: number },
  places: SdkPlaces,
  signal: AbortSignal | undefined,
): Promise<string> {
  const key = createHash('sha256')
    .update(`${file}\n${info.size}\n${info.mtimeMs}`)
    .digest('hex')
    .slice(0, 12);
  const name = path
    .basename(file, path.extname(file))
    .replace(/[^\w.-]/g, '_')
    .slice(0, 60);
  const folder = path.join(places.cache, `${name}-${key}`);
  if (await isFolder(folder)) return folder;
  const zip = await openZip(file);
  try {
    await zip.extract(folder, { filter: isNeeded, signal });
  } finally {
    zip.close();
  }
  return folder;
}

/** Examples other than hello_world, documents and other compilers' files stay packed: they are most of a package. */
export function isNeeded(entry: string): boolean {
  if (/^(docs|middleware|rtos)\//.test(entry)) return false;
  if (/\/(iar|arm|mdk)\//.test(entry)) return false;
  const example = /^boards\/[^/]+\/(\w+_examples|demo_apps|rtos_examples|usb_examples)\/([^/]+)\//.exec(
    entry,
  );
  return !example || example[2] === 'hello_world' || example[2] === 'glow_lenet_mnist';
}

function noSdk(place: string, why: Sentence): UserError {
  return new UserError('input', say`${place} ${why}.`, { do: 'getSdk' });
}
