import type { LinePattern, PatternProblem } from '../../../webview/shared/linePattern.ts';
import { expressionOf, type Places, placesIn } from './expression.ts';
import type { ExpressionThread } from './expressionThread.ts';

type Found = readonly Places[] | PatternProblem;

/** Finds a pattern in lines: where it is in each. */
export type Finder = (lines: readonly string[]) => Found | Promise<Found>;

/** What finds a pattern: a text at once and in place, an expression of the user's in a thread. */
export function finderOf(pattern: LinePattern, thread: ExpressionThread): Finder {
  if (pattern.isRegex) return (lines) => thread.find(pattern, lines);
  const expression = expressionOf(pattern);
  return (lines) => lines.map((line) => placesIn(line, expression));
}
