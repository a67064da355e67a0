import assert from 'node:assert/strict';
import type { Graph, RecurrentNode } from '../../extension/model/graph.ts';
import { NetworkMaker } from '../support/network.ts';
import { Random } from '../support/random.ts';
import { GraphMaker, randomInputs } from '../support/randomGraph.ts';
import { outputSqnr } from '../support/sqnr.ts';

describe('precision', () => {
  /** What 8 more bits are worth at most: 48 dB. The accumulator's 32 bits take some of it where a layer has many taps. */
  const WORTH = 25;

  it(`int16 is nearer to float than int8 by ${WORTH} dB and more, in layers of up to 100 taps with biases`, () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = new Random(seed);
      const net = new NetworkMaker(random, [1, random.int(5, 12), random.int(5, 12), random.int(1, 4)]);
      for (let n = random.int(1, 3); n > 0; n--) {
        net.conv(random.int(1, 8), { kernel: random.pick([[3, 3], [1, 1]]), depthwise: random.bool(0.3) }); // prettier-ignore
      }
      net.conv(2, { kernel: [1, 1] });
      if (random.bool()) net.dense(random.int(1, 6));
      const graph = net.finish('net');
      const samples = Array.from({ length: 8 }, () => randomInputs(graph, random));
      const int8 = outputSqnr(graph, { precision: 'int8' }, samples);
      const int16 = outputSqnr(graph, { precision: 'int16' }, samples);
      assert.ok(
        int16 - int8 > WORTH,
        `seed ${seed}: int16 ${int16.toFixed(1)} dB, int8 ${int8.toFixed(1)} dB`,
      );
    }
  });

  /** Of a hundred time steps, each fed with the last one's error. */
  const RECURRENT = { int8: 30, int16: 55 };

  it(`recurrent layers keep ${RECURRENT.int8} dB with int8 and ${RECURRENT.int16} dB with int16 after 100 time steps`, () => {
    for (const kind of ['lstm', 'gru', 'rnn'] as const) {
      for (let seed = 0; seed < 6; seed++) {
        const random = new Random(seed);
        const maker = new GraphMaker(random);
        const graph = maker.finish([maker.append(kind, maker.input([1, 100, random.int(1, 12)]))]);
        const samples = Array.from({ length: 4 }, () => randomInputs(graph, random));
        for (const precision of ['int8', 'int16'] as const) {
          const sqnr = outputSqnr(graph, { precision }, samples);
          assert.ok(sqnr > RECURRENT[precision], `${kind} ${seed}: ${precision} ${sqnr.toFixed(1)} dB`);
        }
      }
    }
  });

  it('a GRU that changes by less than an int8 step at a time still moves', () => {
    const bias = Float32Array.of(5, 0, 0); // the update gate keeps 99.3 %
    const node: RecurrentNode = {
      ...{ kind: 'recurrent', name: 'gru', inputs: ['x'], output: 'y' },
      ...{ cell: 'gru', units: 1, resetAfter: true, backward: false, sequence: 'last' },
      ...{ weights: Float32Array.of(0, 0, 1), recurrentWeights: new Float32Array(3), bias },
      recurrentBias: new Float32Array(3),
      ...{ gate: { type: 'sigmoid' }, candidate: { type: 'tanh' }, outputFunction: { type: 'tanh' } },
    };
    const values = [
      { name: 'x', shape: [1, 200, 1] },
      { name: 'y', shape: [1, 1] },
    ];
    const graph: Graph = {
      ...{
        name: 'slow',
        inputs: [values[0]!],
        outputs: ['y'],
        states: [],
        constants: new Map(),
        nodes: [node],
      },
      values: new Map(values.map((v) => [v.name, v])),
    };
    const samples = [0.3, -0.5, 1].map((v) => new Map([['x', new Float32Array(200).fill(v)]]));
    const sqnr = outputSqnr(graph, { precision: 'int8' }, samples);
    assert.ok(sqnr > 35, `${sqnr.toFixed(1)} dB`);
  });
});
