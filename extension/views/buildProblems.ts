import * as vscode from 'vscode';
import type { SourceMessage } from '../common/errors/sourceMessage.ts';

/** What the last build said about sources, in VS Code's Problems. */
export interface BuildProblems {
  /** Replaces what was shown. */
  show(messages: readonly SourceMessage[]): void;
  clear(): void;
}

export function buildProblems(context: vscode.ExtensionContext): BuildProblems {
  const collection = vscode.languages.createDiagnosticCollection('glowport');
  context.subscriptions.push(collection);
  return {
    show: (messages) => {
      collection.clear();
      const byFile = new Map<string, vscode.Diagnostic[]>();
      for (const message of messages) {
        const list = byFile.get(message.file);
        if (list) list.push(diagnostic(message));
        else byFile.set(message.file, [diagnostic(message)]);
      }
      for (const [file, list] of byFile) collection.set(vscode.Uri.file(file), list);
    },
    clear: () => collection.clear(),
  };
}

/** The position of a message; VS Code counts from 0. */
export function positionOf({ line, column }: Pick<SourceMessage, 'line' | 'column'>): vscode.Position {
  return new vscode.Position(line - 1, column - 1);
}

function diagnostic(message: SourceMessage): vscode.Diagnostic {
  const at = positionOf(message);
  const { Error, Warning } = vscode.DiagnosticSeverity;
  const found = new vscode.Diagnostic(
    // an empty range: VS Code marks the word that is there
    new vscode.Range(at, at),
    message.text,
    message.severity === 'error' ? Error : Warning,
  );
  found.source = 'gcc';
  return found;
}
