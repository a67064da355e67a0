/** What a TensorFlow Lite file may ask for beyond what any model file may (import/limits.ts). */
export const TFLITE_LIMITS = {
  subgraphs: 256,
  /** In one subgraph. */
  operators: 10_000,
  /** In one subgraph; buffers in the file. */
  tensors: 100_000,
  /** Inputs or outputs of one operator. */
  operatorTensors: 4096,
  /** Bytes of a name; converters join the names of all that became one operator. */
  nameBytes: 65_536,
  /** Entries of one list of numbers, such as the scales of a tensor. */
  listEntries: 1_000_000,
  /** Numbers and bytes of text that are decoded, each as often as something refers to it. Weights are not: they are views. */
  decoded: 4_000_000,
  /** As how many of these a table counts, for what is kept of it. */
  tableCost: 16,
  /** Elements of a constant that is read as integers: shapes, axes, paddings. */
  integers: 100_000,
} as const;
