import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { ReportParser } from '../../extension/inference/parse.ts';
import type { InferenceReport } from '../../extension/inference/report.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import { testDigits, top1 } from '../support/mnist.ts';

const example = path.join(productRoot, 'examples/mnist');

/** Flash and RAM of AN13438's firmware, Table 2. */
const NOTE: readonly [board: string, flash: number, ram: number][] = [
  ['frdmke16z', 25308, 4012],
  ['frdmke02z40m', 22204, 3372],
  ['lpc845breakout', 18412, 5144],
  ['frdmk32l2b', 22748, 7084],
  ['frdmkv11z', 23192, 5032],
];

describe('the example digit network, whole', () => {
  let folder: string;
  const choices = (board: string): PortChoices => ({
    ...DEFAULT_CHOICES,
    model: path.join(example, 'mnist.onnx'),
    board,
    samples: [path.join(example, 'calibration')],
    input: path.join(example, 'samples/0000_7.png'),
    out: path.join(folder, board),
  });
  let ke16z: PortResult;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-whole-'));
    ke16z = await port(choices('frdmke16z'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('takes no more cycles, flash, RAM and stack than promised', () => {
    assert.ok(ke16z.comparison?.match);
    const { model, run } = ke16z;
    const { cycles, simulation } = run!;
    assert.ok(cycles! <= 100_000, `${cycles} cycles`);
    assert.ok(model.flashBytes <= 5600, `${model.flashBytes} B of model flash`);
    assert.ok(
      model.ramBytes + simulation.stackBytes <= 1650,
      `${model.ramBytes} + ${simulation.stackBytes} B of RAM`,
    );
  });

  it('int8 is within 0.3 points of float over the 10,000 test digits', () => {
    const digits = testDigits();
    const input = ke16z.graph.inputs[0]!.name;
    const output = ke16z.graph.outputs[0]!;
    let float = 0;
    let int8 = 0;
    for (let i = 0; i < digits.count; i++) {
      const image = digits.image(i);
      const real = Float32Array.from(image, (v) => v / 255);
      const q = Int32Array.from(image, (v) => v - 128);
      if (top1(evaluate(ke16z.graph, new Map([[input, real]])).get(output)!) === digits.label(i)) float++;
      if (top1(interpret(ke16z.quantized!, new Map([[input, q]])).get(output)!) === digits.label(i)) int8++;
    }
    assert.ok(float >= 9600, `float: ${float} of ${digits.count}`);
    assert.ok(Math.abs(float - int8) <= 30, `float ${float}, int8 ${int8} of ${digits.count}`);
  });

  it('500 digits on the simulated FRDM-KE16Z print all ten outputs of the interpreter, bit for bit', async () => {
    const digits = testDigits();
    const machine = new Machine('frdmke16z');
    machine.load(await readFile(ke16z.elf));
    const image = machine.symbol('testImage');
    assert.equal(image.size, 784);
    const input = ke16z.graph.inputs[0]!.name;
    for (let i = 0; i < 500; i++) {
      const q = Int8Array.from(digits.image(i), (v) => v - 128);
      machine.powerOn();
      machine.writeMemory(image.address, new Uint8Array(q.buffer));
      const parser = new ReportParser();
      let report: InferenceReport | undefined;
      machine.onUart = (byte) => {
        [report] = parser.push(Uint8Array.of(byte));
        if (report) machine.stop();
      };
      machine.run();
      const expected = interpret(ke16z.quantized!, new Map([[input, q]])).get(ke16z.graph.outputs[0]!)!;
      assert.deepEqual(
        report?.confidences.map((c) => c.value),
        Array.from(expected),
        `digit ${i}`,
      );
      assert.equal(report.top1, top1(expected));
    }
  });

  for (const [board, flash, ram] of NOTE) {
    it(`${findBoard(board).name} prints what the PC computes and beats the note's ${flash} B flash, ${ram} B RAM`, async () => {
      const result = board === 'frdmke16z' ? ke16z : await port(choices(board), {}, { fitAll: false });
      assert.ok(result.comparison?.match);
      assert.ok(result.firmware.flashBytes < flash, `${result.firmware.flashBytes} B of flash`);
      assert.ok(result.firmware.ramBytes < ram, `${result.firmware.ramBytes} B of RAM`);
    });
  }

  it('FRDM-KE04Z: says before building by how many bytes it does not fit', async () => {
    await assert.rejects(
      port(choices('frdmke04z')),
      (e: unknown) =>
        e instanceof UserError &&
        e.code === 'board' &&
        /\d+ bytes too much/.test(e.message) &&
        e.remedies[0]?.do === 'reuseInput',
    );
  });

  it('FRDM-KE04Z: 1 KB of RAM is enough once the network may overwrite its 784-byte input', async () => {
    const { comparison, firmware, run } = await port(
      { ...choices('frdmke04z'), reuseInput: true },
      {},
      { fitAll: false },
    );
    assert.ok(comparison?.match);
    assert.ok(firmware.flashBytes <= 8192 && firmware.ramBytes <= 1024);
    assert.ok(run!.simulation.stackBytes < 1024 - 800, `${run!.simulation.stackBytes} B of stack`);
  });

  it('the same model and options give the same bytes', async () => {
    const elf = await readFile(ke16z.elf);
    await rm(ke16z.project, { recursive: true });
    const again = await port(choices('frdmke16z'), {}, { fitAll: false });
    assert.ok(elf.equals(await readFile(again.elf)));
    assert.deepEqual(again.bundle, ke16z.bundle);
  });
});
