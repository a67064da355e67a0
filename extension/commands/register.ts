import type * as vscode from 'vscode';
import type { Services } from '../services.ts';

/** Registers every palette command; one file a command. */
export function registerCommands(_context: vscode.ExtensionContext, _services: Services): void {}
