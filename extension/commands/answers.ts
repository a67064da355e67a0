import type { ON_SIMULATED as SIMULATED } from '../workflow/validate/validate.ts';

/** What "Port Model to Board" asks; undefined is an open question. Paths are absolute. */
export interface Answers {
  readonly model: string | undefined;
  readonly samples: readonly string[] | undefined;
  readonly board: string | undefined;
  readonly input: string | undefined;
  readonly where: RunPlace | undefined;
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
};
