import type { Label } from '../../assembly/item.ts';
import type { Low, Register } from '../../assembly/registers.ts';
import type { Thumb } from '../../assembly/thumb.ts';

/**
 * TensorFlow Lite's requantization of one accumulator, as a subroutine for the few results that the 32-bit form leaves open: 32 by 32
 * bits without a long multiplication. Takes the accumulator in `from`, the multiplier in r4 and its shift in r5; leaves the result in
 * r4, and r0 to r3 as they were.
 *
 * @param calls how often it is called, for the prediction
 */
export function exactSubroutine(code: Thumb, label: Label, from: Register, calls: number): void {
  code.subroutine(label, calls, () => {
    code.comment('acc * multiplier * 2^(shift - 31), rounded twice');
    code.push('r0', 'r1', 'r2', 'r3');
    if (from.length === 2 && from !== 'sp' && from !== 'lr' && from < 'r8') code.movs('r0', from as Low);
    else code.mov('r0', from);
    code.cmp('r5', 0);
    code.skipIf('le', 'no shift to the left', () => code.lsls('r0', 'r0', 'r5'));
    highMul(code);
    code.rsbs('r5', 'r5');
    code.cmp('r5', 0);
    code.skipIf('le', 'no shift to the right', () => shiftRight(code), 0);
    code.movs('r4', 'r0');
    code.pop('r0', 'r1', 'r2', 'r3');
  });
}

/** r0 = (r0 * r4 + 2^30) >> 31 of the whole product, from halves of 16 bits; r1 to r4 are lost. */
function highMul(code: Thumb): void {
  code.comment('four products of halves');
  code.uxth('r1', 'r0');
  code.asrs('r0', 'r0', 16);
  code.uxth('r2', 'r4');
  code.lsrs('r4', 'r4', 16);
  code.movs('r3', 'r2');
  code.muls('r3', 'r0'); // high, low
  code.muls('r2', 'r1'); // low, low
  code.lsrs('r2', 'r2', 16);
  code.muls('r1', 'r4'); // low, high
  code.adds('r1', 'r1', 'r2');
  code.muls('r0', 'r4'); // high, high
  code.lsls('r0', 'r0', 1);
  code.comment('what each has from bit 31 of the product on');
  code.lsrs('r2', 'r1', 15);
  code.adds('r0', 'r0', 'r2');
  code.asrs('r2', 'r3', 15);
  code.adds('r0', 'r0', 'r2');
  code.comment('what is left below rounds');
  code.lsls('r1', 'r1', 17);
  code.lsrs('r1', 'r1', 17);
  code.lsls('r3', 'r3', 17);
  code.lsrs('r3', 'r3', 17);
  code.adds('r1', 'r1', 'r3');
  code.movs('r3', 1);
  code.lsls('r3', 'r3', 14);
  code.adds('r1', 'r1', 'r3');
  code.lsrs('r1', 'r1', 15);
  code.adds('r0', 'r0', 'r1');
}

/** r0 / 2^r5 for r5 from 1 on, halves away from zero; r1 is lost. */
function shiftRight(code: Thumb): void {
  code.asrs('r1', 'r0', 31);
  code.adds('r0', 'r0', 'r1');
  code.movs('r1', 1);
  code.lsls('r1', 'r1', 'r5');
  code.lsrs('r1', 'r1', 1);
  code.adds('r0', 'r0', 'r1');
  code.asrs('r0', 'r0', 'r5');
}

/** Of the bits below a form's `post`, the upper eight are compared with a band: how many of their values lie in it. */
export function bandOf256(band: number, post: number): number {
  return Math.min(255, Math.ceil((band * 256) / 2 ** post));
}
