import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NETWORK_C_FLAGS } from '../bundle/cFlags.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { readFailure } from './diagnostics.ts';
import { requireGcc, type ToolPaths } from './find.ts';
import { runTool } from './run.ts';
import { withScratchFolder } from './scratch.ts';

export interface CompileOptions {
  /** The board's flags, such as `-mcpu=cortex-m0plus -mthumb`. */
  readonly cpuFlags: readonly string[];
  readonly paths?: ToolPaths;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * Compiles NAME.c with its NAME.h to the bytes of NAME.o. Equal input gives equal bytes: the object names no folder of this
 * machine and no date.
 * @throws UserError `toolchain` with gcc's first error (all of its output in `detail`), or when gcc is missing.
 */
export async function compileObject(
  unit: { readonly name: string; readonly source: string; readonly header: string },
  options: CompileOptions,
): Promise<Uint8Array> {
  const gcc = requireGcc(options.paths);
  return withScratchFolder('object', async ({ folder, env }) => {
    await writeFile(path.join(folder, `${unit.name}.h`), unit.header);
    await writeFile(path.join(folder, `${unit.name}.c`), unit.source);
    const args = [
      ...options.cpuFlags,
      ...NETWORK_C_FLAGS,
      '-g0',
      `-ffile-prefix-map=${folder}=.`,
      `-frandom-seed=${unit.name}`,
      '-c',
      `${unit.name}.c`,
      '-o',
      `${unit.name}.o`,
    ];
    const { signal, log } = options;
    const running = { cwd: folder, env, signal, log, timeoutMs: 600_000, wholeTree: true };
    const result = await runTool(gcc, args, running);
    if (result.exitCode !== 0) {
      throw new UserError(
        'toolchain',
        say`arm-none-eabi-gcc could not compile ${unit.name}.c: ${readFailure(result.output).firstError}.`,
        say`If the source is unedited this is a fault of GlowPort: please report it with the model.`,
        result.output,
      );
    }
    return new Uint8Array(await readFile(path.join(folder, `${unit.name}.o`)));
  });
}
