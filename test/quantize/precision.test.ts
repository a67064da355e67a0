import assert from 'node:assert/strict';
import { NetworkMaker } from '../support/network.ts';
import { Random } from '../support/random.ts';
import { randomInputs } from '../support/randomGraph.ts';
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
});
