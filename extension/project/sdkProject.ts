import { type BuildPlan, flashOf, type NetworkBuild } from '../board/buildPlan.ts';
import type { Platform } from '../board/board.ts';
import type { BoardData } from '../board/catalogue.ts';
import { slashes } from '../common/slashes.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { SdkBoard } from '../sdk/discover.ts';
import type { FirmwareFiles } from './networkFiles.ts';
import { mcuxpressoTools } from './mcuxpressoProject.ts';
import { noteDefines } from './noteDefines.ts';
import type { ConsoleKind } from './options.ts';
import { render } from './render.ts';

/** What firmware on the SDK is built on. */
export function platformOf(console: ConsoleKind = 'uart'): Platform {
  return console === 'semihost' ? 'semihost' : 'sdk';
}

/** @throws UserError `usage` for semihosting without NXP's SDK */
export function requireUart(console: ConsoleKind | undefined): void {
  if (console !== 'semihost') return;
  throw new UserError('usage', say`Semihosting is for firmware on NXP's SDK.`, [
    { do: 'buildOnSdk' },
    { do: 'printOnUart' },
  ]);
}

/** What printf of newlib-nano takes of the heap: three files of 104 bytes, their list, and 1 KB to collect a line in. */
const PRINTF_HEAP = 1536;

/** Would stand in the way of librdimon's, which call the debugger. */
const STUBS = /\/fsl_(sbrk|syscall_stub)\.c$/;

/** How a project on NXP's SDK is built: our sources, and the board's from the SDK. */
export function sdkPlan(
  board: BoardData,
  name: string,
  firmware: Pick<FirmwareFiles, 'sources' | 'included'>,
  network: NetworkBuild,
  sdk: SdkBoard,
  stackBytes: number,
  console: ConsoleKind = 'uart',
): BuildPlan {
  const isSemihost = console === 'semihost';
  const cpu = board.compile.cpuFlags;
  return {
    name,
    board: board.id,
    flash: flashOf(board),
    sources: firmware.sources,
    network,
    linkerScript: `${slashes(sdk.root)}/${sdk.linkerScript}`,
    includedFiles: firmware.included,
    includeDirs: ['source'],
    defines: sdkDefines(board).map((d) =>
      isSemihost && d === 'SDK_DEBUGCONSOLE=1' ? 'SDK_DEBUGCONSOLE=0' : d,
    ),
    cFlags: [
      ...cpu,
      '-std=gnu99',
      '-Os',
      '-g',
      '-Wall',
      '-ffreestanding',
      '-ffunction-sections',
      '-fdata-sections',
      '-fno-common',
      '-fno-tree-loop-distribute-patterns',
    ],
    ownFlags: ['-Wextra'],
    linkFlags: [
      ...cpu,
      '--specs=nano.specs',
      // rdimon asks the debugger; nosys ("nohost") asks nobody, for the console is the UART
      isSemihost ? '--specs=rdimon.specs' : '--specs=nosys.specs',
      '-static',
      '-Wl,--gc-sections',
      // without printf nothing calls malloc: the SDK's heap of 0.5 to 1 KB would be lost
      `-Wl,--defsym=__heap_size__=${isSemihost ? PRINTF_HEAP : 0}`,
      `-Wl,--defsym=__stack_size__=${stackBytes}`,
    ],
    sdk: {
      root: sdk.root,
      cmsis: sdk.cmsis,
      sources: isSemihost ? sdk.sources.filter((s) => !STUBS.test(s)) : sdk.sources,
      includeDirs: sdk.includeDirs,
      linkerScript: sdk.linkerScript,
      vectorChecksum: board.sdk.vectorChecksum ?? board.bsp?.vectorChecksum ?? false,
    },
  };
}

/** Macros: the board's and the device's as hello_world has them, and those that AN13438 (section 5) asks for. */
function sdkDefines(board: BoardData): string[] {
  const own = board.compile.defines.filter((d) => !/^(PRINTF|SCANF)_\w+_ENABLE=/.test(d));
  return [
    ...new Set([
      ...own,
      ...board.sdk.asmDefines,
      ...noteDefines(board),
      // asserts of drivers would bring the library's printf
      'NDEBUG',
    ]),
  ];
}

/** What only a project on the SDK has beside source/. */
export function sdkProjectFiles(
  view: { readonly board: BoardData; readonly build: BuildPlan; readonly name: string },
  sdk: SdkBoard,
  stackBytes: number,
  console: ConsoleKind = 'uart',
): Map<string, string> {
  const { build } = view;
  const files = new Map<string, string>();
  const isSemihost = console === 'semihost';
  const own = build.sources.map((s) => ({ path: s }));
  const values = {
    ...view,
    own,
    sdk: {
      ...build.sdk,
      root: cmakePath(sdk.root),
      cmsis: cmakePath(sdk.cmsis),
      version: sdk.version ?? 'unknown',
      startup: sdk.sources.filter((file) => file.endsWith('.S')),
    },
    stackBytes,
    isSemihost,
    vectorChecksum: build.sdk?.vectorChecksum ?? false,
  };
  files.set('CMakeLists.txt', render('project/sdkCMakeLists.txt', values));
  files.set('Makefile', render('project/sdkMakefile.mk', values));
  if (values.vectorChecksum)
    files.set('vectorChecksum.cmake', render('project/sdkVectorChecksum.cmake', values));
  files.set('.vscode/mcuxpresso-tools.json', mcuxpressoTools(build.name));
  return files;
}

/** CMake takes `/` on every system, and reads `\`, `"`, `$` and `;` as its own. */
function cmakePath(file: string): string {
  return slashes(file).replace(/(["$;])/g, '\\$1');
}
