import path from 'node:path';
import { slashes } from '../common/slashes.ts';
import { runTool, type RunOptions } from './run.ts';

/** What editors take a project's flags from, in its build folder; CMake writes the same. */
export const COMPILE_COMMANDS = 'compile_commands.json';

/** One call of the compiler. */
export interface CompileCommand {
  /** As the compiler is given it, from the project's folder. */
  readonly source: string;
  /** All arguments, without the compiler's own name. */
  readonly args: readonly string[];
}

/**
 * Text of a JSON compilation database, as clang's documentation has it. Each entry can be run and does what the build does. Pure.
 * @param folder where the compiler is started, in full
 * @param headers folders of the C library's headers ({@link libraryHeaders})
 */
export function compilationDatabase(
  folder: string,
  compiler: string,
  commands: readonly CompileCommand[],
  headers: readonly string[],
): string {
  // behind the compiler's own folders: it takes no notice, and clangd, which does not ask it, finds them
  const known = headers.flatMap((header) => ['-idirafter', header]);
  const entries = commands.map(({ source, args }) => ({
    directory: folder,
    file: path.resolve(folder, source),
    arguments: [compiler, ...known, ...args],
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

/**
 * Where a gcc looks for its C library's headers, in its order, without those of its own; empty where it does not say.
 * @throws UserError as `runTool` does
 */
export async function libraryHeaders(gcc: string, options: RunOptions): Promise<string[]> {
  const { output } = await runTool(gcc, ['-E', '-v', '-x', 'c', '-'], options);
  const lines = output.split(/\r?\n/);
  const begin = lines.indexOf('#include <...> search starts here:');
  const end = lines.indexOf('End of search list.');
  if (begin < 0 || end < begin) return [];
  const folders = lines.slice(begin + 1, end).map((line) => path.normalize(line.trim()));
  return folders.filter((folder) => !slashes(folder).includes('/lib/gcc/'));
}
