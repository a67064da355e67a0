import path from 'node:path';
import * as vscode from 'vscode';
import { removeLeftovers } from '../../common/leftovers.ts';
import type { Services } from '../services.ts';
import { readLabels } from '../../workflow/data/labels.ts';
import { told } from '../words.ts';
import type { SavedSend } from '../../../webview/shared/sends.ts';
import { askSavedSend } from './dialogs.ts';
import { MonitorEditors, registerEditors } from './editors.ts';
import type { MonitorMemory } from './host.ts';
import { type Monitor, PortClaims } from './portClaims.ts';
import { type Reference, References } from './reference.ts';
import { SavedSends } from './send/savedSends.ts';
import { MonitorSession } from './session.ts';
import { RECORD, recordFolder, type SharedByMonitors } from './vscodeHost.ts';

const MEMORY = 'monitor';
const REFERENCES = 'monitor.references';
const SAVED_SENDS = 'monitor.savedSends';

/** Registers the serial monitors, that of the panel and those in editors, and their commands; nothing is opened before somebody looks. */
export function registerMonitor(context: vscode.ExtensionContext, services: Services): void {
  const { workspaceState } = context;
  let labels: readonly string[] = [];
  const shared: SharedByMonitors = {
    context,
    services,
    // an earlier GlowPort kept them with the panel's memory
    references: new References(
      workspaceState.get(REFERENCES) ??
        workspaceState.get<{ references?: readonly Reference[] }>(MEMORY)?.references,
      (all) => void workspaceState.update(REFERENCES, all),
    ),
    claims: new PortClaims(),
    labels: () => labels,
    savedSends: new SavedSends({
      get: () => workspaceState.get<readonly SavedSend[]>(SAVED_SENDS),
      set: (sends) => void workspaceState.update(SAVED_SENDS, sends),
    }),
    focused: (own, on) => {
      // one page may tell that it has the focus before another tells that it has lost it
      if (on) focused = own;
      else if (focused === own) focused = undefined;
      tellContext();
    },
  };
  void removeLeftovers(recordFolder(context), RECORD, Infinity);
  const readLabelsFile = async (): Promise<void> => void (labels = await labelsOf(services));
  const panel = panelSession(shared, () => tellContext());
  const editors = new MonitorEditors(shared, () => tellContext());
  let focused: Monitor | undefined;
  /** The monitor that commands are for: the one with the focus, the editor in front, else the panel's. */
  const current = (): MonitorSession =>
    [panel, ...editors.sessions].find((session) => session === focused) ?? editors.active ?? panel;
  const tellContext = (): void => {
    const state = { ...current().state, focused: focused !== undefined };
    for (const [key, value] of Object.entries(state)) {
      void vscode.commands.executeCommand('setContext', `glowport.monitor.${key}`, value);
    }
  };
  const command = (id: string, run: (...given: unknown[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`glowport.monitor.${id}`, run);
  context.subscriptions.push(
    panel,
    editors,
    registerEditors(editors),
    vscode.window.registerWebviewViewProvider('glowport.monitor', {
      resolveWebviewView: (view) => {
        void readLabelsFile();
        panel.attach(view, vscode.l10n.t('Serial Monitor'));
      },
    }),
    services.lastResult.onChange((result) => {
      if (!result) return;
      void panel.model.show(result);
      for (const { model } of editors.sessions) void model.firmwareChanged(result.board.id);
    }),
    services.debugged.onChange(() => void panel.model.debuggedChanged()),
    vscode.workspace.onDidChangeConfiguration((e) => {
      if (e.affectsConfiguration('glowport.monitor.labelsFile')) void readLabelsFile();
      if (!e.affectsConfiguration('glowport.monitor.maxLines')) return;
      for (const session of [panel, ...editors.sessions]) session.settingsChanged();
    }),
    command('show', () => vscode.commands.executeCommand('glowport.monitor.focus')),
    command('openInEditor', async (port) => {
      void readLabelsFile();
      await editors.open(typeof port === 'string' ? port : undefined);
    }),
    command('connect', async () => {
      const session = current();
      session.show();
      await session.model.connect();
    }),
    command('disconnect', () => current().model.disconnect()),
    command('reset', () => current().model.reset()),
    command('clear', () => current().model.clear()),
    command('saveLog', () => current().model.save()),
    command('startFileLog', () => current().model.startFileLog()),
    command('stopFileLog', () => current().model.stopFileLog()),
    command('sendBreak', () => current().model.sendBreak()),
    command('toggleDtr', () => current().model.toggleLine('dtr')),
    command('toggleRts', () => current().model.toggleLine('rts')),
    command('sendSaved', async () => {
      const session = current();
      const id = await askSavedSend(shared.savedSends.all);
      if (id !== undefined) session.model.sendSaved(id);
    }),
    command('find', () => {
      const session = current();
      session.show();
      session.model.find();
    }),
  );
}

/** The monitor of the panel's view, for whichever port is chosen in it. */
function panelSession(shared: SharedByMonitors, changed: () => void): MonitorSession {
  const { workspaceState } = shared.context;
  return new MonitorSession(
    {
      number: 0,
      port: undefined,
      memory: {
        get: () => workspaceState.get<MonitorMemory>(MEMORY),
        set: (memory) => void workspaceState.update(MEMORY, memory),
      },
      show: () => void vscode.commands.executeCommand('glowport.monitor.focus'),
      changed,
    },
    shared,
  );
}

/** The class names of the file that the settings name. */
async function labelsOf(services: Services): Promise<readonly string[]> {
  const { labelsFile } = services.settings.monitor();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  try {
    return labelsFile === '' ? [] : await readLabels('', path.resolve(folder, labelsFile));
  } catch (error) {
    services.log(told(error, vscode.l10n.t).message);
    return [];
  }
}
