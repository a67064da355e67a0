import { NETWORK_C_FLAGS } from '../bundle/cFlags.ts';
import type { MemoryRegion } from './board.ts';
import type { BoardData } from './catalogue.ts';

/** How a standalone project is built, stated once: CMakeLists.txt is written from it, and gcc alone can follow it. */
export interface BuildPlan {
  /** Network name; the firmware is build/NAME.elf. */
  readonly name: string;
  /** Board id; absent in projects of before it was written here. */
  readonly board?: string;
  /** The device's flash, of which the firmware's size is told. */
  readonly flash: Pick<MemoryRegion, 'origin' | 'size'>;
  /** The firmware's own sources. */
  readonly sources: readonly string[];
  readonly network: NetworkBuild;
  readonly linkerScript: string;
  /** Files that main.c includes; a change of one compiles it again. */
  readonly includedFiles: readonly string[];
  readonly includeDirs: readonly string[];
  readonly defines: readonly string[];
  readonly cFlags: readonly string[];
  readonly linkFlags: readonly string[];
  /** Flags for our own sources only; absent when all sources are. */
  readonly ownFlags?: readonly string[];
  /** NXP's SDK, when the project is built on it. */
  readonly sdk?: SdkBuild;
}

/** The network in the firmware: compiled from NAME.c with flags of its own, or linked as it is, for Glow gives no source. */
export type NetworkBuild =
  { readonly source: string; readonly cFlags: readonly string[] } | { readonly object: string };

/** NAME.c as the bundle's own object was compiled, but with debug information; other flags would change size and cycles. */
export function compiledNetwork(board: BoardData, source: string): NetworkBuild {
  return { source, cFlags: [...board.compile.cpuFlags, ...NETWORK_C_FLAGS, '-g'] };
}

/** What comes from NXP's SDK. Paths are relative to its root, with `/`. */
export interface SdkBuild {
  /** Absolute, as the project was generated; CMake's SDK_DIR overrides it. */
  readonly root: string;
  /** Absolute folder of CMSIS's core headers; CMake's CMSIS_DIR. */
  readonly cmsis: string;
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly linkerScript: string;
  /** Vector 7 must hold the checksum of vectors 0 to 6, which the SDK's startup code leaves to the flash tool. */
  readonly vectorChecksum: boolean;
}

export const BUILD_PLAN_FILE = '.glowport/build.json';

/** The plan for a project on our board support; paths are relative to the project's folder. */
export function standalonePlan(
  board: BoardData,
  name: string,
  firmware: { readonly sources: readonly string[]; readonly included: readonly string[] },
  network: NetworkBuild,
): BuildPlan {
  const cpu = board.compile.cpuFlags;
  return {
    name,
    board: board.id,
    flash: flashOf(board),
    sources: [
      ...firmware.sources,
      'bsp/startup.c',
      'bsp/board.c',
      'bsp/pin_mux.c',
      'bsp/clock_config.c',
      'bsp/fsl_debug_console.c',
    ],
    network,
    linkerScript: 'bsp/linker.ld',
    includedFiles: firmware.included,
    includeDirs: ['source', 'bsp'],
    defines: board.compile.defines.filter((d) => d.startsWith('CPU_') || d.startsWith('FRDM_')),
    cFlags: [
      ...cpu,
      '-std=gnu99',
      '-Os',
      '-g',
      '-Wall',
      '-Wextra',
      '-ffreestanding',
      '-ffunction-sections',
      '-fdata-sections',
      '-fno-common',
      // else gcc makes the copy loops of main.c and startup.c calls of a library that takes more flash than they do
      '-fno-tree-loop-distribute-patterns',
    ],
    linkFlags: [...cpu, '-nostartfiles', '--specs=nano.specs', '--specs=nosys.specs', '-Wl,--gc-sections'],
  };
}

/** A board's flash as a plan has it. */
export function flashOf({ flash: { origin, size } }: BoardData): BuildPlan['flash'] {
  return { origin, size };
}
