import * as vscode from 'vscode';
import { UserError } from '../../common/error.ts';
import type { AdapterHost } from '../../debug/adapter/adapter.ts';
import type { Launch } from '../../debug/adapter/launch.ts';
import type { Services } from '../../views/services.ts';
import { toolPaths } from '../../views/settings/toolPaths.ts';
import { inWords } from '../../views/words.ts';
import { tasksInThread } from '../../workflow/tasks/thread.ts';
import type { Debuggable } from '../../workflow/steps/debuggable.ts';
import { requireTrust, showFailure } from '../failure.ts';
import { withSteps } from '../progress.ts';
import { completed, DEBUG_TYPE, type DebugConfiguration } from './configuration.ts';

/** Registers debugging on simulated boards: what F5 starts, and the adapter that carries it out in this process. */
export function registerDebugging(context: vscode.ExtensionContext, services: Services): void {
  context.subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, {
      resolveDebugConfiguration: async (folder, given) => {
        try {
          requireTrust();
          return await completed(folder, given);
        } catch (error) {
          void showFailure(error, services);
          return undefined;
        }
      },
    }),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
      createDebugAdapterDescriptor: async (session) =>
        new vscode.DebugAdapterInlineImplementation(await inlineAdapter(session, services)),
    }),
  );
}

/** The adapter of a session, behind VS Code's interface. */
async function inlineAdapter(session: vscode.DebugSession, services: Services): Promise<vscode.DebugAdapter> {
  const { Adapter } = await import('../../debug/adapter/adapter.ts');
  const sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  const host: AdapterHost = {
    prepare: () => prepared(session.configuration, services),
    showFailure: (error) => {
      void showFailure(error, services);
      return true;
    },
    inWords: (sentence) => inWords(sentence, vscode.l10n.t),
    onBoard: (board) => {
      services.debugged.set(board);
      services.debuggedNetwork.set(board?.tensors);
    },
    log: (line) => services.output.debug(line),
  };
  const adapter = new Adapter(host, (message) => sent.fire(message));
  return {
    onDidSendMessage: sent.event,
    handleMessage: (message) => void adapter.take(message as Parameters<typeof adapter.take>[0]),
    dispose: () => {
      void adapter.close();
      sent.dispose();
    },
  };
}

/** The firmware's network, or why nothing is known of it. */
async function networkOf(program: string, services: Services): Promise<Launch['network']> {
  const { projectOf } = await import('../../workflow/debug/projectOf.ts');
  const { debuggedNetwork } = await import('../../workflow/debug/debuggedNetwork.ts');
  try {
    const project = await projectOf(program);
    const context = { tasks: tasksInThread(), log: services.log };
    return project === undefined ? undefined : await debuggedNetwork(project, context);
  } catch (error) {
    if (error instanceof UserError) return error.sentence;
    throw error;
  }
}

/** What is debugged, built before unless a task has done so. @throws UserError when that cannot be */
async function prepared(configuration: DebugConfiguration, services: Services): Promise<Launch> {
  requireTrust();
  const { program = '', board = '', project, gdb, stopAtEntry = 'main', preLaunchTask } = configuration;
  const tools = { ...toolPaths(services), ...(gdb ? { gdb } : {}) };
  const { debuggable, requireDebugger } = await import('../../workflow/steps/debuggable.ts');
  requireDebugger(board, tools);
  if (project !== undefined && preLaunchTask === undefined) {
    await withSteps(vscode.l10n.t('Build Project'), services, async (context) => {
      const { build } = await import('../../workflow/steps/build.ts');
      return build(project, tools, context);
    });
  }
  const found: Debuggable = await debuggable(program, board, tools);
  return { ...found, stopAtEntry, network: await networkOf(program, services) };
}
