import * as vscode from 'vscode';
import { boards } from './board/catalogue.ts';
import { registerDebugging } from './commands/debug/debug.ts';
import { registerCommands } from './commands/register.ts';
import { Observable } from './common/observable.ts';
import { PortOwner } from './serial/portOwner.ts';
import type { Services } from './views/services.ts';
import { buildProblems } from './views/buildProblems.ts';
import { BoardFitsMeasurer } from './views/boards/fits.ts';
import { registerBoardPicker } from './views/boards/picker.ts';
import { SdkBoardsReader } from './views/boards/sdkBoards.ts';
import { registerMonitor } from './views/monitor/monitor.ts';
import { registerReport } from './views/report/report.ts';
import { readSettings } from './views/settings/settings.ts';
import { registerStatusBar } from './views/statusBar.ts';
import { registerValidationView } from './views/validate/validatePanel.ts';
import { watchWorkspace } from './views/workspaceModel.ts';

/** Builds the services and registers commands and views; everything heavy is loaded when it is first used. */
export function activate(context: vscode.ExtensionContext): Services {
  const output = vscode.window.createOutputChannel('GlowPort', { log: true });
  const services: Services = {
    context,
    output,
    log: (line) => output.info(line),
    settings: readSettings(),
    buildProblems: buildProblems(context),
    boards: new Observable<Services['boards']['value']>(boards()),
    readSdkBoards: () => sdkBoards.start(),
    selectedBoard: new Observable<string | undefined>(undefined),
    currentModel: new Observable<Services['currentModel']['value']>(undefined),
    boardFits: new Observable<Services['boardFits']['value']>({ kind: 'none' }),
    measureBoardFits: () => measurer.start(),
    lastResult: new Observable<Services['lastResult']['value']>(undefined),
    debuggedNetwork: new Observable<Services['debuggedNetwork']['value']>(undefined),
    commandEnded: new Observable<undefined>(undefined),
    probes: new Observable<Services['probes']['value']>([]),
    debugged: new Observable<Services['debugged']['value']>(undefined),
    ports: new PortOwner(),
  };
  const measurer = new BoardFitsMeasurer(services);
  const sdkBoards = new SdkBoardsReader(services);
  context.subscriptions.push(output, measurer, sdkBoards);
  registerBoardPicker(context, services);
  registerMonitor(context, services);
  registerReport(context, services);
  registerValidationView(context, services);
  registerStatusBar(context, services);
  registerCommands(context, services);
  registerDebugging(context, services);
  watchWorkspace(context, services);
  return services;
}
