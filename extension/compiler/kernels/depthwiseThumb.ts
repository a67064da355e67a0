import type { QConv2d } from '../../quantize/quantizedGraph.ts';
import { imageOf } from '../layout.ts';
import type { Step } from '../program.ts';
import type { DepthwiseRecord } from './convDepthwise.ts';
import type { Assembly, EmitContext } from './kernel.ts';
import { storeBias } from './requant.ts';
import { plus } from './text.ts';
import {
  addImmediate,
  jumpBack,
  loadConstant,
  RESTORE_HIGH,
  SAVE_HIGH,
  saturateByte,
  withLiteralPools,
} from './thumb.ts';

/** Two low registers hold these multiples of the step from one tap to the next: LDRB reaches only 31 bytes by itself. */
const FAR_TAPS = [
  { register: 'r2', steps: 1 },
  { register: 'r3', steps: 2 },
] as const;

/**
 * The layer in assembly: r0 accumulator, r1 four weights, r4 activation, r5 weight, r6 record, r7 activations; r8 the step
 * to the next row of taps, r9 back to the next channel, r10 output, r11 end of the records. On the stack: rows and columns
 * still to do, the first record, the end.
 */
export function depthwiseAssembly(
  node: QConv2d,
  step: Step,
  record: DepthwiseRecord,
  context: EmitContext,
): Assembly {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const first = x.layout.origin - node.pads.top * image.row - node.pads.left * image.column;
  const tapStep = node.dilations[1] * image.column;
  const rowStep = node.dilations[0] * image.row;
  const { lines, moved } = channelTaps(node, record, x.layout.type === 'int8_t', tapStep, rowStep);
  const channel = [
    ...lines,
    'add r7, r9',
    ...finish(node, record, y.layout.type === 'int8_t', storeBias(y.layout)),
    'mov r4, r10',
    'strb r0, [r4, #0]',
    'adds r4, #1',
    'mov r10, r4',
    'cmp r6, r11',
    'beq 7f',
  ];
  const column = [
    'ldr r6, [sp, #8]',
    '3:',
    ...channel,
    jumpBack('3', channel),
    '7:',
    ...addImmediate('r7', stepX - image.c, 'r5'),
    ...moveHigh('r10', result.column - image.c),
    'ldr r0, [sp, #4]',
    'subs r0, #1',
    'str r0, [sp, #4]',
    'beq 6f',
  ];
  const row = [
    ...loadConstant('r0', result.w),
    'str r0, [sp, #4]',
    '2:',
    ...column,
    jumpBack('2', column),
    '6:',
    ...addImmediate('r7', stepY - result.w * stepX, 'r5'),
    ...moveHigh('r10', result.row - result.w * result.column),
    'ldr r0, [sp, #0]',
    'subs r0, #1',
    'str r0, [sp, #0]',
    'beq 4f',
  ];
  return {
    input: plus('in', first),
    output: plus('out', y.layout.origin),
    constants: `constants + ${context.constants.add(record.words, 4)}`,
    lines: withLiteralPools([
      'push {r4-r7, lr}',
      ...SAVE_HIGH,
      'sub sp, #16',
      'movs r7, r0',
      'mov r10, r1',
      'str r2, [sp, #8]',
      ...addImmediate('r2', 4 * record.words.length, 'r5'),
      'mov r11, r2',
      ...loadConstant('r0', rowStep),
      'mov r8, r0',
      ...negativeConstant('r0', 1 - moved),
      'mov r9, r0',
      ...FAR_TAPS.flatMap((t) => loadConstant(t.register, t.steps * tapStep)),
      ...loadConstant('r0', result.h),
      'str r0, [sp, #0]',
      '1:',
      ...row,
      jumpBack('1', row),
      '4:',
      'add sp, #16',
      ...RESTORE_HIGH,
      'pop {r4-r7, pc}',
      '.ltorg',
    ]),
  };
}

/** The sum over the taps of one channel into r0; moved: how far r7 has gone then. */
function channelTaps(
  node: QConv2d,
  record: DepthwiseRecord,
  signed: boolean,
  tapStep: number,
  rowStep: number,
): { lines: string[]; moved: number } {
  const [kh, kw] = node.kernel;
  const lines: string[] = [];
  let moved = 0;
  for (let t = 0; t < kh * kw; t++) {
    if (t % 4 === 0) lines.push('ldmia r6!, {r1}');
    const offset = Math.floor(t / kw) * rowStep + (t % kw) * tapStep;
    const far = FAR_TAPS.find((f) => f.steps * tapStep === offset - moved);
    if (!far && (offset < moved || offset - moved > 31)) {
      lines.push(...(offset - moved === rowStep ? ['add r7, r8'] : addImmediate('r7', offset - moved, 'r5')));
      moved = offset;
    }
    const address = offset - moved <= 31 ? `[r7, #${offset - moved}]` : `[r7, ${far!.register}]`;
    lines.push(`ldrb r4, ${address}`, ...(signed ? ['sxtb r4, r4'] : []), ...byteOf(t % 4));
    // the first product is the accumulator
    if (t === 0) lines.push('muls r5, r4, r5', 'movs r0, r5');
    else lines.push('muls r5, r4, r5', 'adds r0, r0, r5');
  }
  if (record.hasStart) lines.push(`ldr r5, [r6, #8]`, 'adds r0, r0, r5');
  return { lines, moved };
}

/** r5 = byte i of r1, sign-extended. */
function byteOf(i: number): string[] {
  if (i === 0) return ['sxtb r5, r1'];
  if (i === 3) return ['asrs r5, r1, #24'];
  return [`lsls r5, r1, #${24 - 8 * i}`, 'asrs r5, r5, #24'];
}

/** Requantizes and saturates r0; r6 goes on to the next record. */
function finish(node: QConv2d, record: DepthwiseRecord, signed: boolean, bias: number): string[] {
  const [low, high] = [node.lo + bias, node.hi + bias];
  return [
    ...(record.pre > 0 ? [`asrs r0, r0, #${record.pre}`] : []),
    'ldmia r6!, {r4, r5}', // constant, multiplier
    ...(record.hasStart ? ['adds r6, #4'] : []),
    'muls r0, r5, r0',
    'adds r0, r0, r4',
    `asrs r0, r0, #${record.post}`,
    ...saturateByte('r0', 'r4', low, high),
    ...(signed ? ['subs r0, #128'] : []),
  ];
}

/** A high register += n, through r4. */
function moveHigh(register: string, n: number): string[] {
  if (n === 0) return [];
  return [`mov r4, ${register}`, ...addImmediate('r4', n, 'r5'), `mov ${register}, r4`];
}

/** register = a constant that may be negative. */
function negativeConstant(register: string, n: number): string[] {
  return n >= 0
    ? loadConstant(register, n)
    : [...loadConstant(register, -n), `rsbs ${register}, ${register}, #0`];
}
