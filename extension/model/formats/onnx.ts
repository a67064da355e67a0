import type { ReadFormat } from './format.ts';

/** Protobuf tags of ModelProto's fields behind ir_version: the first byte of each. */
const NEXT_TAGS: ReadonlySet<number> = new Set([
  0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72, 0xa2, 0xca, 0xd2,
]);

/** https://onnx.ai. A file has no magic number, but every writer puts ir_version, 3 or higher, in front. */
export const onnx: ReadFormat = {
  id: 'onnx',
  name: 'ONNX',
  endings: ['.onnx'],
  begins: ([tag = 0, irVersion = 0, next = 0]) =>
    tag === 0x08 && irVersion >= 3 && irVersion < 0x80 && NEXT_TAGS.has(next),
  ends: async (bytes, options) => (await import('./onnx/ends.ts')).onnxEnds(bytes, options),
  operators: async () => (await import('./onnx/notes.ts')).onnxOperators,
  read: async (bytes, options) => (await import('./onnx/import.ts')).importOnnx(bytes, options),
};
