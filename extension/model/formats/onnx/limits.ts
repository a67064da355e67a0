/** What an ONNX file may ask for beyond what any model file may (import/limits.ts). */
export const ONNX_LIMITS = {
  /** Protobuf fields in the whole file (a node takes about 20). */
  fields: 1_000_000,
  /** Integers in packed lists (attributes, shape tensors). */
  packedIntegers: 4_000_000,
  /** ai.onnx operator sets this importer was checked against. */
  minOpset: 7,
  maxOpset: 24,
} as const;
