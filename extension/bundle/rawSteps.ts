import type { Affine, RawUnit } from '../common/affine.ts';
import type { Placeholder } from './bundle.ts';

/** Channels whose steps are written out. */
const MOST_STEPS = 8;
/** As many digits as float32 has. */
const DIGITS = 9;

/**
 * How a raw value becomes what a placeholder holds, in one step for each channel: q = factor * raw + shift, rounded and limited; of float32
 * the value itself.
 */
export function rawSteps({ type, scale, offset }: Placeholder, { affines }: RawUnit): Affine[] {
  if (type === 'float32') return [...affines];
  return affines.map(({ factor, shift }) => ({ factor: factor / scale, shift: shift / scale + offset }));
}

/**
 * The same in words for whoever fills the placeholder, a line each, such as `q = round(0.5 * pixel - 128)`. Where a step is nothing but a
 * scale and an offset of whole steps, as those of the placeholder are, these are told, too.
 */
export function rawText(placeholder: Placeholder, raw: RawUnit): string[] {
  const steps = rawSteps(placeholder, raw);
  const x = raw.of === 'pixel' ? 'pixel' : 'x';
  if (steps.length > MOST_STEPS)
    return [`${x} is normalized first, with numbers of its own in each of ${steps.length} channels`];
  return steps.map((step, c) => {
    const sum = `${digits(step.factor)} * ${x} ${step.shift < 0 ? '-' : '+'} ${digits(Math.abs(step.shift))}`;
    const value = placeholder.type === 'float32' ? sum : `q = round(${sum})`;
    const folded = placeholder.type === 'float32' ? undefined : foldedParams(step);
    const same = folded ? `, the same as S:${digits(folded.scale)} O:${folded.offset} of ${x}` : '';
    return `${steps.length === 1 ? '' : `channel ${c}: `}${value}${same}`;
  });
}

/** A step as quantization parameters, raw = scale * (q - offset), where its offset is a whole number. */
function foldedParams({
  factor,
  shift,
}: Affine): { readonly scale: number; readonly offset: number } | undefined {
  const offset = Math.round(shift);
  // as near as float64 computes it: then it is exact
  return Math.abs(shift - offset) < 1e-9 && factor > 0 ? { scale: 1 / factor, offset } : undefined;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
