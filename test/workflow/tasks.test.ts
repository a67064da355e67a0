import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { inPlace, type TaskInput, type TaskRunner } from '../../extension/workflow/tasks/tasks.ts';
import { tasksInThread } from '../../extension/workflow/tasks/thread.ts';
import { onnxModel } from '../model/onnxBuilder.ts';

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

/** Some 2^35 operations: minutes. */
const endless = model(
  onnxModel({
    inputs: [{ name: 'x', shape: [1, 1, 600, 600] }],
    nodes: [
      {
        op: 'AveragePool',
        inputs: ['x'],
        outputs: ['y'],
        attributes: { kernel_shape: { ints: [301, 301] }, pads: { ints: [150, 150, 150, 150] } },
      },
    ],
    outputs: ['y'],
  }),
);

/** Nearly as many nodes of the IR as are read. */
const wide = model(
  onnxModel({
    inputs: [{ name: 'x', shape: [1, 4] }],
    nodes: [{ op: 'Sum', inputs: Array<string>(49_000).fill('x'), outputs: ['y'] }],
    outputs: ['y'],
  }),
);

const { image, quantization } = DEFAULT_CHOICES;

async function network(run: TaskRunner, of: Model): Promise<unknown[]> {
  const graph = await run('readModel', of);
  const quantized = await run('quantizeRoughly', { graph, image, quantization });
  const target = { core: 'cortex-m0plus', unrollBytes: 4096 } as const;
  const bundle = await run('compileNetwork', { quantized, name: 'net', ...target, reuseInputs: false });
  return [graph, quantized, bundle];
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
  it('give what they give in place', async () => {
    assert.deepEqual(await network(tasksInThread(), small), await network(inPlace, small));
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
      tasksInThread({ ms: 3000, heapMb: 512 })('quantizeRoughly', { graph, image, quantization }),
    );
    clearInterval(turning);
    assert.equal(error.message, 'The model keeps this computer busy for more than 3 seconds.');
    assert.equal(error.code, 'model');
    assert.ok(turns > 1, 'nothing else ran');
  });

  it('end when they are cancelled', async () => {
    const graph = await inPlace('readModel', endless);
    const abort = new AbortController();
    const work = tasksInThread()('quantizeRoughly', { graph, image, quantization }, abort.signal);
    setTimeout(() => abort.abort(), 10);
    assert.equal((await errorOf(work)).code, 'cancelled');
    const late = tasksInThread()('readModel', small, abort.signal);
    assert.equal((await errorOf(late)).code, 'cancelled');
  });

  it('that take more memory than they may are ended', async () => {
    const error = await errorOf(tasksInThread({ ms: 600_000, heapMb: 40 })('readModel', wide));
    assert.equal(error.message, 'The model takes more than 40 MB of memory to work on.');
  });
});
