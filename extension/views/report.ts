import type * as vscode from 'vscode';
import type { Services } from '../services.ts';

/** Registers the model report: the custom editor of .onnx files and `glowport.inspect`. */
export function registerReport(_context: vscode.ExtensionContext, _services: Services): void {}
