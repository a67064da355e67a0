import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BuildPlan } from '../board/buildPlan.ts';
import { slashes } from '../common/slashes.ts';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { SourceMessage } from '../common/errors/sourceMessage.ts';
import { makeFolder } from '../common/folders.ts';
import { inParallel } from '../common/inParallel.ts';
import { COMPILE_COMMANDS, compilationDatabase, libraryHeaders } from './compileCommands.ts';
import { ownBuildFolder, readCache } from './buildFolder.ts';
import { readFailure, sourceMessages } from './diagnostics.ts';
import { readBuildPlan } from './buildPlanFile.ts';
import { readElf } from './elf.ts';
import { requireGcc, toolPath, type ToolPaths } from './find.ts';
import { firmwareImages, IMAGE_FORMATS } from './images.ts';
import { runTool } from './run.ts';
import { withScratchFolder } from './scratch.ts';
import { firmwareSize, type FirmwareSize } from './size.ts';
import { withVectorChecksum } from './vectorChecksum.ts';

export type BuildTool = 'ninja' | 'make' | 'gcc';

export interface BuildOptions {
  readonly paths?: ToolPaths;
  /** Default: the first that is installed of CMake with Ninja, CMake with make, gcc alone. All make the same firmware. */
  readonly with?: BuildTool;
  readonly warningsAsErrors?: boolean;
  /** Where the SDK is now that the project is built on. */
  readonly sdk?: { readonly root: string; readonly cmsis: string | undefined };
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

export interface BuiltFirmware {
  /** Full path of the ELF file. */
  readonly elf: string;
  /** Full paths of the same firmware in other formats ({@link IMAGE_FORMATS}), beside it. */
  readonly images: readonly string[];
  readonly size: FirmwareSize;
}

/**
 * Builds a standalone project made by `generateProject`.
 * @throws UserError `toolchain` when the compiler is missing or reports an error; `board` when the firmware is larger than
 * the board's memory; `input` when the folder holds no such project.
 */
export async function buildProject(project: string, options: BuildOptions = {}): Promise<BuiltFirmware> {
  throwIfCancelled(options.signal);
  const folder = await realpath(path.resolve(project)).catch(() => path.resolve(project));
  const plan = withSdk(await readBuildPlan(folder), options.sdk);
  const gcc = requireGcc(options.paths);
  const { tool, cmake, runner } = chooseTool(options, folder);
  const elf = await withScratchFolder('build', ({ env }) =>
    tool === 'gcc'
      ? buildWithGcc(folder, plan, gcc, { ...options, env })
      : buildWithCmake(
          folder,
          plan,
          { cmake, runner, generator: generators[tool], gcc },
          { ...options, env },
        ),
  );
  const size = firmwareSize(readElf(new Uint8Array(await readFile(elf))), plan.flash);
  return { elf, images: imageFiles(folder, plan.name).filter((file) => existsSync(file)), size };
}

/** Where a build puts the firmware in other formats. */
function imageFiles(folder: string, name: string): string[] {
  return IMAGE_FORMATS.map((ending) => path.join(folder, 'build', `${name}.${ending}`));
}

/**
 * A project's ELF file, whether it is built or not, its board's id, where it says that, and the root of NXP's SDK that it was
 * generated on, if any.
 * @throws UserError `input` when there is no project
 */
export async function projectFirmware(project: string): Promise<{
  readonly elf: string;
  readonly boardId: string | undefined;
  readonly sdkRoot: string | undefined;
}> {
  const { name, board, sdk } = await readBuildPlan(project);
  const elf = path.join(project, 'build', `${name}.elf`);
  return { elf, boardId: board, sdkRoot: sdk?.root };
}

const generators = {
  ninja: 'Ninja',
  make: process.platform === 'win32' ? 'MinGW Makefiles' : 'Unix Makefiles',
} as const;

/** With the surroundings that tools run in. */
type RunningOptions = BuildOptions & { readonly env: Readonly<Record<string, string>> };

type ChosenTool =
  | { readonly tool: 'ninja' | 'make'; readonly cmake: string; readonly runner: string }
  | { readonly tool: 'gcc'; readonly cmake?: undefined; readonly runner?: undefined };

/** What CMake, Ninja or make reads as syntax in the middle of a path; on Windows `\` parts folders. */
const cmakeSyntax = process.platform === 'win32' ? /[;$%,]/ : /[";\\|$%,\n\r]/;

function chooseTool(options: BuildOptions, folder: string): ChosenTool {
  if (options.with === undefined && cmakeSyntax.test(folder)) {
    options.log?.(`CMake cannot build in ${folder}, so gcc alone does.`);
    return { tool: 'gcc' };
  }
  const cmake = options.with === 'gcc' ? undefined : toolPath('cmake', options.paths);
  for (const tool of options.with ? [options.with] : (['ninja', 'make'] as const)) {
    const runner = tool === 'gcc' ? undefined : toolPath(tool, options.paths);
    if (tool !== 'gcc' && cmake && runner) return { tool, cmake, runner };
  }
  if (options.with === undefined || options.with === 'gcc') return { tool: 'gcc' };
  throw new UserError('toolchain', say`CMake or ${options.with} is not installed.`, { do: 'checkTools' });
}

async function buildWithCmake(
  folder: string,
  plan: BuildPlan,
  tools: { cmake: string; runner: string; generator: string; gcc: string },
  options: RunningOptions,
): Promise<string> {
  const build = await ownBuildFolder(folder, plan.name);
  const run = async (args: string[]): Promise<void> => {
    const { env, signal, log } = options;
    const started = Date.now();
    try {
      // CMake starts Ninja, that gcc, and that the compiler proper
      const result = await runTool(tools.cmake, args, { cwd: folder, env, signal, log, wholeTree: true });
      if (result.exitCode !== 0) throw buildError(folder, plan, result.output);
    } finally {
      if (signal?.aborted) await removeUnfinished(build, started);
    }
  };
  const wanted = {
    CMAKE_HOME_DIRECTORY: folder,
    CMAKE_GENERATOR: tools.generator,
    GLOWPORT_TOOLCHAIN_DIR: path.dirname(tools.gcc),
    GLOWPORT_WARNINGS_AS_ERRORS: options.warningsAsErrors ? 'ON' : 'OFF',
    ...(plan.sdk ? { SDK_DIR: plan.sdk.root, CMSIS_DIR: plan.sdk.cmsis } : {}),
  };
  const cache = await readCache(build);
  if (!Object.entries(wanted).every(([key, value]) => cache.get(key) === slashes(value))) {
    // a cache of another place, generator or compiler cannot be changed, only made anew
    if (cache.size > 0) {
      await rm(build, { recursive: true, force: true });
      await ownBuildFolder(folder, plan.name);
    }
    await run([
      '-S',
      folder,
      '-B',
      build,
      '-G',
      tools.generator,
      `-DCMAKE_MAKE_PROGRAM=${slashes(tools.runner)}`,
      `-DCMAKE_TOOLCHAIN_FILE=${slashes(path.join(folder, 'toolchain.cmake'))}`,
      `-DGLOWPORT_TOOLCHAIN_DIR=${slashes(wanted.GLOWPORT_TOOLCHAIN_DIR)}`,
      `-DGLOWPORT_WARNINGS_AS_ERRORS=${wanted.GLOWPORT_WARNINGS_AS_ERRORS}`,
      ...(plan.sdk ? [`-DSDK_DIR=${slashes(plan.sdk.root)}`, `-DCMSIS_DIR=${slashes(plan.sdk.cmsis)}`] : []),
    ]);
  }
  await run(['--build', build, '--parallel', String(os.availableParallelism())]);
  return path.join(build, `${plan.name}.elf`);
}

/** What was being written when the build was ended: older Ninja and make would take half of it for the whole. */
async function removeUnfinished(build: string, since: number): Promise<void> {
  const names = await readdir(build, { recursive: true }).catch(() => []);
  for (const name of names.filter((n) => /\.(obj|o|elf)$/.test(n))) {
    const file = path.join(build, name);
    const written = (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
    // file systems count in steps of up to two seconds
    if (written >= since - 2000) await rm(file, { force: true });
  }
}

/** Without CMake: every source is compiled, as many at once as there are cores, and linked under a temporary name. */
async function buildWithGcc(
  folder: string,
  plan: BuildPlan,
  gcc: string,
  options: RunningOptions,
): Promise<string> {
  await makeFolder(path.join(await ownBuildFolder(folder, plan.name), 'gcc'));
  const { env, signal, log } = options;
  const run = async (args: readonly string[]): Promise<void> => {
    const result = await runTool(gcc, args, { cwd: folder, env, signal, log, wholeTree: true });
    if (result.exitCode !== 0) throw buildError(folder, plan, result.output);
  };
  const objectOf = (source: string): string => `build/gcc/${source.replace(/[\\/:]/g, '_')}.o`;
  const { sdk } = plan;
  const flags = [
    ...plan.cFlags,
    ...plan.defines.map((d) => `-D${d}`),
    ...plan.includeDirs.map((d) => `-I${d}`),
    ...(sdk ? [...sdk.includeDirs.map((d) => path.join(sdk.root, d)), sdk.cmsis] : []).flatMap((d) => [
      '-isystem',
      d,
    ]),
  ];
  const strict = options.warningsAsErrors ? ['-Werror'] : [];
  const ownFlags = [...flags, ...(plan.ownFlags ?? []), ...strict];
  const { network } = plan;
  /** What is compiled, each with its flags, in the order of linking. */
  const sources = new Map([
    ...plan.sources.map((s) => [s, ownFlags] as const),
    ...(sdk ? sdk.sources.map((s) => [path.join(sdk.root, s), flags] as const) : []),
    ...('source' in network ? [[network.source, [...network.cFlags, ...strict]] as const] : []),
  ]);
  const commands = Array.from(sources, ([source, itsFlags]) => ({
    source,
    args: [...itsFlags, '-c', source, '-o', objectOf(source)],
  }));
  // before anything is compiled: an editor has to know the flags of what does not compile
  const headers = await libraryHeaders(gcc, { cwd: folder, env, signal });
  await writeFile(
    path.join(folder, 'build', COMPILE_COMMANDS),
    compilationDatabase(folder, gcc, commands, headers),
  );
  await inParallel(commands, os.availableParallelism(), async ({ source, args }) => {
    log?.(`Compiling ${source}`);
    await run(args);
  });

  const elf = `build/${plan.name}.elf`;
  log?.(`Linking ${elf}`);
  try {
    await run([
      ...plan.linkFlags,
      ...Array.from(sources.keys(), objectOf),
      // Glow's may call the C library's mathematics
      ...('object' in network ? [network.object, '-lm'] : []),
      '-T',
      plan.linkerScript,
      `-Wl,-Map=build/${plan.name}.map`,
      '-o',
      `${elf}.tmp`,
    ]);
    const file = path.join(folder, `${elf}.tmp`);
    const linked = new Uint8Array(await readFile(file));
    const firmware = sdk?.vectorChecksum ? withVectorChecksum(linked) : linked;
    if (firmware !== linked) await writeFile(file, firmware);
    const images = firmwareImages(readElf(firmware), plan.flash, plan.name);
    for (const ending of IMAGE_FORMATS) {
      await writeFile(path.join(folder, 'build', `${plan.name}.${ending}`), images[ending]);
    }
    await rename(file, path.join(folder, elf));
  } finally {
    await rm(path.join(folder, `${elf}.tmp`), { force: true });
  }
  return path.join(folder, elf);
}

/** The plan with the SDK's new place. @throws UserError `input` when the SDK, or the board's files in it, are not there */
function withSdk(plan: BuildPlan, moved: BuildOptions['sdk']): BuildPlan {
  if (!plan.sdk) return plan;
  const sdk = moved ? { ...plan.sdk, root: moved.root, cmsis: moved.cmsis ?? plan.sdk.cmsis } : plan.sdk;
  const lost = [sdk.linkerScript, ...sdk.sources].find((file) => !existsSync(path.join(sdk.root, file)));
  if (lost !== undefined) {
    throw new UserError('input', say`This project is built on an SDK in ${sdk.root}, where ${lost} is not.`, [
      { do: 'giveSdkOfProject' },
      say`Or generate the project again with another one.`,
    ]);
  }
  return { ...plan, sdk, linkerScript: path.join(sdk.root, sdk.linkerScript) };
}

/** Messages with the full paths of their files, of which some are named from the build folder; those of no file are left out. */
function located(folder: string, messages: readonly SourceMessage[]): SourceMessage[] {
  return messages.flatMap((message) => {
    const file = [folder, path.join(folder, 'build')]
      .map((from) => path.resolve(from, message.file))
      .find((candidate) => existsSync(candidate));
    return file === undefined ? [] : [{ ...message, file }];
  });
}

function buildError(folder: string, plan: BuildPlan, output: string): UserError {
  const { firstError, overflow, cause } = readFailure(output);
  if (cause === 'disk full') {
    return new UserError(
      'input',
      say`The disk is full: the firmware could not be built.`,
      say`Make room on it.`,
      output,
    );
  }
  if (overflow?.region === 'm_low') {
    return new UserError(
      'toolchain',
      say`The board's own code is ${overflow.bytes} bytes too large for the gap after the vector table.`,
      say`Take an entry away from .text.board in ${plan.linkerScript}.`,
      output,
    );
  }
  if (overflow) {
    const isRam = overflow.region === 'm_data';
    return new UserError(
      'board',
      isRam
        ? say`The firmware with "${plan.name}" needs ${overflow.bytes} bytes of RAM more than the board has.`
        : say`The firmware with "${plan.name}" needs ${overflow.bytes} bytes of flash more than the board has.`,
      { do: 'chooseBoard', which: isRam ? 'more RAM' : 'more flash' },
      output,
    );
  }
  if (cause === 'no stack') {
    return new UserError(
      'board',
      say`The firmware with "${plan.name}" needs more RAM than the board has: nothing is left for the stack.`,
      { do: 'chooseBoard', which: 'more RAM' },
      output,
    );
  }
  const [first, ...others] = located(folder, sourceMessages(output));
  return new UserError(
    'toolchain',
    say`The firmware could not be built: ${firstError}.`,
    first?.severity === 'error' ? { do: 'seeSource', messages: [first, ...others] } : { do: 'seeDetail' },
    output,
  );
}
