import type * as vscode from 'vscode';
import type { Services } from '../services.ts';

/** Registers the board picker view and the status bar item. */
export function registerBoardPicker(_context: vscode.ExtensionContext, _services: Services): void {}
