/** What validating a network on a board over a whole test set found, as plain data: for the page, the command line and its JSON. */

import type { Threshold } from './task.ts';

/** Most samples listed of a kind: where board and PC differ, and of each cell of a confusion matrix. */
export const MOST_LISTED = 100;

/** A sample of the test set. */
export interface ValidatedSample {
  /** Its place in the test set, from 0. */
  readonly number: number;
  /** File's name, with `#12` for row 12 of it. */
  readonly name: string;
  /** As the test set has it; undefined where it has none. */
  readonly label: string | undefined;
}

/** Values of one output, in its own numbers: integers, or float32 of a float placeholder. */
export interface OutputValues {
  readonly name: string;
  readonly values: readonly number[];
}

/** A sample for which the board computed something else than the PC. */
export interface Mismatch extends ValidatedSample {
  readonly board: readonly OutputValues[];
  readonly pc: readonly OutputValues[];
}

/** A sample that was given to a wrong class, or to the wrong side of a threshold. */
export interface WrongSample extends ValidatedSample {
  /** Places in `classes`. */
  readonly actual: number;
  readonly predicted: number;
}

/** How one class fares; undefined: nothing is known, for no sample is of it, or none was said to be. Shares from 0 to 1. */
export interface ClassFigures {
  /** Labelled samples of the class. */
  readonly samples: number;
  readonly precision: number | undefined;
  readonly recall: number | undefined;
  readonly f1: number | undefined;
}

/** Labels against answers. Index is a class's place in `classes`. */
export interface Confusion {
  readonly classes: readonly string[];
  /** Samples by actual class (row), then predicted class (column). */
  readonly matrix: readonly (readonly number[])[];
  readonly perClass: readonly ClassFigures[];
  /** Samples off the diagonal, at most MOST_LISTED of each cell. */
  readonly wrong: readonly WrongSample[];
}

/** A point of a ROC curve: what is at least `threshold` counts as an anomaly. Infinity would not survive JSON: null is it. */
export interface RocPoint {
  readonly threshold: number | null;
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
}

/** What the answers are worth, by what they are. Undefined parts: the test set has no labels for them. */
export type Score =
  | {
      readonly task: 'classify';
      /** Samples that have a label, and those of them that got their class. */
      readonly labelled: number;
      readonly correct: number;
      readonly confusion: Confusion | undefined;
    }
  | {
      readonly task: 'anomaly';
      /** Samples labelled normal, and anomaly. */
      readonly normal: number;
      readonly anomalies: number;
      /** Reconstruction errors: mean squared, in real values. */
      readonly error: Spread;
      /** What the threshold that was chosen or measured makes of the labelled samples; undefined where there is none, or no label. */
      readonly threshold: { readonly of: Threshold; readonly confusion: Confusion } | undefined;
      readonly roc: Roc | undefined;
    }
  | { readonly task: 'regress'; readonly labelled: number; readonly errors: ErrorFigures | undefined }
  | { readonly task: 'raw' };

/** How well a score tells anomalies from what is normal. */
export interface Roc {
  /** From (0, 0) to (1, 1); long curves are thinned out. */
  readonly points: readonly RocPoint[];
  readonly auc: number;
  /** A threshold, which errors exceed, with the largest difference of both rates (Youden's J), and what it makes of the samples. */
  readonly best: { readonly threshold: number; readonly confusion: Confusion };
}

/** Errors of a regression in real values, over all labelled samples. */
export interface ErrorFigures {
  readonly mae: number;
  readonly rmse: number;
  readonly max: number;
  /** Coefficient of determination; undefined where all labels are the same. */
  readonly r2: number | undefined;
}

export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** A requirement, and whether it is met. */
export interface RequirementVerdict {
  /** As it was stated, such as `accuracy>=95`, and what it is about. */
  readonly text: string;
  readonly figure: string;
  readonly isMet: boolean;
  /** What was found, with its unit; undefined where the test set does not tell it, which does not meet it. */
  readonly found: string | undefined;
}

/** All of it. */
export interface Validation {
  /** The model file's name, and the network's. */
  readonly model: string;
  readonly network: string;
  readonly board: { readonly id: string; readonly name: string };
  /** `sim`, or the serial port. */
  readonly on: string;
  /** Samples that were answered: all of the test set. */
  readonly samples: number;
  readonly score: Score;
  /** Of one inference as the board timed it, in microseconds. */
  readonly timeUs: Spread;
  /** The whole firmware that was validated; undefined of firmware without sizes (no ELF file). RAM includes the stack. */
  readonly firmware:
    | { readonly flashBytes: number; readonly ramBytes: number; readonly stackBytes: number | undefined }
    | undefined;
  readonly mismatches: { readonly count: number; readonly listed: readonly Mismatch[] };
  /** What the line went through; nothing of it is counted twice. */
  readonly line: { readonly retransmissions: number; readonly resets: number };
  readonly requirements: readonly RequirementVerdict[];
  /** How long it took on the clock. */
  readonly seconds: number;
}

/** What a validation can be written into a file as. */
export const VALIDATION_FORMATS = ['json', 'csv'] as const;
export type ValidationFormat = (typeof VALIDATION_FORMATS)[number];
