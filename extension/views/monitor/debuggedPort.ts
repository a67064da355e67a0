import type { DebuggedBoard } from '../../debug/adapter/debuggedBoard.ts';
import type { OpenPort, PortEvents } from '../../serial/port.ts';

/** The UART of a board under a debugger as a port: closing it leaves the board as it is. */
export function openDebuggedPort(board: DebuggedBoard, events: PortEvents): OpenPort {
  const uart = board.onUart(events.onData);
  return {
    send: async (bytes) => board.send(bytes),
    reset: () => board.restart(),
    close: async () => uart.dispose(),
  };
}
