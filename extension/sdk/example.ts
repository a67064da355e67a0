import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readStart } from '../common/regularFile.ts';
import type { BoardData } from '../board/catalogue.ts';
import type { BoardFiles } from './boardFiles.ts';

/** Texts of the SDK's own hello_world for a board, as far as it has them. */
export interface SdkExample {
  /** hello_world.c. */
  readonly main?: string | undefined;
  /** hardware_init.c, where SDK 24.12 and later keep the init calls. */
  readonly hardwareInit?: string | undefined;
  /** The pin_mux.h and clock_config.h that are compiled with; undefined when one is missing. */
  readonly declarations?: string | undefined;
  /** The pin_mux.c and clock_config.c that are compiled; undefined when one is missing. */
  readonly definitions?: string | undefined;
}

/** Longest start of a source that is read. */
const MAX_BYTES = 1024 * 1024;

/**
 * The SDK's hello_world for a board. A package has it inside, the repository of 2.x has it in mcux-sdk-examples (which `west`
 * puts into examples/ beside it), and 24.12 keeps what differs between boards in examples/_boards.
 */
export async function sdkExample(
  root: string,
  { id, sdk }: BoardData,
  { sources }: BoardFiles,
): Promise<SdkExample> {
  const boardFolders = [
    `boards/${id}`,
    `examples/_boards/${id}`,
    `examples/${id}`,
    `../examples/${id}`,
    `../mcux-sdk-examples/${id}`,
  ];
  // of the boards of our catalogue that have two cores the Cortex-M7 is ours
  const folders = boardFolders.flatMap((f) =>
    [sdk.coreFolder ?? 'cm7', '.'].map((core) => path.posix.join(f, 'demo_apps/hello_world', core)),
  );
  const first = async (files: readonly string[]): Promise<string | undefined> => {
    for (const file of files) {
      const text = await readStart(path.join(root, file), MAX_BYTES);
      if (text) return text.toString('utf8');
    }
    return undefined;
  };
  const named = (source: RegExp): string[] => sources.filter((s) => source.test(s));
  const beside = (source: RegExp, header: string): string[] =>
    named(source).map((s) => path.posix.join(path.posix.dirname(s), header));
  const [main, hardwareInit, pins, clocks, pinSource, clockSource] = await Promise.all([
    first([...folders, 'examples/demo_apps/hello_world'].map((f) => `${f}/hello_world.c`)),
    first(folders.map((f) => `${f}/hardware_init.c`)),
    first(beside(/\bpin_mux\.c$/, 'pin_mux.h')),
    first(beside(/\bclock_config\.c$/, 'clock_config.h')),
    first(named(/\bpin_mux\.c$/)),
    first(named(/\bclock_config\.c$/)),
  ]);
  const both = (a: string | undefined, b: string | undefined): string | undefined =>
    a === undefined || b === undefined ? undefined : `${a}\n${b}`;
  // one of them alone would say that the other's functions are not there
  return { main, hardwareInit, declarations: both(pins, clocks), definitions: both(pinSource, clockSource) };
}

/** Names of the headers in a board's include folders. */
export async function headersOf(root: string, { includeDirs }: BoardFiles): Promise<Set<string>> {
  const lists = await Promise.all(includeDirs.map((d) => readdir(path.join(root, d)).catch(() => [])));
  return new Set(lists.flat().filter((name) => name.endsWith('.h')));
}
