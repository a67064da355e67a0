import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { here, type Surroundings } from '../toolchain/find.ts';

/** Glow's two executables: the profiler and the compiler. */
export const GLOW_TOOLS = ['image-classifier', 'model-compiler'] as const;
export type GlowToolName = (typeof GLOW_TOOLS)[number];

/**
 * Where Glow is, as the user sets it: a folder (or an executable in it), or a command that runs the tools, to which
 * the tool's name is added at the end, or put where it says `{tool}`. `{folder}` in it becomes the folder the tool works in,
 * such as `["docker", "run", "--rm", "-v", "{folder}:/work", "-w", "/work", "glow"]`.
 */
export type GlowSetting = string | readonly string[];

/** How to start Glow's tools on this computer. */
export interface GlowTools {
  /** Program and first arguments of each tool; `{folder}` is still in them. */
  readonly commands: Readonly<Record<GlowToolName, readonly string[]>>;
  /** Where they were found, for people. */
  readonly where: string;
}

const MAX_COMMAND_WORDS = 64;
const MAX_WORD = 4096;

/**
 * A setting as text: a path, or a command as a JSON array of strings. The tools run in a folder of their own, so that a
 * relative path, a command's first word too, is made a full one here.
 * @param base folder that a relative path starts from
 * @throws UserError `usage` when it begins like an array and is none
 */
export function parseGlowSetting(
  text: string,
  base: string,
  around: Pick<Surroundings, 'platform'> = here,
): GlowSetting | undefined {
  const p = pathOf(around);
  if (text.trim() === '') return undefined;
  if (!text.trimStart().startsWith('[')) return p.resolve(base, text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isCommand(value)) throw notACommand();
  const [program, ...rest] = value;
  return [isRelativePath(program!, p) ? p.resolve(base, program!) : program!, ...rest];
}

/** A program's name without any slash is looked for in PATH, and the working folder is known when a tool runs. */
function isRelativePath(program: string, p: path.PlatformPath): boolean {
  const isPath = program.includes('/') || program.includes(p.sep);
  return isPath && !p.isAbsolute(program) && !program.startsWith('{folder}');
}

function isCommand(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_COMMAND_WORDS &&
    value.every((w) => typeof w === 'string' && w.length <= MAX_WORD && !w.includes('\0')) &&
    value[0] !== ''
  );
}

function notACommand(): UserError {
  return new UserError(
    'usage',
    say`The command that runs Glow is not a list of words.`,
    say`Give a JSON array of strings, such as ["wsl"] or ${'["docker", "run", "--rm", "-v", "{folder}:/work", "-w", "/work", "glow"]'}.`,
  );
}

/**
 * Finds Glow's tools: where the setting says, else in PATH, else where NXP's installers put them.
 * @returns undefined when nothing is set and nothing is found
 * @throws UserError `toolchain` when a place is set and they are not there, `usage` for a command that is none
 */
export function findGlow(setting?: GlowSetting, around: Surroundings = here): GlowTools | undefined {
  if (setting !== undefined && typeof setting !== 'string') {
    if (setting.length === 0) return findGlow(undefined, around);
    if (!isCommand(setting)) throw notACommand();
    return wrapped(setting);
  }
  if (setting) return inFolderSet(setting, around);
  const p = pathOf(around);
  const inPath = (around.env.PATH ?? around.env.Path ?? '').split(p.delimiter).filter((d) => p.isAbsolute(d));
  for (const folder of [...inPath, ...installFolders(around)]) {
    const tools = inFolder(folder, around);
    if (tools) return tools;
  }
  return undefined;
}

/** The tools, or an error that says how to get them. @throws UserError `toolchain`, `usage` */
export function requireGlow(setting?: GlowSetting, around: Surroundings = here): GlowTools {
  const tools = findGlow(setting, around);
  if (tools) return tools;
  throw new UserError(
    'toolchain',
    say`Glow's image-classifier and model-compiler are not on this computer.`,
    [{ do: 'installGlow', instead: false }, { do: 'useBuiltinCompiler' }],
  );
}

function wrapped(command: readonly string[]): GlowTools {
  const withTool = (tool: GlowToolName): readonly string[] =>
    command.some((w) => w.includes('{tool}'))
      ? command.map((w) => w.replaceAll('{tool}', tool))
      : [...command, tool];
  return {
    commands: {
      'image-classifier': withTool('image-classifier'),
      'model-compiler': withTool('model-compiler'),
    },
    where: command.join(' '),
  };
}

function inFolderSet(place: string, around: Surroundings): GlowTools {
  const p = pathOf(around);
  // an executable of the two names its folder
  const isTool = around.isFile(place);
  for (const folder of isTool ? [p.dirname(place)] : [place, p.join(place, 'bin')]) {
    const tools = inFolder(folder, around);
    if (tools) return tools;
    const [one] = GLOW_TOOLS.filter((t) => fileOf(folder, t, around));
    if (one) {
      const other = GLOW_TOOLS.find((t) => t !== one)!;
      throw new UserError(
        'toolchain',
        say`${folder} holds Glow's ${one}, but no ${other}.`,
        say`Name the folder that holds both, or install Glow again.`,
      );
    }
  }
  throw new UserError('toolchain', say`There are no image-classifier and model-compiler in ${place}.`, {
    do: 'correctToolPlace',
    of: 'glow',
  });
}

function inFolder(folder: string, around: Surroundings): GlowTools | undefined {
  const classifier = fileOf(folder, 'image-classifier', around);
  const compiler = fileOf(folder, 'model-compiler', around);
  if (!classifier || !compiler) return undefined;
  return { commands: { 'image-classifier': [classifier], 'model-compiler': [compiler] }, where: folder };
}

function fileOf(folder: string, tool: GlowToolName, around: Surroundings): string | undefined {
  const endings = around.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : ['', '.exe'];
  return endings.map((e) => pathOf(around).join(folder, tool + e)).find((file) => around.isFile(file));
}

/** Folders of NXP's Windows installers (eIQ Glow, eIQ Toolkit), newest version first. */
function installFolders(around: Surroundings): string[] {
  if (around.platform !== 'win32') return ['/usr/local/bin', '/opt/glow/bin'];
  const p = path.win32;
  const { env } = around;
  const roots = ['C:\\nxp', 'C:\\NXP', env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA]
    .filter((d) => d !== undefined)
    .flatMap((d) => [d, p.join(d, 'NXP')]);
  const found = roots.flatMap((root) =>
    around
      .list(root)
      .filter((name) => /^(eiq[ _-]?)?glow|^eiq[ _-]?toolkit/i.test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => p.join(root, name)),
  );
  return [...new Set(found)].flatMap((d) => [
    d,
    p.join(d, 'bin'),
    p.join(d, 'Glow', 'bin'),
    p.join(d, 'bin', 'glow'),
  ]);
}

function pathOf(around: Pick<Surroundings, 'platform'>): path.PlatformPath {
  return around.platform === 'win32' ? path.win32 : path.posix;
}
