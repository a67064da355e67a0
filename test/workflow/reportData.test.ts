import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ModelReport } from '../../webview/shared/report.ts';
import { ErrorCollector, top1 } from '../../extension/workflow/report/accuracy.ts';
import { histogram, modelReport } from '../../extension/workflow/report/data.ts';
import { arenaPicture } from '../../webview/shared/pictures/arenaPicture.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { exportFormats, exportReport } from '../../extension/workflow/report/export.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { Random } from '../support/random.ts';
import { GraphMaker, randomInputs } from '../support/randomGraph.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { goldenGraph } from '../quantize/tflite/goldens.ts';
import { importedOnnx } from '../support/importedOnnx.ts';
import { QuantizedBuilder } from '../support/quantizedBuilder.ts';
import { mnistGraph, mnistParts } from '../support/mnistReport.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

describe('report of a float model', () => {
  const report = modelReport({ graph: mnistGraph(), file: { name: 'mnist.onnx', bytes: 8820 } });

  it('has a row for each operator, with the shapes, MACs and parameters of the application note', () => {
    assert.deepEqual(
      report.layers.map((l) => [l.operator, l.outputShape.join('x'), l.macs, l.parameters]),
      [
        ['MaxPool 2\u00d72', '1x14x14x1', 0, 0],
        ['Conv2D 3\u00d73 + ReLU', '1x14x14x4', 14 * 14 * 4 * 9, 40],
        ['MaxPool 2\u00d72', '1x7x7x4', 0, 0],
        ['Conv2D 3\u00d73 + ReLU', '1x7x7x4', 7 * 7 * 4 * 36, 148],
        ['MaxPool 2\u00d72', '1x3x3x4', 0, 0],
        ['Conv2D 3\u00d73 + ReLU', '1x3x3x4', 3 * 3 * 4 * 36, 148],
        ['Dense 28 + ReLU', '1x28', 36 * 28, 1036],
        ['Dense 10', '1x10', 280, 290],
      ],
    );
    assert.equal(report.model.parameters, 1662);
    assert.equal(report.model.precision, 'float32');
  });

  it('draws inputs, operators and outputs, joined in order', () => {
    assert.ok(!('tooLarge' in report.graph));
    const { nodes, edges } = report.graph;
    assert.deepEqual([nodes[0]!.title, nodes.at(-1)!.title], ['Input max_pooling_1_input', 'Output dense_2']);
    assert.equal(nodes.length, report.layers.length + 2);
    assert.equal(edges.length, nodes.length - 1);
    assert.deepEqual(
      nodes.map((n) => n.layer),
      [undefined, 0, 1, 2, 3, 4, 5, 6, 7, undefined],
    );
  });

  it('says of a quantized network whose scales it has: of the file, or in part', () => {
    assert.deepEqual(report.notes, []);
    const [whole, ...more] = modelReport({ graph: goldenGraph('relu_i8_same') }).notes;
    assert.deepEqual(more, []);
    assert.match(
      whole!,
      /^The model file has the network in integers: its own scales and zero points are kept/,
    );
    const b = new QuantizedBuilder('qdq', 'int8', true);
    const relu = b.node('Relu', [b.dequantize(b.input('x', [1, 2], [-1, 1]))]);
    const [part] = modelReport({
      graph: importedOnnx(onnxModel({ ...b.spec(), outputs: [relu] }), { name: 'part' }),
    }).notes;
    assert.match(part!, /^The model file has a part of the network in integers/);
  });

  it('counts every weight in its histogram', () => {
    for (const { weights } of report.layers) {
      if (!weights) continue;
      assert.equal(
        weights.histogram.counts.reduce((a, b) => a + b, 0),
        weights.count,
      );
      assert.ok(weights.min < 0 && weights.max > 0 && weights.scales.length === 0);
    }
    assert.equal(report.layers.filter((l) => l.weights).length, 5);
  });
});

