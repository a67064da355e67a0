import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { BUILD_PLAN_FILE } from '../board/buildPlan.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { pickOne, showInformation } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { remembered } from '../views/remembered.ts';
import { requireTrust } from './failure.ts';
import { withSteps } from './progress.ts';

/** "Build Project": builds a generated project; resolves to the ELF file. */
export async function buildFirmware(services: Services): Promise<string | undefined> {
  requireTrust();
  const title = vscode.l10n.t('Build Project');
  const folder = await chooseProject(title);
  if (!folder) return undefined;
  const built = await withSteps(title, services, async (context) => {
    const { build } = await import('../workflow/steps/build.ts');
    return build(folder, toolPaths(services), context);
  });
  const { flashBytes, ramBytes } = built.size;
  const told = vscode.l10n.t(
    '{0}: {1} bytes of flash, {2} bytes of RAM.',
    path.basename(built.elf),
    flashBytes,
    ramBytes,
  );
  void offerFlash(told, folder);
  return built.elf;
}

async function offerFlash(told: string, folder: string): Promise<void> {
  const flash = vscode.l10n.t('Flash');
  const chosen = await showInformation(told, flash);
  if (chosen === flash) await vscode.commands.executeCommand('glowport.flash', folder);
}

/** A generated project: the remembered one, else the only one, else asks. */
export async function chooseProject(title: string): Promise<string | undefined> {
  const last = (await remembered())?.choices.out;
  if (last && existsSync(path.join(last, BUILD_PLAN_FILE))) return last;
  const plans = await vscode.workspace.findFiles(`**/${BUILD_PLAN_FILE}`, undefined, 50);
  const folders = plans.map((p) => path.dirname(path.dirname(p.fsPath))).sort();
  if (folders.length === 0) {
    throw new UserError('input', say`There is no generated project in this workspace.`, {
      do: 'generateProject',
    });
  }
  if (folders.length === 1) return folders[0];
  const chosen = await pickOne(
    folders.map((f) => ({
      label: path.basename(f),
      description: vscode.workspace.asRelativePath(f),
      folder: f,
    })),
    { title },
  );
  return chosen?.folder;
}
