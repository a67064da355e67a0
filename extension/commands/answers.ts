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

/** An input that nobody has given: numbers are made up for a model that needs none. */
export const MADE_UP = '';

export const OPEN: Answers = {
  model: undefined,
  samples: undefined,
  board: undefined,
  input: undefined,
  where: undefined,
};
