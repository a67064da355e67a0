import assert from 'node:assert/strict';
import { english } from '../../extension/common/errors/sentence.ts';
import { Random } from '../support/random.ts';
import { type Case, caseInputs, chainCase, operatorCase } from '../support/randomCase.ts';
import { KINDS } from '../support/randomGraph.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import { STATE_NETWORKS } from '../support/stateNetworks.ts';
import { streamCase } from '../support/streamCase.ts';
import { enter, networksFirmware, watched } from './networks.ts';

const SEEDS = Number(process.env['GLOWPORT_SEEDS'] ?? 3);

/** Every step of every network must write what the interpreter computes, where and as the compiler says. */
async function check(cases: readonly Case[], flags: readonly string[] = []): Promise<void> {
  const firmware = networksFirmware(
    cases.map((c) => c.bundle),
    flags,
  );
  for (const c of cases) {
    const board = watched(firmware, c.bundle, c.quantized);
    await enter(board, c.bundle, caseInputs(c, new Random(1)).bytes);
    await board.watch.stopAtDifference(true);
    const stop = await board.run(board.debuggee.continue());
    assert.ok(stop.kind === 'compared', stop.kind);
    assert.equal(
      english(stop.sentence),
      `The inference has ended, and the tensors of all ${c.bundle.layers.length} layers are the PC's.`,
      `${c.label}: ${c.bundle.layers.map((l) => l.operator).join(', ')} ${JSON.stringify(c.options)}`,
    );
  }
}

describe("debug: tensors of random networks are the PC's, layer by layer", () => {
  it('one operator each, with random shapes, data and options', async () => {
    await check(
      KINDS.flatMap((kind) => Array.from({ length: SEEDS }, (_, seed) => operatorCase(kind, seed))),
    );
  });

  it('several layers, with values read more than once', async () => {
    await check(Array.from({ length: SEEDS * 6 }, (_, seed) => chainCase(seed)));
  });

  it('compiled without optimization', async () => {
    await check(
      Array.from({ length: SEEDS * 3 }, (_, seed) => chainCase(100 + seed)),
      ['-O0'],
    );
  });

  it('with states, from one inference to the next', async () => {
    const streams = STATE_NETWORKS.map(({ label, quantized }, i) => {
      const target = targetFor('cortex-m0plus', i % 2 === 0 ? 20000 : 0);
      return streamCase(label, quantized, { target, reuseInputs: i % 3 === 1 }, 3);
    });
    const firmware = networksFirmware(
      streams.map((s) => s.bundle),
      [],
      3,
    );
    for (const { label, bundle, quantized, runs } of streams) {
      const board = watched(firmware, bundle, quantized);
      await board.watch.stopAtDifference(true);
      for (const [k, { inputs }] of runs.entries()) {
        await enter(board, bundle, inputs);
        const stop = await board.run(board.debuggee.continue());
        assert.ok(stop.kind === 'compared', stop.kind);
        const text = english(stop.sentence);
        assert.match(
          text,
          /^The inference has ended, and the tensors of all/,
          `${label}, inference ${k}: ${text}`,
        );
      }
    }
  });
});

/** Networks of several layers whose constants lie in the memory that their entry function is given. */
const cases = Array.from({ length: 12 }, (_, seed) => chainCase(500 + seed)).filter(
  (c) => c.bundle.layers.length > 1,
);

