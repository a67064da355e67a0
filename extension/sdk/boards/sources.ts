import path from 'node:path';
import { preprocess, type Macros } from './directives.ts';
import type { FileIndex } from './fileIndex.ts';

/** What of an SDK a board's firmware may be built from. */
export interface SourceSearch {
  readonly index: FileIndex;
  /** The board's own folders, the one that counts most first. */
  readonly boardFolders: readonly string[];
  /** The device's folder, and those of other devices that it takes in. */
  readonly deviceFolders: readonly string[];
  /** Names of components that the board's own files mention, such as `lpc_gpio`, and those that its device's do. */
  readonly components: { readonly board: ReadonlySet<string>; readonly device: ReadonlySet<string> };
  /** Macros of the command line and of the device's features. */
  readonly macros: Macros;
}

/** Files to build and where their headers are, relative to the SDK's root. */
export interface Sources {
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  /** Headers that nobody has, and who includes them. */
  readonly lost: ReadonlyMap<string, string>;
}

/** Most files that one board's firmware is followed through. */
const MAX_FILES = 1500;
/** Registers and CMSIS: they bring nothing to be built, and are megabytes. */
const TERMINAL = 'fsl_device_registers.h';
/** Headers that lie beside an SDK, or in its folder of CMSIS. */
const CMSIS = /^(core_cm|cmsis_|arm_|mpu_|tz_)\w+\.h$/;
/** What a CMake file takes as it is, and no place outside of the SDK has. */
const PLAIN = /^[\w./+-]{1,200}$/;
/** One header stands for all UARTs, and several examples have pins and clocks of their own: which source goes with them is chosen. */
const CHOSEN = /\/(fsl_adapter_\w+|board|clock_config|pin_mux|peripherals)\.c$/;
/** Of several consoles and their parts: the one that takes least. */
const PREFERRED = ['debug_console_lite', 'str', 'assert', 'misc_utilities'];

/**
 * All that sources need to link: each header that one includes, as the preprocessor takes it, and the source of the same name
 * beside that header, and so on. What is not called is left out by the linker.
 * @param alsoRead files whose headers count, and which are not built
 */
export async function neededSources(
  search: SourceSearch,
  first: readonly string[],
  alsoRead: readonly string[] = [],
): Promise<Sources> {
  const { index } = search;
  const sources = new Set(first);
  const folders = new Set<string>();
  const headers = new Map<string, string | undefined>();
  let left = MAX_FILES;
  const place = async (name: string, from: string): Promise<string | undefined> => {
    const beside = path.posix.join(path.posix.dirname(from), name);
    if (await index.isThere(beside)) return beside;
    if (!headers.has(name)) headers.set(name, await placeOf(search, name));
    return headers.get(name);
  };
  const lost = new Map<string, string>();
  const waiting = [...first, ...alsoRead];
  for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
    const macros = new Map(search.macros);
    const seen = new Set<string>();
    const visit = async (file: string): Promise<void> => {
      if (seen.has(file) || left-- <= 0) return;
      seen.add(file);
      const included: string[] = [];
      const directives = await index.directives(file);
      preprocess(directives, macros, (name) => included.push(name));
      for (const name of included) {
        const header = PLAIN.test(name) ? await place(name, file) : undefined;
        if (header === undefined) {
          if (!CMSIS.test(name)) lost.set(name, file);
          continue;
        }
        folders.add(path.posix.dirname(header));
        if (name === TERMINAL) continue;
        const twin = header.replace(/\.h$/, '.c');
        if (!sources.has(twin) && !CHOSEN.test(twin) && (await index.isThere(twin))) {
          sources.add(twin);
          waiting.push(twin);
        }
        await visit(header);
      }
    };
    await visit(source);
  }
  return { sources: [...sources], includeDirs: [...folders], lost };
}

/**
 * Where a header is that several folders may have: the board's own first, then the device's, then the drivers and components
 * that their files name. Other devices' are none.
 */
export async function placeOf(search: SourceSearch, name: string): Promise<string | undefined> {
  const { index, boardFolders, deviceFolders, components, macros } = search;
  for (const folder of boardFolders) {
    const at = path.posix.join(folder, name);
    if (await index.isThere(at)) return at;
  }
  const places = index
    .named(path.posix.basename(name))
    .filter((at) => name === path.posix.basename(name) || at.endsWith(`/${name}`));
  const own = places.filter((at) => deviceFolders.some((folder) => at.startsWith(`${folder}/`)));
  if (own.length > 0) return best(own, (at) => deviceRank(deviceFolders, at) * 1000 - at.length);
  const shared = places.filter((at) => !at.startsWith('devices/'));
  if (shared.length < 2) return shared[0];
  const scores = new Map<string, number>();
  const stem = name.replace(/^fsl_/, '').replace(/\.\w+$/, '');
  for (const at of shared) {
    const folder = path.posix.dirname(at);
    const base = path.posix.basename(folder);
    const { names, blocks } = await componentsIn(index, folder);
    const holds = [
      PREFERRED.includes(base),
      names.some((name) => components.board.has(name)),
      names.some((name) => components.device.has(name)),
      blocks.some((block) => components.device.has(block)) || hasBlock(macros, base),
      base === stem,
    ];
    // each counts more than all behind it; the shortest path of those that are left
    scores.set(at, holds.reduce((sum, is) => sum * 2 + Number(is), 0) * 1000 - at.length);
  }
  return best(shared, (at) => scores.get(at)!);
}

/** Earlier folders rank higher. */
function deviceRank(folders: readonly string[], at: string): number {
  return folders.length - folders.findIndex((folder) => at.startsWith(`${folder}/`));
}

/** Components that a folder defines: its Kconfig since SDK 24.12, before that a CMake file for each. */
async function componentsIn(
  index: FileIndex,
  folder: string,
): Promise<{ names: string[]; blocks: string[] }> {
  const kconfig = (await index.text(`${folder}/Kconfig`)) ?? '';
  const names = Array.from(
    kconfig.matchAll(/^[ \t]*config MCUX_COMPONENT_\w{1,20}\.(\w{1,60})/gm),
    (m) => m[1]!,
  );
  // what a processor has to have for it to be there
  const blocks = Array.from(kconfig.matchAll(/\bMCUX_HW_IP_DriverType_(\w{1,60})/g), (m) => `ip:${m[1]!}`);
  const modules = index
    .namesIn(folder)
    .map((file) => /^(?:driver|component|utility)_(\w{1,60})\.cmake$/.exec(file)?.[1])
    .filter((name) => name !== undefined);
  return { names: [path.posix.basename(folder), ...names, ...modules], blocks };
}

/** Names of components that texts of CMake and Kconfig mention, as {@link componentsIn} has them. Pure. */
export function mentionedComponents(texts: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const text of texts) {
    for (const [, name] of text.matchAll(/(?<![A-Za-z])(?:driver|component|utility)[._](\w{1,60})/g)) {
      names.add(name!);
    }
    for (const [, name] of text.matchAll(/\bconfig MCUX_HW_IP_DriverType_(\w{1,60})/g))
      names.add(`ip:${name!}`);
  }
  return names;
}

/** Whether the device's features count blocks that a driver's folder is named by, such as `igpio`. */
function hasBlock(macros: Macros, folder: string): boolean {
  return (macros.get(`FSL_FEATURE_SOC_${folder.toUpperCase()}_COUNT`) ?? 0) > 0;
}

function best(places: readonly string[], score: (at: string) => number): string | undefined {
  return [...places].sort((a, b) => score(b) - score(a) || a.localeCompare(b))[0];
}
