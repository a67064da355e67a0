import path from 'node:path';
import * as vscode from 'vscode';
import { timeText } from '../views/figures.ts';
import { showInformation, showInPassing, showWarning } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import type { InferenceReport } from '../inference/report.ts';
import type { AnyPortResult } from '../workflow/port/portCompiled.ts';
import { showFailure } from './failure.ts';

/** Shows a port whose result nothing on this computer repeats: in the monitor, and in passing. */
export async function showPorted(result: AnyPortResult, services: Services): Promise<void> {
  await revealPorted(result, services);
  const { board, run } = result;
  if (!run) {
    tellBuilt(result).catch((error: unknown) => showFailure(error, services));
    return;
  }
  const text = vscode.l10n.t(
    '{0} says {1} in {2}; nothing here computes it to compare',
    ...[board.name, ...saidIn(run.report, result.labels)],
  );
  showInPassing('pass', text, 20_000);
}

/** The class that a board says, by its label, and the time it took, as sentences have them. */
export function saidIn({ top1, timeUs }: InferenceReport, labels: readonly string[]): [string, string] {
  return [
    top1 === undefined ? '?' : (labels[top1] ?? String(top1)),
    timeUs === undefined ? '' : timeText(timeUs),
  ];
}

/** Makes a port's result what the monitor is about. */
export async function revealPorted(result: AnyPortResult, services: Services): Promise<void> {
  services.selectedBoard.set(result.board.id);
  // one page after the other: VS Code in a browser may leave one of two that load at once blank
  await vscode.commands.executeCommand('glowport.monitor.show');
  services.lastResult.set(result);
}

/**
 * A message about firmware that was built and not run, with what comes next.
 * @param warning what speaks against using it
 */
export async function tellBuilt({ board, elf, project }: AnyPortResult, warning?: string): Promise<void> {
  const flash = vscode.l10n.t('Flash');
  const reveal = vscode.l10n.t('Show Firmware');
  const built = vscode.l10n.t('Built {0} for {1}.', path.basename(elf), board.name);
  const chosen =
    warning === undefined
      ? await showInformation(built, flash, reveal)
      : await showWarning(`${built} ${warning}`, flash, reveal);
  if (chosen === flash) await vscode.commands.executeCommand('glowport.flash', project);
  if (chosen === reveal) await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(elf));
}
