import path from 'node:path';
import * as vscode from 'vscode';
import { type BoardData, findBoard } from '../../board/catalogue.ts';
import { UserError } from '../../common/error.ts';
import type { Services } from '../../views/services.ts';
import { isSimulated } from '../../simulator/boards/boards.ts';
import type { Sdk } from '../../sdk/discover.ts';
import { told } from '../../views/words.ts';
import type { Answers, RunPlace } from '../answers.ts';
import { pickStep, separator, type Choice } from '../multiStep.ts';
import type { Question, StepOptions } from '../wizard.ts';
import { setSdkFolder } from '../sdkFolder.ts';
import { type WorkspaceProject, workspaceProjects } from '../workspaceProjects.ts';

const askForSdk = Symbol('SDK');
type Place = RunPlace | typeof askForSdk;

/**
 * Where the network goes and its firmware runs: into a project of MCUXpresso in the workspace, a new one on NXP's SDK, the
 * simulated board, a real one behind a serial port, or nowhere yet.
 */
export function runPlaceQuestion(services: Services): Question<Answers> {
  return {
    isKnown: ({ where, board }) =>
      where !== undefined &&
      !(where.kind === 'simulated' && board !== undefined && !isSimulated(findBoard(board))),
    ask: async (answers, options) => {
      for (;;) {
        const projects = await workspaceProjects();
        const board = answers.board === undefined ? undefined : findBoard(answers.board);
        const where = await pickStep<Place>(
          { ...options, placeholder: placeholder(board) },
          places(board, projects, services),
          (place) => typeof place === 'object' && place.kind === answers.where?.kind,
        );
        if (where === askForSdk) {
          if (!(await setSdkFolder())) return undefined;
          continue;
        }
        if (typeof where !== 'object') return where;
        // the project says its board better than anybody who was asked
        const into = projects.find(({ host }) => where.kind === 'into' && host.folder === where.folder);
        return { ...answers, where, board: into?.board?.id ?? answers.board };
      }
    },
  };
}

function placeholder(board: BoardData | undefined): StepOptions['placeholder'] {
  return board && !isSimulated(board)
    ? vscode.l10n.t(
        'Choose where it runs; {0} is not simulated, only boards with a Cortex-M0+ are',
        board.name,
      )
    : vscode.l10n.t('Choose where it runs');
}

async function places(
  board: BoardData | undefined,
  projects: readonly WorkspaceProject[],
  services: Services,
): Promise<Choice<Place>[]> {
  const { sdk, problem } = await sdkFor(board, services);
  const simulated = simulatedChoice<Place>(board, { kind: 'simulated' });
  const ports = portChoices<Place>(
    services,
    vscode.l10n.t('Builds the firmware and opens the monitor on this port; Flash Board writes it'),
    (port) => ({ kind: 'serial', path: port, onSdk: sdk !== undefined }),
  );
  const canSimulate = !board || isSimulated(board);
  const noSdk = sdk ? [] : [noSdkChoice(problem)];
  return [
    ...projects.map(intoChoice),
    ...(canSimulate ? [simulated] : noSdk),
    ...(sdk ? [sdkChoice(sdk, board)] : []),
    ...(ports.length > 0 ? [separator<Place>(vscode.l10n.t('Serial ports')), ...ports] : []),
    separator<Place>(''),
    {
      label: vscode.l10n.t('Build Only'),
      detail: vscode.l10n.t('Stops once the firmware is built'),
      iconPath: new vscode.ThemeIcon('package'),
      value: { kind: 'none' },
    },
    ...(canSimulate ? noSdk : []),
  ];
}

/** The simulated board as an entry of a list. */
export function simulatedChoice<T>(board: BoardData | undefined, value: T): Choice<T> {
  return {
    label: vscode.l10n.t('Simulated Board'),
    description: board?.name ?? '',
    detail: vscode.l10n.t('Runs the firmware on this computer, cycle by cycle; no hardware needed'),
    iconPath: new vscode.ThemeIcon('vm'),
    value,
  };
}

/** The serial ports that are there, as entries of a list. */
export function portChoices<T>(
  { probes }: Services,
  detail: string,
  valueOf: (path: string) => T,
): Choice<T>[] {
  return probes.value.map((p) => ({
    label: p.path,
    description: p.probe,
    detail,
    iconPath: new vscode.ThemeIcon('plug'),
    value: valueOf(p.path),
  }));
}

function intoChoice({ host, board }: WorkspaceProject): Choice<Place> {
  const kind = host.kind === 'mcuxpresso-ide' ? 'MCUXpresso IDE' : 'MCUXpresso for VS Code';
  return {
    label: vscode.l10n.t('Into {0}', path.basename(host.folder)),
    description: board ? `${board.name} · ${kind}` : kind,
    detail: vscode.l10n.t(
      '{0}: shows the changes first, and takes them back on demand',
      vscode.workspace.asRelativePath(host.folder),
    ),
    iconPath: new vscode.ThemeIcon('git-pull-request-go-to-changes'),
    value: { kind: 'into', folder: host.folder },
  };
}

function sdkChoice(sdk: Sdk, board: BoardData | undefined): Choice<Place> {
  return {
    label: vscode.l10n.t('New Project on the SDK'),
    description: `MCUXpresso SDK ${sdk.version ?? ''}`.trimEnd(),
    detail:
      board && !isSimulated(board)
        ? vscode.l10n.t('Firmware for the real board, built on {0}', sdk.root)
        : vscode.l10n.t('Firmware for the real board, built on {0}; runs on the simulated one too', sdk.root),
    iconPath: new vscode.ThemeIcon('new-folder'),
    value: { kind: 'sdk' },
  };
}

function noSdkChoice(problem: string): Choice<Place> {
  return {
    label: vscode.l10n.t('Set SDK Folder…'),
    description: vscode.l10n.t('for firmware of the real board'),
    detail: problem,
    iconPath: new vscode.ThemeIcon('folder-opened'),
    value: askForSdk,
  };
}

/** The SDK that a new project would be built on, or the sentence why there is none. */
export async function sdkFor(
  board: BoardData | undefined,
  { settings, log }: Services,
): Promise<{ sdk: Sdk; problem?: undefined } | { sdk?: undefined; problem: string }> {
  const { findSdk, requireBoard } = await import('../../sdk/discover.ts');
  try {
    const sdk = await findSdk(settings.sdkPath());
    if (!sdk) return { problem: vscode.l10n.t('No MCUXpresso SDK was found in the usual places.') };
    if (board) await requireBoard(sdk, board);
    return { sdk };
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    const { message, hint } = told(e, vscode.l10n.t);
    log(`${message} ${hint}`);
    return { problem: message };
  }
}
