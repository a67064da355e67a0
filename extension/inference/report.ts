/** What a board printed about inferences, parsed from UART bytes. */
export interface InferenceReport {
  /** Confidence of each class, in the order printed; the class number is explicit. */
  readonly confidences: readonly { readonly classIndex: number; readonly value: number }[];
  /** From the `Top1 class` line; undefined when the board printed none. */
  readonly top1: number | undefined;
  /** Microseconds; undefined when the board printed none. */
  readonly timeUs: number | undefined;
  /** Further outputs, as `NAME[i]: value` lines tell them; absent when there are none. */
  readonly others?: readonly PrintedOutput[];
}

/** An output that is no list of classes: its elements by index. */
export interface PrintedOutput {
  readonly name: string;
  readonly values: ReadonlyMap<number, number>;
}
