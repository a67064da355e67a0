import type { OutputValues, ValidatedSample } from '../../webview/shared/validation.ts';

/** What came of one sample. Plain data. */
export interface SampleOutcome extends ValidatedSample {
  /** As the board timed the inference, in microseconds. */
  readonly timeUs: number;
  /** Every output of the board is the PC's, bit for bit. */
  readonly isEqual: boolean;
  /** What the board's first output says, by task: a class's number, a real number, a mean squared reconstruction error. */
  readonly answer: number | undefined;
  /** The board's outputs; undefined where there are too many numbers to keep. */
  readonly outputs: readonly OutputValues[] | undefined;
  /** The PC's, where they differ. */
  readonly pc: readonly OutputValues[] | undefined;
}
