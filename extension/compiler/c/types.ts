/** Element types that the generated C points to, with their sizes in bytes. */
export const C_TYPE_BYTES = {
  ...{ uint8_t: 1, int8_t: 1, uint16_t: 2, int16_t: 2 },
  ...{ uint32_t: 4, int32_t: 4, float: 4 },
} as const;

export type CType = keyof typeof C_TYPE_BYTES;

/** The address of a table or of memory, as a pointer to elements of a type. */
export type AddressAs = (type: CType) => string;
