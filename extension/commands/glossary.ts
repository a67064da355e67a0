import * as vscode from 'vscode';
import { glossaryTable } from '../../webview/shared/glossary.ts';
import { showMarkdown } from './shownMarkdown.ts';

/** "Show Glossary": the words of the field in plain ones, in VS Code's language. */
export async function showGlossary(): Promise<void> {
  const title = vscode.l10n.t('GlowPort Glossary');
  const table = glossaryTable(vscode.l10n.t, vscode.env.language);
  await showMarkdown(title, `# ${title}\n\n${table}\n`);
}
