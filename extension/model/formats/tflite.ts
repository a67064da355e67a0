import { latin1 } from './bytes.ts';
import type { ReadFormat } from './format.ts';

/** A flatbuffer whose file identifier is TFL3 (tensorflow/lite/schema/schema.fbs). */
export const tflite: ReadFormat = {
  id: 'tflite',
  name: 'TensorFlow Lite',
  endings: ['.tflite', '.lite'],
  sharedEndings: ['.lite'],
  begins: (start) => latin1(start, 4, 8) === 'TFL3',
  ends: async (bytes) => (await import('./tflite/ends.ts')).tfliteEnds(bytes),
  operators: async () => (await import('./tflite/notes.ts')).tfliteOperators,
  read: async (bytes, options) => (await import('./tflite/import.ts')).importTflite(bytes, options),
};
