import * as vscode from 'vscode';

/** Asks for the folder of NXP's SDK and keeps it in the user's settings; false when the user left. */
export async function setSdkFolder(): Promise<boolean> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Folder of the MCUXpresso SDK'),
      openLabel: vscode.l10n.t('Use SDK'),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!folder) return false;
  const settings = vscode.workspace.getConfiguration('glowport');
  await settings.update('sdk.path', folder.fsPath, vscode.ConfigurationTarget.Global);
  return true;
}
