import type * as vscode from 'vscode';
import type { Services } from '../services.ts';

/** Registers the serial monitor view and its commands. */
export function registerMonitor(_context: vscode.ExtensionContext, _services: Services): void {}
