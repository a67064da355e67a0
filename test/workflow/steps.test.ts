import assert from 'node:assert/strict';
import path from 'node:path';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { compare } from '../../extension/workflow/compare/compare.ts';
import { readLabels } from '../../extension/workflow/data/labels.ts';
import { port } from '../../extension/workflow/port/port.ts';
import { encodePng } from '../../extension/image/png.ts';
import { NetworkBuilder } from '../model/networkBuilder.ts';
import { breather } from '../../extension/common/breather.ts';
import {
  DEFAULT_QUANTIZE_OPTIONS,
  idleChoices,
  type QuantizeOptions,
} from '../../extension/quantize/options.ts';
import { compile } from '../../extension/workflow/steps/compile.ts';
import { goldenNetwork } from '../quantize/tflite/goldens.ts';
import { step, type StepEvent } from '../../extension/workflow/steps/step.ts';

const isCancelled = (e: unknown): boolean => e instanceof UserError && e.code === 'cancelled';

describe('workflow/steps', () => {
  it('a step begins, tells and ends', async () => {
    const events: StepEvent[] = [];
    const result = await step(
      { onStep: (e) => events.push(e) },
      'build',
      'firmware',
      (progress) => {
        progress('half', 0.5);
        return 7;
      },
      (n) => `${n} files`,
    );
    assert.equal(result, 7);
    assert.deepEqual(events, [
      { step: 'build', state: 'start', message: 'firmware' },
      { step: 'build', state: 'progress', message: 'half', fraction: 0.5 },
      { step: 'build', state: 'done', message: '7 files' },
    ]);
  });

  it('does not begin when cancelled, and does not end when cancelled meanwhile', async () => {
    const cancel = new AbortController();
    const events: string[] = [];
    const context = { signal: cancel.signal, onStep: (e: StepEvent) => void events.push(e.state) };
    await assert.rejects(
      step(
        context,
        'run',
        '',
        () => cancel.abort(),
        () => '',
      ),
      isCancelled,
    );
    assert.deepEqual(events, ['start']);
    await assert.rejects(
      step(
        context,
        'run',
        '',
        () => assert.fail('ran'),
        () => '',
      ),
      isCancelled,
    );
  });

  it('long work lets others run, and hears a cancellation', async () => {
    const cancel = new AbortController();
    const breathe = breather(cancel.signal);
    setTimeout(() => cancel.abort(), 0);
    await assert.rejects(async () => {
      for (;;) await breathe();
    }, isCancelled);
  });
});

describe('workflow/compile', () => {
  it('says which choices of quantization change nothing of a network that has its integers', async () => {
    const messages: string[] = [];
    const compiled = async (quantization: Partial<QuantizeOptions>): Promise<string> => {
      messages.length = 0;
      const options = {
        board: findBoard('frdmke16z'),
        quantization: { ...DEFAULT_QUANTIZE_OPTIONS, ...quantization },
        weights: 'flash' as const,
      };
      await compile(goldenNetwork('relu_i8_same')!, new Map(), options, {
        onStep: ({ state, message }) => state === 'done' && messages.push(message),
      });
      return messages.join();
    };
    assert.match(await compiled({ rounding: 'fast' }), /^int8 of the model file, flash/);
    assert.match(
      await compiled({ precision: 'int16', schema: 'symmetric', channelwise: false }),
      /^int8 of the model file \(nothing to choose for: schema, precision, channelwise\), flash/,
    );
    const chosen: QuantizeOptions = {
      ...DEFAULT_QUANTIZE_OPTIONS,
      ...{ rounding: 'fast', range: 'mse', precision: 'int16' },
    };
    assert.deepEqual(idleChoices(chosen, 'none'), ['rounding']);
    assert.deepEqual(idleChoices(chosen, 'some'), ['precision']);
    assert.deepEqual(idleChoices(chosen, 'all'), ['precision', 'range']);
  });
});

