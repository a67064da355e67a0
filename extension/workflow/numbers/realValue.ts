import type { Placeholder } from '../../bundle/bundle.ts';
import { dequantize } from '../../quantize/schemas.ts';

/** What a number stands for that firmware printed of an output: its integers, or thousandths of a float (templates/firmware/main.c). */
export function realValue(
  output: Pick<Placeholder, 'type' | 'scale' | 'offset'>,
): (printed: number) => number {
  return output.type === 'float32' ? (printed) => printed / 1000 : (q) => dequantize(q, output);
}
