/** What the numbers of a network's first output are: what firmware prints of them, and what is compared and shown, follows from it. */
export type Task =
  /** A number for each class, or the class itself (ArgMax). */
  | 'classify'
  /** Real numbers, such as a temperature. */
  | 'regress'
  /** The input again (an autoencoder): how far it is off tells whether the input is one of the usual kind. */
  | 'anomaly'
  /** Anything else: every output by its name. */
  | 'raw';

/** The reconstruction error above which an input is called anomalous. */
export interface Threshold {
  /** Mean squared error in real units. */
  readonly value: number;
  /**
   * Whether somebody chose it, or it is the 99th percentile of the errors over samples: of the quantized network, or of the float
   * one where nothing on the PC computes the quantized one.
   */
  readonly basis: 'chosen' | 'quantized' | 'float';
  /** How many samples it was measured with; 0 where it was chosen. */
  readonly samples: number;
}

/** What firmware says of the network's first output. */
export interface Answer {
  readonly task: Task;
  /** Of `classify`, where the model tells: what the numbers are. */
  readonly scores?: Scores;
  /** Of `anomaly` where one is known. */
  readonly threshold?: Threshold;
}

/** What the numbers of classes are: of any size (logits), probabilities that add up to 1 or stand alone, or logarithms of them. */
export type Scores = 'logits' | 'probabilities' | 'logProbabilities';

/**
 * Percent of each class.
 * @param reals the output's numbers in real units
 * @returns of logits their softmax; undefined where it is not known what they are
 */
export function percentsOf(reals: readonly number[], scores: Scores | undefined): number[] | undefined {
  if (scores === undefined) return undefined;
  if (scores === 'probabilities') return reals.map((x) => 100 * x);
  if (scores === 'logProbabilities') return reals.map((x) => 100 * Math.exp(x));
  const most = reals.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = reals.map((x) => Math.exp(x - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => (100 * x) / sum);
}
