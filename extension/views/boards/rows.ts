import { CORE_NAMES } from '../../board/board.ts';
import { type BoardData, dataRam } from '../../board/catalogue.ts';
import type { BoardFits, ProbeSeen } from '../services.ts';
import type { BoardRow } from '../../../webview/shared/messages/boards.ts';
import { isSimulated } from '../../simulator/boards/boards.ts';

/** The catalogue as rows of the picker, with what is known about the current model and connected probes. Pure. */
export function boardRows(
  boards: readonly BoardData[],
  fits: BoardFits,
  probes: readonly ProbeSeen[],
): BoardRow[] {
  return boards.map((board) => {
    const fit = fits.kind === 'ready' ? fits.fits.get(board.id) : undefined;
    const probe = probes.find((p) => p.boardIds.includes(board.id));
    return {
      id: board.id,
      name: board.name,
      family: board.family,
      core: CORE_NAMES[board.core],
      clockHz: board.coreClockHz,
      fpu: board.fpu,
      simulated: isSimulated(board),
      flashBytes: board.flash.size,
      // the first region holds variables and stack
      ramBytes: dataRam(board).size,
      fit: fit && {
        fits: fit.fits,
        reasons: fit.reasons,
        basis: fit.basis,
        flashUsed: fit.flash.used,
        ramUsed: fit.ram.used,
        timeUs: fit.fits ? fit.timeUs : undefined,
        timeBasis: fit.timeBasis,
      },
      probe: probe && `${probe.probe} · ${probe.path}`,
    };
  });
}

/** The board that a list begins at: the preferred one, unless the network is known not to fit it; then the first that it fits. */
export function firstBoard(rows: readonly BoardRow[], preferred: string): string | undefined {
  const fits = rows.filter((row) => row.fit?.fits !== false);
  return (fits.find((row) => row.id === preferred) ?? fits[0])?.id;
}