describe('workflow/port', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'glowport-port-'))));
  after(() => rm(folder, { recursive: true }));
  const mnist = path.join(productRoot, 'examples', 'mnist');
  const choices = (): PortChoices => ({
    ...DEFAULT_CHOICES,
    model: path.join(mnist, 'mnist.onnx'),
    board: 'frdmke16z',
    samples: [path.join(mnist, 'samples')],
    out: path.join(folder, 'deep', 'project'),
  });

  it('cancelled after any step, it leaves nothing', async () => {
    for (const last of ['inspect', 'profile', 'compile', 'input', 'generate', 'build', 'run', 'compare']) {
      const cancel = new AbortController();
      const onStep = (e: StepEvent): void => {
        if (e.step === last && e.state === 'done') cancel.abort();
      };
      const tools = {};
      await assert.rejects(port(choices(), { signal: cancel.signal, onStep }, { tools }), isCancelled, last);
      assert.deepEqual(await readdir(folder), [], `cancelled after ${last}`);
    }
  });

  it('empties a folder that was empty, and keeps what somebody else put into one', async () => {
    const out = path.join(folder, 'given');
    const cancelled = async (): Promise<string[]> => {
      const cancel = new AbortController();
      const onStep = (e: StepEvent): void => {
        if (e.step === 'build' && e.state === 'start') cancel.abort();
      };
      await assert.rejects(port({ ...choices(), out }, { signal: cancel.signal, onStep }), isCancelled);
      return readdir(out);
    };
    await mkdir(out);
    assert.deepEqual(await cancelled(), []);
    await writeFile(path.join(out, 'notes.txt'), 'mine');
    assert.ok((await cancelled()).includes('notes.txt'));
    await rm(out, { recursive: true });
  });

  it('tells everything that views show', async () => {
    const events: StepEvent[] = [];
    let printed = '';
    const onUart = (bytes: Uint8Array): void => void (printed += Buffer.from(bytes).toString());
    const result = await port(choices(), { onStep: (e) => events.push(e) }, { onUart });
    assert.deepEqual(
      events.filter((e) => e.state === 'done').map((e) => e.step),
      ['inspect', 'profile', 'compile', 'input', 'generate', 'build', 'run', 'compare', 'check'],
    );
    assert.match(printed, /class = 0\r\nConfidence = -?\d+\r\n/);
    assert.match(printed, /Inference time = \d+ \(us\)\r\n$/);
    assert.equal(result.labels.length, 10);
    assert.equal(result.sampleCount, 20);
    assert.equal(result.fit.length, boards().length);
    assert.deepEqual(
      result.fit.filter((f) => !f.fit.fits).map((f) => f.board.id),
      ['frdmke04z'],
    );
    assert.equal(result.comparison?.match, true);
    const { pc } = result;
    pc.expected.quantized.forEach((q, i) => {
      assert.ok(Math.abs(pc.dequantized[i]! - pc.output.scale * (q - pc.output.offset)) < 1e-6);
    });
  });
});

