import * as vscode from 'vscode';
import { boardQuestion } from './questions/board.ts';
import { OPEN } from './answers.ts';
import { BACK } from './wizard.ts';
import type { Services } from '../views/services.ts';

/** "Select Board": the picker's list as a quick pick, for the palette and the status bar. */
export async function selectBoard(services: Services): Promise<string | undefined> {
  const answers = await boardQuestion(services).ask(
    { ...OPEN, model: services.currentModel.value?.file },
    { title: vscode.l10n.t('Select Board'), step: 1, steps: 1, back: false },
  );
  if (answers === undefined || answers === BACK || answers.board === undefined) return undefined;
  services.selectedBoard.set(answers.board);
  void vscode.commands.executeCommand('glowport.boards.focus', { preserveFocus: true });
  return answers.board;
}
