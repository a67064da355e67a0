import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { remediesOf, UserError } from '../common/error.ts';
import type { Remedy } from '../common/errors/remedy.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { runTool } from './run.ts';

/** Tools that GlowPort starts. */
export type ToolName = 'gcc' | 'cmake' | 'ninja' | 'make' | 'gdb';

export interface FoundTool {
  readonly path: string;
  /** Such as `12.2.1`; undefined when the tool does not say. */
  readonly version: string | undefined;
}

/** What a search looks at; tests give their own. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  isFile(file: string): boolean;
  /** Names of a folder's entries; empty when it is not there. */
  list(folder: string): readonly string[];
  /** Text of /etc/os-release or empty. */
  osRelease(): string;
}

/** This computer. */
export const here: Surroundings = {
  platform: process.platform,
  env: process.env,
  home: os.homedir(),
  isFile: (file) => existsSync(file) && statSync(file).isFile(),
  list: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  osRelease: () => {
    try {
      return readFileSync('/etc/os-release', 'utf8');
    } catch {
      return '';
    }
  },
};

/** @template Way how it is got on a system: the command that installs it, or advice where none does */
interface ToolData<Way extends string | Sentence> {
  readonly label: string;
  /** Its names, the first found is taken. */
  readonly executables: readonly [string, ...string[]];
  readonly purpose: string;
  /** Oldest version that works. */
  readonly oldest: string | undefined;
  readonly required: boolean;
  readonly install: Readonly<Record<'debian' | 'fedora' | 'arch' | 'suse' | 'mac' | 'windows', Way>>;
}

/** Where distributions have no GDB of this kind: it is part of Arm's own packages of the compiler. */
const ARM_DOWNLOAD = say`Get the Arm GNU Toolchain from https://developer.arm.com/downloads/-/arm-gnu-toolchain-downloads`;

type CommandedTool = Exclude<ToolName, 'gdb'>;
const TOOLS: Readonly<Record<CommandedTool, ToolData<string>>> & {
  readonly gdb: ToolData<string | Sentence>;
} = {
  gcc: {
    label: 'Arm GNU toolchain',
    executables: ['arm-none-eabi-gcc'],
    purpose: 'compiles the network and the firmware',
    oldest: '8.0',
    required: true,
    install: {
      debian: 'sudo apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi',
      fedora: 'sudo dnf install arm-none-eabi-gcc-cs arm-none-eabi-newlib',
      arch: 'sudo pacman -S arm-none-eabi-gcc arm-none-eabi-newlib',
      suse: 'sudo zypper install cross-arm-none-gcc12 cross-arm-none-newlib-devel',
      mac: 'brew install --cask gcc-arm-embedded',
      windows: 'winget install Arm.GnuArmEmbeddedToolchain',
    },
  },
  cmake: {
    label: 'CMake',
    executables: ['cmake'],
    purpose: 'builds the generated project (gcc alone does when it is missing)',
    oldest: '3.20',
    required: false,
    install: {
      debian: 'sudo apt-get install cmake',
      fedora: 'sudo dnf install cmake',
      arch: 'sudo pacman -S cmake',
      suse: 'sudo zypper install cmake',
      mac: 'brew install cmake',
      windows: 'winget install Kitware.CMake',
    },
  },
  ninja: {
    label: 'Ninja',
    executables: ['ninja'],
    purpose: 'runs what CMake plans',
    oldest: undefined,
    required: false,
    install: {
      debian: 'sudo apt-get install ninja-build',
      fedora: 'sudo dnf install ninja-build',
      arch: 'sudo pacman -S ninja',
      suse: 'sudo zypper install ninja',
      mac: 'brew install ninja',
      windows: 'winget install Ninja-build.Ninja',
    },
  },
  make: {
    label: 'make',
    executables: ['make'],
    purpose: 'does so when Ninja is missing',
    oldest: undefined,
    required: false,
    install: {
      debian: 'sudo apt-get install make',
      fedora: 'sudo dnf install make',
      arch: 'sudo pacman -S make',
      suse: 'sudo zypper install make',
      mac: 'xcode-select --install',
      windows: 'winget install GnuWin32.Make',
    },
  },
  gdb: {
    label: 'GDB',
    executables: ['gdb-multiarch', 'arm-none-eabi-gdb'],
    purpose: 'debugs firmware on simulated boards (glowport debug)',
    oldest: undefined,
    required: false,
    install: {
      debian: 'sudo apt-get install gdb-multiarch',
      fedora: ARM_DOWNLOAD,
      arch: 'sudo pacman -S arm-none-eabi-gdb',
      suse: ARM_DOWNLOAD,
      mac: 'brew install --cask gcc-arm-embedded',
      windows: 'winget install Arm.GnuArmEmbeddedToolchain',
    },
  },
};

