import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CompileOptions } from './compile.ts';
import { type ElfFile, readElf } from './elf.ts';
import { requireGcc } from './find.ts';
import { runTool } from './run.ts';
import { withScratchFolder } from './scratch.ts';

/**
 * Links a network's object with what it takes of gcc's libraries, and nothing else: no startup code, no main. It cannot run;
 * its machine code tells what the network needs.
 * @param name the network's function
 * @returns undefined when the libraries do not have all that the object calls
 */
export async function linkAlone(
  name: string,
  object: Uint8Array,
  options: CompileOptions,
): Promise<ElfFile | undefined> {
  const gcc = requireGcc(options.paths);
  return withScratchFolder('link', async ({ folder, env }) => {
    await writeFile(path.join(folder, 'network.o'), object);
    const args = [
      ...options.cpuFlags,
      ...['-nostartfiles', '--specs=nano.specs', '--specs=nosys.specs'],
      ...['-Wl,--gc-sections', `-Wl,--entry=${name}`],
      ...['network.o', '-lm', '-o', 'network.elf'],
    ];
    const { signal, log } = options;
    const result = await runTool(gcc, args, { cwd: folder, env, signal, log, wholeTree: true });
    if (result.exitCode !== 0) return undefined;
    return readElf(new Uint8Array(await readFile(path.join(folder, 'network.elf'))));
  });
}