describe('debug: what is wrong on the board is named', () => {
  const firmware = networksFirmware(cases.map((c) => c.bundle));

  it('a constant: its layer, for all before it are right', async () => {
    const random = new Random(11);
    let found = 0;
    for (const c of cases) {
      const { layers } = c.bundle;
      // the tables of layers lie one behind the other
      const ends = layers.map((_, i) => layers.slice(0, i + 1).reduce((n, l) => n + l.constantBytes, 0));
      const guilty = layers.findLastIndex((l) => l.constantBytes > 0);
      if (guilty < 0) continue;
      const board = watched(firmware, c.bundle, c.quantized);
      await enter(board, c.bundle, caseInputs(c, random).bytes);
      const address = board.debuggee.readRegister(0) + ends[guilty]! - layers[guilty]!.constantBytes;
      const bytes = board.debuggee.machine.readMemory(address, layers[guilty]!.constantBytes);
      board.debuggee.machine.writeMemory(
        address,
        bytes.map((b) => b ^ 0x2a),
      );
      await board.watch.stopAtDifference(true);
      const stop = await board.run(board.debuggee.continue());
      if (stop.kind !== 'compared') continue; // wrong tables may do anything
      const text = english(stop.sentence);
      if (text.includes('all')) continue;
      found++;
      assert.ok(
        text.startsWith(`Layer ${guilty + 1}, `),
        `${c.label}: ${text}; layer ${guilty + 1} is wrong`,
      );
    }
    assert.ok(found >= 3, `${found} of ${cases.length} tell`);
  });

  it('an activation: its layer, its place and both numbers, and again when the past is run through again', async () => {
    let found = 0;
    for (const c of cases) {
      const board = watched(firmware, c.bundle, c.quantized);
      const { debuggee, watch, run } = board;
      const inputs = caseInputs(c, new Random(2)).bytes;
      await enter(board, c.bundle, inputs);
      const mutable = debuggee.readRegister(1);
      const activations = debuggee.readRegister(2);
      const [, second] = c.bundle.layers;
      debuggee.breakpoints = new Set([debuggee.machine.symbol(second!.symbol).address & ~1]);
      if ((await run(debuggee.continue())).kind !== 'breakpoint') continue;
      debuggee.breakpoints = new Set();
      const view = await watch.tensor(0);
      const place = c.bundle.layers[0]!.output!;
      // a float has no bit that is always a number
      if (view.state.state !== 'there' || place.type === 'float32') continue;
      assert.equal(view.state.verdict, 'equal', c.label);
      const address = (place.memory === 'mutable' ? mutable : activations) + place.byteOffset;
      const [byte] = debuggee.machine.readMemory(address, 1);
      debuggee.change({ kind: 'memory', address, bytes: Uint8Array.of(byte! ^ 1) });
      const wrong = await watch.tensor(0);
      const { difference } = wrong;
      assert.ok(difference);
      assert.deepEqual([difference.differing, difference.index.every((i) => i === 0)], [1, true]);
      assert.deepEqual([difference.board, difference.pc], [wrong.board![0], view.board![0]]);
      await watch.stopAtDifference(true);
      const stop = await run(debuggee.continue());
      assert.ok(stop.kind === 'compared');
      const text = english(stop.sentence);
      // where the second layer writes over it, only that is seen
      if (place.overwrittenBy !== 1) assert.match(text, /^Layer 1, /, c.label);
      const { instructions } = debuggee.machine;
      await run(debuggee.reverseStep());
      const again = await run(debuggee.continue());
      assert.ok(again.kind === 'compared');
      assert.equal(english(again.sentence), text);
      assert.equal(debuggee.machine.instructions, instructions);
      found++;
    }
    assert.ok(found >= 4, `${found} of ${cases.length} tell`);
  });

  it('is told of the inference where the board stands: before it and in it, forward and back', async () => {
    const c = cases[0]!;
    const board = watched(firmware, c.bundle, c.quantized);
    const { debuggee, watch, run } = board;
    const states = async (): Promise<string[]> => (await watch.layers()).map((l) => l.state);
    const { layers } = c.bundle;
    assert.deepEqual(
      await states(),
      layers.map(() => 'unwritten'),
    );
    await enter(board, c.bundle, caseInputs(c, new Random(4)).bytes);
    assert.deepEqual(
      await states(),
      layers.map(() => 'unwritten'),
    );
    const first = layers[0]!;
    debuggee.breakpoints = new Set([debuggee.machine.symbol(first.symbol).address & ~1]);
    await run(debuggee.continue());
    assert.deepEqual((await states())[0], 'running');
    await watch.stopAtDifference(true);
    const end = await run(debuggee.continue());
    assert.equal(end.kind, 'compared');
    const atEnd = await watch.layers();
    assert.ok(atEnd.every((l) => l.verdict === 'equal' && l.cycles! > 0));
    await run(debuggee.reverseContinue());
    assert.deepEqual(
      await states(),
      layers.map((_, i) => (i === 0 ? 'running' : 'unwritten')),
    );
    assert.ok((await watch.layers()).every((l) => l.verdict === undefined && l.cycles === undefined));
    debuggee.change({ kind: 'reset' });
    assert.deepEqual(
      await states(),
      layers.map(() => 'unwritten'),
    );
  });
});
