/** What lines are looked for: a text as it is, or a regular expression. */
export interface LinePattern {
  readonly text: string;
  readonly isRegex: boolean;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

/** What lines are shown: those with the pattern, or those without. */
export interface LineFilter extends LinePattern {
  readonly invert: boolean;
}

/** Why a pattern finds nothing more. */
export type PatternProblem = 'invalid' | 'tooSlow';

/** Longest text that is looked for. */
const MAX_TEXT = 1000;

/** A pattern from a page, cut to what is taken; undefined when it is empty, or none. */
export function checkedPattern(given: LinePattern | undefined): LinePattern | undefined {
  if (typeof given?.text !== 'string' || given.text === '') return undefined;
  const { text, isRegex, matchCase, wholeWord } = given;
  return {
    text: text.slice(0, MAX_TEXT),
    isRegex: isRegex === true,
    matchCase: matchCase === true,
    wholeWord: wholeWord === true,
  };
}

/** The same of a filter. */
export function checkedFilter(given: LineFilter | undefined): LineFilter | undefined {
  const pattern = checkedPattern(given);
  return pattern && { ...pattern, invert: given?.invert === true };
}
