import { readdir } from 'node:fs/promises';
import path from 'node:path';

/*
 * A sample of a model with several inputs may have a file for each of them, of whatever kind: `0001.camera.png` beside
 * `0001.meta.npy`, or `camera/0001.png` and `meta/0001.npy`, with the inputs' names before the ending or as folders.
 */

/** Which input a file is for, and which sample it is part of. */
interface Place {
  readonly input: string;
  /** The same for all files of a sample: their path without the input's name and the ending. */
  readonly key: string;
}

/** An input's name as files and folders may have it: what some file system does not take is `_`. */
function partName(input: string): string {
  return input.replace(/[^\w.-]/g, '_');
}

/** The input that a file is for, by its path; undefined where that names none. The innermost folder counts. */
function placeOf(file: string, inputs: readonly string[]): Place | undefined {
  const { dir, name } = path.parse(file);
  for (const input of inputs) {
    const end = `.${partName(input)}`;
    if (name.length > end.length && name.endsWith(end))
      return { input, key: path.join(dir, name.slice(0, -end.length)) };
  }
  const folders = dir.split(path.sep);
  for (let at = folders.length - 1; at >= 0; at--) {
    const input = inputs.find((i) => partName(i) === folders[at]);
    if (input !== undefined)
      return { input, key: path.join(...folders.slice(0, at), ...folders.slice(at + 1), name) };
  }
  return undefined;
}

/** Files of one sample. */
export interface Parts {
  readonly key: string;
  /** By input; some may lack. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Files of a folder as samples that have one for each input.
 * @param files relative to the folder @returns undefined where some input has none at all, so that these are no parts
 */
export function partsIn(
  files: readonly string[],
  inputs: readonly string[],
): { readonly parts: readonly Parts[]; readonly others: readonly string[] } | undefined {
  if (inputs.length < 2) return undefined;
  const byKey = new Map<string, Map<string, string>>();
  const others: string[] = [];
  for (const file of files) {
    const place = placeOf(file, inputs);
    const parts = place && (byKey.get(place.key) ?? new Map<string, string>());
    // of two files for the same the first one counts
    if (!place || !parts || parts.has(place.input)) others.push(file);
    else byKey.set(place.key, parts.set(place.input, file));
  }
  const parts = [...byKey].map(([key, found]) => ({ key, files: found }));
  const isFed = (input: string): boolean => parts.some((p) => p.files.has(input));
  return inputs.every(isFed) ? { parts, others } : undefined;
}

/**
 * The files of the sample that a file is part of.
 * @param isSample whether a file's name says that it may be one @returns undefined where not all are there
 */
export async function partsBeside(
  file: string,
  inputs: readonly string[],
  isSample: (name: string) => boolean,
): Promise<ReadonlyMap<string, string> | undefined> {
  const place = inputs.length < 2 ? undefined : placeOf(file, inputs);
  if (!place) return undefined;
  const found = new Map([[place.input, file]]);
  for (const input of inputs) {
    if (input === place.input) continue;
    for (const folder of foldersFor(file, place.input, input)) {
      const names = (await readdir(folder).catch(() => [])).filter(isSample).sort();
      const other = names
        .map((name) => path.join(folder, name))
        .find((f) => {
          const at = placeOf(f, inputs);
          return at?.input === input && at.key === place.key;
        });
      if (other !== undefined) found.set(input, other);
    }
  }
  return found.size === inputs.length ? found : undefined;
}

/** Where the file of another input may lie: beside the file, or where its folder of the one input's name is the other's. */
function foldersFor(file: string, from: string, to: string): string[] {
  const { dir } = path.parse(file);
  const folders = dir.split(path.sep);
  const at = folders.lastIndexOf(partName(from));
  return at < 0
    ? [dir]
    : [dir, [...folders.slice(0, at), partName(to), ...folders.slice(at + 1)].join(path.sep)];
}
