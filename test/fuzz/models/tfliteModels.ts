import { readdirSync, readFileSync } from 'node:fs';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { tfliteEnds } from '../../../extension/model/formats/tflite/ends.ts';
import { randomTflite } from '../../model/tflite/randomTflite.ts';
import { delayLine, randomLstm, randomSvdf } from '../../model/tflite/statefulSpecs.ts';
import {
  type LevelSpec,
  type TfliteOperatorSpec,
  tfliteModel,
  type TfliteSpec,
  type TfliteTensorSpec,
  WRITTEN,
} from '../../model/tflite/writer.ts';
import { Random } from '../../support/random.ts';
import { randomOptions } from '../../support/randomCase.ts';
import type { Case, Fuzzer } from '../driver/fuzzer.ts';
import { edge, mutated } from '../driver/mutate.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { wayOf } from './pipeline.ts';

const FLOATS = [0, -0, 1, -1, 1e-45, 1e-38, 3e38, Infinity, -Infinity, NaN, 0.5];
const NAMES = ['', 'x', '__proto__', 'constructor', '*/', '\u202e', '\u0000', '模型', ';', 'a'.repeat(3000)];
const CUSTOM = ['FlexErf', 'NeutronGraph', 'ethos-u', 'TFLite_Detection_PostProcess', '*/', '\u0007'];

/** A network that keeps a state. */
function stateful(random: Random): TfliteSpec {
  const type = random.pick(['FLOAT32', 'INT8'] as const);
  return random.pick([
    () => randomLstm(random, random.pick(['INT8', 'INT16'])),
    () => randomSvdf(random),
    () => delayLine({ type }),
    () => delayLine({ type, initial: new Array<number>(12).fill(1) }),
  ])();
}

/**
 * TensorFlow Lite files: random models with their tensors, operators and options changed, or their bytes, go the way to C. That
 * what is valid computes what it should is told elsewhere (test/model/tflite/random.test.ts).
 */
export const tfliteModels: Fuzzer = {
  name: 'tflite',
  short: 60,
  open: () => {
    // quantized ones of every operator
    const folder = new URL('../../quantize/tflite/golden/', import.meta.url);
    const quantized = readdirSync(folder)
      .filter((name) => name.endsWith('.tflite'))
      .map((name) => new Uint8Array(readFileSync(new URL(name, folder))));
    const make = (random: Random): Case => {
      const spec = random.bool(0.2) ? stateful(random) : randomTflite(random);
      const structured = random.bool(0.6);
      const input = structured
        ? tfliteModel(changedSpec(random, spec))
        : mutated(random, {
            corpus: [
              tfliteModel(spec),
              random.pick(quantized),
              tfliteModel(randomTflite(random)),
              random.pick(quantized),
            ],
          });
      const options = randomOptions(random);
      return {
        label: 'a changed TensorFlow Lite model',
        input,
        check: async () => {
          await valueOrRefusal(() => tfliteEnds(input));
          await wayOf(() => finished(importTflite(input, { name: 'fuzzed' })), options);
        },
      };
    };
    return Promise.resolve(make);
  },
};

/** A model with a few of its parts changed: still a flatbuffer, of another meaning. */
function changedSpec(random: Random, valid: TfliteSpec): TfliteSpec {
  const spec = structuredClone(valid);
  for (let n = random.pick([1, 1, 1, 2, 2, 3, 5]); n > 0; n--) {
    const change = random.int(0, 9);
    if (change < 4 && spec.operators.length > 0) changeOperator(random, random.pick(spec.operators), spec);
    else if (change < 8) changeTensor(random, random.pick(spec.tensors), spec);
    else changeNetwork(random, spec);
  }
  return spec;
}

function changeOperator(random: Random, operator: TfliteOperatorSpec, { tensors }: TfliteSpec): void {
  switch (random.int(0, 5)) {
    case 0:
      operator.op = random.bool(0.9) ? random.pick(WRITTEN) : random.pick(CUSTOM);
      return;
    case 1:
      operator.inputs = changedList(random, operator.inputs, () => anyTensor(random, tensors));
      return;
    case 2:
      operator.outputs = changedList(random, operator.outputs, () => anyTensor(random, tensors));
      return;
    case 3:
      operator.optionsType = random.int(0, 126);
      return;
    default: {
      const options = (operator.options ??= {});
      const name = random.pick([...Object.keys(options), 'activation', 'axis', 'padding']);
      const value = options[name];
      options[name] = Array.isArray(value)
        ? changedList(random, value, () => number(random))
        : random.pick([number(random), random.int(-3, 6), random.pick(FLOATS)]);
    }
  }
}