describe('workflow/compare', () => {
  const report = (values: number[], top1: number | undefined) => ({
    confidences: values.map((value, classIndex) => ({ classIndex, value })),
    top1,
    timeUs: 1,
  });
  const expected = { quantized: [-5, 3, 3], float: [0.1, 0.3, 0.4] };

  it('matches only when every output and Top1 are equal', () => {
    assert.deepEqual(compare(report([-5, 3, 3], 1), expected), {
      match: true,
      differing: [],
      others: [],
      top1: { quantized: 1, float: 2 },
    });
    assert.equal(compare(report([-5, 3, 3], 2), expected).match, false, 'the first of equal ones is best');
    assert.deepEqual(compare(report([-5, 3, 4], 1), expected).differing, [2]);
    assert.equal(compare(report([-5, 3], 1), expected).match, false);
    assert.equal(compare(report([-5, 3, 3, 0], 1), expected).match, false);
    assert.equal(compare(report([-5, 3, 3], undefined), expected).match, false);
  });

  it('and every element of every further output', () => {
    const two = {
      ...expected,
      others: [{ name: 'boxes', quantized: [7, -8], float: [0.7, -0.75], scale: 0.125, offset: 1 }],
    };
    const printing = (...values: (readonly [number, number])[]) => ({
      ...report([-5, 3, 3], 1),
      others: [{ name: 'boxes', values: new Map(values) }],
    });
    const all = compare(printing([0, 7], [1, -8]), two);
    assert.deepEqual(
      [all.match, all.others],
      [true, [{ name: 'boxes', elements: 2, differing: 0, fromFloat: 0.375 }]],
    );
    for (const other of [printing([0, 7]), printing([0, 7], [1, 8]), report([-5, 3, 3], 1)]) {
      const { match, others } = compare(other, two);
      assert.equal(match, false);
      assert.ok(others[0]!.differing > 0);
    }
  });

  it('holds for networks with several outputs, as firmware prints them', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'glowport-outputs-'));
    try {
      const net = new NetworkBuilder(4);
      const features = net.conv('input', 1, 2);
      const classes = net.gemm(net.node('Flatten', [net.maxPool(features, 4)]), 8, 3);
      const model = path.join(folder, 'two.onnx');
      await writeFile(model, net.bytes([{ name: 'input', shape: [1, 1, 8, 8] }], [classes, features]));
      const data = Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 256);
      await writeFile(path.join(folder, 'a.png'), encodePng({ width: 8, height: 8, channels: 1, data }));
      const result = await port(
        { ...DEFAULT_CHOICES, model, samples: [folder], board: 'frdmke16z', out: path.join(folder, 'out') },
        {},
        { fitAll: false },
      );
      const { others, match } = result.comparison!;
      assert.equal(
        match,
        true,
        JSON.stringify([result.comparison, result.run!.report.others?.map((o) => [o.name, o.values.size])]),
      );
      assert.deepEqual(
        others.map((o) => [o.elements, o.differing]),
        [[128, 0]],
      );
      const printed = result.run!.report.others![0]!;
      assert.equal(printed.name, others[0]!.name);
      assert.ok(new Set(printed.values.values()).size > 10);
      const values = new Map(printed.values).set(77, printed.values.get(77)! + 1);
      const wrong = { ...result.run!.report, others: [{ ...printed, values }] };
      const { match: still, others: found } = compare(wrong, result.pc.expected);
      assert.deepEqual([still, found[0]!.differing], [false, 1]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('workflow/labels', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'glowport-labels-'))));
  after(() => rm(folder, { recursive: true }));

  it('are lines of the named file, or of labels.txt beside the model', async () => {
    const model = path.join(folder, 'm.onnx');
    assert.deepEqual(await readLabels(model, undefined), []);
    await writeFile(path.join(folder, 'labels.txt'), '\ufeffcat\r\n dog \n\nbird\n\n');
    assert.deepEqual(await readLabels(model, undefined), ['cat', 'dog', '', 'bird']);
    await writeFile(path.join(folder, 'other.txt'), 'a');
    assert.deepEqual(await readLabels(model, path.join(folder, 'other.txt')), ['a']);
    await assert.rejects(readLabels(model, path.join(folder, 'none.txt')), UserError);
  });

  it('are read in UTF-8 and in UTF-16, as editors on Windows write them', async () => {
    const file = path.join(folder, 'named.txt');
    const names = ['K\u00e4fer', '\u7532\u866b', 'cat'];
    const text = `\ufeff${names.join('\r\n')}\r\n`;
    const little = Buffer.from(text, 'utf16le');
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(text.slice(1)),
      little,
      Buffer.from(little).swap16(),
    ]) {
      await writeFile(file, bytes);
      assert.deepEqual(await readLabels('m.onnx', file), names);
    }
  });
});
