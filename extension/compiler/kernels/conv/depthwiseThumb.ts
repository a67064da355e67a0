import type { QConv2d } from '../../../quantize/quantizedGraph.ts';
import { type ExactRequant, isFloatScale } from '../../../quantize/requantize.ts';
import type { High } from '../../assembly/registers.ts';
import { Thumb } from '../../assembly/thumb.ts';
import type { AssemblyFunction } from '../kernel.ts';
import { storeBias } from '../requant.ts';
import { ExactResults } from '../tflite/exactThumb.ts';
import { saturateByte } from '../thumbPieces.ts';
import type { ConvShape } from './shape.ts';

/**
 * What a channel needs, in the order it is read: weights, filled up to words; constant, or of a wide requantization the shift;
 * multiplier; the first value if any channel has one. Where an exact requantization is computed, its multiplier and shift stand
 * behind them; a float32 scale is a multiplier whose shift nobody reads.
 */
export interface DepthwiseRecords {
  /** All channels' records. */
  readonly words: readonly number[];
  readonly weightBytes: 1 | 2;
  /** Words of weights, and of a whole record. */
  readonly weightWords: number;
  readonly length: number;
  readonly hasStart: boolean;
  readonly pre: number;
  readonly post: number;
  /** One of the channels' exact requantizations, which all are of one kind; undefined where ours is computed. */
  readonly exact: ExactRequant | undefined;
}

/** Two low registers hold these multiples of the step from one tap to the next: LDRB reaches only 31 bytes by itself. */
const FAR_TAPS = [
  { register: 'r2', steps: 1 },
  { register: 'r3', steps: 2 },
] as const;
const LOAD_REACH = 31;
/** Where the counters and the first record lie on the stack. */
const ROWS = 0;
const COLUMNS = 4;
const RECORDS = 8;
const STACK_BYTES = 16;

/** The layer in assembly, for byte operands. */
export function depthwiseThumb(node: QConv2d, shape: ConvShape, records: DepthwiseRecords): AssemblyFunction {
  const { x, y, tapColumn } = shape;
  return {
    name: 'thumb',
    shared: false,
    about: ['Channel by channel: a filter each, its weights read four at a time.'],
    registers: [
      ['r0', 'accumulator'],
      ['r1', 'four weights'],
      ...FAR_TAPS.map(
        (t) => [t.register, `${t.steps * tapColumn}: from a tap ${t.steps} to the right`] as const,
      ),
      ['r4', 'activation'],
      ['r5', 'weight, product'],
      ['r6', 'record of the channel: weights, constant, multiplier'],
      ['r7', 'in'],
      ['r8', 'from a row of taps to the next'],
      ['r9', 'from the last tap back to the first of the next channel'],
      ['r10', 'out'],
      ['r11', 'end of the records'],
      ...(records.exact === undefined
        ? []
        : [['r12', 'accumulator, for results that are looked at again'] as const]),
      [`[sp, #${ROWS}]`, 'rows to do'],
      [`[sp, #${COLUMNS}]`, 'pixels of the row to do'],
      [`[sp, #${RECORDS}]`, 'the first record'],
    ],
    parameters: [`const ${x.layout.type} *in`, `${y.layout.type} *out`, 'const uint8_t *records'],
    code: assemble(node, shape, records),
  };
}

function assemble(node: QConv2d, shape: ConvShape, records: DepthwiseRecords): AssemblyFunction['code'] {
  const { x, y, image, result, stepX, tapRow, tapColumn } = shape;
  const code = new Thumb();
  const exact = new ExactResults(code, 'r12', records.exact !== undefined && isFloatScale(records.exact));
  const countDown = (offset: number): void => {
    code.ldrStack('r0', offset);
    code.subs('r0', 'r0', 1);
    code.strStack('r0', offset);
  };
  const highConstant = (register: High, value: number): void => {
    code.signedConstant('r0', value);
    code.mov(register, 'r0');
  };
  code.prologue(true);
  code.moveStack(-STACK_BYTES);
  code.movs('r7', 'r0');
  code.mov('r10', 'r1');
  code.strStack('r2', RECORDS);
  code.addConstant('r2', 4 * records.words.length, 'r5');
  code.mov('r11', 'r2');
  highConstant('r8', tapRow);
  highConstant('r9', 1 - lastStop(node, shape));
  for (const { register, steps } of FAR_TAPS) code.constant(register, steps * tapColumn);
  code.constant('r0', result.h);
  code.strStack('r0', ROWS);
  code.loop(
    'each row',
    result.h,
    () => {
      code.constant('r0', result.w);
      code.strStack('r0', COLUMNS);
      code.loop(
        'each pixel',
        result.w,
        () => {
          code.ldrStack('r6', RECORDS);
          code.loop(
            'each channel',
            image.c,
            () => {
              channelTaps(code, node, shape, records, x.layout.type === 'int8_t');
              code.comment('requantize, store, next channel');
              code.addHigh('r7', 'r9');
              requantize(code, records, exact, y.value.offset + storeBias(y.layout));
              saturateByte(code, 'r0', 'r4', node.lo + storeBias(y.layout), node.hi + storeBias(y.layout));
              if (y.layout.type === 'int8_t') code.subs('r0', 'r0', 128);
              code.mov('r4', 'r10');
              code.strb('r0', 'r4', 0);
              code.adds('r4', 'r4', 1);
              code.mov('r10', 'r4');
            },
            () => code.cmpHigh('r6', 'r11'),
          );
          code.comment('the next pixel');
          code.addConstant('r7', stepX - image.c, 'r5');
          code.addToHigh('r10', result.column - image.c, 'r4', 'r5');
        },
        () => countDown(COLUMNS),
      );
      code.comment('the next row');
      code.addConstant('r7', shape.inputRowEnd, 'r5');
      code.addToHigh('r10', shape.outputRowEnd, 'r4', 'r5');
    },
    () => countDown(ROWS),
  );
  code.moveStack(STACK_BYTES);
  code.epilogue(true);
  exact.place(result.h * result.w * image.c);
  return code.assemble();
}

