/** NAME.weights.txt as Glow writes it: ` 0XHH,` per byte, twenty a line, for #include inside an initialiser. */
export function weightsText(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i += 20) {
    const row = Array.from(
      bytes.subarray(i, i + 20),
      (b) => ` 0X${b.toString(16).toUpperCase().padStart(2, '0')},`,
    );
    lines.push(row.join(''));
  }
  return `${lines.join('\n')}\n`;
}

/** Characters that a byte takes at most, with what separates it from the next. */
const MAX_WORD = 16;

/** The bytes of such a text; undefined when it is no list of `count` bytes. */
export function readWeightsText(text: string, count: number): Uint8Array | undefined {
  if (text.length > (count + 1) * MAX_WORD) return undefined;
  const words = text.split(',').map((word) => word.trim());
  if (words.at(-1) === '') words.pop();
  const areBytes = words.every((word) => /^0[xX][0-9a-fA-F]{1,2}$/.test(word));
  return areBytes && words.length === count ? Uint8Array.from(words, Number) : undefined;
}
