const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '\\': 92 };

/**
 * A text's bytes, with what is written with a backslash: `\n`, `\r`, `\t`, `\\`, and `\xHH` for any byte. Another backslash is
 * one.
 *
 * @param encode the bytes of what lies between
 */
export function unescaped(
  text: string,
  encode: (text: string) => Uint8Array = (t) => Buffer.from(t),
): Uint8Array {
  const parts = text.split(/(\\x[0-9a-fA-F]{2}|\\[nrt\\])/);
  return Buffer.concat(
    parts.map((part, i) => {
      if (i % 2 === 0) return encode(part);
      return Buffer.of(ESCAPES[part[1]!] ?? parseInt(part.slice(2), 16));
    }),
  );
}
