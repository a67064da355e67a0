/** top / bottom, bottom above 0. */
export interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** A double exactly. */
export function rational(value: number): Rational {
  let bottom = 1n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    bottom *= 2n;
  }
  return { top: BigInt(scaled), bottom };
}
