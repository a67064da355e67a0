/** What a model file may ask for. Generous for a microcontroller, small enough that a hostile file cannot hurt. */
export const LIMITS = {
  /** Bytes of the model file. */
  fileBytes: 64 * 2 ** 20,
  /** Protobuf fields in the whole file (a node takes about 20). */
  fields: 1_000_000,
  /** Integers in packed lists (attributes, shape tensors). */
  packedIntegers: 4_000_000,
  /** Nodes of the graph. */
  nodes: 10_000,
  /** Dimensions of a tensor. */
  rank: 8,
  /** Elements of one tensor. */
  tensorElements: 2 ** 24,
  /** Elements of all constants that importing makes, and of all activations, each. */
  totalElements: 2 ** 25,
  /** Multiply-accumulates of one inference. */
  macs: 2 ** 36,
  /** Characters of a name. */
  nameLength: 1024,
  /** ai.onnx operator sets this importer was checked against. */
  minOpset: 7,
  maxOpset: 24,
} as const;
