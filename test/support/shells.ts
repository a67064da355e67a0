/** What cmd and PowerShell do with a line, as far as it matters for quoting: these shells run on Windows only, or are not there. */

/**
 * The arguments that a program gets of a line typed into cmd.
 *
 * @param variables of the environment, by name in capitals
 * @throws where the line would be more than one command, or write or read a file
 */
export function cmdArguments(line: string, variables: ReadonlyMap<string, string>): string[] {
  const replaced = withVariables(line, variables);
  let passed = '';
  let isQuoted = false;
  for (let i = 0; i < replaced.length; i++) {
    const c = replaced[i]!;
    if (c === '"') isQuoted = !isQuoted;
    if (!isQuoted && /[&|<>()\n]/.test(c)) throw new Error(`cmd would act on ${c} in ${replaced}`);
    if (!isQuoted && c === '^') i++;
    passed += replaced[i] ?? '';
  }
  return windowsArguments(passed);
}

/** Variables are replaced first, inside of quotes too; what is not defined stays, and its second `%` may begin another. */
function withVariables(line: string, variables: ReadonlyMap<string, string>): string {
  let replaced = '';
  for (let i = 0; i < line.length; i++) {
    const found = /^%([^%:]+)(?::[^%]*)?%/.exec(line.slice(i));
    const value = found && variables.get(found[1]!.toUpperCase());
    replaced += value ?? line[i]!;
    if (value !== undefined && found) i += found[0].length - 1;
  }
  return replaced;
}

/** How the C library of a Windows program parts its line: `\` escapes a quote only, and `""` inside of quotes is one. */
function windowsArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const slashes = /^\\*/.exec(line.slice(i))![0].length;
    const c = line[i + slashes];
    if (slashes > 0 && c === '"') {
      word = (word ?? '') + '\\'.repeat(slashes >> 1);
      i += slashes - 1;
      if (slashes % 2 === 1) {
        word += '"';
        i++;
      }
    } else if (slashes > 0) {
      word = (word ?? '') + '\\'.repeat(slashes);
      i += slashes - 1;
    } else if (c === '"' && isQuoted && line[i + 1] === '"') {
      word += '"';
      i++;
    } else if (c === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (c === ' ' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + c!;
    }
  }
  return word === undefined ? words : [...words, word];
}

/**
 * The words of a line for PowerShell, of plain words and '…' strings.
 *
 * @throws where there is anything else in it, or the first word is no command
 */
export function powershellWords(line: string): string[] {
  const found = [
    ...line.matchAll(
      /(?:^| )(?:(?<plain>[^ '\u2018-\u201b]+)|['\u2018-\u201b](?<text>(?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*)['\u2018-\u201b])(?= |$)/g,
    ),
  ];
  if (found.map((m) => m[0]).join('') !== line)
    throw new Error(`PowerShell would read more than words in ${line}`);
  const words = found.map(({ groups }) => {
    const { plain, text } = groups!;
    if (plain !== undefined && plain !== '&' && /[^\w+:./\\-]|^-.*[.:]/.test(plain))
      throw new Error(`PowerShell would act on ${plain}`);
    return plain ?? text!.replace(/(['\u2018-\u201b])./g, '$1');
  });
  if (words[0] === '&') return words.slice(1);
  if (/^['\u2018-\u201b]/.test(line)) throw new Error('PowerShell would print the first word');
  return words;
}
