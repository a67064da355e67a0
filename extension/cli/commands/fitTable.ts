import type { Fit } from '../../board/fit.ts';
import { english } from '../../common/errors/sentence.ts';
import type { BoardFit } from '../../workflow/port/fit.ts';
import { duration, grouped, textTable } from '../table.ts';

/**
 * How a model fits each board: used of available, time, and why not where it does not. `about` stands before what was predicted:
 * sizes of firmware that was not built, and times of what has not run.
 */
export function fitTable(fits: readonly BoardFit[]): string {
  const usedOf = ({ used, total }: Fit['flash'], basis: Fit['basis']): string =>
    `${basis === 'built' ? '' : 'about '}${grouped(used)} of ${grouped(total)}`;
  const timeOf = ({ timeUs, timeBasis }: Fit): string =>
    timeUs === undefined ? 'unknown' : `${timeBasis === 'measured' ? '' : 'about '}${duration(timeUs)}`;
  return textTable(
    [
      { title: 'board' },
      { title: 'flash B', align: 'right' },
      { title: 'RAM B', align: 'right' },
      { title: 'time', align: 'right' },
      { title: 'fits' },
    ],
    fits.map(({ board, fit }) => [
      board.name,
      usedOf(fit.flash, fit.basis),
      usedOf(fit.ram, fit.basis),
      timeOf(fit),
      fit.fits ? 'yes' : `no: ${fit.reasons.map(english).join('; ')}`,
    ]),
  );
}
