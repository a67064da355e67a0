import * as vscode from 'vscode';
import type { BoardFits, Services } from '../../views/services.ts';
import { boardRows, firstBoard } from '../../views/boards/rows.ts';
import { clockText, firmwareSize, inferenceTime, sizeText } from '../../views/figures.ts';
import { groupByFamily } from '../../../webview/shared/boardFamilies.ts';
import type { BoardRow } from '../../../webview/shared/messages/boards.ts';
import type { Answers } from '../answers.ts';
import { pickStep, separator, type Choice } from '../multiStep.ts';
import type { Question } from '../wizard.ts';
import { boardCheck } from './checks/board.ts';

/**
 * Which board, with what the network takes of each beside it.
 * @param fits the network on every board; by default the current model
 */
export function boardQuestion(services: Services, fits = () => measured(services)): Question<Answers> {
  return {
    isKnown: (answers) => answers.board !== undefined,
    ask: async (answers, options) => {
      const preferred = answers.board ?? services.selectedBoard.value ?? services.settings.defaultBoard();
      let first: string | undefined;
      const choices = fits().then((known) => {
        const rows = boardRows(services.boards.value, known, services.probes.value);
        first = firstBoard(rows, preferred);
        return boardChoices(rows);
      });
      const board = await pickStep(
        { ...options, placeholder: vscode.l10n.t('Choose the board') },
        choices,
        (id) => id === first,
      );
      if (typeof board !== 'string') return board;
      // a project of MCUXpresso is for its own board
      const isOther = answers.where?.kind === 'into' && board !== answers.board;
      return { ...answers, board, where: isOther ? undefined : answers.where };
    },
    check: boardCheck(services, fits),
  };
}

/** Waits until the background has measured the current model (or failed to). */
function measured(services: Services): Promise<BoardFits> {
  const { boardFits } = services;
  services.readSdkBoards();
  services.measureBoardFits();
  if (boardFits.value.kind !== 'measuring') return Promise.resolve(boardFits.value);
  return new Promise((resolve) => {
    const watch = boardFits.onChange((fits) => {
      if (fits.kind === 'measuring') return;
      watch.dispose();
      resolve(fits);
    });
  });
}

/** The boards by family as quick-pick entries, and below them those that the network does not fit. */
function boardChoices(rows: readonly BoardRow[]): Choice<string>[] {
  const unfit = rows.filter((row) => row.fit?.fits === false);
  const others = rows.filter((row) => row.fit?.fits !== false);
  return [
    ...[...groupByFamily(others)].flatMap(([family, members]) => [
      separator<string>(family),
      ...members.map(boardChoice),
    ]),
    ...(unfit.length === 0
      ? []
      : [separator<string>(vscode.l10n.t('Does not fit')), ...unfit.map(boardChoice)]),
  ];
}

function boardChoice(row: BoardRow): Choice<string> {
  const { fit } = row;
  const memory = (name: string, used: number | undefined, total: number) =>
    used === undefined
      ? `${name} ${sizeText(total)}`
      : vscode.l10n.t('{0} {1} of {2}', name, firmwareSize(used, fit!.basis), sizeText(total));
  const details = [
    ...(fit ? fit.reasons : []),
    memory(vscode.l10n.t('Flash'), fit?.flashUsed, row.flashBytes),
    memory(vscode.l10n.t('RAM'), fit?.ramUsed, row.ramBytes),
    `${row.core} ${clockText(row.clockHz)}`,
    ...(row.fpu ? [] : [vscode.l10n.t('int8 only')]),
    ...(row.simulated ? [vscode.l10n.t('simulated')] : []),
  ];
  const fitText =
    fit &&
    (!fit.fits
      ? vscode.l10n.t('does not fit')
      : fit.timeUs === undefined
        ? vscode.l10n.t('fits')
        : vscode.l10n.t('fits, {0}', inferenceTime(fit.timeUs, fit.timeBasis)));
  return {
    label: row.name,
    ...(fitText === undefined ? {} : { description: fitText }),
    aside: row.probe === undefined ? undefined : { icon: 'plug', text: row.probe },
    detail: details.join(' · '),
    iconPath: new vscode.ThemeIcon(fit ? (fit.fits ? 'pass' : 'circle-slash') : 'circuit-board'),
    value: row.id,
  };
}
