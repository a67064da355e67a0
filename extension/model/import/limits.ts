/**
 * What a model file may ask for, whatever its format. Generous for a microcontroller, small enough that a hostile file cannot
 * hurt.
 */
export const LIMITS = {
  /** Bytes of the model file. */
  fileBytes: 64 * 2 ** 20,
  /** Nodes of the graph in the file. */
  nodes: 10_000,
  /** Nodes of the IR that they become, before any pass: one with thousands of operands becomes thousands. */
  irNodes: 50_000,
  /** Values that one node of the IR reads: the C of a concatenation grows with them. */
  operands: 4096,
  /** Dimensions of a tensor. */
  rank: 8,
  /** Elements of one tensor. */
  tensorElements: 2 ** 24,
  /** Elements of all constants that importing makes, and of all activations, each. */
  totalElements: 2 ** 25,
  /** Operations of one inference, as `operationsOf` counts them. */
  operations: 2 ** 36,
  /** Characters of a name. */
  nameLength: 1024,
} as const;
