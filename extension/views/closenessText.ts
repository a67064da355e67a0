import { say, type Translate } from '../common/errors/sentence.ts';
import { type Closeness, nearness } from '../workflow/compare/closeness.ts';
import { inWords } from './words.ts';

/** How near the quantized network stays to the float one, in words. */
export function closenessText(closeness: Closeness, t: Translate): string {
  const near = nearness(closeness);
  return inWords(closeness.isClose ? say`Near float: ${near}` : say`Far from float: ${near}`, t);
}
