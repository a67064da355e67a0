import assert from 'node:assert/strict';
import { type BoardData, findBoard } from '../../extension/board/catalogue.ts';
import { builtFit, fitBoard } from '../../extension/board/fit.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { UserError } from '../../extension/common/error.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { fitBoards, fitSameCore, networkNeed, requireFit } from '../../extension/workflow/port/fit.ts';
import { compileQuantized, targetOf } from '../../extension/workflow/steps/compile.ts';
import { NetworkMaker } from '../support/network.ts';
import { Random } from '../support/random.ts';
import { randomInputs } from '../support/randomGraph.ts';

describe('workflow/port: a network that does not fit', () => {
  const board = findBoard('frdmke04z');
  const unmeasured = { ...board, overhead: {} };
  const need = { flashBytes: 7500, ramBytes: 500, stackBytes: 8, floatPlaceholders: false, cycles: 1000 };
  const options = { platform: 'own', weights: 'flash' } as const;
  const bundle = { name: 'net' } as Bundle;

  async function refused(on: BoardData, change: Partial<typeof need> = {}): Promise<string | undefined> {
    try {
      const changed = { ...need, ...change };
      await requireFit(on, { bundle, need: changed }, fitBoard(on, changed), options);
      return undefined;
    } catch (e) {
      assert.ok(e instanceof UserError && e.code === 'board', String(e));
      return e.message;
    }
  }

  it('is refused by what has been measured', async () => {
    assert.equal(await refused(board, { flashBytes: 6000 }), undefined);
    assert.match(
      (await refused(board)) ?? '',
      /^net does not fit FRDM-KE04Z: it needs 8\.7 KB flash, has 8 KB/,
    );
  });

  it('is left to the build where only an estimate says so, unless it is too large alone', async () => {
    assert.equal(await refused(unmeasured), undefined);
    assert.match((await refused(unmeasured, { flashBytes: 8193 })) ?? '', /it needs about 9\.5 KB flash/);
    assert.match((await refused(unmeasured, { ramBytes: 1025 })) ?? '', /needs about 1\.2 KB RAM/);
    assert.match((await refused(unmeasured, { floatPlaceholders: true })) ?? '', /has no FPU/);
  });
});

describe('workflow/port: cycles of a core', () => {
  const random = new Random(3);
  const graph = new NetworkMaker(random, [1, 8, 8, 1])
    .conv(4, { kernel: [3, 3] })
    .dense(10)
    .finish('net');
  const quantized = quantize(graph, profile(graph, [randomInputs(graph, random)]), DEFAULT_QUANTIZE_OPTIONS);
  const options = { name: 'net', weights: 'flash' } as const;

  it('are told of boards with that core only, measured ones too; what is known of the board stays', async () => {
    const board = findBoard('frdmke16z');
    const compiled = await compileQuantized(quantized, { ...options, board }, {});
    const need = { ...networkNeed(compiled.bundle, compiled.size), cycles: 123_456_789 };
    const known = builtFit(fitBoard(board, need), { flashBytes: 4321, ramBytes: 1234, timeUs: 5 });
    const fits = await fitBoards(quantized, options, {}, { board, compiled, need, fit: known });
    const predicted = (b: BoardData): number =>
      compileBundle(quantized, { name: 'net', target: targetOf(b) }).layers.reduce(
        (n, layer) => n + layer.predictedCycles,
        0,
      );
    const rt = fits.filter((f) => f.board.core === 'cortex-m7');
    assert.equal(rt.length, 5);
    for (const f of rt) assert.equal(f.need.cycles, predicted(f.board), f.board.id);
    assert.notEqual(predicted(rt[0]!.board), predicted(board));
    const here = fits.find((f) => f.board === board);
    assert.equal(here?.need.cycles, need.cycles);
    assert.deepEqual([here.fit.flash.used, here.fit.ram.used, here.fit.timeUs], [4321, 1234, 5]);
    const alike = fits.find((f) => f.board !== board && f.need.cycles === need.cycles)!;
    assert.equal(alike.fit.timeUs, fitBoard(alike.board, need).timeUs);
  });

  it('and sizes of an object compiled elsewhere say nothing of boards with another core', async () => {
    const need = { flashBytes: 100, ramBytes: 100, floatPlaceholders: false, cycles: 1000 };
    const bundle = compileBundle(quantized, { name: 'net', target: targetOf(findBoard('frdmke16z')) });
    for (const id of ['frdmke16z', 'evkmimxrt1060']) {
      const board = findBoard(id);
      const fits = await fitSameCore(board, { bundle, need }, fitBoard(board, need), {
        platform: 'own',
        weights: 'flash',
      });
      assert.ok(fits.length > 1);
      for (const f of fits) assert.equal(f.board.core, board.core, f.board.id);
    }
  });
});
