/** Written between two characters that together mean something to VS Code: no width, no break. */
const JOINER = '\u2060';

/**
 * Text as VS Code is to show it, letter by letter: what would become a link in a message or a prompt (`[label](command:…)`)
 * or an icon in a list or the status bar (`$(name)`) stays text. Done twice it is the same.
 */
export function plainText(text: string): string {
  return text.replace(/[\]$](?=\()/g, (mark) => mark + JOINER);
}
