import * as vscode from 'vscode';
import { findBoard } from '../../board/catalogue.ts';
import type { Services } from '../../services.ts';
import type { Answers, RunPlace } from '../answers.ts';
import { pickStep, separator } from '../multiStep.ts';
import type { Choice, Question } from '../multiStep.ts';

/** Where the firmware runs: on the simulated board, behind a serial port, or nowhere yet. */
export function runPlaceQuestion(services: Services): Question<Answers> {
  return {
    isKnown: (answers) => answers.where !== undefined,
    ask: async (answers, options) => {
      const where = await pickStep<RunPlace>(
        { ...options, placeholder: vscode.l10n.t('Choose where it runs') },
        places(answers, services),
        (place) => place.kind === answers.where?.kind,
      );
      return typeof where === 'object' ? { ...answers, where } : where;
    },
  };
}

function places(answers: Answers, services: Services): Choice<RunPlace>[] {
  const board = answers.board === undefined ? undefined : findBoard(answers.board);
  const simulated: Choice<RunPlace> = {
    label: vscode.l10n.t('Simulated Board'),
    description: board?.name ?? '',
    detail: vscode.l10n.t('Runs the firmware on this computer, cycle by cycle; no hardware needed'),
    iconPath: new vscode.ThemeIcon('vm'),
    value: { kind: 'simulated' },
  };
  const ports = services.probes.value.map((p): Choice<RunPlace> => ({
    label: p.path,
    description: p.probe,
    detail: vscode.l10n.t(
      'Builds the firmware and opens the monitor on this port; flash it with your own tool',
    ),
    iconPath: new vscode.ThemeIcon('plug'),
    value: { kind: 'serial', path: p.path },
  }));
  return [
    ...(board?.simulated === false ? [] : [simulated]),
    ...(ports.length > 0 ? [separator<RunPlace>(vscode.l10n.t('Serial ports')), ...ports] : []),
    separator<RunPlace>(''),
    {
      label: vscode.l10n.t('Build Only'),
      detail: vscode.l10n.t('Stops once the firmware is built'),
      iconPath: new vscode.ThemeIcon('package'),
      value: { kind: 'none' },
    },
  ];
}
