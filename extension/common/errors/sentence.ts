import { printable } from './printable.ts';

/**
 * A sentence for users, or a part of one, that can still be translated: an English template with {0}, {1} … and what stands
 * there. Plain data: it crosses to other threads as it is.
 */
export interface Sentence {
  readonly template: string;
  readonly values: readonly Value[];
}

/** Names, paths and numbers; parts that are English themselves; a list, shown with commas. */
export type Value = string | number | Sentence | readonly Value[];

/** Puts a template into the user's language and its values into it, as `vscode.l10n.t` does. */
export type Translate = (template: string, ...values: string[]) => string;

/**
 * Makes a sentence: say`Input '${name}' has no shape.` Whatever is English in a value is a sentence too, for a string is
 * shown as it is in every language.
 */
export function say(template: TemplateStringsArray, ...values: readonly Value[]): Sentence {
  return { template: template.reduce((text, part, i) => `${text}{${i - 1}}${part}`), values };
}

/** Puts values together two by two, such as with `(a, b) => say\`${a} or ${b}\``. @param values at least one */
export function joined(values: readonly Value[], pair: (before: Value, next: Value) => Sentence): Value {
  return values.reduce(pair);
}

/** `a or b or c`. @param values at least one */
export function anyOf(values: readonly Value[]): Value {
  return joined(values, (before, next) => say`${before} or ${next}`);
}

/** `a, b, c and 4 more`: not more of a list than helps. @param most how many are named */
export function someOf(values: readonly Value[], most: number): Value {
  const rest = values.length - most;
  return rest > 0 ? say`${values.slice(0, most)} and ${rest} more` : values;
}

/** What stands between words of a list, for there are languages with commas of their own. */
const LISTED = say`${''}, ${''}`.template;

/**
 * The one way from a sentence to text, and so the one place where foreign text gets into it.
 * @param shown how text of a file, a tool or a user is shown
 */
export function rendered(
  { template, values }: Sentence,
  translate: Translate,
  shown: (text: string) => string = printable,
): string {
  const text = (value: Value): string => {
    if (typeof value === 'string') return shown(value);
    if (typeof value === 'number') return String(value);
    if ('template' in value) return rendered(value, translate, shown);
    const isShape = value.every((part) => typeof part === 'number');
    return shown(value.map(text).join(isShape ? ', ' : translate(LISTED, '', '')));
  };
  return translate(template, ...values.map(text));
}

/** A sentence in English. */
export function english(sentence: Sentence): string {
  return rendered(sentence, filled);
}

/** A template with its values, in the language it is written in. */
export function filled(template: string, ...values: string[]): string {
  return template.replace(/\{(\d+)\}/g, (all, i: string) => values[Number(i)] ?? all);
}