describe('report of a recurrent layer', () => {
  it('names its cell, and counts the products of every time step and the weights of both matrices', () => {
    const random = new Random(2);
    const maker = new GraphMaker(random);
    const graph = maker.finish([maker.append('gru', maker.input([1, 7, 5]))]);
    const [node] = graph.nodes;
    assert.ok(node?.kind === 'recurrent');
    const rows = 3 * node.units;
    const matrices = rows * (5 + node.units);
    const ranges = profile(graph, [randomInputs(graph, random)]);
    const quantized = quantize(graph, ranges, DEFAULT_QUANTIZE_OPTIONS);
    for (const parts of [{ graph }, { graph, quantized, ranges }]) {
      const [layer] = modelReport({ ...parts, file: { name: 'gru.onnx', bytes: 1 } }).layers;
      assert.equal(layer!.operator, `GRU ${node.units}${node.backward ? ' backward' : ''}`);
      assert.deepEqual([layer!.macs, layer!.parameters], [7 * matrices, matrices + 2 * rows]);
      assert.equal(layer!.weights!.count, matrices);
      assert.equal(layer!.weights!.scales.length, 'quantized' in parts ? 2 * rows : 0);
    }
  });
});

describe('report of a compiled model', () => {
  let report: ModelReport;
  before(async () => {
    report = modelReport(await mnistParts());
  });

  it('has a row for each layer of the bundle that names the operators it covers', () => {
    const covered = report.layers.flatMap((l) => l.nodes);
    assert.deepEqual(
      covered,
      mnistGraph().nodes.map((n) => n.name),
    );
    const fused = report.layers.find((l) => l.nodes.length === 2)!;
    assert.match(fused.operator, /^Conv2D 3\u00d73 \+ ReLU \+ MaxPool 2\u00d72$/);
    for (const layer of report.layers) {
      assert.equal(layer.quantization?.type, 'int8');
      assert.ok(layer.predictedCycles! > 0);
      assert.ok(layer.error!.sqnrDb! > 20, `${layer.name} is too noisy`);
    }
    assert.equal(
      report.layers.reduce((n, l) => n + l.parameters, 0),
      1662,
    );
  });

  it('selects the row of every operator of the graph', () => {
    assert.ok(!('tooLarge' in report.graph));
    for (const node of report.graph.nodes.filter((n) => n.kind !== 'placeholder')) {
      assert.ok(report.layers[node.layer!]!.nodes.includes(node.lines[0]!), node.title);
    }
  });

  it('shows ranges that the quantized type can express', () => {
    for (const { activation } of report.layers) {
      assert.ok(activation?.representable && activation.histogram);
      const step = (activation.representable.max - activation.representable.min) / 255;
      assert.ok(activation.min >= activation.representable.min - step);
      assert.ok(activation.max <= activation.representable.max + step);
    }
  });

  it('counts the sample digits', () => {
    const { accuracy } = report;
    assert.equal(accuracy?.samples, 20);
    assert.equal(accuracy.labelled?.samples, 20);
    assert.ok(accuracy.labelled.quantizedCorrect >= 18);
    assert.equal(accuracy.labelled.misses.length, 20 - accuracy.labelled.quantizedCorrect);
    assert.deepEqual(accuracy.values[0]?.node, 'max_pooling_1_input');
  });

  it('shows the plan of all memory when the network may overwrite its inputs', async () => {
    const parts = await mnistParts();
    const target = targetFor('cortex-m0plus', 8192);
    const bundle = compileBundle(parts.quantized, { name: 'mnist', target, reuseInputs: true });
    const { arena } = modelReport({ ...parts, bundle });
    assert.ok(arena?.hasPlaceholders && arena.bytes === bundle.mutableBytes);
    assert.ok(arena.buffers.every((b) => b.offset + b.bytes <= arena.bytes));
    assert.ok(arenaPicture(arena, 500));
  });

  it('plans the activation memory without overlaps', () => {
    const { buffers, bytes, steps, hasPlaceholders } = report.arena!;
    assert.equal(hasPlaceholders, false);
    assert.equal(steps.length, report.layers.length);
    buffers.forEach((a, i) => {
      assert.ok(a.offset + a.bytes <= bytes);
      for (const b of buffers.slice(i + 1)) {
        const together = a.first <= b.last && b.first <= a.last;
        assert.ok(!together || a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset);
      }
    });
  });

  it("predicts the time of an inference by the board's clock and wait states", async () => {
    const parts = await mnistParts();
    const board = parts.board!;
    const slower = { ...board, timing: { ...board.timing, cyclesFactor: 2 * board.timing.cyclesFactor } };
    const { predictedCycles, predictedTimeUs } = report.model;
    assert.equal(predictedTimeUs, (predictedCycles! * board.timing.cyclesFactor * 1e6) / board.coreClockHz);
    assert.equal(modelReport({ ...parts, board: slower }).model.predictedTimeUs, 2 * predictedTimeUs);
    assert.equal(modelReport({ ...parts, board: undefined }).model.predictedTimeUs, undefined);
  });

  it('exports JSON that reads back, CSV that spreadsheets read, SVG', () => {
    assert.deepEqual(exportFormats(report), ['json', 'csv', 'graph-svg']);
    const back = JSON.parse(exportReport(report, 'json')) as ModelReport;
    assert.deepEqual(back.layers[1]!.weights, report.layers[1]!.weights);
    const rows = readCsv(exportReport(report, 'csv'));
    assert.equal(rows.length, report.layers.length + 1);
    assert.ok(rows.every((row) => row.length === rows[0]!.length));
    const column = rows[0]!.indexOf('predicted cycles');
    assert.deepEqual(
      rows.slice(1).map((row) => Number(row[column])),
      report.layers.map((l) => l.predictedCycles),
    );
    assert.match(exportReport(report, 'graph-svg'), /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  });

  it('keeps hostile names from becoming cells, lines or formulas', () => {
    const names = ['=HYPERLINK("http://x")', 'a,b', 'line\r\nbreak', '"quoted"', '+1', '@x', '-2'];
    const hostile = { ...report, layers: names.map((name) => ({ ...report.layers[0]!, name })) };
    const rows = readCsv(exportReport(hostile, 'csv')).slice(1);
    assert.deepEqual(
      rows.map((row) => row[0]),
      ['\'=HYPERLINK("http://x")', 'a,b', 'line\r\nbreak', '"quoted"', "'+1", "'@x", "'-2"],
    );
  });
});

describe('error of a value', () => {
  it('is what the definitions say, whatever way the samples are split', () => {
    // multiples of 1/1024: exact in floating point, so that only the formulas are compared
    const fixed = (limit: number) =>
      fc.integer({ min: -1024 * limit, max: 1024 * limit }).map((k) => k / 1024);
    const numbers = fc.array(fc.tuple(fixed(100), fixed(1)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.nat(), (pairs, cut) => {
        const x = pairs.map(([a]) => a);
        const y = pairs.map(([a, d]) => a + d);
        const k = cut % (x.length + 1);
        const collector = new ErrorCollector();
        collector.add(x.slice(0, k), y.slice(0, k));
        collector.add(x.slice(k), y.slice(k));
        const error = collector.result();
        const differences = x.map((v, i) => Math.abs(v - y[i]!));
        const near = (a: number, b: number): void =>
          assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b)));
        near(error.meanAbsolute, differences.reduce((a, b) => a + b, 0) / x.length);
        assert.equal(error.maxAbsolute, Math.max(...differences));
        const signal = x.reduce((n, v) => n + v * v, 0);
        const noise = differences.reduce((n, d) => n + d * d, 0);
        if (signal > 0 && noise > 0) near(error.sqnrDb!, 10 * Math.log10(signal / noise));
        else assert.equal(error.sqnrDb, undefined);
      }),
    );
  });

  it('takes the first of the largest, also when all are negative', () => {
    assert.equal(top1([-5, -3, -3, -9]), 1);
    assert.equal(top1([0]), 0);
  });

  it('puts every number of a histogram into a bin', () => {
    assert.deepEqual(histogram([0, 1, 2, 3, 4], 0, 4, 4).counts, [1, 1, 1, 2]);
    assert.deepEqual(histogram([7, 7], 7, 7, 3).counts, [2, 0, 0]);
  });
});

/** A reader of RFC 4180, written from it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[at++];
        else break;
      }
      at++;
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++];
    row.push(cell);
    if (text[at] === ',') at++;
    else {
      assert.equal(text.slice(at, at + 2), '\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
