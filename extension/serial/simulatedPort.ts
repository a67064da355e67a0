import { say } from '../common/errors/sentence.ts';
import { openSimulatedBoard } from '../simulator/run/session.ts';
import type { OpenPort, PortEvents } from './port.ts';

/**
 * Switches a simulated board on as a port. A fault of its firmware is a notice: the board stays there and can be reset,
 * as a real one.
 * @throws UserError 'board' when the board is not simulated, 'input' when the firmware cannot be loaded
 */
export async function openSimulatedPort(
  boardId: string,
  firmware: Uint8Array,
  events: PortEvents,
): Promise<OpenPort> {
  const board = await openSimulatedBoard({
    boardId,
    firmware,
    onUart: (bytes) => events.onData(bytes),
    onStop: (stop) => {
      if (stop.reason === 'fault') events.onNotice?.(stop.fault.sentence);
      else events.onLost(say`The simulator stopped: ${stop.message}`);
    },
  });
  return {
    send: async (bytes) => board.send(bytes),
    reset: async () => board.reset(),
    close: () => board.close(),
  };
}
