import { t } from './l10n.ts';
import {
  firmwareSizeText,
  inferenceTimeText,
  type SizeBasis,
  type TimeBasis,
} from './shared/firmwareText.ts';
import { bytesText, fixed, formatBytes, formatClock, formatTime } from './shared/format.ts';

/** Numbers as the page shows them: in the reader's language, with a real minus sign and no false precision. */
const language = document.documentElement.lang || 'en';
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const significant = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
const oneDecimalPercent = new Intl.NumberFormat(language, {
  style: 'percent',
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
});
const percentFormat = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });

/** What stands where a number is not known. */
export const NONE = '\u2013';

export function integer(value: number | undefined): string {
  return value === undefined ? NONE : whole.format(value).replace('-', '\u2212');
}

/** A real number with four significant digits; small and large ones in powers of ten. */
export function real(value: number | undefined): string {
  if (value === undefined) return NONE;
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? value.toExponential(2).replace('e-', 'e\u2212').replace('e+', 'e')
      : significant.format(value);
  return text.replace(/^-/, '\u2212');
}

/** Ratios beyond 100 dB say only that nothing was lost. */
export function decibels(value: number | undefined): string {
  if (value !== undefined && value > 100) return '>\u00a0100\u00a0dB';
  return value === undefined ? NONE : `${oneDecimal.format(value).replace('-', '\u2212')}\u00a0dB`;
}

/** With one decimal in any case, for shares below one another. */
export function steadyPercent(share: number): string {
  return oneDecimalPercent.format(share);
}

export function percent(share: number): string {
  return percentFormat.format(share);
}

/** A part of a whole: 100 % are all of it and 0 % nothing, however it is rounded. */
export function percentOf(part: number, whole: number): string {
  if (!(whole > 0)) return NONE;
  const share = Math.min(part / whole, part < whole ? 0.999 : 1);
  return steadyPercent(part > 0 ? Math.max(share, 0.001) : 0);
}

/** Large counts in short form: 438,830 stays, 1,234,567 becomes 1.2 M. */
export function count(value: number | undefined): string {
  if (value === undefined) return NONE;
  if (value < 1_000_000) return integer(value);
  if (value < 1_000_000_000) return `${oneDecimal.format(value / 1e6)}\u00a0M`;
  return `${oneDecimal.format(value / 1e9)}\u00a0G`;
}

export function bytes(value: number | undefined): string {
  return value === undefined ? NONE : bytesText(value, language).replace(' ', '\u00a0');
}

export function time(microseconds: number | undefined): string {
  return microseconds === undefined ? NONE : formatTime(microseconds, language).replace(' ', '\u00a0');
}

/** Bytes as short as they say enough: `64 KB`. */
export function sizeText(value: number): string {
  return formatBytes(value, language);
}

export function timeText(microseconds: number): string {
  return formatTime(microseconds, language);
}

export function clockText(hz: number): string {
  return formatClock(hz, language);
}

/** With as many decimals in any case, below one another. */
export function decimal(value: number, decimals: number): string {
  return fixed(value, decimals, language);
}

/** With as many significant digits, such as `-18.9`; as a power of ten where that is shorter. */
export function digits(value: number, count = 3): string {
  const text = value.toPrecision(count);
  return text.includes('e') ? text : decimal(value, text.split('.')[1]?.length ?? 0);
}

/** Bytes that firmware takes of a board. */
export function firmwareSize(used: number, basis: SizeBasis): string {
  return firmwareSizeText(used, basis, t, language).replaceAll(' ', '\u00a0');
}

/** Time of an inference on a board. */
export function inferenceTime(microseconds: number, basis: TimeBasis): string {
  return inferenceTimeText(microseconds, basis, t, language).replaceAll(' ', '\u00a0');
}

/** A shape without its batch dimension, which is always 1. */
export function perSample(dimensions: readonly number[]): string {
  return shape(dimensions.length > 1 && dimensions[0] === 1 ? dimensions.slice(1) : dimensions);
}

/** Dimensions joined by multiplication signs. */
export function shape(dimensions: readonly number[]): string {
  return dimensions.length === 0 ? NONE : dimensions.join('\u00d7');
}