/** How the taps of a channel are reached: where r7 stops on the way, and each tap's offset from there. */
function* route(
  node: QConv2d,
  { tapRow, tapColumn }: ConvShape,
): Generator<{ tap: number; move: number; offset: number; stop: number }> {
  const [kh, kw] = node.kernel;
  let stop = 0;
  for (let tap = 0; tap < kh * kw; tap++) {
    const at = Math.floor(tap / kw) * tapRow + (tap % kw) * tapColumn;
    const near = at >= stop && at - stop <= LOAD_REACH;
    const far = FAR_TAPS.some((f) => f.steps * tapColumn === at - stop);
    const move = near || far ? 0 : at - stop;
    stop += move;
    yield { tap, move, offset: at - stop, stop };
  }
}

/** Where r7 stands behind the last tap of a channel, from its first. */
function lastStop(node: QConv2d, shape: ConvShape): number {
  return [...route(node, shape)].at(-1)!.stop;
}

/** The sum over the taps of one channel into r0. */
function channelTaps(
  code: Thumb,
  node: QConv2d,
  shape: ConvShape,
  records: DepthwiseRecords,
  signed: boolean,
): void {
  const { tapRow, tapColumn } = shape;
  const kw = node.kernel[1];
  for (const { tap, move, offset } of route(node, shape)) {
    code.comment(`row ${Math.floor(tap / kw)}, column ${tap % kw}`);
    if (tap % 4 === 0) code.ldmia('r6', 'r1');
    if (move === tapRow) code.addHigh('r7', 'r8');
    else code.addConstant('r7', move, 'r5');
    const far = FAR_TAPS.find((f) => f.steps * tapColumn === offset);
    code.ldrb('r4', 'r7', offset <= LOAD_REACH ? offset : far!.register);
    if (signed) code.sxtb('r4', 'r4');
    byteOf(code, tap % 4);
    code.muls('r5', 'r4');
    // the first product is the accumulator
    if (tap === 0) code.movs('r0', 'r5');
    else code.adds('r0', 'r0', 'r5');
  }
  if (records.hasStart) {
    code.ldr('r5', 'r6', 8);
    code.adds('r0', 'r0', 'r5');
  }
}

/** r5 = byte i of r1, sign-extended. */
function byteOf(code: Thumb, i: number): void {
  if (i === 0) code.sxtb('r5', 'r1');
  else if (i === 3) code.asrs('r5', 'r1', 24);
  else {
    code.lsls('r5', 'r1', 24 - 8 * i);
    code.asrs('r5', 'r5', 24);
  }
}

/** Requantizes r0; r6 goes on to the next record. @param zero the output's offset as it is stored */
function requantize(code: Thumb, records: DepthwiseRecords, exact: ExactResults, zero: number): void {
  const { post } = records;
  const band = records.exact?.band;
  if (band !== undefined) code.mov('r12', 'r0');
  if (records.pre > 0) code.asrs('r0', 'r0', records.pre);
  code.ldmia('r6', 'r4', 'r5'); // constant, multiplier
  const behind = (records.hasStart ? 4 : 0) + (band === undefined ? 0 : 8);
  if (behind > 0) code.adds('r6', 'r6', behind);
  code.muls('r0', 'r5');
  code.adds('r0', 'r0', 'r4');
  if (band === undefined) code.asrs('r0', 'r0', post);
  else exact.shift({ accumulator: 'r0', scratch: 'r4', post, band, zero, load: () => loadExact(code) });
}

/** Multiplier and shift stand before the next record. */
function loadExact(code: Thumb): void {
  code.subs('r6', 'r6', 8);
  code.ldmia('r6', 'r4', 'r5');
}
