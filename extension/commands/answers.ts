import type { ModelInput } from '../data/fit.ts';
import type { ChoiceChange } from '../workflow/choices/change.ts';
import type { ON_SIMULATED as SIMULATED } from '../workflow/validate/validate.ts';

/** What "Port Model to Board" asks; undefined is an open question. Paths are absolute. */
export interface Answers {
  readonly model: string | undefined;
  readonly samples: readonly string[] | undefined;
  readonly board: string | undefined;
  readonly input: string | undefined;
  readonly where: RunPlace | undefined;
  /** Choices made on the way, such as to resize pictures, over what is remembered and set. */
  readonly changes: ChoiceChange;
  /** What is known of the answers that have been looked at. */
  readonly found: Found;
}

/** What looking at answers found; each part is of the very answer that it names, and of no other. */
export interface Found {
  readonly model?: {
    readonly file: string;
    /** Undefined of a model that only Glow reads. */
    readonly inputs: readonly ModelInput[] | undefined;
  };
  readonly samples?: readonly string[];
  readonly board?: string;
  readonly input?: string;
  readonly test?: readonly string[];
  /** What was remembered and is not there any more. */
  readonly gone?: readonly string[];
}

/** Where the network goes, and its firmware runs. */
export type RunPlace =
  /** Into a project of MCUXpresso. */
  | { readonly kind: 'into'; readonly folder: string }
  /** A project of its own on NXP's SDK; its firmware also runs on the simulated board, where there is one. */
  | { readonly kind: 'sdk' }
  | { readonly kind: 'simulated' }
  | { readonly kind: 'serial'; readonly path: string; readonly onSdk: boolean }
  | { readonly kind: 'none' };

/** What "Validate on Board" asks besides. */
export interface ValidateAnswers extends Answers {
  /** Files and folders of the test set. */
  readonly test: readonly string[] | undefined;
  /** The test set that was used last. */
  readonly lastTest: readonly string[] | undefined;
  /** On simulated boards, or the path of a serial port. */
  readonly on: string | undefined;
}

/** What `ValidateAnswers.on` says of simulated boards; validate.ts itself is loaded when it is needed. */
export const ON_SIMULATED: typeof SIMULATED = 'sim';

/** An input that nobody has given: numbers are made up for a model that needs none. */
export const MADE_UP = '';

export const OPEN: Answers = {
  model: undefined,
  samples: undefined,
  board: undefined,
  input: undefined,
  where: undefined,
  changes: {},
  found: {},
};
