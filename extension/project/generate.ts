import { type BoardData, dataRam } from '../board/catalogue.ts';
import { predictStack } from '../board/fit.ts';
import { firmwareOverhead } from '../board/overhead.ts';
import type { Answer, Bundle } from '../bundle/bundle.ts';
import { type BundleDrawing, bundleFiles } from '../bundle/files.ts';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { OverwriteRules } from '../common/output/writeOutputs.ts';
import { bspView } from './bspView.ts';
import { BUILD_PLAN_FILE, compiledNetwork, standalonePlan } from '../board/buildPlan.ts';
import { boardInit, type BoardInit } from './helloWorld.ts';
import { placeInProject } from './layout.ts';
import { PORT_FILE } from './portFile.ts';
import { firmwareFiles } from './networkFiles.ts';
import type { ConsoleKind, WeightPlace } from './options.ts';
import { type FirmwareFigures, readme } from './readme.ts';
import { render } from './render.ts';
import type { SdkBoard } from '../sdk/discover.ts';
import { platformOf, requireUart, sdkPlan, sdkProjectFiles } from './sdkProject.ts';
import { reservedStack } from './stack.ts';
import { vscodeFiles } from './vscode/vscodeFiles.ts';
import { rewriteInProject, writeProject } from './write.ts';

export interface ProjectOptions extends OverwriteRules {
  readonly board: BoardData;
  /** With its object. */
  readonly bundle: Bundle;
  /** Drawing of the network, for bundle/. */
  readonly drawing?: BundleDrawing | undefined;
  /** Text of test_image.inc or test_input.inc (a C initialiser list of the tensor's bytes) by input placeholder's name. */
  readonly testData: ReadonlyMap<string, string>;
  /** It takes its inputs over the console instead of holding test data: the board's side of a validation. */
  readonly validates?: boolean | undefined;
  /** Where the constant memory is read from: flash, or copied to RAM at start. */
  readonly weights: WeightPlace;
  /** What the first output is, and so what is printed of it; default classes. */
  readonly answer?: Answer | undefined;
  readonly outDir: string;
  /** NXP's SDK to build on, with its files for the board; our own board support without it. */
  readonly sdk?: SdkBoard;
  /** How firmware on the SDK prints; default the board's UART. */
  readonly console?: ConsoleKind | undefined;
  /** The model's name as its user knows it, for comments; default the bundle's name. */
  readonly modelName?: string;
  /** Bytes reserved for the stack; default {@link reservedStack}. */
  readonly stackBytes?: number | undefined;
  /** What the default is at least: the stack that the firmware needs with this network, as far as it is known. */
  readonly leastStackBytes?: number | undefined;
  /** What the firmware was measured to take, for README.md. */
  readonly figures?: FirmwareFigures | undefined;
  /** Text of {@link PORT_FILE}; none where no port of a model makes it. */
  readonly portText?: string | undefined;
}

export interface GeneratedProject {
  /** Files of the project, relative to outDir, with `/`. */
  readonly files: string[];
  /** Those of them left as the user has them. */
  readonly kept: string[];
}

/**
 * Writes a standalone CMake project: main.c, the network's source, the test data, board support or what refers to NXP's SDK, and
 * the rest of the bundle, which firmware of our compiler is not built from (Glow's links the object there). Each file is written
 * whole or not at all, and none is written when an error is found first.
 * @throws UserError `board` for a board without board support, `usage` for a name or stack size that cannot be,
 * `input` when files of others are in the way or test data do not match their input.
 */
export async function generateProject(options: ProjectOptions): Promise<GeneratedProject> {
  throwIfCancelled(options.signal);
  return writeProject(options.outDir, projectFiles(options), options);
}

/**
 * Writes what the firmware of a generated project was measured to take into its README.md, unless that is the user's.
 * @throws UserError as {@link generateProject} does
 */
export async function noteFigures(
  options: ProjectOptions & { readonly figures: FirmwareFigures },
): Promise<void> {
  throwIfCancelled(options.signal);
  const text = projectFiles(options).get('README.md')!;
  await rewriteInProject(options.outDir, new Map([['README.md', text]]));
}

