import type { PortManners } from '../portSettings.ts';
import type { ControlKey, LineEnding, SavedSend, Sendable, SendMode } from '../sends.ts';

/** The part of the monitor's state that is about a port's lines, sending, and the log into a file. */
export interface ToolState {
  readonly manners: PortManners;
  readonly lineEnding: LineEnding;
  readonly sendMode: SendMode;
  /** What is sent shows in the log. */
  readonly echo: boolean;
  readonly savedSends: readonly SavedSend[];
  /** Name of the file that the log goes into; undefined when it goes into none. */
  readonly logFile: string | undefined;
}

/** The command to search: a key or the palette asked for it. */
export interface OpenFind {
  readonly type: 'openFind';
}

export type ToolToHost =
  | { readonly type: 'manners'; readonly manners: PortManners }
  | { readonly type: 'break' }
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'control'; readonly key: ControlKey }
  | { readonly type: 'lineEnding'; readonly value: LineEnding }
  | { readonly type: 'sendMode'; readonly value: SendMode }
  | { readonly type: 'echo'; readonly on: boolean }
  | { readonly type: 'saveSend'; readonly send: Sendable }
  | { readonly type: 'runSend'; readonly id: number }
  | { readonly type: 'renameSend'; readonly id: number; readonly name: string }
  | { readonly type: 'removeSend'; readonly id: number }
  /** Begins a log into a file, or ends it. */
  | { readonly type: 'logToFile'; readonly on: boolean }
  /** The page has the focus, or has it no more: its keys count then. */
  | { readonly type: 'focus'; readonly on: boolean };
