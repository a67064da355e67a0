import * as vscode from 'vscode';
import { formatBytes, formatClock, formatTime } from '../../webview/shared/format.ts';

/** Bytes, times and clocks in the language of VS Code, as pages have them. */
export const sizeText = (bytes: number): string => formatBytes(bytes, vscode.env.language);
export const timeText = (microseconds: number): string => formatTime(microseconds, vscode.env.language);
export const clockText = (hz: number): string => formatClock(hz, vscode.env.language);
