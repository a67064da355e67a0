import type { CCondition } from '../common/cSource.ts';

/** What stands in conditionals: the preprocessor lines before it, without `#`, and how many `#endif` follow it. */
export interface Guard {
  readonly opening: readonly string[];
  readonly depth: number;
}

/** Texts that stand one after the other behind the same lines. */
export interface Guarded {
  readonly opening: readonly string[];
  readonly texts: readonly string[];
  /** An entry for each `#endif`. */
  readonly closing: readonly string[];
}

/** Most lines of a guard, and characters of one. */
const MAX_LINES = 20;
const PLAIN_LINE = /^(if|ifdef|ifndef|elif|else)[\w \t()!&|<>=+*/%,.-]{0,300}$/;

/**
 * The lines that put a text into the conditionals of another one.
 * @returns undefined for conditionals that are not taken over: very many, or of more than names, numbers and operators
 */
export function guardOf(condition: CCondition): Guard | undefined {
  const levels: string[][] = [];
  let lines = 0;
  for (let level: CCondition | undefined = condition; level; level = level.outer) {
    const parts: string[] = [];
    for (let part: CCondition | undefined = level; part; part = part.before) {
      if (++lines > MAX_LINES || !PLAIN_LINE.test(part.line)) return undefined;
      parts.unshift(part.line.replace(/[ \t]+/g, ' ').trim());
    }
    levels.unshift(parts);
  }
  return { opening: levels.flat(), depth: levels.length };
}

/** Texts in their order, each within its guard; those with the same one stand together. */
export function guarded(texts: readonly string[], guards: ReadonlyMap<string, Guard>): Guarded[] {
  const result: { opening: readonly string[]; texts: string[]; closing: string[] }[] = [];
  for (const text of texts) {
    const { opening, depth } = guards.get(text) ?? { opening: [], depth: 0 };
    const last = result.at(-1);
    if (last && last.opening.join('\n') === opening.join('\n')) last.texts.push(text);
    else result.push({ opening, texts: [text], closing: Array<string>(depth).fill('endif') });
  }
  return result;
}
