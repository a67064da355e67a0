import type { Translate } from '../common/errors/sentence.ts';
import type { Closeness } from '../workflow/compare/closeness.ts';

/** How near the quantized network stays to the float one, in words. */
export function closenessText(
  { isClose, namesClasses, samples, sameTop1, sqnrDb }: Closeness,
  t: Translate,
): string {
  const noise = sqnrDb === undefined ? t('no error') : t('SQNR {0} dB', sqnrDb.toFixed(0));
  const images = String(samples);
  if (!namesClasses) {
    return isClose ? t('Near float: {0}', noise) : t('Far from float: {0}', noise);
  }
  return isClose
    ? t('Near float: the same class for {0} of {1} images, {2}', String(sameTop1), images, noise)
    : t('Far from float: the same class for {0} of {1} images, {2}', String(sameTop1), images, noise);
}
