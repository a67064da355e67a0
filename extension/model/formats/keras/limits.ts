/** What a Keras file may ask for beyond what any model file may (import/limits.ts). */
export const KERAS_LIMITS = {
  /** A file of Keras 3 has three entries, and more for layers with assets. Weights hardly shrink, zeros do. */
  zip: { entries: 1000, ratio: 1100 },
  /** Characters of the configuration. */
  configLength: 2 ** 24,
  /** Models in models. */
  depth: 16,
  /** Lists in lists of a layer's operands. */
  nesting: 8,
} as const;
