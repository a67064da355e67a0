import type { Label } from '../../assembly/item.ts';
import type { Low, Register } from '../../assembly/registers.ts';
import type { Thumb } from '../../assembly/thumb.ts';
import { scaledSubroutine } from '../onnx/scaledThumb.ts';

/**
 * The exact requantization of one accumulator, as a subroutine. Takes the accumulator in `from`, the multiplier in r4 and its shift
 * in r5; leaves the result in r4, and r0 to r3 as they were. r5 is lost, and by ONNX's r12.
 *
 * @param isFloat whether it is ONNX's, else TensorFlow Lite's
 * @param calls how often it is called, for the prediction
 */
export function exactSubroutine(
  code: Thumb,
  label: Label,
  from: Register,
  isFloat: boolean,
  calls: number,
): void {
  if (isFloat) scaledSubroutine(code, label, from, calls);
  else multipliedSubroutine(code, label, from, calls);
}

/**
 * TensorFlow Lite's requantization of one accumulator, as a subroutine for the few results that the 32-bit form leaves open: 32 by 32
 * bits without a long multiplication.
 */
function multipliedSubroutine(code: Thumb, label: Label, from: Register, calls: number): void {
  code.subroutine(label, calls, () => {
    code.comment('acc * multiplier * 2^(shift - 31), rounded twice');
    code.push('r0', 'r1', 'r2', 'r3');
    code.mov('r0', from);
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

/** A requantization whose form has been computed in a register but for its last shift. */
interface FormInRegister {
  readonly accumulator: Low;
  readonly scratch: Low;
  readonly post: number;
  readonly band: number;
  /** Output offset, as stored. */
  readonly zero: number;
  /** Puts multiplier and shift into r4 and r5. */
  readonly load: () => void;
}

/** Results that code computes by the form, and out of line exactly where that leaves them open. */
export class ExactResults {
  readonly #code: Thumb;
  readonly #from: Register;
  readonly #isFloat: boolean;
  readonly #exactly: Label;
  readonly #open: { readonly again: Label; readonly known: Label; readonly form: FormInRegister }[] = [];

  /**
   * @param from holds the accumulator when `shift` is reached
   * @param isFloat whether they are ONNX's, else TensorFlow Lite's
   */
  constructor(code: Thumb, from: Register, isFloat: boolean) {
    this.#isFloat = isFloat;
    this.#code = code;
    this.#from = from;
    this.#exactly = code.label('exactly');
  }

  /** Ends a requantization by the form: the shift, or what is computed out of line. */
  shift(form: FormInRegister): void {
    const code = this.#code;
    const { accumulator, scratch, post, band } = form;
    const open = { again: code.label('look again'), known: code.label('known'), form };
    this.#open.push(open);
    code.comment('near where the result steps, it is computed exactly');
    code.lsls(scratch, accumulator, 32 - post);
    code.lsrs(scratch, scratch, 24);
    code.cmp(scratch, bandOf256(band, post));
    code.branchIf('lo', open.again, shareOf(form));
    code.asrs(accumulator, accumulator, post);
    code.place(open.known);
  }

  /** What stands out of line, behind the function's end. @param times each result is computed, for the prediction */
  place(times: number): void {
    const code = this.#code;
    let calls = 0;
    for (const { again, known, form } of this.#open) {
      const { accumulator, zero } = form;
      calls += times * shareOf(form);
      code.repeat(times * shareOf(form), () => {
        code.place(again);
        form.load();
        code.call(this.#exactly);
        code.movs(accumulator, 'r4');
        if (zero > 0) code.adds(accumulator, accumulator, zero);
        code.branch(known);
      });
    }
    if (this.#open.length > 0) exactSubroutine(code, this.#exactly, this.#from, this.#isFloat, calls);
  }
}

function shareOf({ band, post }: FormInRegister): number {
  return bandOf256(band, post) / 256;
}

/** Of the bits below a form's `post`, the upper eight are compared with a band: how many of their values lie in it. */
function bandOf256(band: number, post: number): number {
  return Math.min(255, Math.ceil((band * 256) / 2 ** post));
}
