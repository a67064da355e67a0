#!/usr/bin/env node
/** Stands in for Glow's profiler: its command line, its profile format, its ways of failing. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  abort,
  checkFailure,
  crash,
  glog,
  LOADER_OPTIONS,
  misbehave,
  optional,
  parseCommandLine,
} from './commandLine.mjs';

const tool = 'image-classifier';
const { given, rest } = parseCommandLine(
  tool,
  {
    ...LOADER_OPTIONS,
    'compute-softmax': 'flag',
    'expected-labels': 'text',
    'image-mode': ['neg1to1', '0to1', '0to255', 'neg128to127'],
    'image-layout': ['NCHW', 'NHWC'],
    'image-channel-order': ['BGR', 'RGB'],
    'input-image-dir': 'text',
    ...optional({ 'input-image-list-file': 'text' }),
    'label-offset': 'text',
    minibatch: 'text',
    topk: 'text',
    'use-imagenet-normalization': 'flag',
  },
  process.argv.slice(2),
  { positional: true },
);
const how = process.env.STAND_IN ?? '';
misbehave(how.replace(/^profiler:/, ''));
glog(tool, 'Graph profiling is ON. Processing of output is disabled.');
const list = given['input-image-list-file'];
const images = list === undefined ? rest : readFileSync(list, 'utf8').split('\n').filter(Boolean);
const [inputName, ...others] = given['model-input'] ?? [];
if (given['image-layout'] !== undefined && (inputName === undefined || others.length > 0)) {
  checkFailure(
    'Image.cpp:257',
    'numInputs == imageLayoutOpt.size() Number of -image-layout values must match number of inputs',
  );
}
if (images.length === 0) {
  process.stderr.write(
    'Args: Either positional image list or -input-image-dir or -input-image-list-file or -input-tensor-list-file  must be used to specify input images.\n',
  );
  crash();
}
for (const file of images) {
  if (!existsSync(file)) checkFailure('Image.cpp:329', `fp Can't open image file with name: ${file}`);
  if (readFileSync(file).readUInt32BE(0) !== 0x89504e47) {
    checkFailure('Image.cpp:244', `isPpm Only PNG and PPM images are supported: ${file}`);
  }
}
process.stdout.write('Model: .\nRunning 1 thread(s).\n');
const { loadModel } = await import('./model.mjs');
const model = loadModel(given.model, given['onnx-define-symbol'] ?? []);
const { graph } = model;
const { decodeImage } = await import('../../../extension/image/decode.ts');
const { imageToTensor } = await import('../../../extension/image/tensor.ts');
const { Profiler } = await import('../../../extension/quantize/profile.ts');
const { profileText } = await import('./profile.mjs');

const input = graph.inputs.find((v) => v.name === inputName);
// the input that it was told becomes one, so that the model's own is missing
if (!input) abort(`No node under name ${graph.inputs[0].name}`);
const profiler = new Profiler(graph);
for (const file of images) {
  const options = {
    mode: given['image-mode'] ?? '0to1',
    layout: given['image-layout'] ?? 'NCHW',
    channelOrder: given['image-channel-order'] ?? 'BGR',
    resize: false,
    shape: input.shape,
  };
  let tensor;
  try {
    tensor = imageToTensor(decodeImage(readFileSync(file), file), options, file);
  } catch {
    abort('Mismatch between input image and ONNX input shape');
  }
  profiler.add(new Map([[input.name, tensor]]));
}

const { head, entries } = profileText(graph, profiler.result());
const whole = `${head}${entries.join('')}...\n`;
const cut = Math.floor(entries.length / 2);
const written = {
  'cut-profile': head + entries.slice(0, cut).join(''),
  'empty-profile': '',
  'lost-profile': undefined,
  // whole to the eye, but with values missing: what no check of the file alone can see
  'short-profile': `${head}${entries.slice(0, cut).join('')}...\n`,
  'flipped-profile': whole.replace(/Min: .*/, 'Min:             .nan'),
};
const text = how in written ? written[how] : whole;
if (text !== undefined) writeFileSync(given['dump-profile'] ?? 'profile.yaml', text);
