/** What a board printed about inferences, parsed from UART bytes. */
export interface InferenceReport {
  /** Confidence of each class, in the order printed; the class number is explicit. */
  readonly confidences: readonly { readonly classIndex: number; readonly value: number }[];
  /** From the `Top1 class` line; undefined when the board printed none. */
  readonly top1: number | undefined;
  /** Microseconds; undefined when the board printed none. */
  readonly timeUs: number | undefined;
  /** Outputs that are no classes, as `NAME[i]: value` lines tell them; absent when there are none. */
  readonly others?: readonly PrintedOutput[];
  /** From the `Reconstruction error` line; absent when there is none. */
  readonly reconstruction?: PrintedReconstruction;
}

/** An output that is no list of classes: its elements by index. */
export interface PrintedOutput {
  readonly name: string;
  readonly values: ReadonlyMap<number, number>;
  /** The real numbers that stood behind them, as they were printed; absent when there were none. */
  readonly reals?: ReadonlyMap<number, string>;
}

/** How far an output is from the input, in the firmware's own units. */
export interface PrintedReconstruction {
  readonly error: number;
  /** Undefined when the firmware has none. */
  readonly threshold: number | undefined;
  readonly isAnomalous: boolean | undefined;
}
