import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../../extension/common/resources.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { type Floats, statesAfter } from '../../../extension/model/evaluate/states.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { checkGraph } from '../oracle.ts';

const folder = path.join(productRoot, 'test/model/tflite/float');
const shared = path.join(productRoot, '../shared/models');

interface End {
  readonly name: string;
  readonly shape: readonly number[];
  /** Little-endian float32 in base64. */
  readonly runs: readonly string[];
}

const largest = (runs: readonly ArrayLike<number>[]): number =>
  Math.max(...runs.flatMap((run) => Array.from(run, Math.abs)));

/** Largest difference, of the range of what is expected: what two orders of summation make. */
const TOLERANCE = 1e-5;

/** @param range the largest number of all runs */
function assertNear(found: Float32Array, expected: ArrayLike<number>, range: number, what: string): void {
  assert.equal(found.length, expected.length, what);
  for (const [i, v] of found.entries()) {
    assert.ok(Math.abs(v - expected[i]!) <= TOLERANCE * range, `${what}[${i}] is ${v}, not ${expected[i]}`);
  }
}

describe('model/tflite: what TensorFlow Lite Micro computes in float', () => {
  const goldens = JSON.parse(readFileSync(path.join(folder, 'goldens.json'), 'utf8')) as Readonly<
    Record<string, { readonly inputs: readonly End[]; readonly outputs: readonly End[] }>
  >;
  const floats = (run: string): Float32Array =>
    new Float32Array(Uint8Array.from(Buffer.from(run, 'base64')).buffer);
  const names = readdirSync(folder).flatMap((f) => (f.endsWith('.tflite') ? [f.slice(0, -7)] : []));

  it('is there for every model', () => assert.deepEqual(names.toSorted(), Object.keys(goldens).toSorted()));

  for (const name of names) {
    it(name, () => {
      const bytes = new Uint8Array(readFileSync(path.join(folder, `${name}.tflite`)));
      const graph = finished(importTflite(bytes, { name }));
      checkGraph(graph);
      const { inputs, outputs } = goldens[name]!;
      const shapes = (ends: readonly { name: string; shape: readonly number[] }[]) =>
        ends.map((e) => [e.name, ...e.shape]);
      assert.deepEqual(shapes(graph.inputs), shapes(inputs));
      assert.deepEqual(shapes(graph.outputs.map((o) => graph.values.get(o)!)), shapes(outputs));
      for (const run of inputs[0]!.runs.keys()) {
        const results = evaluate(graph, new Map(inputs.map((i) => [i.name, floats(i.runs[run]!)])));
        for (const { name: output, runs } of outputs) {
          const expected = runs.map(floats);
          assertNear(results.get(output)!, expected[run]!, largest(expected), `run ${run} of ${output}`);
        }
      }
    });
  }

  it('with the state that the run before left', () => {
    const streams = JSON.parse(readFileSync(path.join(folder, 'streams.json'), 'utf8')) as Readonly<
      Record<string, Readonly<Record<string, readonly string[]>>>
    >;
    for (const [name, kept] of Object.entries(streams)) {
      const bytes = new Uint8Array(readFileSync(path.join(folder, `${name}.tflite`)));
      const graph = finished(importTflite(bytes, { name }));
      const { inputs } = goldens[name]!;
      let states: Floats | undefined;
      for (const run of inputs[0]!.runs.keys()) {
        const given = new Map(inputs.map((i) => [i.name, floats(i.runs[run]!)]));
        const results = evaluate(graph, given, states);
        states = statesAfter(graph, results);
        for (const [output, runs] of Object.entries(kept)) {
          const expected = runs.map(floats);
          assertNear(results.get(output)!, expected[run]!, largest(expected), `run ${run} of ${name}`);
        }
      }
    }
  });

  it('and the public float models of a collection', function () {
    if (!existsSync(shared)) this.skip();
    let compared = 0;
    for (const file of readdirSync(path.join(shared, 'golden'))) {
      const name = file.replace(/\.json$/, '.tflite');
      if (!existsSync(path.join(shared, 'files', name))) continue;
      const golden = JSON.parse(readFileSync(path.join(shared, 'golden', file), 'utf8')) as Public;
      if (golden.compare !== 'float') continue;
      const bytes = new Uint8Array(readFileSync(path.join(shared, 'files', name)));
      const graph = finished(importTflite(bytes, { name }));
      for (const run of golden.inputs[0]!.data.keys()) {
        const given = golden.inputs.map((i) => [i.name, Float32Array.from(i.data[run]!, Number)] as const);
        const results = evaluate(graph, new Map(given));
        for (const { name: output, data } of golden.outputs) {
          const expected = data.map((values) => values.map(Number));
          assertNear(results.get(output)!, expected[run]!, largest(expected), `${file}, run ${run}`);
        }
      }
      compared++;
    }
    assert.ok(compared > 0);
  });
});

interface Public {
  readonly compare: string;
  readonly inputs: readonly PublicEnd[];
  readonly outputs: readonly PublicEnd[];
}

interface PublicEnd {
  readonly name: string;
  readonly data: readonly (readonly (number | string)[])[];
}
