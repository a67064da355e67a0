/** What "Port Model to Board" asks; undefined is an open question. Paths are absolute. */
export interface Answers {
  readonly model: string | undefined;
  readonly images: readonly string[] | undefined;
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

export const OPEN: Answers = {
  model: undefined,
  images: undefined,
  board: undefined,
  input: undefined,
  where: undefined,
};
