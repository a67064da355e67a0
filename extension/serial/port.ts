import type { ControlLines, PortSettings } from '../../webview/shared/portSettings.ts';

/** One interface for a real serial port and a simulated board's UART. */
import type { Sentence } from '../common/errors/sentence.ts';

export const DEFAULT_SETTINGS: PortSettings = {
  baudRate: 115_200,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  flowControl: 'none',
};

export interface PortEvents {
  /** Bytes as they arrive; the array belongs to the receiver. */
  readonly onData: (bytes: Uint8Array) => void;
  /** The port went away by itself (unplugged, board simulation ended). Never after close(). */
  readonly onLost: (reason: Sentence) => void;
  /** Something worth a line in the log that is not from the board, such as a fault of a simulated core. */
  readonly onNotice?: (notice: Sentence) => void;
}

/** An open port. All methods throw UserError 'device'. */
export interface OpenPort {
  send(bytes: Uint8Array): Promise<void>;
  /** Simulated: reboots. Real: a pulse on DTR/RTS, or a break where the probe resets on it. */
  reset(): Promise<void>;
  /** The lines of a real port; a simulated board's UART has none. */
  readonly control?: {
    setLines(lines: ControlLines): Promise<void>;
    sendBreak(): Promise<void>;
  };
  /** Idempotent; no event after it. */
  close(): Promise<void>;
}

/** A port that can be chosen. */
export interface PortDescription {
  /** `sim:<board id>`, or the operating system's path. */
  readonly id: string;
  readonly kind: 'serial' | 'simulated';
  /** What to call it: `/dev/ttyACM0`, `COM3`, `FRDM-KE16Z (simulated)`. */
  readonly label: string;
  readonly manufacturer: string | undefined;
  /** The debug probe behind it, when the USB ids tell. */
  readonly probe: string | undefined;
  /** Boards (ids) this may be, most probable first; empty when unknown. */
  readonly boardIds: readonly string[];
  /** USB `vendor:product:serial`, by which a port is found again under another path. */
  readonly usb: string | undefined;
  /** True when a serial break resets the board (Arm's DAPLink firmware). */
  readonly resetsOnBreak: boolean;
}

const SIMULATED = 'sim:';

/** Id of a simulated board's port. */
export function simulatedPortId(boardId: string): string {
  return SIMULATED + boardId;
}

/** Board id of a simulated port, undefined for a real one. */
export function simulatedBoardOf(portId: string): string | undefined {
  return portId.startsWith(SIMULATED) ? portId.slice(SIMULATED.length) : undefined;
}