function changeTensor(random: Random, tensor: TfliteTensorSpec, { tensors }: TfliteSpec): void {
  switch (random.int(0, 8)) {
    case 0:
    case 1:
      tensor.shape = changedList(random, tensor.shape, () =>
        random.pick([number(random), random.int(-1, 9)]),
      );
      return;
    case 2:
      tensor.type = random.pick(['FLOAT32', 'FLOAT16', 'INT32', 'UINT8', 'INT64', 'BOOL', 'INT16', 'INT8', 'INT4', 'STRING']); // prettier-ignore
      return;
    case 3:
      tensor.data = tensor.data && changedList(random, tensor.data, () => random.pick([...FLOATS, number(random)]).valueOf() || 0); // prettier-ignore
      return;
    case 4:
      tensor.scales = changedList(random, tensor.scales ?? [0.1], () => random.pick([...FLOATS, 0.01]));
      return;
    case 5:
      tensor.zeroPoints = changedList(random, tensor.zeroPoints ?? [0], () => number(random));
      tensor.dimension = random.int(-2, 5);
      return;
    case 6:
      tensor.name = random.bool() ? random.pick(NAMES) : random.pick(tensors).name!;
      return;
    case 7:
      tensor.signature = changedList(random, tensor.signature ?? tensor.shape, () =>
        random.pick([-1, number(random)]),
      );
      tensor.isVariable = random.bool();
      return;
    default: {
      const sparsity = (tensor.sparsity ??= {
        order: [0, 1],
        blockMap: [],
        levels: [{ size: 2 }, { size: 2 }],
      });
      const part = random.pick(['order', 'blockMap', 'levels'] as const);
      if (part === 'levels') sparsity.levels = changedLevels(random, sparsity.levels);
      else sparsity[part] = changedList(random, sparsity[part], () => random.int(-1, 4));
    }
  }
}

function changedLevels(random: Random, levels: readonly LevelSpec[]): LevelSpec[] {
  const changed = levels.map((level): LevelSpec => {
    if (level.size !== undefined) return { size: random.bool() ? level.size : number(random) };
    const list = (old: number[] | undefined) =>
      random.bool()
        ? (old ?? [])
        : changedList(random, old ?? [], () => random.pick([number(random), random.int(0, 9)]));
    return { segments: list(level.segments), indices: list(level.indices), bytes: random.pick([1, 2, 4]) };
  });
  return random.bool(0.8) ? changed : changed.slice(1);
}

function changeNetwork(random: Random, spec: TfliteSpec): void {
  const { operators, tensors } = spec;
  switch (random.int(0, 5)) {
    case 0:
      spec.inputs = changedList(random, spec.inputs, () => anyTensor(random, tensors));
      return;
    case 1:
      spec.outputs = changedList(random, spec.outputs, () => anyTensor(random, tensors));
      return;
    case 2:
      operators.splice(random.int(0, operators.length), random.int(0, 1));
      return;
    case 3:
      operators.reverse();
      return;
    case 4: {
      const [one] = operators;
      if (one) operators.push(...new Array<TfliteOperatorSpec>(random.pick([1, 1, 12_000])).fill(one));
      return;
    }
    default:
      tensors.push(...new Array<TfliteTensorSpec>(random.pick([1, 500])).fill(random.pick(tensors)));
  }
}

/** A list with an entry replaced, doubled many times, or gone. */
function changedList(random: Random, list: readonly number[], other: () => number): number[] {
  const at = random.int(0, Math.max(0, list.length - 1));
  switch (random.int(0, 5)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return [...list, ...new Array<number>(random.pick([1, 1, 2, 5000])).fill(list[at] ?? other())];
    case 2:
      return [];
    default:
      return list.length === 0 ? [other()] : list.with(at, other());
  }
}

function anyTensor(random: Random, tensors: readonly unknown[]): number {
  return random.bool(0.9)
    ? random.int(-1, tensors.length - 1)
    : random.pick([tensors.length, 2 ** 31 - 1, -2]);
}

function number(random: Random): number {
  return edge(random) * random.pick([1, 1, 1, -1]);
}