/** Where a tool may be set by hand: its executable, or the folder that holds it. */
export type ToolPaths = Readonly<Partial<Record<ToolName, string>>> & {
  /** Glow's tools: their folder, or a command that runs them (`wsl`, `docker run …`); see glow/find.ts. */
  readonly glow?: string | readonly string[];
  /** Where NXP's SDK is: folder or zip file. */
  readonly sdk?: string;
};

/**
 * Full path of a tool: from `paths` (a setting), else the first in PATH, else the newest in the usual install folders. GDB
 * is looked for beside the compiler first where that is set.
 * @throws UserError `toolchain` when a path is set but the tool is not there.
 */
export function toolPath(
  tool: ToolName,
  paths: ToolPaths = {},
  around: Surroundings = here,
): string | undefined {
  const p = around.platform === 'win32' ? path.win32 : path.posix;
  const files = TOOLS[tool].executables.map((name) => name + (around.platform === 'win32' ? '.exe' : ''));
  const expanded = (place: string | undefined): string | undefined =>
    place?.replace(/^~(?=$|[\\/])/, around.home); // settings are read by no shell
  const inFolder = (folder: string): string | undefined =>
    files
      .flatMap((file) => [p.join(folder, file), p.join(folder, 'bin', file)])
      .find((c) => around.isFile(c));
  const set = expanded(paths[tool]);
  if (set) {
    const found = around.isFile(set) ? set : inFolder(set);
    if (found) return found;
    throw new UserError('toolchain', say`There is no ${files[0]!} at ${set}.`, {
      do: 'correctToolPlace',
      of: tool === 'gdb' ? 'gdb' : 'toolchain',
    });
  }
  const compiler = tool === 'gdb' ? expanded(paths.gcc) : undefined;
  const beside = compiler && inFolder(around.isFile(compiler) ? p.dirname(compiler) : compiler);
  if (beside) return beside;
  const inPath = (around.env.PATH ?? around.env.Path ?? '').split(p.delimiter).filter((d) => p.isAbsolute(d));
  const folders = [...inPath, ...usualFolders(tool, around)];
  return files
    .flatMap((file) => folders.map((folder) => p.join(folder, file)))
    .find((candidate) => around.isFile(candidate));
}

/** GDB comes with the compiler where it does not come with the system. */
function isOfToolchain(tool: ToolName): boolean {
  return tool === 'gcc' || tool === 'gdb';
}

