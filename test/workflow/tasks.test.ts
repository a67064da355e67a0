import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { encodePng } from '../../extension/image/png.ts';
import { inputPlaceholder } from '../../extension/workflow/data/givenInput.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { dataOptions } from '../../extension/data/options.ts';
import type { Sample } from '../../extension/data/sample.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import {
  inPlace,
  type TaskInput,
  type TaskName,
  type TaskRunner,
} from '../../extension/workflow/tasks/tasks.ts';
import { tasksInThread } from '../../extension/workflow/tasks/thread.ts';
import type { SdkPlace } from '../../extension/sdk/boards/sdkBoards.ts';
import { openSdk } from '../../extension/sdk/discover.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { layOwnSdk } from '../support/ownSdk.ts';
import { sdkWithOwnBoard } from '../support/ownSdkBoard.ts';
import { endlessModel } from '../support/endlessModel.ts';
import { until } from '../support/until.ts';

type Model = TaskInput<'readModel'>;

const model = (bytes: Uint8Array): Model => ({ file: 'net.onnx', bytes, options: { name: 'net' } });

const small = model(
  onnxModel({
    inputs: [{ name: 'x', shape: [1, 1, 6, 6] }],
    initializers: { w: { dims: [2, 1, 3, 3], floats: Array.from({ length: 18 }, (_, i) => i / 9 - 1) } },
    nodes: [
      { op: 'Conv', inputs: ['x', 'w'], outputs: ['c'], attributes: { kernel_shape: { ints: [3, 3] } } },
      { op: 'Relu', inputs: ['c'], outputs: ['y'] },
    ],
    outputs: ['y'],
  }),
);

/** An autoencoder of one layer. */
const same = model(
  onnxModel({
    inputs: [{ name: 'x', shape: [1, 1, 6, 6] }],
    nodes: [{ op: 'Sigmoid', inputs: ['x'], outputs: ['y'] }],
    outputs: ['y'],
  }),
);

const endless = model(endlessModel());

/** Nearly as many nodes of the IR as are read. */
const wide = model(
  onnxModel({
    inputs: [{ name: 'x', shape: [1, 4] }],
    nodes: [{ op: 'Sum', inputs: Array<string>(49_000).fill('x'), outputs: ['y'] }],
    outputs: ['y'],
  }),
);

/** A model that cannot be expressed. */
const refused = model(
  onnxModel({
    inputs: [{ name: 'x', shape: [1, 4] }],
    nodes: [{ op: 'Foo', name: 'odd', inputs: ['x'], outputs: ['y'] }],
    outputs: ['y'],
  }),
);

const { quantization } = DEFAULT_CHOICES;
const options = dataOptions(DEFAULT_CHOICES);

/** What every task gives for one small model and its pictures, and what they tell of their progress. */
async function everyTask(
  run: TaskRunner,
  samples: readonly Sample[],
  sdk: SdkPlace,
): Promise<Record<TaskName, unknown>> {
  const told: string[] = [];
  const work = { progress: (message: string, fraction?: number) => void told.push(`${message} ${fraction}`) };
  const graph = await run('readModel', small);
  const ranges = await run('measureRanges', { graph, samples, ...options }, work);
  const quantized = await run('quantizeNetwork', { graph, ranges, quantization });
  const target = { core: 'cortex-m0plus', unrollBytes: 4096 } as const;
  const bundle = await run('compileNetwork', { quantized, name: 'net', ...target, reuseInputs: false });
  const floats = await run('floatResults', { graph, samples, ...options }, work);
  const { real } = floats[0]!;
  const { placeholders } = bundle;
  const numbers = real.get('x')!;
  const placeholder = inputPlaceholder(bundle);
  const inputs = [{ placeholder, real: numbers, values: Int32Array.from(numbers) }];
  const answer = { task: 'classify' } as const;
  const network = { graph, ranges, quantized, quantization, answer, samples, ...options, labels: [] };
  const evaluated = await run('evaluateSamples', { graph, samples, ...options, labels: [] }, work);
  const toPrepare = {
    network: { quantized, placeholders, answer, keepsOutputs: true },
    samples: samples.map((sample, number) => ({ sample, number })),
    ...options,
  } as const;
  const result = {
    readModel: graph,
    lookAtModel: [await run('lookAtModel', small), await run('lookAtModel', refused)],
    readEnds: await run('readEnds', { ...small, defines: undefined }),
    samplesIn: await run('samplesIn', { files: samples, inputs: graph.inputs, ...options }),
    lookAtSamples: await run('lookAtSamples', { inputs: graph.inputs, samples, ...options }, work),
    loadSample: await run('loadSample', { inputs: graph.inputs, sample: samples[1]!, ...options }),
    measureMoments: await run('measureMoments', { inputs: graph.inputs, samples, ...options }, work),
    measureRanges: ranges,
    quantizeNetwork: quantized,
    quantizeRoughly: await run('quantizeRoughly', { graph, options, quantization }),
    compileNetwork: bundle,
    floatResults: floats,
    expectedOf: await run('expectedOf', { graph, quantized, placeholders, answer, inputs }),
    interpretNetwork: await run('interpretNetwork', {
      ...{ quantized, inputs: new Map([['x', inputs[0]!.values]]), states: new Map() },
      values: quantized.outputs,
    }),
    measureThreshold: await run(
      'measureThreshold',
      { graph: await run('readModel', same), quantized: undefined, samples, ...options },
      work,
    ),
    checkNetwork: await run('checkNetwork', network, work),
    evaluateSamples: evaluated,
    measureAccuracy: await run('measureAccuracy', { graph, quantized, answer, samples: evaluated }, work),
    prepareSamples: await run('prepareSamples', toPrepare, work),
    simulateAnswers: undefined, // test/validate does it, with firmware
    describeBoards: await run('describeBoards', { ...sdk, known: [] }, work),
  };
  assert.ok(told.includes('FRDM-OWN1 1'), told.join('; '));
  assert.ok(told.includes('2 of 3 samples 0.6666666666666666'), told.join('; '));
  return { ...result, told } as typeof result;
}

