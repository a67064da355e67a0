import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import type { Shape } from '../../extension/model/graph.ts';
import { type AnsweringNetwork, chosenAnswer, type End, taskOf } from '../../extension/workflow/data/task.ts';

const network = (
  output: Shape,
  end: End = 'unknown',
  inputs: Shape[] = [[1, 28, 28, 1]],
): AnsweringNetwork => ({
  inputs,
  output: { name: 'out', shape: output },
  end,
});

describe('what a network answers', () => {
  it('is told from its output', () => {
    const cases: [AnsweringNetwork, string][] = [
      [network([1, 10]), 'classify'],
      [network([1, 1, 1, 10]), 'classify'],
      [network([1], 'position'), 'classify'],
      [network([1, 80, 80], 'position'), 'raw'],
      [network([1, 1]), 'regress'],
      [network([1, 1], 'sigmoid'), 'regress'],
      [network([1, 28, 28, 1]), 'anomaly'],
      [network([28, 28]), 'anomaly'],
      [network([1, 640], 'other', [[1, 640]]), 'anomaly'],
      [network([1, 10], 'softmax', [[1, 10]]), 'classify'],
      [
        network([1, 10], 'other', [
          [1, 10],
          [1, 10],
        ]),
        'classify',
      ],
      [network([1, 80, 80, 2]), 'raw'],
      [network([1, 784]), 'classify'],
    ];
    for (const [n, task] of cases) assert.equal(taskOf(n, 'auto'), task, n.output.shape.join());
  });

  it('is the choice, where that can be', () => {
    assert.equal(taskOf(network([1, 28, 28, 1]), 'raw'), 'raw');
    assert.equal(taskOf(network([1, 4]), 'regress'), 'regress');
    assert.equal(taskOf(network([1, 5], 'other', [[1, 5]]), 'classify'), 'classify');
    const refused: [AnsweringNetwork, 'classify' | 'regress' | 'anomaly', RegExp][] = [
      [network([1, 80, 80, 2]), 'classify', /Output 'out' \(1 x 80 x 80 x 2\) is no list of classes/],
      [network([1, 1]), 'classify', /is no list/],
      [network([1, 80], 'position'), 'classify', /is no list/],
      [network([1], 'position'), 'regress', /positions/],
      [network([1, 27, 28, 1]), 'anomaly', /not shaped like the input \(1 x 28 x 28 x 1\)/],
      [
        network([1, 5], 'other', [
          [1, 5],
          [1, 2],
        ]),
        'anomaly',
        /has 2 inputs/,
      ],
    ];
    for (const [n, task, why] of refused) {
      assert.throws(
        () => taskOf(n, task),
        (e) => e instanceof UserError && e.code === 'usage' && why.test(e.message) && e.remedies.length > 0,
      );
    }
  });

  it('has a threshold where it is an anomaly', () => {
    const image = network([1, 28, 28, 1]);
    assert.deepEqual(chosenAnswer(image, { task: 'auto', threshold: 0.5 }), {
      task: 'anomaly',
      threshold: { value: 0.5, basis: 'chosen', samples: 0 },
    });
    assert.deepEqual(chosenAnswer(image, { task: 'auto', threshold: undefined }), { task: 'anomaly' });
    assert.throws(() => chosenAnswer(network([1, 10]), { task: 'auto', threshold: 0.5 }), /task classify/);
  });
});
