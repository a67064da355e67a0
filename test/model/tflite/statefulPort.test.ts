import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../../extension/quantize/options.ts';
import { quantize } from '../../../extension/quantize/quantize.ts';
import { modelReport } from '../../../extension/workflow/report/data.ts';
import type { PortSummary } from '../../../extension/workflow/port/summary.ts';
import { glowport, sample } from '../../cli/support.ts';
import { Random } from '../../support/random.ts';
import { added, addLstm, weights } from './statefulSpecs.ts';
import { tfliteModel, type TfliteSpec } from './writer.ts';

/** Digits read row by row: an LSTM of int8, and a layer over all it says; trained on nothing. */
function digits(): TfliteSpec {
  const random = new Random(11);
  const [size, units] = [28, 6];
  const input = { type: 'INT8', scales: [1 / 255], zeroPoints: [-128] } as const;
  const hidden = { scale: 1 / 128, zero: 0 };
  const value = { type: 'INT8', scales: [hidden.scale], zeroPoints: [0] } as const;
  const spec: TfliteSpec = {
    tensors: [
      { name: 'image', shape: [1, size, size, 1], ...input, scales: [...input.scales], zeroPoints: [-128] },
      { shape: [1, size, size], ...input, scales: [...input.scales], zeroPoints: [-128] },
      { name: 'rows', shape: [1, size, units], ...value, scales: [...value.scales], zeroPoints: [0] },
      { shape: [1, size * units], ...value, scales: [...value.scales], zeroPoints: [0] },
      { name: 'digit', shape: [1, 10], type: 'INT8', scales: [0.1], zeroPoints: [3] },
    ],
    operators: [{ op: 'RESHAPE', inputs: [0], outputs: [1], options: { shape: [1, size, size] } }],
    ...{ inputs: [0], outputs: [4] },
  };
  const layer = {
    units,
    features: size,
    scale: input.scales[0],
    hidden,
    power: -11,
    clip: 0,
    timeMajor: false,
  };
  addLstm(spec, random, layer, 1, 2);
  const dense = added(spec, weights(random, [10, size * units], 0.02));
  spec.operators.push(
    { op: 'RESHAPE', inputs: [2], outputs: [3], options: { shape: [1, size * units] } },
    { op: 'FULLY_CONNECTED', inputs: [3, dense, -1], outputs: [4] },
  );
  return spec;
}

describe('a network that keeps a state, on the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-state-'));
    await writeFile(path.join(folder, 'digits.tflite'), tfliteModel(digits()));
  });
  after(() => rm(folder, { recursive: true }));

  it('is inspected: its states are told', async () => {
    const { code, out, err } = await glowport(folder, 'inspect', 'digits.tflite');
    assert.equal(code, 0, err);
    assert.match(out, /^States +\S+ \(1x6\), \S+ \(1x6\), kept between inferences$/m);
  });

  it('is ported to a simulated board, which computes what the PC does from the first state', async () => {
    const { code, out, err } = await glowport(
      ...[
        folder,
        'port',
        'digits.tflite',
        '--board',
        'frdmke16z',
        '--input',
        sample,
        '--out',
        'project',
        '--json',
      ],
    );
    assert.equal(code, 0, err);
    const { match, confidences, stateBytes } = JSON.parse(out) as PortSummary;
    // a hidden state of 6 bytes, a cell state of 6 numbers of int16
    assert.deepEqual([match, confidences!.length, stateBytes], [true, 10, 18]);
    const main = await readFile(path.join(folder, 'project', 'source', 'main.c'), 'utf8');
    assert.match(main, /^ {4}digits_reset\(mutableWeight\);$/m);
  });

  it('has a report that says so, and draws the states', () => {
    const graph = finished(importTflite(tfliteModel(digits()), { name: 'digits' }));
    const quantized = quantize(graph, new Map(), DEFAULT_QUANTIZE_OPTIONS);
    const bundle = compileBundle(quantized, { name: 'digits', target: targetFor('cortex-m0plus', 0) });
    const { notes, layers, graph: drawn } = modelReport({ graph, quantized, bundle });
    assert.match(notes.join(), /keeps 18 bytes of state .* digits_reset\(\) begins anew/);
    assert.ok(layers.some((l) => l.operator === 'LSTM 6'));
    assert.ok('nodes' in drawn && drawn.nodes.filter((n) => n.title.startsWith('State ')).length === 2);
  });
});
