import * as vscode from 'vscode';
import { shellOf } from '../common/commandLine.ts';
import { pickOne } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import type { Diagnosis } from '../toolchain/find.ts';
import { adviceOf } from '../views/remedies.ts';
import { inWords } from '../views/words.ts';
import { buttonFor } from './buttons.ts';
import { perform, requireTrust } from './failure.ts';
import { typeInTerminal } from './terminal.ts';

/** "Check Tools": what is installed, and for what is missing the command that installs it, typed but not run. */
export async function checkTools(services: Services): Promise<readonly Diagnosis[]> {
  requireTrust();
  const { diagnose } = await import('../workflow/diagnose.ts');
  const tools = await diagnose(toolPaths(services));
  for (const t of tools)
    services.log(`${t.label}: ${t.state} ${t.version ?? ''} ${t.path ?? ''} ${noteOf(t)}`.trimEnd());
  const hasTools = tools.every((t) => t.state === 'ok' || !t.required);
  void vscode.commands.executeCommand('setContext', 'glowport.hasTools', hasTools);
  void showTools(tools, services);
  return tools;
}

/** Opens a terminal with the command that installs the compiler; running it is up to the user. */
export async function installToolchain(): Promise<void> {
  requireTrust();
  const { installCommand } = await import('../toolchain/find.ts');
  typeInTerminal(installCommand('gcc'));
}

async function showTools(tools: readonly Diagnosis[], services: Services): Promise<void> {
  const missing = tools.filter((t) => t.state !== 'ok' && t.required);
  const chosen = await pickOne(
    tools.map((tool) => ({
      label: tool.label,
      description: tool.state === 'ok' ? (tool.version ?? '') : stateText(tool),
      detail: tool.state === 'ok' ? (tool.path ?? '') : (tool.install ?? noteOf(tool)),
      iconPath: new vscode.ThemeIcon(
        tool.state === 'ok' ? 'pass' : tool.required ? 'error' : 'warning',
        new vscode.ThemeColor(
          tool.state === 'ok'
            ? 'testing.iconPassed'
            : tool.required
              ? 'testing.iconFailed'
              : 'list.warningForeground',
        ),
      ),
      tool,
    })),
    {
      title:
        missing.length === 0
          ? vscode.l10n.t('Everything needed is installed')
          : missing.length === 1
            ? vscode.l10n.t('1 needed tool is missing')
            : vscode.l10n.t('{0} needed tools are missing', missing.length),
      placeHolder: vscode.l10n.t('Choose a missing tool to install it, or to correct its place'),
      ignoreFocusOut: true,
    },
  );
  if (!chosen) return;
  const { install, remedies = [] } = chosen.tool;
  if (install) return typeInTerminal(install);
  const shell = shellOf(vscode.env.shell);
  const [button] = remedies.flatMap((remedy) => buttonFor(remedy, shell) ?? []);
  if (button) await perform(button.does, services);
}

/** What is more to say about a tool, and what to do about it. */
function noteOf({ note, remedies = [] }: Diagnosis): string {
  return [...(note ? [note] : []), ...remedies.map(adviceOf)]
    .map((sentence) => inWords(sentence, vscode.l10n.t))
    .join(' ');
}

function stateText(tool: Diagnosis): string {
  if (tool.state === 'too old') return vscode.l10n.t('{0} is too old', tool.version ?? '');
  return tool.required ? vscode.l10n.t('missing') : vscode.l10n.t('missing, not needed: {0}', tool.purpose);
}
