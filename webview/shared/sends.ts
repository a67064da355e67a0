/** What can be sent to a board: what drop-downs offer, and what is taken from a page. */

export const LINE_ENDINGS = ['none', 'lf', 'cr', 'crlf'] as const;
/** As it is; with `\\n`, `\\xHH` and the like for bytes; or bytes as hexadecimal, which get no line ending. */
export const SEND_MODES = ['text', 'escaped', 'hex'] as const;

export type LineEnding = (typeof LINE_ENDINGS)[number];
export type SendMode = (typeof SEND_MODES)[number];

/** A line, and what it is sent as. */
export interface Sendable {
  readonly text: string;
  readonly mode: SendMode;
  readonly lineEnding: LineEnding;
}

/** A line that was kept under a name. */
export interface SavedSend extends Sendable {
  /** Never another one's. */
  readonly id: number;
  readonly name: string;
}

/** Characters that are no text, by the key that sends them with Ctrl, as terminals have it. */
export const CONTROL_CHARACTERS = { c: 3, d: 4, z: 26 } as const;
export type ControlKey = keyof typeof CONTROL_CHARACTERS;
