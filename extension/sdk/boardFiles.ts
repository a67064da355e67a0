import { addTo, pushAll } from '../common/lists.ts';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readSmall } from '../common/regularFile.ts';
import type { BoardData } from '../board/catalogue.ts';
import { isFolder } from './layout.ts';
import { clockSource } from './projectSegments.ts';

/** The files of an SDK that firmware for a board is built from; paths relative to the SDK's root, with `/`. */
export interface BoardFiles {
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly linkerScript: string;
  /** What the board's recipe names and the SDK lacks. Nothing can be built unless it is empty. */
  readonly missing: readonly string[];
}

/** Headers that the board's own code and main.c include, by name; where they are differs between releases. */
const HEADERS = [
  'fsl_device_registers.h',
  'fsl_common.h',
  'fsl_clock.h',
  'fsl_debug_console.h',
  'fsl_debug_console_conf.h',
  'fsl_str.h',
  'fsl_adapter_uart.h',
  'board.h',
  'clock_config.h',
  'pin_mux.h',
];

/** It only quiets warnings of newer linkers, and came with release 2.14. */
const OPTIONAL = /\/fsl_syscall_stub\.c$/;

/** Folder entries that a search looks at, at most: a whole SDK of all boards has some 150,000. */
const MAX_ENTRIES = 400_000;
/** Folders without a file for us. */
const SKIPPED =
  /^(\.git|docs?|doxygen|iar|arm|mdk|codewarrior|middleware|rtos|svd|cm4|cm33|armv[78]-a|template|licenses)$/i;

/**
 * Finds a board's files. The catalogue names them as the mcux-sdk repository has them; what is not there is looked for by
 * name in the folders where packages and newer releases have it, and the place that resembles the recipe's most is taken.
 */
export async function boardFiles(root: string, board: BoardData): Promise<BoardFiles> {
  const { sdk } = board;
  const wanted = [...sdk.sources, sdk.linkerScript, sdk.pinMux];
  const found = new Map<string, string>();
  for (const file of wanted) if (await isFile(path.join(root, file))) found.set(file, file);
  for (const file of found.has(sdk.pinMux) ? [] : pinMuxPlaces(board)) {
    if (!found.has(sdk.pinMux) && (await isFile(path.join(root, file)))) found.set(sdk.pinMux, file);
  }

  const clock = wanted.find((file) => file.endsWith('/clock_config.c'));
  const namedClock = await clockSource(root, board);
  if (clock !== undefined && namedClock !== undefined && (await isFile(path.join(root, namedClock)))) {
    found.set(clock, namedClock);
  }

  const lacking = wanted.filter((file) => !found.has(file) && file !== sdk.pinMux);
  const exactDirs = await present(root, [...sdk.includeDirs, path.posix.dirname(sdk.pinMux)]);
  const headerDirs = new Set(exactDirs);
  if (lacking.length > 0 || exactDirs.length < sdk.includeDirs.length) {
    const names = new Set([...lacking, ...HEADERS].map((file) => path.posix.basename(file)));
    const places = await search(root, board, names);
    for (const file of lacking) {
      const best = nearest(file, places.get(path.posix.basename(file)) ?? []);
      if (best !== undefined) found.set(file, best);
    }
    for (const header of HEADERS) {
      const model = sdk.sources.map((s) => path.posix.join(path.posix.dirname(s), header)).concat(header);
      const near = model.map((m) => nearest(m, places.get(header) ?? [])).filter((p) => p !== undefined);
      if (near[0] !== undefined) headerDirs.add(path.posix.dirname(near[0]));
    }
    for (const device of places.get('fsl_device_registers.h') ?? []) {
      const registers = await registersOf(root, path.posix.dirname(device));
      if (registers !== undefined) headerDirs.add(registers);
    }
  }
  // the linker script of a package may lie with its examples only; the headers of a driver lie beside its source
  for (const file of found.values()) if (file.endsWith('.c')) headerDirs.add(path.posix.dirname(file));
  const dirs = [...headerDirs];
  // the clock_config.h and pin_mux.h beside the sources that are compiled go before any other
  const first = [clock, sdk.pinMux].flatMap((file) => {
    const place = file === undefined ? undefined : found.get(file);
    return place === undefined ? [] : [path.posix.dirname(place)];
  });
  const ownFirst = dirs.filter((d) => d === sdk.boardFolder || d.endsWith(`/${board.id}`));
  return {
    sources: [...sdk.sources, sdk.pinMux].map((f) => found.get(f)).filter((f) => f !== undefined),
    includeDirs: [...new Set([...ownFirst, ...first, ...dirs])],
    linkerScript: found.get(sdk.linkerScript) ?? '',
    missing: wanted.filter((file) => !found.has(file) && !OPTIONAL.test(file)),
  };
}

