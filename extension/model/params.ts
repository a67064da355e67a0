/** real = scale · (q - offset) of int8 numbers q. */
export interface GivenParams {
  /** float32, above 0. */
  readonly scale: number;
  /** From -128 to 127; that of uint8 numbers less 128. */
  readonly offset: number;
}

/** Whether integers of both stand for the same numbers; undefined stands for real numbers. */
export function sameParams(a: GivenParams | undefined, b: GivenParams | undefined): boolean {
  return a?.scale === b?.scale && a?.offset === b?.offset;
}
