import assert from 'node:assert/strict';
import { type BoardData, findBoard } from '../../extension/board/catalogue.ts';
import { fitBoard } from '../../extension/board/fit.ts';
import { english } from '../../extension/common/errors/sentence.ts';
import { boardRows } from '../../extension/views/boards/rows.ts';
import { modelReport } from '../../extension/workflow/report/data.ts';
import { mnistParts } from '../support/mnistReport.ts';
import { PageTester } from './page.ts';

/* Firmware that nobody has built, on a board whose firmware was measured or not: its memory is "about" so much, its time too. */

/** Texts with the usual spaces in place of those at which no line breaks. */
const unbroken = (texts: readonly string[]): string[] => texts.map((text) => text.replace(/\s/g, ' '));

describe('firmware that is not built', () => {
  const tester = new PageTester();
  after(() => tester.close());

  const measured = findBoard('frdmke16z');
  const estimated: BoardData = { ...findBoard('frdmke02z40m'), overhead: {} };
  const need = { flashBytes: 6000, ramBytes: 1600, stackBytes: 8, floatPlaceholders: false, cycles: 96_000 };
  const fits = [measured, estimated].map((board) => {
    const fit = fitBoard(board, need);
    return { id: board.id, name: board.name, ...fit, reasons: fit.reasons.map(english) };
  });

  it('is called so in the board picker', async () => {
    const { page, send, complaints } = await tester.open('boards', { width: 320, height: 700 });
    const known = {
      kind: 'ready',
      file: '/digits.onnx',
      fits: new Map(fits.map((fit) => [fit.id, fit])),
    } as const;
    await send({
      type: 'state',
      boards: boardRows([measured, estimated], known, []),
      selected: measured.id,
      model: { kind: 'ready', name: 'digits.onnx' },
      trusted: true,
    });
    const memory = async (board: BoardData): Promise<string[]> =>
      unbroken(await page.locator(`[data-board=${board.id}] .meter-value`).allInnerTexts());
    assert.deepEqual(await memory(measured), ['about 7.2 KB / 64 KB', 'about 1.7 KB / 8 KB']);
    assert.deepEqual(await memory(estimated), ['about 7.4 KB / 64 KB', 'about 1.8 KB / 4 KB']);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it("is called so in the report's table of boards", async () => {
    const { page, send } = await tester.open('report', { width: 1300, height: 800 });
    const report = modelReport({ ...(await mnistParts()), boards: fits });
    await send({ type: 'report', report, context: { canPort: true, hasFile: true } });
    const memory = async (board: BoardData): Promise<string[]> => {
      const cells = page.locator('tr', { hasText: board.name }).locator('.use');
      return unbroken(await cells.allInnerTexts());
    };
    assert.deepEqual(await memory(measured), ['about 7.2 KB of 64.0 KB', 'about 1.7 KB of 8,192 B']);
    assert.deepEqual(await memory(estimated), ['about 7.4 KB of 64.0 KB', 'about 1.8 KB of 4,096 B']);
    await page.close();
  });
});
