import { simulatedBoards } from '../../extension/simulator/boards/boards.ts';
import { oneOfEach } from '../support/oneOfEach.ts';

/** A simulated board for each kind of console: the UART's class, its FIFO and the layout of its registers; the rest is data. */
export const oneOfEachConsole = oneOfEach(simulatedBoards(), ({ console }) =>
  [console?.type, console?.fifo, console?.versionRegisters].join(),
);
