import { ReportParser } from '../../inference/parse.ts';
import { DEFAULT_CYCLE_LIMIT, Machine } from '../machine/machine.ts';
import { patchImage, readImage } from '../firmware/image.ts';
import type { SimulationResult } from './simulation.ts';
import { UartChunks } from './uartChunks.ts';
import type { RunTask } from './workerProtocol.ts';

/** Cycles run between two looks at the cancel flag: some milliseconds. */
const CYCLES_BETWEEN_LOOKS = 500_000;
/** The most UART bytes kept; a firmware that prints for ever goes on without them. */
const MOST_UART_BYTES = 16 * 1024 * 1024;

/**
 * Boots firmware on a simulated board and runs it to its end, synchronously; {@link simulate} does it in a worker.
 * @param isCancelled asked every few milliseconds.
 * @param onUart see SimulationOptions; bytes come a line at a time.
 */
export function runFirmware(
  options: RunTask,
  isCancelled: () => boolean,
  onUart: (bytes: Uint8Array, timeUs: number) => void,
): SimulationResult {
  const machine = new Machine(options.boardId);
  machine.load(patchImage(readImage(options.firmware), options.patches ?? []));
  machine.checkBootable();
  if (options.profile === true) machine.startProfile();
  if (options.semihosting === true) machine.startSemihosting();

  const printed: Uint8Array[] = [];
  let printedBytes = 0;
  const parser = options.untilReport === true ? new ReportParser() : undefined;
  const chunks = new UartChunks((bytes, timeUs) => {
    if (printedBytes < MOST_UART_BYTES) printed.push(bytes);
    printedBytes += bytes.length;
    onUart(bytes, timeUs);
    if (parser && parser.push(bytes).length > 0) machine.stop();
  });
  machine.onUart = (byte, timeUs) => {
    chunks.push(byte, timeUs);
  };

  const { cycleLimit = DEFAULT_CYCLE_LIMIT, printing = { cyclesPerByte: 0, bytes: 0 } } = options;
  const limit = (): number => cycleLimit + Math.min(printedBytes, printing.bytes) * printing.cyclesPerByte;
  let stop: SimulationResult['stop'] = 'cycle-limit';
  while (machine.cycles < limit()) {
    if (isCancelled()) {
      stop = 'cancelled';
      break;
    }
    const reason = machine.run(Math.min(CYCLES_BETWEEN_LOOKS, limit() - machine.cycles));
    if (reason === 'cycle-limit') continue;
    stop = reason === 'idle' || reason === 'fault' ? reason : 'report';
    break;
  }
  chunks.flush();
  const end = stop === 'idle' ? machine.idleSince : undefined;
  const cycles = end?.cycles ?? machine.cycles;
  return {
    stop,
    fault: stop === 'fault' ? machine.fault : undefined,
    cycles,
    instructions: end?.instructions ?? machine.instructions,
    timeUs: (cycles / machine.board.coreClockHz) * 1e6,
    stackBytes: machine.stackBytes,
    uart: Buffer.concat(printed),
    symbols: machine.profile,
  };
}
