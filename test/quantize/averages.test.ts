import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import type { Graph, PoolNode } from '../../extension/model/graph.ts';
import { NO_PADS, type Pads } from '../../extension/model/window.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { type QuantizedGraph, qvalue } from '../../extension/quantize/quantizedGraph.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { dequantizeAll, fromBytes, quantizeInputs, toBytes } from '../support/quantized.ts';

/** An average over a whole map, with a window that may reach far beyond it. */
function average(height: number, width: number, kernel: readonly [number, number], pads: Pads): Graph {
  const pool: PoolNode = {
    ...{ kind: 'avgpool', name: 'mean', inputs: ['x'], output: 'y', countIncludePad: false },
    ...{ kernel, pads, strides: [1, 1], dilations: [1, 1] },
  };
  const x = { name: 'x', shape: [1, height, width, 1] };
  const y = { name: 'y', shape: [1, 1, 1, 1] };
  return {
    ...{ name: 'net', inputs: [x], outputs: ['y'], states: [], constants: new Map(), nodes: [pool] },
    values: new Map([
      ['x', x],
      ['y', y],
    ]),
  };
}

/** The map's first element is `low`, all others are `high`. */
function data(graph: Graph, low: number, high: number): Map<string, Float32Array> {
  const [, h, w] = graph.inputs[0]!.shape as [number, number, number];
  const x = new Float32Array(h * w).fill(high);
  x[0] = low;
  return new Map([['x', x]]);
}

function quantizedBy(
  graph: Graph,
  input: Map<string, Float32Array>,
  options: Partial<QuantizeOptions>,
): QuantizedGraph {
  return quantize(graph, profile(graph, [input]), { ...DEFAULT_QUANTIZE_OPTIONS, ...options });
}

describe('average pooling over many elements', () => {
  it('is exact up to the last count whose sum fits 32 bits, and refused beyond it', () => {
    for (const [precision, low] of [
      ['int8', -1],
      ['int16', -1],
      ['int16', 0],
    ] as const) {
      const small = average(1, 2, [1, 2], NO_PADS);
      const x = qvalue(quantizedBy(small, data(small, low, 1), { precision }), 'x');
      const most = Math.floor((2 ** 31 - 2 ** 24) / Math.max(x.hi - x.offset, x.offset - x.lo));
      const graph = average(1, most, [1, most], NO_PADS);
      const input = data(graph, low, 1);
      const quantized = quantizedBy(graph, input, { precision });
      const y = qvalue(quantized, 'y');
      const integers = quantizeInputs(quantized, input);
      const result = interpret(quantized, integers).get('y')!;
      const [got] = dequantizeAll(result, y);
      const expected = evaluate(graph, input).get('y')![0]!;
      assert.ok(Math.abs(got! - expected) < 1.5 * y.scale, `${precision}: ${got} for ${expected}`);
      if (precision === 'int16') {
        const bundle = compileBundle(quantized, { name: 'net', target: targetFor('cortex-m0plus') });
        const run = new CompiledModels([bundle]).run(
          bundle,
          new Map([['x', toBytes(integers.get('x')!, precision)]]),
        );
        assert.deepEqual(fromBytes(run.outputs.get('y')!, precision), Array.from(result));
      }
      const tooLarge = average(1, most + 1, [1, most + 1], NO_PADS);
      assert.throws(
        () => quantizedBy(tooLarge, data(tooLarge, low, 1), { precision }),
        (e: unknown) =>
          e instanceof UserError &&
          e.code === 'model' &&
          e.message ===
            `'mean' averages over ${most + 1} values; the sum of at most ${most} of type ${precision} fits 32 bits.`,
      );
    }
  });

  it('of a window far larger than the map takes the counts that occur, and no others', () => {
    const side = 40_000;
    const graph = average(5, 4, [side, side], { top: side - 5, bottom: 0, left: side - 4, right: 0 });
    const quantized = quantizedBy(graph, data(graph, -1, 1), { precision: 'int8' });
    const [pool] = quantized.nodes;
    assert.ok(pool?.kind === 'avgpool');
    assert.deepEqual([...pool.requantByCount.keys()], [20]);
  });
});
