import type { Low } from '../assembly/registers.ts';
import type { Thumb } from '../assembly/thumb.ts';

/**
 * Saturates a register to two constants within 0..255. The prediction takes it that hardly any number has to be saturated.
 *
 * @param whole the register's number is needed afterwards, not only its low byte
 */
export function saturateByte(
  code: Thumb,
  value: Low,
  scratch: Low,
  low: number,
  high: number,
  whole = false,
): void {
  if (low <= 0 && high >= 255) {
    code.lsrs(scratch, value, 8);
    code.skipIf('eq', 'within 0..255', () => {
      code.asrs(value, value, 31);
      code.mvns(value, value);
      if (whole) code.uxtb(value, value);
    });
    return;
  }
  code.cmp(value, low);
  code.skipIf('ge', 'not too low', () => code.movs(value, low));
  code.cmp(value, high);
  code.skipIf('le', 'not too high', () => code.movs(value, high));
}

/** `1, 2 and 3`, `1 to 4`: channels as a comment names them. */
export function listed(numbers: readonly number[]): string {
  const [first] = numbers;
  const last = numbers.at(-1);
  return numbers.length === 1 ? String(first) : `${first} to ${last}`;
}
