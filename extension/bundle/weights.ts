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
