import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { productRoot } from '../../extension/common/resources.ts';
import { readNpz } from '../../extension/data/files/npz.ts';
import { type Inputs, SampleReader } from '../../extension/data/reader.ts';
import type { Sample } from '../../extension/data/sample.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { type QuantizedGraph, qvalue } from '../../extension/quantize/quantizedGraph.ts';
import { dequantize } from '../../extension/quantize/schemas.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { readConfig } from '../../extension/workflow/choices/config.ts';
import { samplesOf } from '../../extension/workflow/data/samples.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { profile } from '../../extension/workflow/steps/profile.ts';
import { quantizeInputs } from '../support/quantized.ts';

/** A network that is no picture classifier, with data of our own making. */
export interface MadeNetwork {
  readonly title: string;
  /** Where all of it is. */
  readonly folder: string;
  /** Files in it: the model, what ranges are measured with, and what was held out of the training. */
  readonly model: string;
  readonly samples: string;
  readonly heldOut: string;
  /** One of them, as `--input` takes it. */
  readonly input: string;
  /** What the training measured. */
  readonly report: string;
}

/** One of the product's examples. */
const example = (name: string, title: string, input: string): MadeNetwork => ({
  title,
  folder: path.join(productRoot, 'examples', name),
  ...{
    model: `${name}.onnx`,
    samples: 'calibration',
    heldOut: 'heldout.npz',
    input,
    report: 'accuracy.json',
  },
});

/** One that only tests have. */
const own = (name: string, title: string): MadeNetwork => ({
  title,
  folder: path.join(productRoot, 'test/examples/networks'),
  ...{ model: `${name}.onnx`, samples: `${name}_training.npz`, heldOut: `${name}.npz` },
  ...{ input: `${name}.npz#1`, report: `${name}.json` },
});

export const accelerometer = example(
  'accelerometer',
  'three axes of an accelerometer, from .csv',
  'samples/walking/0001.csv',
);
export const keywords = example('keywords', 'words, from .wav', 'samples/stop/0002.wav');
export const machine = own('machine', 'an autoencoder for the sound of a machine');
export const thermometer = own('thermometer', 'a regression with two inputs, from .npz');
export const activity = own('activity', 'two outputs: what is done, and how strongly');
export const NETWORKS = [accelerometer, keywords, machine, thermometer, activity];

/** A file of a network. */
export const fileOf = (network: MadeNetwork, name: string): string => path.join(network.folder, name);

/** What the training measured, as its script wrote it. */
export function reportOf(network: MadeNetwork): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(fileOf(network, network.report), 'utf8')) as Record<string, number>;
}

/** How a port of it is made: as its glowport.json says, where it has one. */
export async function choicesOf(network: MadeNetwork): Promise<PortChoices> {
  if (network.folder.includes('/examples/networks')) {
    const samples = [fileOf(network, network.samples)];
    return { ...DEFAULT_CHOICES, model: fileOf(network, network.model), board: 'frdmke16z', samples };
  }
  return readConfig(fileOf(network, 'glowport.json'));
}

/** A network with its integers, as a port makes them. */
export interface QuantizedNetwork {
  readonly graph: Graph;
  readonly quantized: QuantizedGraph;
  readonly choices: PortChoices;
}

export async function quantized(network: MadeNetwork): Promise<QuantizedNetwork> {
  const choices = await choicesOf(network);
  const { graph } = await inspect(choices);
  const { ranges } = await profile(graph, choices.samples, choices);
  return { graph, choices, quantized: quantize(graph, ranges, DEFAULT_QUANTIZE_OPTIONS) };
}

/** Samples in a file or folder of a network, with their numbers. */
export async function samplesIn(
  network: MadeNetwork,
  name: string,
  { graph, choices }: Pick<QuantizedNetwork, 'graph' | 'choices'>,
): Promise<{ readonly sample: Sample; readonly inputs: Inputs }[]> {
  const reader = new SampleReader(graph.inputs, choices);
  const read = [];
  for (const sample of await samplesOf([fileOf(network, name)], graph.inputs, choices)) {
    read.push({ sample, inputs: await reader.read(sample) });
  }
  return read;
}

/** An array of an .npz file of a network, all of it. */
export async function arrayOf(network: MadeNetwork, file: string, name: string): Promise<Float32Array> {
  // labels, too, are wanted as numbers
  const { arrays } = await readNpz(await readFile(fileOf(network, file)), file, 2 ** 26, () => false);
  const { shape, read } = arrays.get(name)!;
  return read(
    0,
    shape.reduce((n, d) => n * d, 1),
  );
}

/** Outputs by name that ONNX Runtime computes, for each of many inputs. */
export async function onnxruntime(
  network: MadeNetwork,
  graph: Graph,
  all: readonly Inputs[],
): Promise<Map<string, Float32Array>[]> {
  const session = await ort.InferenceSession.create(await readFile(fileOf(network, network.model)));
  const results = [];
  for (const inputs of all) {
    const feeds = graph.inputs.map(({ name, shape }) => [
      name,
      new ort.Tensor('float32', inputs.get(name)!, [...shape]),
    ]);
    const outputs = await session.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>);
    results.push(new Map(Object.entries(outputs).map(([name, t]) => [name, t.data as Float32Array])));
  }
  return results;
}

/** Outputs by name that the quantized network has: its integers, and the real numbers that they stand for. */
export function integers(
  network: QuantizedGraph,
  inputs: Inputs,
): Map<string, { readonly q: readonly number[]; readonly real: readonly number[] }> {
  const values = interpret(network, quantizeInputs(network, inputs));
  return new Map(
    network.outputs.map((name) => {
      const q = Array.from(values.get(name)!);
      return [name, { q, real: q.map((v) => dequantize(v, qvalue(network, name))) }];
    }),
  );
}

/** Place of the largest. */
export const top1 = (values: ArrayLike<number>): number => {
  const all = Array.from(values);
  return all.indexOf(Math.max(...all));
};

/** Mean squared difference. */
export const meanSquaredError = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0) / a.length;

/** Probability that one of `anomalous` is larger than one of `normal`: the area under the ROC curve. */
export const areaUnderCurve = (normal: readonly number[], anomalous: readonly number[]): number =>
  anomalous.reduce((sum, a) => sum + normal.reduce((s, n) => s + (a > n ? 1 : a === n ? 0.5 : 0), 0), 0) /
  (normal.length * anomalous.length);
