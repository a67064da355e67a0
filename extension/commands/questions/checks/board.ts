import * as vscode from 'vscode';
import { findBoard } from '../../../board/catalogue.ts';
import { UserError } from '../../../common/error.ts';
import type { BoardFits, Services } from '../../../views/services.ts';
import { settledChoices } from '../../../views/settings/settled.ts';
import { toolPaths } from '../../../views/settings/toolPaths.ts';
import type { Answers } from '../../answers.ts';
import { waitStep } from '../../multiStep.ts';
import { type AnswerCheck, BACK } from '../../wizard.ts';
import { askAboutRefusal } from './refusal.ts';

/**
 * Says that the network does not fit the board before what follows is asked, and offers what helps, as the port's own refusal does.
 * @param fits the network on every board
 */
export function boardCheck(services: Services, fits: () => Promise<BoardFits>): AnswerCheck<Answers> {
  return {
    isDone: ({ board, found }) => found.board === board,
    run: async (start, options) => {
      const board = findBoard(start.board!);
      const placeholder = vscode.l10n.t('Looking whether it fits {0}…', board.name);
      const waiting = { ...options, placeholder };
      const ended = (all: Answers): Answers => ({ ...all, found: { ...all.found, board: start.board! } });
      const known = await waitStep(waiting, fits);
      if (known === undefined || known === BACK) return known;
      // what cannot be told now the port tells
      const fit = known.kind === 'ready' ? known.fits.get(board.id) : undefined;
      if (fit?.fits !== false) return ended(start);
      for (let answers = start; ;) {
        const refusal = await waitStep(waiting, (signal) => refusalOf(board.id, answers, services, signal));
        if (refusal === undefined || refusal === BACK) return refusal;
        if (refusal === 'fits') return ended(answers);
        const ways = {
          other: vscode.l10n.t('Choose Another Board'),
          anyway: vscode.l10n.t('Go On with {0}', board.name),
        };
        const way = await askAboutRefusal(refusal, answers, ways, options, services);
        if (way === 'anyway') return ended(answers);
        if (typeof way !== 'object') return way;
        answers = way;
      }
    },
  };
}

/** Why the network does not fit the board, and what would help, by its ranges without samples; `fits` where nothing speaks against it. */
async function refusalOf(
  board: string,
  answers: Answers,
  services: Services,
  signal: AbortSignal,
): Promise<UserError | 'fits'> {
  const { requireRoughFit } = await import('../../../workflow/port/roughFit.ts');
  const { tasksInThread } = await import('../../../workflow/tasks/thread.ts');
  const choices = { ...(await settledChoices(answers.model!, answers.changes, services)), board };
  try {
    await requireRoughFit(choices, toolPaths(services), { signal, tasks: tasksInThread() });
  } catch (error) {
    if (error instanceof UserError && error.code === 'board') return error;
    // anything else is told where it happens
    if (!(error instanceof UserError)) throw error;
  }
  return 'fits';
}
