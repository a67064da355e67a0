import type { Label } from '../../assembly/item.ts';
import type { Register } from '../../assembly/registers.ts';
import type { Thumb } from '../../assembly/thumb.ts';

/** Cycles of the conversion and the product of gcc 12's library, and of the branch there: 65, and 142 to 147 on the simulated core. */
const CONVERSION = 65;
const PRODUCT = 145;
/** Exponents of float32: biased by 127; the point stands 31 bits below the mantissa's first when it fills a word. */
const POINT = 127 + 31;
/** From 2^9 on all results saturate. */
const MOST_EXPONENT = 127 + 9;

/**
 * ONNX's requantization of one accumulator: times a float32 scale, to the nearest integer, halves to the even one. Takes the
 * accumulator in `from` and the scale in r4; leaves the result in r4, and r0 to r3 as they were; r5 and r12 are lost.
 */
export function scaledSubroutine(code: Thumb, label: Label, from: Register, calls: number): void {
  code.subroutine(label, calls, () => {
    code.comment('float(acc) * scale');
    code.calling(['r0', 'r1', 'r2', 'r3'], () => {
      code.mov('r0', from);
      code.callLibrary('__aeabi_i2f', CONVERSION);
      code.movs('r1', 'r4');
      code.callLibrary('__aeabi_fmul', PRODUCT);
      toEven(code);
      code.movs('r4', 'r1');
    });
  });
}

/** r1 = the float32 number in r0, rounded to an integer; r0, r2, r3 and r5 are lost. */
function toEven(code: Thumb): void {
  code.comment('its exponent, and its mantissa as a whole word');
  code.lsls('r1', 'r0', 1);
  code.lsrs('r1', 'r1', 24);
  code.cmp('r1', MOST_EXPONENT);
  code.skipIf('ls', 'no more than 2^9', () => code.movs('r1', MOST_EXPONENT));
  code.lsls('r2', 'r0', 8);
  code.movs('r3', 1);
  code.lsls('r3', 'r3', 31);
  code.orrs('r2', 'r3');
  code.comment('the integer part, and the fraction as a whole word');
  code.movs('r3', POINT);
  code.subs('r3', 'r3', 'r1');
  code.movs('r1', 'r2');
  code.lsrs('r1', 'r1', 'r3');
  code.movs('r5', 32);
  code.subs('r5', 'r5', 'r3');
  code.lsls('r2', 'r2', 'r5');
  code.comment('half and more rounds up, half alone to the even one');
  const [up, known] = [code.label('more than half'), code.label('rounded')];
  code.lsls('r2', 'r2', 1);
  code.branchIf('lo', known, 0.5);
  code.branchIf('ne', up, 1);
  code.lsrs('r2', 'r1', 1);
  code.branchIf('lo', known, 0.5);
  code.place(up);
  code.adds('r1', 'r1', 1);
  code.place(known);
  code.comment('its sign');
  code.asrs('r0', 'r0', 31);
  code.eors('r1', 'r0');
  code.subs('r1', 'r1', 'r0');
}
