import * as vscode from 'vscode';
import { told } from './words.ts';

/** What VS Code's schema cannot know of a glowport.json, marked where it stands: a board that is none. */
export interface ConfigProblems {
  /** Marks the board that a file states. @param error why it is none */
  boardIsNone(file: string, error: unknown): Promise<void>;
  clear(): void;
}

export function configProblems(context: vscode.ExtensionContext): ConfigProblems {
  const collection = vscode.languages.createDiagnosticCollection('glowport.json');
  context.subscriptions.push(collection);
  return {
    clear: () => collection.clear(),
    boardIsNone: async (file, error) => {
      const uri = vscode.Uri.file(file);
      const document = await vscode.workspace.openTextDocument(uri);
      const { message, hint } = told(error, vscode.l10n.t);
      const found = new vscode.Diagnostic(boardIn(document), `${message} ${hint}`.trim());
      found.source = 'GlowPort';
      collection.set(uri, [found]);
    },
  };
}

/** Where the board is named; the first line of a file that hides it. */
function boardIn(document: vscode.TextDocument): vscode.Range {
  const named = /"board"\s*:\s*("[^"\n]*")/.exec(document.getText());
  if (!named) return document.lineAt(0).range;
  const end = named.index + named[0].length;
  return new vscode.Range(document.positionAt(end - named[1]!.length), document.positionAt(end));
}
