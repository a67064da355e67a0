/** One number made of another: y = factor * x + shift. */
export interface Affine {
  readonly factor: number;
  readonly shift: number;
}

/** Elements that share numbers: element i has those at floor(i / inner) modulo `count`. */
export interface Channels {
  readonly count: number;
  /** Elements side by side that share them. */
  readonly inner: number;
}

/** How what a sensor gives becomes the real values of an input: pixels of 0 to 255, or numbers as the samples had them. */
export interface RawUnit {
  readonly of: 'pixel' | 'number';
  readonly channels: Channels;
  /** One for each channel. */
  readonly affines: readonly Affine[];
}

/** Of a model's inputs those that are normalized, by name. */
export type RawUnits = Readonly<Record<string, RawUnit>>;
