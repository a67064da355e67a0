/** Told by long work now and then: a few words without an end, such as `3 of 100 images`, and the share that is done, 0..1, where it is known. */
export type Progress = (message: string, fraction?: number) => void;

/** What long work is given besides what it works on. */
export interface WorkContext {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}
