/*
 * What can be chosen, each described once: the file that remembers it, that file's JSON schema, the command line's options
 * and the editor's settings all follow from the description.
 */

interface Said {
  /** What it is: the beginning of a sentence, without its stop. */
  readonly description: string;
  /** What counts when it is not chosen and has no default, such as `the first sample`. */
  readonly otherwise?: string;
  /** What files called it before; they are still read. */
  readonly formerly?: string;
}

/** Which values there are. */
type Kind =
  /** Yes or no; `off` says what no means. */
  | { readonly kind: 'flag'; readonly off: string }
  /** One of a few words; `meanings` says what each means where the word does not. */
  | {
      readonly kind: 'oneOf';
      readonly values: readonly string[];
      readonly meanings?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: 'text'; readonly maxLength: number }
  /** A number within limits; or the keyword, which is none. */
  | {
      readonly kind: 'number';
      readonly minimum: number;
      readonly maximum: number;
      readonly isWhole: boolean;
      readonly keyword?: string | undefined;
    }
  /** A file or folder, in a file relative to that file; or the keyword, which names none. */
  | { readonly kind: 'path'; readonly keyword?: string | undefined }
  | { readonly kind: 'paths'; readonly maxItems: number }
  /** Words for GlowPort itself, each of so many characters at most. */
  | { readonly kind: 'texts'; readonly maxItems: number; readonly maxLength: number }
  /** Arguments for a program, each beginning with `-`. */
  | { readonly kind: 'arguments'; readonly maxItems: number }
  /** Whole numbers from 1, by name. */
  | { readonly kind: 'sizes'; readonly maxItems: number; readonly maximum: number }
  /** Lists of finite numbers by name; one that counts for all stands under '', and in a file for itself. */
  | { readonly kind: 'numberLists'; readonly maxLists: number; readonly maxItems: number }
  | { readonly kind: 'group'; readonly choices: Choices };

/** A choice whose value is a T. */
export type Choice<T = unknown> = Said &
  Kind & {
    /** What counts when it is not chosen. */
    readonly default: T;
    /** It has to be chosen: its default is no value that anything can be done with. */
    readonly required: boolean;
  };

/** Choices by key. */
export type Choices = Readonly<Record<string, Choice>>;

type ValueOf<C> = C extends { readonly default: infer T } ? T : never;
export type ValuesOf<C> = { readonly [K in keyof C]: ValueOf<C[K]> };

export function flag(byDefault: boolean, said: Said & { readonly off: string }): Choice<boolean> {
  return { ...said, kind: 'flag', default: byDefault, required: false };
}

/** @param byDefault one of the values, or undefined where none of them counts when nothing is chosen */
export function oneOf<V extends string, D extends V | undefined>(
  values: readonly V[],
  byDefault: D,
  said: Said & { readonly meanings?: Readonly<Record<V, string>> },
): Choice<V | D> {
  return { ...said, kind: 'oneOf', values, default: byDefault, required: false };
}

/** @param maxLength in characters */
export function text(maxLength: number, said: Said): Choice<string | undefined> {
  return { ...said, kind: 'text', maxLength, default: undefined, required: false };
}

export function requiredText(maxLength: number, said: Said): Choice<string> {
  return { ...said, kind: 'text', maxLength, default: '', required: true };
}

interface NumberLimits {
  readonly minimum: number;
  readonly maximum: number;
}

/** A whole number; none counts when nothing is chosen. */
export function whole(limits: NumberLimits, said: Said): Choice<number | undefined> {
  return { ...said, ...limits, kind: 'number', isWhole: true, default: undefined, required: false };
}

/** A real number, or a keyword; none counts when nothing is chosen. */
export function real<K extends string = never>(
  limits: NumberLimits & { readonly keyword?: K },
  said: Said,
): Choice<number | K | undefined> {
  return { ...said, ...limits, kind: 'number', isWhole: false, default: undefined, required: false };
}

export function path(said: Said & { readonly keyword?: string }): Choice<string | undefined> {
  return { ...said, kind: 'path', default: undefined, required: false };
}

export function requiredPath(said: Said): Choice<string> {
  return { ...said, kind: 'path', default: '', required: true };
}

export function requiredPaths(maxItems: number, said: Said): Choice<readonly string[]> {
  return { ...said, kind: 'paths', maxItems, default: [], required: true };
}

export function texts(
  limits: { readonly maxItems: number; readonly maxLength: number },
  said: Said,
): Choice<readonly string[]> {
  return { ...said, ...limits, kind: 'texts', default: [], required: false };
}

export function programArguments(maxItems: number, said: Said): Choice<readonly string[]> {
  return { ...said, kind: 'arguments', maxItems, default: [], required: false };
}

export function sizes(
  limits: { readonly maxItems: number; readonly maximum: number },
  said: Said,
): Choice<Readonly<Record<string, number>>> {
  return { ...said, ...limits, kind: 'sizes', default: {}, required: false };
}

export function numberLists(
  limits: { readonly maxLists: number; readonly maxItems: number },
  said: Said,
): Choice<Readonly<Record<string, readonly number[]>>> {
  return { ...said, ...limits, kind: 'numberLists', default: {}, required: false };
}

/** Choices that belong together, as one whose value is an object. */
export interface Group<C extends Choices> extends Said {
  readonly kind: 'group';
  readonly choices: C;
  readonly default: ValuesOf<C>;
  readonly required: false;
}

export function group<C extends Choices>(choices: C, said: Said): Group<C> {
  return { ...said, kind: 'group', choices, default: defaultsOf(choices), required: false };
}

/** What counts when nothing is chosen. */
export function defaultsOf<C extends Choices>(choices: C): ValuesOf<C> {
  return mapChoices(choices, (choice) => choice.default);
}

/** An object with a value for every choice; `value` gives each of the type that its choice says. */
export function mapChoices<C extends Choices>(
  choices: C,
  value: (choice: Choice, key: string) => unknown,
): ValuesOf<C> {
  const entries = Object.entries(choices).map(([key, choice]) => [key, value(choice, key)]);
  return Object.fromEntries(entries) as ValuesOf<C>;
}
