import type { LinePattern } from '../../../webview/shared/linePattern.ts';

/**
 * Where a pattern was found in a line: start and end of each place in turn, in UTF-16 units. Places of no length are left out,
 * so that it may be empty; undefined when the line does not have the pattern.
 */
export type Places = readonly number[] | undefined;

/** Most places of a line that are told; a line of one letter has as many as letters. */
const MAX_PLACES = 64;

/**
 * A pattern as the regular expression that finds it, with the flags that VS Code's own search has.
 * @throws SyntaxError when it is an expression of the user's, and none
 */
export function expressionOf({ text, isRegex, matchCase, wholeWord }: LinePattern): RegExp {
  const source = isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(wholeWord ? word(source, isRegex, text) : source, matchCase ? 'gu' : 'giu');
}

/** Whole words: of a text, only an end that is a letter has to be a word's end, too. */
function word(source: string, isRegex: boolean, text: string): string {
  if (isRegex) return `\\b(?:${source})\\b`;
  const before = /^\w/.test(text) ? '\\b' : '';
  const after = /\w$/.test(text) ? '\\b' : '';
  return `${before}${source}${after}`;
}

/** Finds an expression of `expressionOf` in a line. */
export function placesIn(line: string, expression: RegExp): Places {
  const places: number[] = [];
  expression.lastIndex = 0;
  let isFound = false;
  for (let found = expression.exec(line); found; found = expression.exec(line)) {
    isFound = true;
    const end = found.index + found[0].length;
    if (found[0] !== '') places.push(found.index, end);
    else expression.lastIndex = end + (line.codePointAt(end)! > 0xffff ? 2 : 1);
    if (places.length === 2 * MAX_PLACES) break;
  }
  return isFound ? places : undefined;
}
