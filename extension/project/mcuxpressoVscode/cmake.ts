import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';

export interface CmakeArgument {
  /** Without quotes or brackets; references such as `${X}` stand as written. */
  readonly text: string;
  readonly quoted: boolean;
}

/** A command invocation and where it stands in the text. */
export interface CmakeCommand {
  /** In lower case: CMake does not tell the cases apart. */
  readonly name: string;
  readonly args: readonly CmakeArgument[];
  readonly start: number;
  /** Behind the closing parenthesis. */
  readonly end: number;
}

/**
 * Finds the command invocations of a CMake file, after the grammar of cmake-language(7): comments, bracket comments and
 * arguments, quoted arguments with escapes, nested parentheses.
 *
 * @throws UserError `input` with the line of what does not end
 */
export function parseCmake(text: string, name: string): CmakeCommand[] {
  let at = 0;
  const commands: CmakeCommand[] = [];
  const fail = (what: Sentence, from: number): UserError =>
    new UserError(
      'input',
      say`${name} is not a CMake file: ${what} in line ${text.slice(0, from).split('\n').length}.`,
      say`Restore the file, for example by importing the example again.`,
    );
  /** A bracket such as `[==[ … ]==]` at a place: its contents and its end. */
  const bracket = (from: number): { inner: string; end: number } | undefined => {
    const open = /\[(=*)\[/y;
    open.lastIndex = from;
    const match = open.exec(text);
    if (!match) return undefined;
    const close = `]${match[1]!}]`;
    const end = text.indexOf(close, open.lastIndex);
    if (end < 0) throw fail(say`a bracket does not end`, from);
    return { inner: text.slice(open.lastIndex, end), end: end + close.length };
  };
  const skipComment = (): void => {
    const long = bracket(at + 1);
    const line = text.indexOf('\n', at);
    at = long ? long.end : line < 0 ? text.length : line;
  };
  const quoted = (): string => {
    const start = at++;
    for (;;) {
      const next = text.slice(at).search(/["\\]/);
      if (next < 0) throw fail(say`a string does not end`, start);
      at += next;
      if (text[at] === '"')
        return text
          .slice(start + 1, at++)
          .replace(/\\\r?\n/g, '')
          .replace(/\\([\\"])/g, '$1');
      at += 2;
    }
  };
  const readArguments = (start: number): CmakeArgument[] => {
    const args: CmakeArgument[] = [];
    let depth = 1;
    for (;;) {
      if (at >= text.length) throw fail(say`a command does not end`, start);
      const c = text[at]!;
      if (/\s|;/.test(c)) at++;
      else if (c === '#') skipComment();
      else if (c === '(') {
        depth++;
        at++;
      } else if (c === ')') {
        at++;
        if (--depth === 0) return args;
      } else if (c === '"') args.push({ text: quoted(), quoted: true });
      else {
        const long = c === '[' ? bracket(at) : undefined;
        if (long) {
          args.push({ text: long.inner, quoted: true });
          at = long.end;
          continue;
        }
        const word = /(?:[^\s()#"\\;]|\\[\s\S]|"[^"\n]*")+/y;
        word.lastIndex = at;
        const match = word.exec(text);
        if (!match) throw fail(say`an argument is malformed`, at);
        args.push({ text: match[0], quoted: false });
        at = word.lastIndex;
      }
    }
  };

  while (at < text.length) {
    const space = /\s+/y;
    space.lastIndex = at;
    if (space.test(text)) at = space.lastIndex;
    if (at >= text.length) break;
    if (text[at] === '#') {
      skipComment();
      continue;
    }
    const head = /([A-Za-z_]\w*)[ \t]*\(/y;
    head.lastIndex = at;
    const match = head.exec(text);
    if (!match) {
      if (text.startsWith('\xef\xbb\xbf', at) && at === 0) {
        at = 3;
        continue;
      }
      throw fail(say`something else than a command stands`, at);
    }
    const start = at;
    at = head.lastIndex;
    const args = readArguments(start);
    commands.push({ name: match[1]!.toLowerCase(), args, start, end: at });
  }
  return commands;
}
