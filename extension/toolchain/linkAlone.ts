import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle } from '../bundle/bundle.ts';
import type { CompileOptions } from './compile.ts';
import { type ElfFile, readElf, undefinedNames } from './elf.ts';
import { requireGcc } from './find.ts';
import { runTool } from './run.ts';
import { withScratchFolder } from './scratch.ts';

/** A network linked alone. */
export interface LinkedAlone {
  readonly elf: ElfFile;
  /** Names that the network calls and neither it nor a library defines. */
  readonly missing: readonly string[];
}

/**
 * Links a network's object with what it takes of gcc's libraries, and nothing else: no startup code, no main. It cannot run;
 * its machine code tells what the network needs.
 * @returns undefined when it cannot be linked at all
 */
export async function linkAlone(
  { name, object, softFloat }: Pick<Bundle, 'name' | 'softFloat'> & { readonly object: Uint8Array },
  options: CompileOptions,
): Promise<LinkedAlone | undefined> {
  const gcc = requireGcc(options.paths);
  return withScratchFolder('link', async ({ folder, env }) => {
    await writeFile(path.join(folder, 'network.o'), object);
    if (softFloat !== undefined) await writeFile(path.join(folder, 'float.c'), softFloat);
    const args = [
      ...options.cpuFlags,
      ...['-Os', '-nostartfiles', '--specs=nano.specs', '--specs=nosys.specs'],
      ...['-Wl,--gc-sections', `-Wl,--entry=${name}`, '-Wl,--unresolved-symbols=ignore-all'],
      ...['network.o', ...(softFloat === undefined ? [] : ['float.c']), '-lm', '-o', 'network.elf'],
    ];
    const { signal, log } = options;
    const result = await runTool(gcc, args, { cwd: folder, env, signal, log, wholeTree: true });
    if (result.exitCode !== 0) return undefined;
    const elf = readElf(new Uint8Array(await readFile(path.join(folder, 'network.elf'))));
    return { elf, missing: undefinedNames(elf) };
  });
}
