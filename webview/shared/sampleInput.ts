/** What a sample feeds one of a model's inputs with, as plain data: for a page to show it. */
export interface SampleInput {
  /** The placeholder's name, and its shape with the batch in front. */
  readonly name: string;
  readonly shape: readonly number[];
  /** How the numbers look, where they are a picture. */
  readonly picture: Pixels | undefined;
  /** Real values in the order of the shape; the first MOST_VALUES of them. */
  readonly values: readonly number[];
}

/** A picture of 8 bits a channel, rows from top to bottom, channels innermost: 1 for gray, 3 for red, green, blue. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: readonly number[];
}

/** Most values of an input that a page is given. */
export const MOST_VALUES = 4096;
