import { say } from '../../common/errors/sentence.ts';
import { latin1 } from './bytes.ts';
import type { KnownFormat } from './format.ts';
import { byTf2onnx } from './toOnnx.ts';

/** A flatbuffer whose file identifier is TFL3 (tensorflow/lite/schema/schema.fbs). */
export const tflite: KnownFormat = {
  id: 'tflite',
  name: 'TensorFlow Lite',
  model: say`a TensorFlow Lite model`,
  endings: ['.tflite', '.lite'],
  begins: (start) => latin1(start, 4, 8) === 'TFL3',
  ends: async (bytes) => (await import('./tflite/ends.ts')).tfliteEnds(bytes),
  advise: byTf2onnx('tflite'),
};
