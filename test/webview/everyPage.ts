import { findBoard } from '../../extension/board/catalogue.ts';
import { fitBoard } from '../../extension/board/fit.ts';
import { DEFAULT_SETTINGS } from '../../extension/serial/port.ts';
import { rendered, type Translate } from '../../extension/common/errors/sentence.ts';
import { boardRows } from '../../extension/views/boards/rows.ts';
import { modelReport } from '../../extension/workflow/report/data.ts';
import type { MonitorState, Result } from '../../webview/shared/messages/monitor.ts';
import { DEFAULT_MANNERS } from '../../webview/shared/portSettings.ts';
import { mnistParts } from '../support/mnistReport.ts';
import { MIXED } from './explorePage.ts';
import { DIFFERING, stateOf } from './validatePage.ts';

/** What a page is told, so that it shows all that it usually shows; what the host translates is translated. */
export type Told = (translate: Translate) => Promise<readonly unknown[]>;

const BOARDS = ['frdmke16z', 'frdmke02z40m', 'evkbimxrt1050'].map(findBoard);
const NEED = { flashBytes: 6000, ramBytes: 5600, stackBytes: 8, floatPlaceholders: false, cycles: 96_000 };

const fits = (translate: Translate) =>
  BOARDS.map((board) => {
    const fit = fitBoard(board, NEED);
    return {
      id: board.id,
      name: board.name,
      ...fit,
      reasons: fit.reasons.map((reason) => rendered(reason, translate)),
    };
  });

const MONITOR: MonitorState = {
  type: 'state',
  trusted: true,
  ports: [],
  port: undefined,
  isOnlyPort: false,
  settings: DEFAULT_SETTINGS,
  manners: DEFAULT_MANNERS,
  sendMode: 'text',
  echo: false,
  savedSends: [],
  logFile: undefined,
  connection: 'idle',
  status: '',
  problem: undefined,
  lineEnding: 'crlf',
  timestamps: 'off',
  hex: false,
  filter: undefined,
  drawing: {
    kind: 'available',
    width: 28,
    height: 28,
    channels: 1,
    board: 'FRDM-KE16Z',
    running: false,
    problem: undefined,
  },
};

const RESULT: Result = {
  source: 'board',
  top1: 1,
  classes: [0, 1, 2].map((index) => ({
    index,
    label: `C${index}`,
    raw: 20 * index,
    real: 0.25 * index,
    percent: 33.3,
    pcRaw: 20 * index,
    pcReal: 0.25 * index,
    float: 0.26 * index,
    differs: false,
  })),
  outputs: [],
  scale: { min: 0, max: 1, real: true },
  timeUs: 1900,
  history: [1900, 1904],
  verdict: 'match',
  verdictText: '',
  closeness: undefined,
  floatTop1: 1,
};

/** Every page of ours. */
export const EVERY_PAGE: Readonly<Record<string, Told>> = {
  boards: async (translate) => [
    {
      type: 'state',
      boards: boardRows(
        BOARDS,
        { kind: 'ready', file: '/digits.onnx', fits: new Map(fits(translate).map((fit) => [fit.id, fit])) },
        [],
      ),
      selected: BOARDS[0]!.id,
      model: { kind: 'ready', name: 'digits.onnx' },
      trusted: true,
    },
  ],
  // why a variant does not fit is the host's sentence, and English in this example
  explore: async () => [{ ...MIXED, rows: MIXED.rows.map((row) => ({ ...row, why: '' })) }],
  monitor: async () => [MONITOR, { type: 'result', result: RESULT }],
  report: async (translate) => [
    {
      type: 'report',
      report: modelReport({ ...(await mnistParts()), boards: fits(translate) }),
      context: { canPort: true, hasFile: true },
    },
  ],
  validate: async () => [stateOf(DIFFERING)],
};
