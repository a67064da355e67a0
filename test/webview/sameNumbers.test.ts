import assert from 'node:assert/strict';
import { portText } from '../../extension/cli/commands/showPort.ts';
import { english } from '../../extension/common/errors/sentence.ts';
import { boardRows } from '../../extension/views/boards/rows.ts';
import { knownBoards } from '../../extension/board/catalogue.ts';
import { reportOfPort } from '../../extension/workflow/port/reportOfPort.ts';
import { portSummary } from '../../extension/workflow/port/summary.ts';
import { bytesText, formatTime } from '../../webview/shared/format.ts';
import { PageTester } from './page.ts';
import { type PortedDigits, portDigits } from './portedDigits.ts';

/* One port, one board: whoever shows what its firmware takes shows the same numbers. */

describe('what firmware takes of a board is the same number everywhere', () => {
  const tester = new PageTester();
  let ported: PortedDigits;
  before(async () => (ported = await portDigits()));
  after(async () => {
    await tester.close();
    await ported.remove();
  });
  const plain = (texts: readonly string[]): string[] => texts.map((text) => text.replace(/\s/g, ' '));

  it('in JSON, tiles, tables and the picker; of other boards it is about so much', async () => {
    const { result } = ported;
    const { board, flashBytes, ramBytes, timeUs } = portSummary(result);
    const [flash, ram, time] = [bytesText(flashBytes!), bytesText(ramBytes!), formatTime(timeUs!)];
    assert.equal(board, 'frdmke16z');

    // the report: tiles, the board in its table, and the drawn memories
    const report = await reportOfPort(result);
    assert.deepEqual(report.memory.map((bar) => bar.used), [flashBytes, ramBytes]); // prettier-ignore
    const opened = await tester.open('report', { width: 1300, height: 900 });
    await opened.send({ type: 'report', report, context: { canPort: true, hasFile: true } });
    const tile = async (name: string): Promise<string> => {
      const title = opened.page.locator('dt', { hasText: new RegExp(`^${name}$`) });
      const found = opened.page.locator('.tile', { has: title }).locator('.tile-value');
      return plain([await found.innerText()])[0]!;
    };
    assert.deepEqual([await tile('Flash'), await tile('RAM'), await tile('Inference')], [flash, ram, time]);
    const row = async (name: string): Promise<string[]> =>
      plain(await opened.page.locator('tr', { hasText: name }).locator('td').allInnerTexts()).slice(2);
    assert.deepEqual(await row('FRDM-KE16Z'), [`${flash} of 64.0 KB`, `${ram} of 8,192 B`, time]);
    for (const text of await row('FRDM-KE15Z')) assert.match(text, /^about /);
    assert.deepEqual(opened.complaints, []);
    await opened.page.close();

    // the picker
    const fits = new Map(
      result.fit.map(({ board: { id, name }, fit }) => [
        id,
        { id, name, ...fit, reasons: fit.reasons.map(english) },
      ]),
    );
    const picker = await tester.open('boards', { width: 320, height: 700 });
    await picker.send({
      type: 'state',
      boards: boardRows(knownBoards(), { kind: 'ready', file: '/mnist.onnx', fits }, []),
      selected: board,
      model: { kind: 'ready', name: 'mnist.onnx' },
      trusted: true,
    });
    const option = picker.page.locator(`[data-board=${board}]`);
    assert.deepEqual(plain(await option.locator('.meter-value').allInnerTexts()), [`${flash} / 64 KB`, `${ram} / 8 KB`]); // prettier-ignore
    assert.deepEqual(plain([await option.locator('.board-time').innerText()]), [time]);
    const other = picker.page.locator('[data-board=frdmke15z]');
    for (const text of await other.locator('.meter-value, .board-time').allInnerTexts())
      assert.match(text, /^about /);
    await picker.page.close();

    // the command line's tables
    const grouped = (n: number): string => n.toLocaleString('en-US');
    const lines = portText(result).split('\n');
    const inTable = lines.find((line) => line.startsWith('FRDM-KE16Z '))!;
    assert.match(inTable, new RegExp(`^FRDM-KE16Z +${grouped(flashBytes!)} of 65,536 +${grouped(ramBytes!)} of 8,192 +${grouped(timeUs!)} us +yes$`)); // prettier-ignore
    assert.ok(lines.some((line) => line.startsWith(`Flash   ${grouped(flashBytes!)} B of`)));
    assert.ok(lines.some((line) => line.startsWith(`RAM     ${grouped(ramBytes!)} B of`)));
    assert.match(
      lines.find((line) => line.startsWith('FRDM-KE15Z '))!,
      /about .* about .* about .* us +yes$/,
    );
  });
});
