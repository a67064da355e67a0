import { trimEndOf } from '../common/trimEnd.ts';

/** What a failed build prints, reduced to what matters. */
export interface BuildFailure {
  /** First error, as one line without folders of this machine and without a full stop. */
  readonly firstError: string;
  /** Bytes by which a memory region of the linker script is too small. */
  readonly overflow: { readonly region: string; readonly bytes: number } | undefined;
  /** What is known beside it: the disk is full; what the board's linker script says when RAM leaves no place for the stack. */
  readonly cause: 'disk full' | 'no stack' | undefined;
}

/** Reads the output of gcc, ld, cmake or ninja. */
export function readFailure(output: string): BuildFailure {
  const lines = output.split(/\r?\n/).map((line) => line.slice(0, 2000).trim());
  const overflows = lines
    .map((line) => /region [`'"]?(\w+)'? overflowed by (\d+) bytes/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ region: match[1]!, bytes: Number(match[2]) }));
  const error =
    lines.find((line) =>
      /\b(fatal )?error:|undefined reference|multiple definition|cannot find/i.test(line),
    ) ??
    lines.find((line) => /^CMake Error|overflowed|ld returned|not found|failed/i.test(line)) ??
    lines.find((line) => line !== '') ??
    'no message';
  return {
    firstError: shorten(error),
    overflow: overflows.sort((a, b) => b.bytes - a.bytes)[0],
    cause: /no space left on device|not enough space on the disk/i.test(output)
      ? 'disk full'
      : /overflowed with stack and heap/.test(output)
        ? 'no stack'
        : undefined,
  };
}

/** Keeps file names, drops the folders before them. */
function shorten(line: string): string {
  const text = line
    .slice(0, 2000)
    .replace(/[^\s'"`]+/g, (word) => {
      const cut = Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\'));
      return cut < word.length - 1 ? word.slice(cut + 1) : word;
    })
    .slice(0, 300);
  return trimEndOf(text, '.: \t');
}
