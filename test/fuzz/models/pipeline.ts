import assert from 'node:assert/strict';
import type { Bundle } from '../../../extension/bundle/bundle.ts';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { DEFAULT_CHOICES } from '../../../extension/workflow/choices/choices.ts';
import { elements, type Graph } from '../../../extension/model/graph.ts';
import { operationsOf } from '../../../extension/model/macs.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import type { QuantizeOptions } from '../../../extension/quantize/options.ts';
import { quantize } from '../../../extension/quantize/quantize.ts';
import { type QuantizedGraph, qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { roughRanges } from '../../../extension/workflow/numbers/roughRanges.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { checkGraph } from '../../model/oracle.ts';
import { quantizeInputs } from '../../support/quantized.ts';
import { valueOrRefusal } from '../driver/promise.ts';

/** Beyond it a model is imported and no more: it is allowed, and takes as long as it says. */
const MOST_OPERATIONS = 2 ** 22;
const MOST_ELEMENTS = 2 ** 18;

/** What became of a model. */
export interface Compiled {
  readonly graph: Graph;
  readonly quantized: QuantizedGraph;
  readonly bundle: Bundle;
}

/**
 * The way of `boards --model`, without the C compiler: import, rough ranges, quantize, memory plan and C. Wherever it ends, it
 * ends with a UserError.
 * @param read imports the model
 * @returns undefined for a model that is refused, or too large to be tried whole
 */
export async function wayOf(
  read: () => Graph | Promise<Graph>,
  options: QuantizeOptions,
): Promise<Compiled | undefined> {
  const graph = await valueOrRefusal(read);
  if (!graph) return undefined;
  checkGraph(graph);
  const work = graph.nodes.reduce((n, node) => n + operationsOf(graph, node), 0);
  const size = [...graph.values.values()].reduce((n, { shape }) => n + elements(shape), 0);
  if (work > MOST_OPERATIONS || size > MOST_ELEMENTS) return undefined;
  return valueOrRefusal(() => {
    const ranges = roughRanges(graph, DEFAULT_CHOICES);
    const quantized = quantize(graph, ranges, options);
    checkResults(graph, quantized);
    const bundle = compileBundle(quantized, { name: 'fuzzed', target: targetFor('cortex-m0plus', 20_000) });
    return { graph, quantized, bundle };
  });
}

/** Every output of the integer network is a number of its type. */
function checkResults(graph: Graph, quantized: QuantizedGraph): void {
  const zeros = new Map(
    graph.inputs.map(({ name, shape }) => [name, new Float32Array(elements(shape)).fill(0.5)]),
  );
  const results = interpret(quantized, quantizeInputs(quantized, zeros));
  for (const name of quantized.outputs) {
    const { type } = qvalue(quantized, name);
    const most = type === 'int8' ? 127 : type === 'int16' ? 32767 : Number.MAX_VALUE;
    for (const v of results.get(name)!) {
      assert.ok(v >= -most - 1 && v <= most, `${name} has the value ${v}, its type is ${type}`);
    }
  }
}
