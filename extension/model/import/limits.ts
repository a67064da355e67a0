/**
 * What a model file may ask for, whatever its format. Generous for a microcontroller, small enough that a hostile file cannot
 * hurt.
 */
export const LIMITS = {
  /** Bytes of the model file. */
  fileBytes: 64 * 2 ** 20,
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
} as const;
