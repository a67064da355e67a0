import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { QuantizedValue } from '../quantizedGraph.ts';
import { requireZeroPoint, type TfliteLowering, wrong } from './lowering.ts';
import { lowerLogSoftmax, ZERO } from './logSoftmax.ts';
import { MOST_OF_ROW } from './softmax.ts';

/** LOG_SOFTMAX over the last axis. TensorFlow Lite Micro wants these parameters exactly (tensorflow/lite/micro/kernels/log_softmax.cc). */
export function logSoftmax(lowering: TfliteLowering, node: TfliteNode): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  if (y.scale !== 1 / 16) throw wrong(node, say`has an output of scale ${y.scale}; 1/16 is needed`);
  requireZeroPoint(lowering, node, y, ZERO);
  checkRow(node, x);
  lowering.emit(node, [x], y, lowerLogSoftmax(x));
}

/** @throws UserError 'model' for rows whose exponents could exceed the 32 bits of their sum */
export function checkRow(node: TfliteNode, { shape }: QuantizedValue): void {
  const n = shape.at(-1)!;
  if (n > MOST_OF_ROW) throw wrong(node, say`has rows of ${n} numbers; at most ${MOST_OF_ROW} are computed`);
}
