import * as vscode from 'vscode';
import type { Services } from './services.ts';
import { firmwareSize, inferenceTime, sizeText } from './figures.ts';

/** One status-bar item: the board everything goes to; a click chooses another. */
export function registerStatusBar(context: vscode.ExtensionContext, services: Services): void {
  const item = vscode.window.createStatusBarItem('glowport.board', vscode.StatusBarAlignment.Left, 10);
  item.name = vscode.l10n.t('GlowPort Board');
  item.command = 'glowport.selectBoard';
  const update = () => {
    const board = services.boards.value.find((b) => b.id === services.selectedBoard.value);
    item.text = `$(circuit-board) ${board?.name ?? vscode.l10n.t('Select Board')}`;
    item.accessibilityInformation = {
      label: board
        ? vscode.l10n.t('GlowPort board: {0}', board.name)
        : vscode.l10n.t('Select a GlowPort board'),
      role: 'button',
    };
    const fits = services.boardFits.value;
    const fit = board && fits.kind === 'ready' ? fits.fits.get(board.id) : undefined;
    const lines = [
      board ? vscode.l10n.t('Board for GlowPort') : vscode.l10n.t('Choose the board for GlowPort'),
    ];
    if (fit) {
      const used = (bytes: number): string => firmwareSize(bytes, fit.basis);
      lines.push(
        vscode.l10n.t('Flash: {0} of {1}', used(fit.flash.used), sizeText(fit.flash.total)),
        vscode.l10n.t('RAM: {0} of {1}', used(fit.ram.used), sizeText(fit.ram.total)),
      );
      if (fit.timeUs !== undefined) {
        lines.push(vscode.l10n.t('Inference: {0}', inferenceTime(fit.timeUs, fit.timeBasis)));
      }
    }
    item.tooltip = lines.join('\n');
    item.backgroundColor =
      fit && !fit.fits ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    if (board || services.currentModel.value) item.show();
    else item.hide();
  };
  context.subscriptions.push(
    item,
    services.boards.onChange(update),
    services.selectedBoard.onChange(update),
    services.boardFits.onChange(update),
    services.currentModel.onChange(update),
  );
  update();
}