/** Where installers put a tool on this system, newest version first. */
function usualFolders(tool: ToolName, around: Surroundings): string[] {
  const { platform, env, home } = around;
  const p = platform === 'win32' ? path.win32 : path.posix;
  /** base/ENTRY/tail for all entries that match, newest first. */
  const versions = (base: string, entry: RegExp, ...tail: string[]): string[] =>
    around
      .list(base)
      .filter((name) => entry.test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => p.join(base, name, ...tail));

  // MCUXpresso Installer (VS Code) puts its tools here on every system
  const mcuxpresso = p.join(home, '.mcuxpressotools');
  if (platform === 'win32') {
    const programs = [env.ProgramFiles, env['ProgramFiles(x86)']].filter((d) => d !== undefined);
    if (isOfToolchain(tool)) {
      return [
        ...versions(mcuxpresso, /^arm-gnu-toolchain/i, 'bin'),
        ...programs.flatMap((d) => [
          ...versions(p.join(d, 'Arm GNU Toolchain arm-none-eabi'), /^\d/, 'bin'),
          ...versions(p.join(d, 'Arm', 'GNU Toolchain mingw-w64-x86_64-arm-none-eabi'), /^bin$/),
          ...versions(p.join(d, 'GNU Arm Embedded Toolchain'), /^\d/, 'bin'),
        ]),
        ...versions('C:\\nxp', /^MCUXpressoIDE_/i, 'ide', 'tools', 'bin'),
      ];
    }
    return [
      ...versions(mcuxpresso, new RegExp(`^${tool}`, 'i')),
      ...versions(mcuxpresso, new RegExp(`^${tool}`, 'i'), 'bin'),
      ...programs.map((d) => p.join(d, 'CMake', 'bin')),
    ];
  }
  if (isOfToolchain(tool)) {
    return [
      ...versions(mcuxpresso, /^arm-gnu-toolchain/i, 'bin'),
      ...(platform === 'darwin'
        ? [
            ...versions('/Applications/ArmGNUToolchain', /^\d/, 'arm-none-eabi', 'bin'),
            '/Applications/ARM/bin',
            ...versions('/Applications', /^MCUXpressoIDE_/i, 'ide', 'tools', 'bin'),
            '/opt/homebrew/bin',
          ]
        : []),
      ...versions('/opt', /^(arm-gnu-toolchain|gcc-arm-none-eabi)/i, 'bin'),
      ...versions('/usr/local', /^(arm-gnu-toolchain|gcc-arm-none-eabi|mcuxpressoide)/i, 'bin'),
      ...versions(p.join(home, 'opt'), /^(arm-gnu-toolchain|gcc-arm-none-eabi)/i, 'bin'),
      '/usr/local/bin',
      '/usr/bin',
    ];
  }
  return [
    ...versions(mcuxpresso, new RegExp(`^${tool}`, 'i')),
    ...versions(mcuxpresso, new RegExp(`^${tool}`, 'i'), 'bin'),
    ...(platform === 'darwin' ? ['/Applications/CMake.app/Contents/bin', '/opt/homebrew/bin'] : []),
    '/usr/local/bin',
    '/usr/bin',
  ];
}

/** A tool's path and version; undefined when it is not installed. Versions are asked once for each path. */
export async function findTool(tool: ToolName, paths: ToolPaths = {}): Promise<FoundTool | undefined> {
  const file = toolPath(tool, paths);
  return file === undefined ? undefined : { path: file, version: await versionOf(file) };
}

/**
 * The compiler's full path.
 * @throws UserError `toolchain` with the install command when there is none.
 */
export function requireGcc(paths: ToolPaths = {}): string {
  const found = toolPath('gcc', paths);
  if (found) return found;
  throw new UserError('toolchain', say`arm-none-eabi-gcc, the compiler for the board, is not installed.`, {
    do: 'installToolchain',
    command: installCommand('gcc'),
  });
}

const versionCache = new Map<string, string | undefined>();

async function versionOf(file: string): Promise<string | undefined> {
  if (!versionCache.has(file)) {
    const { output } = await runTool(file, ['--version'], { timeoutMs: 10_000 }).catch(() => ({
      output: '',
    }));
    versionCache.set(file, parseVersion(output));
  }
  return versionCache.get(file);
}

/** The version in the first line of `--version`: the last dotted number, for packagers put theirs before it. */
export function parseVersion(output: string): string | undefined {
  const line = (output.split('\n')[0] ?? '').slice(0, 500);
  return [...line.matchAll(/(?:^|\s)(\d{1,6}(?:\.\d{1,6}){1,3})(?=\s|$|-)/g)].at(-1)?.[1];
}

/** The command that installs a tool on this system. */
export function installCommand(tool: CommandedTool, around: Surroundings = here): string {
  return TOOLS[tool].install[systemOf(around)];
}

/** What installs a tool on this system: a command, or what to do where none does. */
export function waysToInstall(
  tool: ToolName,
  around: Surroundings = here,
): Pick<Diagnosis, 'install' | 'remedies'> {
  const way = TOOLS[tool].install[systemOf(around)];
  return typeof way === 'string' ? { install: way } : { install: undefined, remedies: remediesOf(way) };
}

