import * as vscode from 'vscode';
import { findBoard } from '../../board/catalogue.ts';
import { isSimulated } from '../../simulator/boards/boards.ts';
import type { Services } from '../../views/services.ts';
import { ON_SIMULATED, type ValidateAnswers } from '../answers.ts';
import { pickStep } from '../multiStep.ts';
import type { Question } from '../wizard.ts';
import { portChoices, simulatedChoice } from './runPlace.ts';

/** Where a board is validated: simulated, or behind a serial port. Known where there is one possibility only. */
export function validatePlaceQuestion(services: Services): Question<ValidateAnswers> {
  const isSimulatedOnly = ({ board }: ValidateAnswers): boolean =>
    board !== undefined && isSimulated(findBoard(board)) && services.probes.value.length === 0;
  return {
    isKnown: (answers) => answers.on !== undefined || isSimulatedOnly(answers),
    ask: async (answers, options) => {
      const board = answers.board === undefined ? undefined : findBoard(answers.board);
      const ports = portChoices(
        services,
        vscode.l10n.t('Sends each sample over the line; the board needs the firmware for it in its flash'),
        (port) => port,
      );
      const canSimulate = board === undefined || isSimulated(board);
      const choices = [...(canSimulate ? [simulatedChoice(board, ON_SIMULATED)] : []), ...ports];
      const placeholder =
        choices.length > 0
          ? vscode.l10n.t('Choose where it is validated')
          : vscode.l10n.t('Connect {0} by USB: it is not simulated', board!.name);
      const on = await pickStep<string>({ ...options, placeholder }, choices);
      return typeof on === 'string' ? { ...answers, on } : on;
    },
  };
}
