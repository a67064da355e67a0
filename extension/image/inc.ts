import { commentSafe } from '../common/cComment.ts';
import type { TensorFormat } from './quantizeTensor.ts';

/** What the comment at the top of test_image.inc says. */
export interface IncSource {
  /** Image file's name, without its folder. */
  readonly fileName: string;
  readonly shape: readonly number[];
  readonly format: TensorFormat;
  /** Elements a row of text holds; by default the innermost dimensions up to 28. */
  readonly perRow?: number;
}

/**
 * Text of test_image.inc: bytes as a C initialiser list, to be `#include`d between the braces of a `uint8_t` array. With
 * `source` it starts with a comment of where the bytes come from. Ends with a newline; no trailing comma.
 */
export function tensorToInc(bytes: Uint8Array, source?: IncSource): string {
  const perRow = source?.perRow ?? (source ? rowLength(source, bytes.length) : 16);
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += perRow) {
    rows.push(
      Array.from(bytes.subarray(at, at + perRow), (b) => `0x${b.toString(16).padStart(2, '0')}`).join(', '),
    );
  }
  const text = `${rows.join(',\n')}\n`;
  return source ? `${comment(source)}\n${text}` : text;
}

/** A picture's row where that is readable: then the digit can be seen in the numbers. */
function rowLength(source: IncSource, byteLength: number): number {
  const count = source.shape.reduce((n, d) => n * d, 1);
  const size = count > 0 ? Math.max(1, Math.round(byteLength / count)) : 1;
  const [, , b = 0, c = 0] = source.shape;
  const row = (c === 1 || c === 3 ? b * c : c || b) * size;
  return row > 0 && row <= 96 ? row : 16;
}

function comment({ fileName, shape, format }: IncSource): string {
  const how =
    format.type === 'float32'
      ? 'float32, little-endian'
      : `${format.type}, real = ${format.scale} * (value - ${format.offset})`;
  return `/* ${commentSafe(fileName)}: ${shape.join('x')}, ${how} */`;
}
