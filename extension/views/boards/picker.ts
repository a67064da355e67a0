import path from 'node:path';
import * as vscode from 'vscode';
import type { BoardFits, Services } from '../services.ts';
import { dispatch } from '../../../webview/shared/messages/protocol.ts';
import type { BoardsState, BoardsToHost, ModelState } from '../../../webview/shared/messages/boards.ts';
import { webviewHtml, webviewOptions } from '../webviewHtml.ts';
import { boardRows } from './rows.ts';

/** Registers the board picker in our view container. */
export function registerBoardPicker(context: vscode.ExtensionContext, services: Services): void {
  context.subscriptions.push(
    vscode.window.registerWebviewViewProvider('glowport.boards', {
      resolveWebviewView: (view) => showPicker(view, context.extensionUri, services),
    }),
  );
}

function showPicker(view: vscode.WebviewView, extensionUri: vscode.Uri, services: Services): void {
  view.webview.options = webviewOptions(extensionUri);
  const send = () => void view.webview.postMessage(pickerState(services));
  const disposables = [
    services.selectedBoard.onChange(send),
    services.boards.onChange(send),
    services.boardFits.onChange(send),
    services.probes.onChange(send),
    vscode.workspace.onDidGrantWorkspaceTrust(send),
    view.webview.onDidReceiveMessage((message) =>
      dispatch<BoardsToHost>(
        {
          ready: send,
          select: ({ id }) => {
            // a page is not trusted: only a board that is shown can be selected
            if (services.boards.value.some((b) => b.id === id)) services.selectedBoard.set(id);
          },
          useExample: () => void vscode.commands.executeCommand('glowport.useExample'),
          chooseModel: () => void vscode.commands.executeCommand('glowport.chooseModel'),
          port: () => void vscode.commands.executeCommand('glowport.port'),
          manageTrust: () => void vscode.commands.executeCommand('workbench.trust.manage'),
        },
        message,
      ),
    ),
  ];
  services.readSdkBoards();
  services.measureBoardFits();
  view.onDidDispose(() => disposables.forEach((d) => d.dispose()));
  view.webview.html = webviewHtml(view.webview, extensionUri, {
    view: 'boards',
    title: vscode.l10n.t('Boards'),
  });
}

function pickerState(services: Services): BoardsState {
  return {
    type: 'state',
    boards: boardRows(services.boards.value, services.boardFits.value, services.probes.value),
    selected: services.selectedBoard.value,
    model: modelState(services.boardFits.value),
    trusted: vscode.workspace.isTrusted,
  };
}

function modelState(fits: BoardFits): ModelState {
  if (fits.kind === 'none') return { kind: 'none' };
  const name = path.basename(fits.file);
  if (fits.kind === 'failed') return { kind: 'failed', name, message: fits.message };
  return fits.kind === 'ready' ? { kind: 'ready', name, about: fits.about } : { kind: 'measuring', name };
}
