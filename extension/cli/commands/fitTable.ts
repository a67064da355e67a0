import type { Basis } from '../../board/overhead.ts';
import { english } from '../../common/errors/sentence.ts';
import type { BoardFit } from '../../workflow/port/fit.ts';
import { duration, grouped, textTable } from '../table.ts';

/**
 * How a model fits each board: used of available, predicted time, and why not where it does not. `about` stands before what
 * rests on an estimate of the firmware around the network.
 */
export function fitTable(fits: readonly BoardFit[]): string {
  const usedOf = ({ used, total }: { used: number; total: number }, overhead: Basis): string =>
    `${overhead === 'estimated' ? 'about ' : ''}${grouped(used)} of ${grouped(total)}`;
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
      usedOf(fit.flash, fit.overhead),
      usedOf(fit.ram, fit.overhead),
      fit.timeUs === undefined ? 'unknown' : duration(fit.timeUs),
      fit.fits ? 'yes' : `no: ${fit.reasons.map(english).join('; ')}`,
    ]),
  );
}
