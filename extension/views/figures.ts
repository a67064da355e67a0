import * as vscode from 'vscode';
import * as firmware from '../../webview/shared/firmwareText.ts';
import type { SizeBasis, TimeBasis } from '../../webview/shared/firmwareText.ts';
import { formatBytes, formatClock, formatTime } from '../../webview/shared/format.ts';

/** Bytes, times and clocks in the language of VS Code, as pages have them. */
const { language } = vscode.env;
export const sizeText = (bytes: number): string => formatBytes(bytes, language);
export const timeText = (microseconds: number): string => formatTime(microseconds, language);
export const clockText = (hz: number): string => formatClock(hz, language);
export const usedText = (bytes: number, basis: SizeBasis): string =>
  firmware.usedText(bytes, basis, vscode.l10n.t, language);
export const tookText = (microseconds: number, basis: TimeBasis): string =>
  firmware.tookText(microseconds, basis, vscode.l10n.t, language);
