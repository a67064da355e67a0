/** What a board printed about inferences, parsed from UART bytes. */
export interface InferenceReport {
  /** Confidence of each class, in the order printed; the class number is explicit. */
  readonly confidences: readonly { readonly classIndex: number; readonly value: number }[];
  /** From the `Top1 class` line; undefined when the board printed none. */
  readonly top1: number | undefined;
  /** Microseconds; undefined when the board printed none. */
  readonly timeUs: number | undefined;
}
