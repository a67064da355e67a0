/** What "Port Model to Board" asks; undefined is an open question. Paths are absolute. */
export interface Answers {
  readonly model: string | undefined;
  readonly images: readonly string[] | undefined;
  readonly board: string | undefined;
  readonly input: string | undefined;
  readonly where: RunPlace | undefined;
}

/** Where the firmware runs. */
export type RunPlace =
  | { readonly kind: 'simulated' }
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'none' };

export const OPEN: Answers = {
  model: undefined,
  images: undefined,
  board: undefined,
  input: undefined,
  where: undefined,
};
