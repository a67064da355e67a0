/** What an HDF5 file may ask for, beyond what any model file may (import/limits.ts). */
export const HDF5_LIMITS = {
  /** Structures looked at (headers, messages, nodes of trees, links, chunks): a layer of Keras takes about 30. */
  steps: 500_000,
  /** Bytes of a name. */
  nameBytes: 4096,
  /** Bytes of all names and texts. */
  textBytes: 2 ** 26,
  /** Strings of an attribute. */
  strings: 100_000,
  /** Filters of a dataset. */
  filters: 8,
  /** Levels of a tree. */
  levels: 16,
} as const;
