import { joined, say, type Value } from './errors/sentence.ts';

/** Shells that quote in their own ways. */
export type Shell = 'posix' | 'powershell' | 'cmd';

/** Characters that a word may have without quotes. */
const PLAIN: Readonly<Record<Shell, RegExp>> = {
  posix: /^[\w@%+=:,./-]+$/,
  powershell: /^[\w+:./\\-]+$/,
  cmd: /^[\w@+:./\\-]+$/,
};

const QUOTED: Readonly<Record<Shell, (word: string) => string>> = {
  posix: (word) => `'${word.replaceAll("'", "'\\''")}'`,
  powershell: (word) => `'${word.replaceAll("'", "''")}'`,
  // names on Windows have no quotes in them
  cmd: (word) => `"${word.replaceAll('"', '')}"`,
};

/** A program with its arguments as a line to type, quotes only where a shell needs them. */
export function commandLine(words: readonly string[], shell: Shell): string {
  return words.map((word) => quoted(word, shell)).join(' ');
}

function quoted(word: string, shell: Shell): string {
  return PLAIN[shell].test(word) ? word : QUOTED[shell](word);
}

/** The same inside a sentence, a value for each word: only a single word could be too long to be shown. */
export function commandValue(words: readonly string[], shell: Shell): Value {
  return joined(
    words.map((word) => quoted(word, shell)),
    (before, next) => say`${before} ${next}`,
  );
}

/** How a shell quotes, by its program, such as `/bin/zsh` or `C:\\…\\pwsh.exe`. */
export function shellOf(program: string): Shell {
  const name = program.split(/[\\/]/).at(-1)!.toLowerCase();
  if (/^(pwsh|powershell)(\.exe)?$/.test(name)) return 'powershell';
  return /^cmd(\.exe)?$/.test(name) ? 'cmd' : 'posix';
}