function systemOf(around: Surroundings): keyof ToolData<string>['install'] {
  if (around.platform === 'win32') return 'windows';
  if (around.platform === 'darwin') return 'mac';
  const text = around.osRelease();
  const ids = ['ID', 'ID_LIKE']
    .map((key) => new RegExp(`^${key}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '')
    .join(' ');
  if (/fedora|rhel|centos/.test(ids)) return 'fedora';
  if (/arch/.test(ids)) return 'arch';
  if (/suse/.test(ids)) return 'suse';
  return 'debian';
}

/** One line of `glowport doctor`. */
export interface Diagnosis {
  readonly tool: ToolName | 'newlib' | 'node' | 'glow' | 'sdk';
  readonly label: string;
  readonly purpose: string;
  readonly state: 'ok' | 'missing' | 'too old';
  /** Without it nothing can be built. */
  readonly required: boolean;
  readonly path: string | undefined;
  readonly version: string | undefined;
  /** How to get it, when it is not ok: a command for this system. */
  readonly install: string | undefined;
  /** More about it. */
  readonly note?: Sentence | undefined;
  /** What to do about it where no command installs it. */
  readonly remedies?: readonly Remedy[];
}

/** What is installed, in which version, and how to get what is missing. */
export async function doctor(paths: ToolPaths = {}): Promise<Diagnosis[]> {
  const names = Object.keys(TOOLS) as ToolName[];
  const found = new Map(await Promise.all(names.map(async (n) => [n, await tryFind(n, paths)] as const)));
  const lines: Diagnosis[] = names.map((tool) => {
    const { label, purpose, required, oldest } = TOOLS[tool];
    const { at, wrong } = found.get(tool)!;
    if (wrong) {
      // it may well be installed elsewhere, so that installing it again would not help
      const nowhere = { path: undefined, version: undefined, install: undefined };
      const { sentence: note, remedies } = wrong;
      return { tool, label, purpose, state: 'missing', required, ...nowhere, note, remedies };
    }
    const state = !at ? 'missing' : oldest && isOlder(at.version, oldest) ? 'too old' : 'ok';
    const ways = state === 'ok' ? { install: undefined } : waysToInstall(tool);
    return { tool, label, purpose, state, required, path: at?.path, version: at?.version, ...ways };
  });
  const gcc = found.get('gcc')?.at;
  if (gcc) lines.splice(1, 0, await diagnoseNewlib(gcc.path));
  const isOldNode = isOlder(process.versions.node, '20.9');
  lines.push({
    tool: 'node',
    label: 'Node.js',
    purpose: 'runs GlowPort',
    state: isOldNode ? 'too old' : 'ok',
    required: true,
    path: process.execPath,
    version: process.versions.node,
    install: undefined,
    ...(isOldNode ? { remedies: remediesOf(say`Get Node.js 20 or newer from https://nodejs.org`) } : {}),
  });
  return lines;
}

/** A tool, or what is wrong with the place that was set for it. */
async function tryFind(
  tool: ToolName,
  paths: ToolPaths,
): Promise<{ readonly at?: FoundTool | undefined; readonly wrong?: UserError }> {
  try {
    return { at: await findTool(tool, paths) };
  } catch (error) {
    if (error instanceof UserError) return { wrong: error };
    throw error;
  }
}

/** Debian packs the C library apart from the compiler. gcc answers with a full path when it has the file. */
async function diagnoseNewlib(gcc: string): Promise<Diagnosis> {
  const { output } = await runTool(gcc, ['-print-file-name=nano.specs'], { timeoutMs: 10_000 }).catch(() => ({
    output: '',
  }));
  const file = output.trim();
  const there = path.isAbsolute(file);
  return {
    tool: 'newlib',
    label: 'newlib-nano',
    purpose: 'C library of the firmware',
    state: there ? 'ok' : 'missing',
    required: true,
    path: there ? path.dirname(file) : undefined,
    version: undefined,
    install: there ? undefined : installCommand('gcc'),
  };
}

function isOlder(version: string | undefined, oldest: string): boolean {
  if (version === undefined) return false;
  const [a, b] = [version, oldest].map((v) => v.split('.').map(Number));
  const major = (a![0] ?? 0) - (b![0] ?? 0);
  return major < 0 || (major === 0 && (a![1] ?? 0) < (b![1] ?? 0));
}
