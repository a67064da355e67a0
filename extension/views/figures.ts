import * as vscode from 'vscode';
import {
  firmwareSizeText,
  inferenceTimeText,
  type SizeBasis,
  type TimeBasis,
} from '../../webview/shared/firmwareText.ts';
import { formatBytes, formatClock, formatTime } from '../../webview/shared/format.ts';

/** Bytes, times and clocks in the language of VS Code, as pages have them. */
export const sizeText = (bytes: number): string => formatBytes(bytes, vscode.env.language);
export const timeText = (microseconds: number): string => formatTime(microseconds, vscode.env.language);
export const clockText = (hz: number): string => formatClock(hz, vscode.env.language);

/** Bytes that firmware takes of a board. */
export const firmwareSize = (bytes: number, basis: SizeBasis): string =>
  firmwareSizeText(bytes, basis, vscode.l10n.t, vscode.env.language);

/** Time of an inference on a board. */
export const inferenceTime = (microseconds: number, basis: TimeBasis): string =>
  inferenceTimeText(microseconds, basis, vscode.l10n.t, vscode.env.language);
