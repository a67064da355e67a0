import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { OPERATORS } from '../../../extension/model/formats/onnx/operators.ts';
import { onnxType } from '../../../extension/model/formats/onnx/proto.ts';
import { UserError } from '../../../extension/common/error.ts';
import { onnxModel } from '../../model/onnxBuilder.ts';
import { LAYERS, NEAR, ON_HALVES, randomLayer } from '../../quantize/onnx/layers.ts';
import { fileAgrees } from '../../model/oracle.ts';
import { HostModels } from '../../support/hostModels.ts';
import { importedOnnx } from '../../support/importedOnnx.ts';
import { Random } from '../../support/random.ts';
import { assertOutputs, caseInputs, randomOptions } from '../../support/randomCase.ts';
import type { Case, Fuzzer } from '../driver/fuzzer.ts';
import { mutated } from '../driver/mutate.ts';
import { mutatedMessage } from '../driver/protobuf.ts';
import { randomModel } from './randomModel.ts';
import { wayOf } from './pipeline.ts';

/** Strings that the format gives a meaning, beside the operators. */
const WORDS = [
  ...OPERATORS.keys(),
  ...[
    'Loop',
    'If',
    'QuantizeLinear',
    'ai.onnx',
    'com.microsoft',
    'SAME_UPPER',
    'VALID',
    'NOTSET',
    'reflect',
    '',
  ],
  ...[
    'axis',
    'axes',
    'pads',
    'strides',
    'kernel_shape',
    'dilations',
    'group',
    'perm',
    'alpha',
    'to',
    'value',
  ],
  ...['x', 'x_quantized', 'input_bordered', 'scratch 0', '__proto__', 'constructor', '*/', '\u202e', '模型'],
];
/** How often C is compiled as well, which takes a thousand times as long. */
const COMPILED = 0.002;

/**
 * ONNX files: random models with their fields and bytes changed go the way to C; random models unchanged are compared with
 * onnxruntime, and some of their C with the integer network under the sanitizers of the PC's compiler.
 */
export const models: Fuzzer = {
  name: 'models',
  short: 40,
  open: () => {
    const example = new Uint8Array(
      readFileSync(new URL('../../../examples/mnist/mnist.onnx', import.meta.url)),
    );
    const type = onnxType('ModelProto');
    const make = (random: Random): Case => {
      const isQuantized = random.bool(0.25);
      const valid = isQuantized ? quantizedModel(random) : onnxModel(randomModel(random));
      if (!isQuantized && random.bool(0.1)) return unchanged(random, valid);
      const donor = onnxModel(randomModel(random));
      const ofBytes = { corpus: [valid, valid, donor, example] };
      const input = random.bool(0.75)
        ? mutatedMessage(random, type, valid, donor, WORDS)
        : mutated(random, ofBytes);
      const options = randomOptions(random);
      return { label: 'a changed model', input, check: () => wayOf(imported(input), options) };
    };
    return Promise.resolve(make);
  },
};

/** A layer as quantizers write them; test/quantize/onnx/ tells that it computes what it should. */
function quantizedModel(random: Random): Uint8Array {
  const form = random.pick(['qdq', 'qoperator'] as const);
  return onnxModel(randomLayer(random.pick(QUANTIZED), form, random.int(0, 1_000_000)).spec);
}

const QUANTIZED = [LAYERS, ON_HALVES, NEAR].flatMap((layers) => Object.values(layers));

const imported = (bytes: Uint8Array) => () => importedOnnx(bytes, { name: 'fuzzed' });

function unchanged(random: Random, input: Uint8Array): Case {
  if (random.bool(1 - COMPILED * 10)) {
    return { label: 'a model beside onnxruntime', input, check: () => agreesWithOnnxruntime(input) };
  }
  const options = randomOptions(random);
  return {
    label: 'a compiled model',
    input,
    check: async () => {
      const way = await wayOf(imported(input), options);
      if (way) runsAsInterpreted({ ...way, label: 'fuzzed', options }, random);
    },
  };
}

/** What both take, they compute alike; what one refuses says nothing of the other. */
async function agreesWithOnnxruntime(bytes: Uint8Array): Promise<void> {
  try {
    await fileAgrees(bytes, { tolerance: 1e-3 });
  } catch (e) {
    if (e instanceof assert.AssertionError) throw e;
    if (!(e instanceof UserError) && !isOfOnnxruntime(e)) throw e;
  }
}

function isOfOnnxruntime(e: unknown): boolean {
  return e instanceof Error && /onnxruntime/.test(e.stack ?? '');
}

function runsAsInterpreted(c: Parameters<typeof assertOutputs>[0], random: Random): void {
  const compiled = new HostModels([c.bundle]);
  try {
    const runs = Array.from({ length: 4 }, () => caseInputs(c, random));
    const outputs = compiled.run(runs.map(({ bytes }) => ({ bundle: c.bundle, inputs: bytes })));
    runs.forEach(({ values }, i) => assertOutputs(c, values, outputs[i]!));
  } finally {
    compiled.remove();
  }
}
