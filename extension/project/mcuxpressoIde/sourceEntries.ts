import { isLike } from '../../common/wildcard.ts';

/** A source folder of a configuration, as CDT has it. */
export interface SourceEntry {
  /** Relative to the project; empty for the project itself. */
  readonly folder: string;
  /** Patterns of what is not built, relative to the folder. */
  readonly excluding: readonly string[];
}

/** The entry that a file is built by: the innermost one. */
export function coveringEntry<T extends { readonly folder: string }>(
  entries: readonly T[],
  file: string,
): { readonly entry: T; readonly relative: string } | undefined {
  const [entry] = entries
    .filter(({ folder }) => folder === '' || file.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length);
  if (!entry) return undefined;
  return { entry, relative: entry.folder === '' ? file : file.slice(entry.folder.length + 1) };
}

/** Whether a configuration compiles a file; one without entries compiles the whole project. */
export function isBuiltBy(entries: readonly SourceEntry[], file: string): boolean {
  if (entries.length === 0) return true;
  const found = coveringEntry(entries, file);
  return found !== undefined && excludingPattern(found.entry.excluding, found.relative) === undefined;
}

/** The first pattern that leaves a file out: by its own path, or by that of a folder above it. */
export function excludingPattern(patterns: readonly string[], relative: string): string | undefined {
  const parts = relative.split('/');
  return patterns.find((pattern) => {
    const wanted = segmentsOf(pattern);
    return parts.some((_, i) => matches(wanted, parts.slice(0, i + 1)));
  });
}

function segmentsOf(file: string): string[] {
  return file.split('/').filter((part) => part !== '');
}

/** Whether the segments of a pattern are those of a path; `**` stands for any number of them. */
function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  // row by row: which beginnings of the path the pattern's beginning can be
  let reached = [true, ...parts.map(() => false)];
  for (const segment of pattern) {
    const next = reached.map(() => false);
    for (let i = 0; i <= parts.length; i++) {
      if (segment === '**') next[i] = reached[i]! || (i > 0 && next[i - 1]!);
      else if (i > 0) next[i] = reached[i - 1]! && isLike(parts[i - 1]!, segment);
    }
    reached = next;
  }
  return reached[parts.length]!;
}
