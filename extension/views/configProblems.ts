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
  const mark = (document: vscode.TextDocument, message: string): void => {
    const found = new vscode.Diagnostic(boardIn(document), message);
    found.source = 'GlowPort';
    collection.set(document.uri, [found]);
  };
  context.subscriptions.push(
    collection,
    // a file that was just written may be open with what it had before, which VS Code replaces a moment later
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const [found] = collection.get(document.uri) ?? [];
      if (found) mark(document, found.message);
    }),
  );
  let latest = 0;
  return {
    clear: () => {
      latest++;
      collection.clear();
    },
    boardIsNone: async (file, error) => {
      const mine = ++latest;
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
      if (mine !== latest) return;
      const { message, hint } = told(error, vscode.l10n.t);
      mark(document, `${message} ${hint}`.trim());
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
