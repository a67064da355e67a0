import { spawnSync } from 'node:child_process';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { HostModels } from '../support/hostModels.ts';
import { Random } from '../support/random.ts';
import { assertOutputs, type Case, caseInputs } from '../support/randomCase.ts';
import { GraphMaker, randomInputs } from '../support/randomGraph.ts';

/** Weights are larger by this than where ranges are measured: every sum, function and state saturates at run time. */
const LOUDER = 40;

function scaled(graph: Graph, factor: number): Graph {
  const times = (data: Float32Array): Float32Array => data.map((v) => v * factor);
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
      node.kind === 'recurrent'
        ? { ...node, weights: times(node.weights), recurrentWeights: times(node.recurrentWeights), bias: times(node.bias) } // prettier-ignore
        : node,
    ),
  };
}

function saturatedCase(kind: 'lstm' | 'gru' | 'rnn', seed: number): Case {
  const r = new Random(seed);
  const maker = new GraphMaker(r);
  const quiet = maker.finish([maker.append(kind, maker.input([1, 30, r.int(1, 8)]))]);
  const ranges = profile(quiet, [randomInputs(quiet, r)]);
  const graph = scaled(quiet, LOUDER);
  const options = { ...DEFAULT_QUANTIZE_OPTIONS, precision: seed % 2 === 0 ? 'int8' : 'int16' } as const;
  const quantized = quantize(graph, ranges, options);
  const name = `loud_${kind}_${seed}`;
  const bundle = compileBundle(quantized, {
    name,
    target: targetFor('cortex-m0plus', 0),
    reuseInputs: false,
  });
  return { label: name, graph, options, quantized, bundle };
}

describe('recurrent layers that are driven far beyond what was measured', () => {
  const cases = (['lstm', 'gru', 'rnn'] as const).flatMap((kind) =>
    [0, 1, 2, 3, 4, 5].map((seed) => saturatedCase(kind, seed)),
  );

  it('saturate alike in the interpreter and on the simulated core', () => {
    const models = new CompiledModels(cases.map((c) => c.bundle));
    for (const c of cases) {
      const { values, bytes } = caseInputs(c, new Random(1));
      assertOutputs(c, values, models.run(c.bundle, bytes).outputs);
    }
  });

  it("compute nothing that C leaves undefined, under gcc's sanitizers", function () {
    if (spawnSync('gcc', ['--version']).error) {
      console.log('      gcc is not installed: skipped (apt-get install gcc libc6-dev)');
      return this.skip();
    }
    const models = new HostModels(cases.map((c) => c.bundle));
    try {
      const runs = cases.map((c) => ({ c, bundle: c.bundle, ...caseInputs(c, new Random(2)) }));
      const outputs = models.run(runs.map(({ bundle, bytes }) => ({ bundle, inputs: bytes })));
      runs.forEach(({ c, values }, i) => assertOutputs(c, values, outputs[i]!));
    } finally {
      models.remove();
    }
  });
});
