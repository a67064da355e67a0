import path from 'node:path';
import { readHeader } from '../../../bundle/header.ts';
import { UserError } from '../../../common/error.ts';
import type { Remedy } from '../../../common/errors/remedy.ts';
import { say } from '../../../common/errors/sentence.ts';
import { readBounded, writeFileAtomic } from '../../../common/files.ts';
import type { GlowTools } from '../../../glow/find.ts';
import { readGlowGraph } from '../../../glow/graph.ts';
import { compileArguments, type GlowQuantization, WORK_FILES } from '../../../glow/options.ts';
import { askOnce, type GlowAbilities } from '../../../glow/probe.ts';
import { profileWithGlow } from '../../../glow/profile.ts';
import { type GlowRunOptions, runGlow } from '../../../glow/run.ts';
import { encodePng } from '../../../image/png.ts';
import { onnxType } from '../../../model/formats/onnx/proto.ts';
import { withScratchFolder } from '../../../toolchain/scratch.ts';

type Precisions = Pick<GlowQuantization, 'precision' | 'biasPrecision'>;

/**
 * Makes sure that a Glow computes in the integers that are asked for. Builds of it take int16 activations or biases, end well
 * and leave the network in float; a network of two layers tells that before a long profiling, once a process for each.
 * @throws UserError `toolchain`
 */
export async function requireIntegers(
  tools: GlowTools,
  abilities: GlowAbilities,
  { precision, biasPrecision }: Precisions,
  options: GlowRunOptions,
): Promise<void> {
  // what every Glow has
  if (precision === 'int8' && biasPrecision !== 'int16') return;
  const isKept = await askOnce(tools, `${precision} ${biasPrecision}`, () =>
    withScratchFolder('glow', ({ folder }) =>
      keepsIntegers(folder, tools, abilities, { precision, biasPrecision }, options),
    ),
  );
  if (isKept) return;
  const remedies: Remedy[] = [
    ...(precision === 'int16' ? [{ do: 'quantizeInInt8' } as const] : []),
    ...(biasPrecision === 'int16' ? [{ do: 'takeInt32Biases' } as const] : []),
    { do: 'useBuiltinCompiler' },
  ];
  throw new UserError(
    'toolchain',
    precision === 'int16'
      ? say`This Glow makes floats of int16 activations: it leaves every layer in float and ends as if all were well.`
      : say`This Glow makes floats of layers with int16 biases: it leaves them in float and ends as if all were well.`,
    remedies,
  );
}

const NAMES = { model: 'model.onnx', input: 'x', output: 'y', network: 'probe', image: 'probe.png' } as const;
/** Of a file that Glow makes of the probe. */
const MAX_BYTES = 1 << 20;
/** Kinds of nodes whose arithmetic is asked about. */
const ARITHMETIC = /Convolution|FullyConnected|MatMul/;

async function keepsIntegers(
  folder: string,
  tools: GlowTools,
  abilities: GlowAbilities,
  precisions: Precisions,
  options: GlowRunOptions,
): Promise<boolean> {
  await writeFileAtomic(path.join(folder, NAMES.model), probeModel());
  await writeFileAtomic(path.join(folder, NAMES.image), probeImage());
  const model = { defines: {}, inputName: NAMES.input, modelFile: NAMES.model };
  const image = { mode: '0to1', layout: 'NCHW', channelOrder: undefined } as const;
  await profileWithGlow(tools, abilities, folder, [NAMES.image], model, image, {
    ...options,
    model: NAMES.model,
  });
  const args = compileArguments(
    {
      ...precisions,
      schema: 'asymmetric',
      channelwise: false,
      floatPlaceholders: false,
      networkName: NAMES.network,
      core: 'cortex-m0plus',
      defines: {},
      modelFile: NAMES.model,
      isQuantized: false,
      extraArguments: [],
    },
    false,
  );
  const { exitCode } = await runGlow(tools, 'model-compiler', args, folder, options);
  if (exitCode !== 0) return false;
  const header = `${NAMES.network}.h`;
  const read = async (...names: string[]): Promise<string> =>
    (await readBounded(path.join(folder, ...names), MAX_BYTES, say`file that Glow wrote`)).toString('utf8');
  const { placeholders } = readHeader(await read(WORK_FILES.bundle, header), header);
  const graph = readGlowGraph(await read(WORK_FILES.graph));
  const layers = graph?.nodes.filter((node) => ARITHMETIC.test(node.kind)) ?? [];
  const types = layers.flatMap((node) => [...node.types.values()]);
  const isOfType = placeholders.every((p) => p.type === precisions.precision);
  return isOfType && types.length > 0 && types.every((type) => !type.startsWith('float'));
}

/** Of the picture; the convolution's window fits in it four times. */
const SIDE = 4;
const WINDOW = 3;
const MIDDLE = (SIDE - WINDOW + 1) ** 2;

/** A gray picture with every brightness, of the probe's size. */
function probeImage(): Uint8Array {
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => i * 17);
  return encodePng({ width: SIDE, height: SIDE, channels: 1, data });
}

/** ONNX: a convolution and a dense layer behind it, both with biases. */
function probeModel(): Uint8Array {
  const type = (...dims: number[]): object => ({
    tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } },
  });
  const constant = (name: string, dims: number[]): object => {
    const size = dims.reduce((n, d) => n * d, 1);
    // both signs, no two the same
    const floatData = Array.from({ length: size }, (_, i) => (i % 2 === 0 ? i + 1 : -i) / size);
    return { name, dims, dataType: 1, floatData };
  };
  const graph = {
    name: NAMES.network,
    node: [
      { opType: 'Conv', name: 'conv', input: [NAMES.input, 'w', 'b'], output: ['c'] },
      { opType: 'Flatten', name: 'flatten', input: ['c'], output: ['f'] },
      { opType: 'Gemm', name: 'dense', input: ['f', 'v', 'd'], output: [NAMES.output] },
    ],
    initializer: [
      constant('w', [1, 1, WINDOW, WINDOW]),
      constant('b', [1]),
      constant('v', [MIDDLE, 2]),
      constant('d', [2]),
    ],
    input: [{ name: NAMES.input, type: type(1, 1, SIDE, SIDE) }],
    output: [{ name: NAMES.output, type: type(1, 2) }],
  };
  const model = onnxType('ModelProto');
  return model.encode(model.fromObject({ irVersion: 6, opsetImport: [{ version: 11 }], graph })).finish();
}
