import { Random } from '../../support/random.ts';

/** One try: made of random numbers alone, so that its seed makes it again. */
export interface Case {
  /** What is tried, in a line. */
  readonly label: string;
  /** What a finding keeps of it. */
  readonly input: Uint8Array | string;
  /** Tries it. @throws whatever tells that a promise was broken */
  readonly check: () => unknown;
}

/** In `npm test`, where a compiler's starts are dear; or for as long as is wanted. A seed's case is another in the other. */
export type Run = 'short' | 'long';

/** Makes cases without end, each another. */
export interface Fuzzer {
  /** Its name on the command line. */
  readonly name: string;
  /** Cases of a short run: about a second of processor time. */
  readonly short: number;
  /**
   * Builds the valid inputs that cases are made from.
   * @returns what makes the case of a generator of random numbers
   */
  readonly open: (run: Run) => Promise<(random: Random) => Case>;
}

/** The case of a seed. */
export function caseOf(make: (random: Random) => Case, seed: number): Case {
  return make(new Random(seed));
}
