import type { SourceMessage } from '../common/errors/sourceMessage.ts';
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

/** Most messages read of one build. */
const MOST_MESSAGES = 200;

/**
 * What gcc and ld say about places in sources: `main.c:12:5: error: …`, `main.c:12: undefined reference to …`; each once, errors first.
 * Files are as the tools name them.
 */
export function sourceMessages(output: string): SourceMessage[] {
  const found = new Map<string, SourceMessage>();
  for (const line of output.split(/\r?\n/)) {
    if (found.size >= MOST_MESSAGES) break;
    const message = sourceMessage(line.slice(0, 2000).trim());
    if (message) found.set(JSON.stringify(message), message);
  }
  const all = [...found.values()];
  return [...all.filter((m) => m.severity === 'error'), ...all.filter((m) => m.severity === 'warning')];
}

/** What ld calls itself in front of its messages, behind its folder. */
const LINKERS = ['ld: ', 'ld.exe: ', 'ld.bfd: ', 'ld.bfd.exe: '];

/** A line without the linker's own name, and the object file that the source was compiled to. */
function withoutLinker(line: string): string {
  const starts = LINKERS.map((name) => ({ name, at: line.indexOf(name) }));
  const linker = starts.find(({ at }) => at === 0 || /[\\/-]/.test(line[at - 1] ?? ''));
  const rest = linker ? line.slice(linker.at + linker.name.length) : line;
  // a drive's colon belongs to the file
  return rest.replace(/^(?:[A-Za-z]:)?[^:]{1,1000}\.(?:o|obj):(?=\S)/, '');
}

function sourceMessage(text: string): SourceMessage | undefined {
  const line = withoutLinker(text);
  // a drive's colon belongs to the file
  const place = /^((?:[A-Za-z]:)?[^:]{1,1000}):(\d{1,7}):(?:(\d{1,7}):)? /.exec(line);
  if (!place) return undefined;
  const rest = line.slice(place[0].length);
  const said = /^(?:fatal )?(error|warning): /.exec(rest);
  const isOfLinker = /^(undefined reference to|multiple definition of) /.test(rest);
  if (!said && !isOfLinker) return undefined;
  return {
    file: place[1]!,
    line: Math.max(1, Number(place[2])),
    column: Math.max(1, Number(place[3] ?? 1)),
    severity: said?.[1] === 'warning' ? 'warning' : 'error',
    text: rest.slice(said?.[0].length ?? 0, 1000),
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
