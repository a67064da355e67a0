import assert from 'node:assert/strict';
import type { Graph } from '../../extension/model/graph.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { Random } from '../support/random.ts';
import { assertOutputs, type Case, caseInputs, chainCase } from '../support/randomCase.ts';
import { renamed } from '../support/renamed.ts';

/** Names of values, constants and nodes that are the model's own. */
function namesOf({ values, constants, nodes }: Graph): Set<string> {
  return new Set([...values.keys(), ...constants.keys(), ...nodes.map((n) => n.name)]);
}

/** Names that quantizer and compiler made up for a network: values, buffers, scratch memories, operators. */
function namesMadeUp({ graph, quantized, bundle }: Case): string[] {
  const all = [
    ...quantized.values.keys(),
    ...quantized.nodes.map((n) => n.name),
    ...bundle.buffers!.map((b) => b.name),
    ...bundle.layers.map((l) => l.name),
  ];
  const own = namesOf(graph);
  return [...new Set(all)].filter((name) => !own.has(name));
}

/** Gives names that were made up to the model's own values, in a random way, until none is left. */
function hostileNames(c: Case, random: Random): (old: string) => string {
  const old = [...namesOf(c.graph)];
  const given = new Map<string, string>();
  for (const name of namesMadeUp(c)) {
    const left = old.filter((o) => !given.has(o));
    if (left.length === 0) break;
    given.set(random.pick(left), name);
  }
  return (name) => given.get(name) ?? name;
}

describe('names that are made up', () => {
  const SEEDS = Number(process.env['GLOWPORT_SEEDS'] ?? 8) * 4;

  it("never meet a model's own: a network computes the same when its values have the names that we would make up", () => {
    const cases = Array.from({ length: SEEDS }, (_, seed) => {
      const random = new Random(seed);
      let change = (graph: Graph): Graph => graph;
      let c = chainCase(seed);
      // the second time with what is made up where the first names are taken
      for (let round = 0; round < 2; round++) {
        const name = hostileNames(c, random);
        const before = change;
        change = (graph) => renamed(before(graph), name);
        const next = chainCase(seed, change);
        const { values } = caseInputs(c, new Random(seed));
        const moved = new Map([...values].map(([input, v]) => [name(input), v]));
        const [expected, got] = [interpret(c.quantized, values), interpret(next.quantized, moved)];
        for (const output of c.graph.outputs)
          assert.deepEqual(got.get(name(output)), expected.get(output), c.label);
        c = next;
      }
      return c;
    });
    const models = new CompiledModels(cases.map((c) => c.bundle));
    for (const c of cases) {
      const { values, bytes } = caseInputs(c, new Random(1));
      assertOutputs(c, values, models.run(c.bundle, bytes).outputs);
    }
  });
});
