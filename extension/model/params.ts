/** real = scale · (q - offset) of int8 numbers q. */
export interface GivenParams {
  /** float32, above 0. */
  readonly scale: number;
  /** From -128 to 127; that of uint8 numbers less 128. */
  readonly offset: number;
}