/** Threads of this process, as Node tells. */
function threads(): number {
  return (process.report.getReport() as { readonly workers: readonly unknown[] }).workers.length;
}

/** What is thrown, without its stack. */
async function errorOf(work: Promise<unknown>): Promise<UserError> {
  const error: unknown = await work.then(
    () => assert.fail('it did not fail'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof UserError, String(error));
  return error;
}

describe('tasks in a thread', () => {
  let folder = '';
  let atFirst = 0;
  before(async () => {
    atFirst = threads();
    folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-tasks-'));
    await mkdir(path.join(folder, 'pictures'));
    for (let i = 0; i < 3; i++) {
      const data = Uint8Array.from({ length: 36 }, (_, at) => (at * 41 * (i + 1)) % 256);
      await writeFile(
        path.join(folder, 'pictures', `${i}.png`),
        encodePng({ width: 6, height: 6, channels: 1, data }),
      );
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('give what they give in place', async () => {
    const samples = await findSamples([path.join(folder, 'pictures')]);
    const files = sdkWithOwnBoard('mcuxsdk');
    files.set('examples/_boards/bare/board.h', '#define BOARD_NAME "BARE"\n');
    const { root, layout } = await openSdk(await layOwnSdk(path.join(folder, 'sdk'), files));
    const all = (run: TaskRunner): Promise<unknown> => everyTask(run, samples, { root, layout });
    assert.deepEqual(await all(tasksInThread()), await all(inPlace));
  });

  it('that have done their work do the next, and hold up nobody who has none', async () => {
    // those that wait in vain behind the tests before this one end by themselves
    await until(() => threads() <= atFirst);
    const before = threads();
    const run = tasksInThread();
    for (let i = 0; i < 3; i++) {
      await run('readModel', small);
      assert.equal((await errorOf(run('readModel', model(Uint8Array.of(8))))).code, 'input');
      assert.equal(threads(), before + 1);
    }
    const abort = new AbortController();
    const work = run('readModel', small, { signal: abort.signal });
    abort.abort();
    assert.equal((await errorOf(work)).code, 'cancelled');
    assert.equal(threads(), before, 'a cancelled one ends');
    const both = [run('readModel', small), run('readModel', small)];
    assert.deepEqual(...((await Promise.all(both)) as [Graph, Graph]));
    assert.equal(threads(), before + 2);
  });

  it('refuse as they do in place, remedies and all', async () => {
    const unsupported = onnxModel({
      inputs: [{ name: 'x', shape: [1, 'N'] }],
      nodes: [{ op: 'Foo', inputs: ['x'], outputs: ['y'] }],
      outputs: ['y'],
    });
    const open = onnxModel({
      inputs: [{ name: 'x', shape: [1, 'N'] }],
      nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
      outputs: ['y'],
    });
    for (const bytes of [unsupported, open, Uint8Array.of(8)]) {
      const there = await errorOf(tasksInThread()('readModel', model(bytes)));
      const here = await errorOf(inPlace('readModel', model(bytes)));
      for (const key of ['code', 'message', 'sentence', 'remedies', 'detail'] as const)
        assert.deepEqual(there[key], here[key]);
    }
  });

  it('that do not end are ended, while everything else goes on', async () => {
    const graph = await inPlace('readModel', endless);
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const error = await errorOf(
      tasksInThread({ ms: 3000, heapMb: 512 })('quantizeRoughly', { graph, options, quantization }),
    );
    clearInterval(turning);
    assert.equal(error.message, 'The model keeps this computer busy for more than 3 seconds.');
    assert.equal(error.code, 'model');
    assert.ok(turns > 1, 'nothing else ran');
  });

  it('end when they are cancelled', async () => {
    const graph = await inPlace('readModel', endless);
    const abort = new AbortController();
    const work = tasksInThread()(
      'quantizeRoughly',
      { graph, options, quantization },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 10);
    assert.equal((await errorOf(work)).code, 'cancelled');
    const late = tasksInThread()('readModel', small, { signal: abort.signal });
    assert.equal((await errorOf(late)).code, 'cancelled');
  });

  it('say what they work on when they are ended', async () => {
    const sdk = { root: folder, layout: 'mcuxsdk', known: [] } as const;
    const error = await errorOf(tasksInThread({ ms: 1, heapMb: 512 })('describeBoards', sdk));
    assert.equal(error.message, 'The SDK keeps this computer busy for more than 0.001 seconds.');
    assert.equal(error.code, 'input');
    const files = await findSamples([path.join(folder, 'pictures')]);
    const { inputs } = await inPlace('readModel', small);
    const short = tasksInThread({ ms: 0, heapMb: 512 });
    for (const work of [
      () => short('samplesIn', { files, inputs, ...options }),
      () => short('loadSample', { inputs, sample: files[0]!, ...options }),
    ]) {
      const { message, code } = await errorOf(work());
      assert.equal(message, 'The samples keep this computer busy for more than 0 seconds.');
      assert.equal(code, 'input');
    }
  });

  it('that take more memory than they may are ended', async () => {
    const error = await errorOf(tasksInThread({ ms: 600_000, heapMb: 40 })('readModel', wide));
    assert.equal(error.message, 'The model takes more than 40 MB of memory to work on.');
  });
});
