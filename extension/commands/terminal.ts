import * as vscode from 'vscode';

/** Types a command that installs something into a new terminal; running it is up to the user. */
export function typeInTerminal(command: string): void {
  const terminal = vscode.window.createTerminal(vscode.l10n.t('Install Tools'));
  terminal.show();
  terminal.sendText(command, false);
}
