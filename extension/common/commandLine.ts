import { hasControls } from './errors/printable.ts';
import { joined, say, type Value } from './errors/sentence.ts';

/** Shells that quote in their own ways; `other` is one whose way is not known. */
export type Shell = 'posix' | 'powershell' | 'cmd' | 'other';

/** Words that need no quotes. */
const PLAIN: Readonly<Record<Shell, RegExp>> = {
  // at a word's start fish reads `%`, zsh `=`
  posix: /^[\w@+:,./-][\w@%+=:,./-]*$/,
  // `-a.b` would be two words
  powershell: /^(--?[\w-]+|[\w+:./\\][\w+:./\\-]*)$/,
  cmd: /^[\w@+:./\\-]+$/,
  other: /^[\w./-]+$/,
};

const QUOTED: Readonly<Record<Shell, (word: string) => string>> = {
  posix: quotedForPosix,
  // typographic quotes end a string as well
  powershell: (word) => `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`,
  cmd: quotedForCmd,
  other: quotedForPosix,
};

/** For sh, bash, zsh, dash, ksh, fish and tcsh alike: fish reads `\` inside of '…', tcsh `!`, so that both stand outside. */
function quotedForPosix(word: string): string {
  const parts = word.match(/['\\!]|[^'\\!]+/g) ?? [''];
  return parts.map((part) => (/^['\\!]$/.test(part) ? `\\${part}` : `'${part}'`)).join('');
}

/**
 * For a line typed into cmd, and for how a program of Windows parts its line: variables are replaced also inside of "…", but
 * none has a name with `"` or `^` in it; `\` is doubled where a quote follows.
 */
function quotedForCmd(word: string): string {
  const parts = word.match(/[%"]|[^%"]+/g) ?? [''];
  const outside: Readonly<Record<string, string>> = { '%': '^%', '"': '\\^"' };
  return parts.map((part) => outside[part] ?? `"${part.replace(/\\+$/, '$&$&')}"`).join('');
}

/**
 * A program with its arguments as a line to paste or type, quotes only where a shell needs them.
 *
 * @returns undefined where no line would surely be these words: control characters are keys to a terminal or turn its line
 * around, inside of quotes too, and a shell that is not known may quote in any way
 */
export function commandLine(words: readonly string[], shell: Shell): string | undefined {
  if (words.some((word) => hasControls(word) || (shell === 'other' && !isPlain(word, shell)))) {
    return undefined;
  }
  return quotedWords(words, shell).join(' ');
}

/** The same inside a sentence, to be read, a value for each word: only a single word could be too long to be shown. */
export function commandValue(words: readonly string[], shell: Shell): Value {
  return joined(quotedWords(words, shell), (before, next) => say`${before} ${next}`);
}

function quotedWords(words: readonly string[], shell: Shell): string[] {
  const quoted = words.map((word) => (isPlain(word, shell) ? word : QUOTED[shell](word)));
  // a string at the beginning is a value to PowerShell, no program
  return shell === 'powershell' && quoted[0]?.startsWith("'") ? ['&', ...quoted] : quoted;
}

function isPlain(word: string, shell: Shell): boolean {
  return PLAIN[shell].test(word);
}

/** How a shell quotes, by its program, such as `/bin/zsh` or `C:\\…\\pwsh.exe`. */
export function shellOf(program: string): Shell {
  const name = program
    .split(/[\\/]/)
    .at(-1)!
    .toLowerCase()
    .replace(/\.exe$/, '');
  if (/^(pwsh(-preview)?|powershell)$/.test(name)) return 'powershell';
  if (name === 'cmd') return 'cmd';
  return /^(|a|ba|c|da|fi|k|mk|tc|z)sh$/.test(name) ? 'posix' : 'other';
}
