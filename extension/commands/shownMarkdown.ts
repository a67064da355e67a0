import * as vscode from 'vscode';

const SCHEME = 'glowport-document';
/** Documents by path; VS Code asks for their text when it shows them. */
const DOCUMENTS = new Map<string, string>();
const changed = new vscode.EventEmitter<vscode.Uri>();

/** Lets VS Code show texts of ours as read-only documents. */
export function registerShownMarkdown(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => DOCUMENTS.get(uri.path) ?? '',
    }),
  );
}

/** Shows Markdown in VS Code's preview; a document of the same name is replaced. @param name what its tab is called */
export async function showMarkdown(name: string, markdown: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md` });
  DOCUMENTS.set(uri.path, markdown);
  changed.fire(uri);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}