/** Longest CMake file that is read; they have some kilobytes. */
const MAX_CMAKE = 256 * 1024;

async function readCMake(file: string): Promise<string> {
  return (await readSmall(file, MAX_CMAKE))?.toString('utf8') ?? '';
}

/**
 * Folder of a device's registers in SDK 24.12 and newer: devices of one kind share one of several beside them, and
 * variable.cmake says which. Another one's headers have the same names and refuse the device.
 */
async function registersOf(root: string, device: string): Promise<string | undefined> {
  const text = await readCMake(path.join(root, device, 'variable.cmake'));
  const said = /^[ \t]*mcux_set_variable\(\s*soc_periph\s+"?(\w{1,60})"?\s*\)/m.exec(text)?.[1];
  const folder = path.posix.join(path.posix.dirname(device), said ?? 'periph');
  return (await isFolder(path.join(root, folder))) ? folder : undefined;
}

/** Where the pins of the console are set up when there is no project_template: any other example's pin_mux.c has its own pins. */
function pinMuxPlaces({ id }: BoardData): string[] {
  return [`boards/${id}`, `examples/_boards/${id}`].flatMap((board) =>
    ['project_template', 'demo_apps/hello_world', 'common/pin_mux', 'demo_apps/new_project'].flatMap(
      (folder) => [`${board}/${folder}/cm7/pin_mux.c`, `${board}/${folder}/pin_mux.c`],
    ),
  );
}

async function present(root: string, folders: readonly string[]): Promise<string[]> {
  const there: string[] = [];
  for (const folder of folders) if (await isFolder(path.join(root, folder))) there.push(folder);
  return there;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}

/** Where files of these names are, among the folders that may hold this board's. */
async function search(
  root: string,
  board: BoardData,
  names: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
  const device = path.posix.basename(board.sdk.deviceFolder);
  const places = new Map<string, string[]>();
  const folders = [
    'devices',
    'drivers',
    'components',
    'utilities',
    `boards/${board.id}`,
    `examples/_boards/${board.id}`,
  ];
  // folders of another device that this device's CMakeLists.txt takes in (SDK 24.12: MIMXRT1166 has drivers of MIMXRT1176)
  const lent: string[] = [];
  let left = MAX_ENTRIES;
  for (let folder = folders.shift(); folder !== undefined && left > 0; folder = folders.shift()) {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    left -= entries.length;
    const isOwn = folder.split('/').includes(device) || lent.some((l) => `${folder}/`.startsWith(`${l}/`));
    if (folder.startsWith('devices/') && isOwn && entries.some((e) => e.name === 'CMakeLists.txt')) {
      const more = await takenIn(root, folder);
      pushAll(lent, more);
      pushAll(folders, more);
    }
    for (const entry of entries) {
      const at = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) folders.push(at);
      // a device's own files only; another device's have the same names
      const isForeign = folder.startsWith('devices/') && !isOwn;
      if (entry.isFile() && names.has(entry.name) && !isForeign) {
        addTo(places, entry.name, at);
      }
    }
  }
  return places;
}

/** Folders of other devices that a folder's CMakeLists.txt takes in. */
async function takenIn(root: string, folder: string): Promise<string[]> {
  const text = await readCMake(path.join(root, folder, 'CMakeLists.txt'));
  const taken = text.matchAll(
    /\bmcux_add_cmakelists\(\s*\$\{CMAKE_CURRENT_LIST_DIR\}\/(\.\.\/[\w./-]{1,200})\s*\)/g,
  );
  return Array.from(taken, ([, relative]) => path.posix.join(folder, relative!))
    .filter((place) => place.startsWith('devices/'))
    .slice(0, 20);
}

/** The path that shares most of its end with `wanted`, folder names counted in any order behind that; the shortest of equals. */
function nearest(wanted: string, places: readonly string[]): string | undefined {
  const parts = wanted.split('/').reverse();
  const score = (place: string): number => {
    const other = place.split('/').reverse();
    let same = 0;
    while (same < parts.length && parts[same] === other[same]) same++;
    return same * 100 + other.filter((p) => parts.includes(p)).length * 10 - other.length;
  };
  return [...places].sort((a, b) => score(b) - score(a) || a.localeCompare(b))[0];
}
