import assert from 'node:assert/strict';
import { english } from '../../extension/common/errors/sentence.ts';
import { Random } from '../support/random.ts';
import { type Case, caseInputs, chainCase, operatorCase } from '../support/randomCase.ts';
import { KINDS } from '../support/randomGraph.ts';
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
    await check(Array.from({ length: SEEDS * 3 }, (_, seed) => chainCase(100 + seed)), ['-O0']);
  });
});
