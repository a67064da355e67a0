import { decimal, digits } from '../format.ts';
import type { ClassResult, Result } from '../shared/messages/monitor.ts';

/** A class' confidence: real where it is known, else as the board printed it. */
export function confidenceText(c: ClassResult, result: Result): string | undefined {
  if (c.percent !== undefined) return percentText(c.percent);
  if (c.real !== undefined) return valueText(c.real, result);
  return c.raw === undefined ? undefined : String(c.raw);
}

/** How sure a network is, as few digits as tell it apart from certainty. */
function percentText(percent: number): string {
  return `${decimal(percent, 1)} %`;
}

/** Probabilities as per cent, other values with three digits. */
export function valueText(value: number, { scale }: Result): string {
  if (!Number.isFinite(value)) return String(value);
  if (scale.min === 0 && scale.max === 1 && scale.real) return percentText(value * 100);
  return digits(value);
}

/** A class by its label, else its number. */
export function nameOf(result: Result, index: number): string {
  return result.classes.find((c) => c.index === index)?.label ?? String(index);
}