/** Contents of the files that {@link generateProject} writes, by path. Pure. */
export function projectFiles(options: ProjectOptions): Map<string, string | Uint8Array> {
  const { board, bundle } = options;
  if (!options.sdk) requireUart(options.console);
  if (!board.bsp && !options.sdk) {
    throw new UserError(
      'board',
      say`${board.name} has no board support of our own, so its firmware is built on NXP's SDK.`,
      [{ do: 'buildOnSdk' }, { do: 'chooseBoard', which: 'simulated' }],
    );
  }
  const stackBytes = checkStack(options.stackBytes ?? defaultStack(options), board);
  const init = options.sdk && sdkInit(board, options.sdk);
  const firmware = firmwareFiles({
    ...options,
    init,
    sdkConsole: options.sdk !== undefined && options.console !== 'semihost',
  });
  const files = firmware.files;
  for (const [name, contents] of bundleFiles(bundle, options.drawing)) {
    // no constants: nothing includes the empty list of them
    if (bundle.constantBytes > 0 || !name.endsWith('.weights.txt')) files.set(placeInProject(name), contents);
  }
  const network =
    bundle.source === undefined
      ? { object: placeInProject(`${bundle.name}.o`) }
      : compiledNetwork(board, placeInProject(`${bundle.name}.c`));
  const build = options.sdk
    ? sdkPlan(board, bundle.name, firmware, network, options.sdk, stackBytes, options.console)
    : standalonePlan(board, bundle.name, firmware, network);
  const view = { ...firmware.view, build };
  files.set('toolchain.cmake', render('project/toolchain.cmake', view));
  files.set('CMakePresets.json', render('project/CMakePresets.json', view));
  if (options.sdk) {
    for (const [name, text] of sdkProjectFiles(view, options.sdk, stackBytes, options.console))
      files.set(name, text);
  } else {
    const support = bspView(board, board.bsp!, stackBytes, options.validates ?? false);
    for (const name of BSP_FILES) files.set(`bsp/${name}`, render(`bsp/${name}`, support));
    const { cFlags, defines, includeDirs } = build;
    const firmwareFlags = [...cFlags, ...defines.map((d) => `-D${d}`), ...includeDirs.map((d) => `-I${d}`)];
    for (const name of ['CMakeLists.txt', 'build.sh'])
      files.set(name, render(`project/${name}`, { ...view, firmwareFlags }));
  }
  const semihosting = options.console === 'semihost';
  for (const [name, text] of vscodeFiles({ board, plan: build, semihosting })) files.set(name, text);
  const { figures } = options;
  files.set('README.md', readme({ view, sdkVersion: options.sdk?.version, semihosting, figures }));
  files.set('.gitignore', 'build/\n');
  if (options.portText !== undefined) files.set(PORT_FILE, options.portText);
  files.set(BUILD_PLAN_FILE, `${JSON.stringify(build, null, 2)}\n`);
  return files;
}

/**
 * main()'s start as the SDK's own hello_world has it; headers that the board's files do not reach are left out, and so are calls of
 * functions that this release does not have, where the firmware runs without.
 * @throws UserError `input` when it does not
 */
function sdkInit(board: BoardData, sdk: SdkBoard): BoardInit {
  const init = boardInit(board, sdk.example);
  const isThere = (header: string): boolean => board.init.headers.includes(header) || sdk.headers.has(header);
  const calls = init.calls.filter((call) => {
    const name = call.slice(0, call.indexOf('('));
    if (sdk.functions.has(name)) return true;
    if (!board.init.calls.includes(call) || board.init.optional?.includes(name)) return false;
    throw new UserError(
      'input',
      say`The SDK in ${sdk.root} has no function ${name}, which prepares ${board.name}.`,
      { do: 'getSdk', board: board.name },
    );
  });
  return { ...init, headers: init.headers.filter(isThere), calls };
}

const BSP_FILES = [
  'startup.c',
  'linker.ld',
  'board.h',
  'board.c',
  'pin_mux.h',
  'pin_mux.c',
  'clock_config.h',
  'clock_config.c',
  'fsl_debug_console.h',
  'fsl_debug_console.c',
  'fsl_device_registers.h',
];

/** Bytes for the stack where nobody has said how many. */
function defaultStack(options: ProjectOptions): number {
  const { board, sdk, console, leastStackBytes } = options;
  const platform = sdk ? platformOf(console) : 'own';
  // 16 for padding between variables
  const taken = variableBytes(options) + firmwareOverhead(board, platform).ramBytes + 16;
  const least = leastStackBytes ?? predictStack(board, 0, platform);
  return reservedStack(board, platform, dataRam(board).size - taken, least);
}

function variableBytes({ bundle, weights }: ProjectOptions): number {
  return bundle.mutableBytes + bundle.activationBytes + (weights === 'ram' ? bundle.constantBytes : 0);
}

function checkStack(bytes: number, board: BoardData): number {
  const ram = dataRam(board).size;
  if (!Number.isInteger(bytes) || bytes < 64 || bytes > ram) {
    throw new UserError(
      'usage',
      say`A stack of ${bytes} bytes is not possible on ${board.name}, which has ${ram} bytes of RAM.`,
      say`Give a whole number from 64 to ${ram}.`,
    );
  }
  return (bytes + 7) & ~7;
}
