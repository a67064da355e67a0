/**
 * How a peripheral register answers, as data. A register without a model is plain memory with reset value 0; the
 * models add only what boot code waits for. All fields are optional and add up.
 */
export interface RegisterModel {
  readonly name: string;
  readonly address: number;
  /** Bits: 8, 16 or 32. */
  readonly width: 8 | 16 | 32;
  /** Plain memory's value after reset. */
  readonly reset?: number;
  /** Bits that always read as 1. */
  readonly always?: number;
  /** Bits the hardware sets while a condition holds, and clears otherwise. */
  readonly sets?: readonly SetRule[];
  /** Bits that show other registers' bits. */
  readonly mirrors?: readonly MirrorRule[];
}

export interface SetRule {
  readonly bits: number;
  readonly while: {
    /** The register looked at; the model's own when left out. */
    readonly register?: number;
    readonly mask: number;
    /** The masked value that makes it true; left out: any bit of the mask set. */
    readonly equals?: number;
  };
}

export interface MirrorRule {
  /** Where the bits are shown: one run of ones. */
  readonly bits: number;
  readonly of: number;
  /** Which bits of that register: a run of ones of the same length. */
  readonly mask: number;
}

/** All bits of a model that the hardware drives, so that writes do not reach them. */
export function drivenBits(model: RegisterModel): number {
  let bits = model.always ?? 0;
  for (const rule of model.sets ?? []) bits |= rule.bits;
  for (const rule of model.mirrors ?? []) bits |= rule.bits;
  return bits >>> 0;
}

/**
 * The value the driven bits have now.
 * @param read plain value of the register at an address.
 */
export function drivenValue(model: RegisterModel, read: (address: number) => number): number {
  let value = model.always ?? 0;
  for (const rule of model.sets ?? []) {
    const { register, mask, equals } = rule.while;
    const seen = (read(register ?? model.address) & mask) >>> 0;
    if (equals === undefined ? seen !== 0 : seen === equals) value |= rule.bits;
  }
  for (const rule of model.mirrors ?? []) {
    const seen = (read(rule.of) & rule.mask) >>> lowestBit(rule.mask);
    value |= seen << lowestBit(rule.bits);
  }
  return value >>> 0;
}

/** Index of the lowest bit set. */
function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
