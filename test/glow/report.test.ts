import assert from 'node:assert/strict';
import path from 'node:path';
import { fitTable } from '../../extension/cli/commands/fitTable.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import type { ModelReport } from '../../webview/shared/report.ts';
import { exportReport } from '../../extension/workflow/report/export.ts';
import { reportOfPort } from '../../extension/workflow/port/reportOfPort.ts';
import { axeViolations } from '../vscode/axe.ts';
import { PageTester } from '../webview/page.ts';
import { example, folderForTests, standIn } from './tools.ts';

describe('glow: report and fit say what is known, and what cannot be', () => {
  const folder = folderForTests();
  const tester = new PageTester();
  let ran: PortResult;
  let built: PortResult;
  let report: ModelReport;
  before(async () => {
    const ported = (run: 'sim' | 'none', floatPlaceholders: boolean): Promise<PortResult> =>
      port(
        {
          ...DEFAULT_CHOICES,
          model: path.join(example, 'mnist.onnx'),
          samples: [path.join(example, 'samples')],
          board: floatPlaceholders ? 'evkmimxrt1060' : 'frdmke16z',
          quantization: { ...DEFAULT_CHOICES.quantization, floatPlaceholders },
          compiler: 'glow',
          run,
          out: path.join(folder.path(), run),
        },
        {},
        { tools: { glow: standIn }, glowCache: null },
      );
    ran = await ported('sim', false);
    report = await reportOfPort(ran);
    built = await ported('none', false);
  });
  after(() => tester.close());

  it('known: type and quantization of inputs and outputs, sizes, memories, the cycles of the run', () => {
    const { model } = report;
    assert.deepEqual([model.compiler, model.precision], ['glow', 'int8']);
    const [input, output] = ran.bundle.placeholders;
    assert.deepEqual(model.inputs[0]!.quantization, {
      type: 'int8',
      scale: input!.scale,
      offset: input!.offset,
    });
    assert.deepEqual(model.outputs[0]!.quantization?.scale, output!.scale);
    assert.deepEqual([model.flashBytes, model.ramBytes], [ran.model.flashBytes, ran.model.ramBytes]);
    assert.equal(model.measuredCycles, ran.run!.cycles);
    assert.equal(model.timeUs, ran.run!.report.timeUs);
    assert.deepEqual(
      report.memory.map((m) => m.name),
      ['Flash', 'RAM'],
    );
    const kinds = report.memory.flatMap((m) => m.segments.map((s) => s.kind));
    for (const kind of ['modelCode', 'constants', 'placeholders', 'arena', 'stack'] as const) {
      assert.ok(kinds.includes(kind), kind);
    }
    assert.ok(report.boards.length >= 6 && report.boards.every((b) => b.timeUs! > 0));
  });

  it('not known: layers, accuracy, other cores; each is said, none is 0', () => {
    for (const layer of report.layers) {
      const { codeBytes, constantBytes, predictedCycles, measuredCycles, quantization, variant } = layer;
      const figures = [codeBytes, constantBytes, predictedCycles, measuredCycles, quantization, variant];
      assert.ok(
        figures.every((f) => f === undefined),
        layer.name,
      );
    }
    assert.equal(report.accuracy, undefined);
    assert.equal(report.model.predictedCycles, undefined);
    const notes = report.notes.join('\n');
    assert.match(
      notes,
      /Not known.* code, constants, cycles and quantization of each layer, and the plan of the activations/,
    );
    assert.match(notes, /Not known.* accuracy over the samples/);
    assert.equal(
      report.boardsNote,
      'Glow compiled for the Cortex-M0+: sizes on boards with another core are not known.',
    );
    const [heading, first] = exportReport(report, 'csv').split('\r\n');
    const type = heading!.split(',').indexOf('type');
    assert.equal(first!.split(',')[type], '', 'not float32, which it is not');
  });

  it('not run: cycles and times are unknown, in the table, the report and the page', async () => {
    assert.equal(built.run, undefined);
    assert.ok(built.fit.length >= 6);
    for (const { fit } of built.fit) {
      assert.equal(fit.timeUs, undefined);
      assert.match(fit.timeNote, /^Not known/);
      assert.ok(fit.fits === (fit.reasons.length === 0) && fit.flash.used > 3000);
    }
    const lines = fitTable(built.fit).trim().split('\n').slice(2);
    assert.ok(lines.length >= 6 && lines.every((line) => / unknown +(yes|no)/.test(line)), lines.join('\n'));
    const unrun = await reportOfPort(built);
    assert.deepEqual([unrun.model.measuredCycles, unrun.model.timeUs], [undefined, undefined]);
    assert.match(unrun.boardsNote!, /another core are not known\. Times are not either, .* has not run/);

    const opened = await tester.open('report', { width: 1300, height: 800 });
    const { page } = opened;
    await opened.send({ type: 'report', report: unrun, context: { canPort: true, hasFile: true } });
    const tile = page.locator('.tile', { has: page.locator('dt', { hasText: /^Inference$/ }) });
    assert.equal(await tile.locator('.tile-value').innerText(), 'Unknown');
    await page.locator('#tab-boards').click();
    const times = await page.locator('#panel-boards tbody td.numeric').allInnerTexts();
    assert.deepEqual(new Set(times), new Set(['Unknown']));
    assert.doesNotMatch(
      await page.locator('body').innerText(),
      /\b0 (µs|ms|cycles)\b|NaN|undefined|Infinity/,
    );
    assert.ok((await page.locator('#panel-boards').innerText()).includes(unrun.boardsNote!));
    assert.deepEqual(opened.complaints, []);
    await page.close();
  });

  it('the page shows what is not known before the tables, and has no column without numbers', async () => {
    const opened = await tester.open('report', { width: 1300, height: 800 });
    const { page } = opened;
    await opened.send({ type: 'report', report, context: { canPort: true, hasFile: true } });
    assert.deepEqual(await page.locator('p.note').allInnerTexts(), report.notes);
    const columns = await page.locator('table[role=grid] th').allInnerTexts();
    for (const empty of ['Code', 'Constants', 'Predicted', 'Measured', 'Scale', 'SQNR']) {
      assert.ok(!columns.some((c) => c.trim() === empty), empty);
    }
    assert.equal(await page.locator('#tab-accuracy').count(), 0);
    assert.doesNotMatch(await page.locator('body').innerText(), /Quantized graph|NaN|undefined/);
    assert.deepEqual(await axeViolations(page.mainFrame(), 'editor'), []);
    await page.close();
  });

  it('the board picker says whose sizes it shows', async () => {
    const opened = await tester.open('boards', { width: 320, height: 700 });
    const { page } = opened;
    const said = async (about: 'glow' | 'insteadOfGlow' | undefined): Promise<string> => {
      const model = { kind: 'ready', name: 'mnist.onnx', about };
      await opened.send({ type: 'state', boards: [], selected: undefined, model, trusted: true });
      return page.locator('#model').innerText();
    };
    assert.match(await said('glow'), /Compiled by Glow, .* Not known: sizes on boards with another core/);
    assert.match(await said('insteadOfGlow'), /built-in compiler’s. Glow’s are not known before/);
    assert.doesNotMatch(await said(undefined), /Glow|known/);
    await page.close();
  });
});
