import assert from 'node:assert/strict';
import { GraphBuilder } from '../../extension/model/builder.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import { OutcomeList, preparedSample } from '../../extension/workflow/numbers/validatedNetwork.ts';
import { MOST_LISTED } from '../../webview/shared/validation.ts';

/** A network that gives out its input, doubled. */
function network(keepsOutputs: boolean) {
  const b = new GraphBuilder();
  b.input({ name: 'x', shape: [1, 2] });
  b.constant('two', [1], Float32Array.of(2));
  const clamp = { min: -Infinity, max: Infinity };
  const y = b.node({ kind: 'mul', name: 'y', inputs: ['x', 'two'], clamp }, 'y', [1, 2]);
  const graph = b.finish('doubled', [y]);
  const inputs = new Map([['x', Float32Array.of(-1, 1)]]);
  const quantized = quantize(graph, profile(graph, [inputs]), DEFAULT_QUANTIZE_OPTIONS);
  const { placeholders } = compileBundle(quantized, {
    name: 'doubled',
    target: targetFor('cortex-m0plus', 1024),
  });
  return { inputs, validated: { quantized, placeholders, answer: { task: 'raw' } as const, keepsOutputs } };
}

/** What becomes of samples for all of which a board answers wrong, or right. */
function outcomes(count: number, isWrong: boolean, keepsOutputs: boolean) {
  const { inputs, validated } = network(keepsOutputs);
  const list = new OutcomeList(validated);
  for (let number = 0; number < count; number++) {
    const sample = { path: 'any.npz', row: number, label: undefined };
    const prepared = preparedSample(validated, { sample, number }, inputs);
    const outputs = isWrong ? prepared.pc.map((byte) => byte ^ 1) : prepared.pc;
    list.add(prepared, { number, timeUs: 5, outputs });
  }
  return list.outcomes;
}

describe('what is kept of the samples of a validation', () => {
  it('of those that differ both outputs, for as many as are listed, so that a faulty board fills no memory', () => {
    const found = outcomes(MOST_LISTED + 50, true, false);
    assert.equal(found.length, MOST_LISTED + 50);
    assert.ok(found.every((o) => !o.isEqual && o.timeUs === 5));
    const kept = found.map((o) => o.outputs !== undefined && o.pc !== undefined);
    assert.deepEqual(kept, [...Array(MOST_LISTED).fill(true), ...Array(50).fill(false)]);
    const [{ outputs, pc }] = found as [(typeof found)[number]];
    assert.notDeepEqual(outputs, pc);
  });

  it('of all of them where outputs are wanted, and of none that is equal where they are not', () => {
    assert.ok(outcomes(MOST_LISTED + 1, true, true).every((o) => o.outputs && o.pc));
    assert.ok(outcomes(3, false, true).every((o) => o.isEqual && o.outputs && !o.pc));
    assert.ok(outcomes(3, false, false).every((o) => o.isEqual && !o.outputs && !o.pc));
  });
});
