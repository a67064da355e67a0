import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BoardData, findBoard } from '../../extension/board/catalogue.ts';
import { fitBoard, predictStack } from '../../extension/board/fit.ts';
import { UserError } from '../../extension/common/error.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { fitOf, networkNeed } from '../../extension/workflow/port/fit.ts';
import { withEnoughStack } from '../../extension/workflow/port/stack.ts';
import { isCloseCall, trialBuild } from '../../extension/workflow/port/trial.ts';
import { type CompiledModel, compileQuantized } from '../../extension/workflow/steps/compile.ts';
import { Random } from '../support/random.ts';
import { GraphMaker, KINDS, randomInputs } from '../support/randomGraph.ts';

/* What is said to fit runs, and what is said not to fit cannot be built: random networks, grown to a board's limits. */

const NETWORKS = Number(process.env['GLOWPORT_FIT_NETWORKS'] ?? 1);

type Memory = 'ram' | 'flash';

/** A random network, beside which a branch of its own reads an input of so many elements. */
function grown(seed: number, memory: Memory, branch: number): Graph {
  const r = new Random(7000 + seed);
  const maker = new GraphMaker(r);
  let x = maker.image();
  for (let i = r.int(1, 4); i > 0; i--) x = maker.append(r.pick(KINDS), x);
  if (branch === 0) return maker.finish([x]);
  return maker.finish([
    x,
    memory === 'ram'
      ? maker.append('reshape', maker.input([1, 1, branch, 1]))
      : maker.append('dense', maker.input([1, branch])),
  ]);
}

/**
 * Grows a network until its predicted need is some bytes beside a memory's size.
 * @returns undefined for one that takes more by itself
 */
async function atLimit(board: BoardData, seed: number, memory: Memory): Promise<CompiledModel | undefined> {
  const most = memory === 'ram' ? 40 : 120;
  const beside = new Random(31_000 + seed).int(-most, most);
  let branch = 0;
  let before: { readonly branch: number; readonly used: number } | undefined;
  for (let round = 0; ; round++) {
    const random = new Random(seed);
    const graph = grown(seed, memory, branch);
    const ranges = profile(graph, [randomInputs(graph, random), randomInputs(graph, random)]);
    const quantized = quantize(graph, ranges, DEFAULT_QUANTIZE_OPTIONS);
    const options = { name: 'net', board, weights: 'flash', reuseInput: seed % 2 === 1 } as const;
    const compiled = await compileQuantized(quantized, options, {});
    const { used, total } = fitBoard(board, networkNeed(compiled.bundle, compiled.size))[memory];
    const missing = total + beside - used;
    if (branch === 0 && missing < -8) return undefined;
    if (round === 5 || Math.abs(missing) < 8) return compiled;
    const isFirst = before === undefined || before.branch === 0 || before.branch === branch;
    const slope = isFirst ? 2 : (used - before!.used) / (branch - before!.branch);
    before = { branch, used };
    branch = Math.max(0, branch + Math.round(missing / Math.max(1, slope)));
  }
}

describe('a network near the limits of a board', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-fit-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  /** Generates, builds and runs it as a port does. @returns whether it can be built; it then runs */
  async function runs(board: BoardData, { bundle, size }: CompiledModel, label: string): Promise<boolean> {
    const outDir = path.join(folder, label.replace(/\W/g, '_'));
    const images = new Map(
      bundle.placeholders
        .filter((p) => p.direction === 'input')
        .map((p) => [p.name, new Array<string>(p.byteSize).fill('1').join(',')]),
    );
    const leastStackBytes = predictStack(board, size.stackBytes);
    try {
      const { built, isKnown } = await withEnoughStack(board, async (stackBytes) => {
        await generateProject({
          board,
          bundle,
          testData: images,
          weights: 'flash',
          outDir,
          stackBytes,
          leastStackBytes,
        });
        return buildProject(outDir, { with: 'gcc' });
      });
      assert.ok(isKnown, label);
      const machine = new Machine(board.id);
      machine.load(new Uint8Array(await readFile(built.elf)));
      let text = '';
      machine.onUart = (byte) => (text += String.fromCharCode(byte));
      assert.equal(machine.run(), 'idle', `${label}: ${machine.fault?.message}`);
      assert.match(text, /Inference time = \d+/, label);
      assert.ok(machine.stackBytes <= built.size.stackBytes, label);
      return true;
    } catch (e) {
      if (e instanceof UserError && e.code === 'board') return false;
      throw e;
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  }

  it('is not trusted to a prediction that leaves out what main() does for each output', async () => {
    const board = findBoard('frdmke04z');
    const maker = new GraphMaker(new Random(1));
    const x = maker.input([1, 2, 2, 2]);
    const graph = maker.finish(Array.from({ length: 30 }, () => maker.append('leakyRelu', x)));
    const random = new Random(2);
    const ranges = profile(graph, [randomInputs(graph, random)]);
    const quantized = quantize(graph, ranges, DEFAULT_QUANTIZE_OPTIONS);
    const { bundle, size } = await compileQuantized(quantized, { name: 'net', board, weights: 'flash' }, {});
    const need = networkNeed(bundle, size);
    const predicted = fitBoard(board, need);
    const { flashBytes } = await trialBuild(board, bundle, need, { weights: 'flash' }, {});
    const wrongBy = flashBytes - predicted.flash.used;
    assert.ok(wrongBy > 512, `${wrongBy}: more than for one output`);
    const atLimit = {
      ...predicted,
      flash: { used: board.flash.size - wrongBy + 1, total: board.flash.size },
    };
    assert.ok(isCloseCall(atLimit, bundle), `${wrongBy} B of flash predicted too little`);
  });

  for (const [id, memory] of [
    ['frdmke04z', 'ram'],
    ['frdmke02z40m', 'ram'],
    ['frdmke04z', 'flash'],
  ] as const) {
    it(`fits ${id} when it is said to, and only then: ${memory}`, async () => {
      const board = findBoard(id);
      let near = 0;
      for (let seed = 0, tried = 0; tried < NETWORKS; seed++) {
        const compiled = await atLimit(board, seed, memory);
        if (!compiled) continue;
        tried++;
        const network = { bundle: compiled.bundle, need: networkNeed(compiled.bundle, compiled.size) };
        const fit = await fitOf(board, network, { platform: 'own', weights: 'flash' });
        if (isCloseCall(fit, compiled.bundle)) near++;
        const label = `${id} ${memory} network ${seed}`;
        assert.equal(await runs(board, compiled, label), fit.fits, `${label}: ${JSON.stringify(fit)}`);
      }
      assert.ok(near > NETWORKS / 2, `${near} of ${NETWORKS} near the limit`);
    });
  }
});
