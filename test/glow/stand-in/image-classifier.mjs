#!/usr/bin/env node
/** Stands in for Glow's profiler: its command line, its profile format, its ways of failing. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { abort, endBy, LOADER_OPTIONS, misbehave, noise, parseCommandLine } from './commandLine.mjs';

const tool = 'image-classifier';
const { given, rest } = parseCommandLine(
  tool,
  {
    ...LOADER_OPTIONS,
    'image-mode': ['neg1to1', '0to1', '0to255', 'neg128to127'],
    'image-layout': ['NCHW', 'NHWC'],
    'image-channel-order': ['BGR', 'RGB'],
    'model-input-name': 'list',
    'input-image-list-file': 'text',
    minibatch: 'text',
    topk: 'text',
  },
  process.argv.slice(2),
  { positional: true },
);
const how = process.env.STAND_IN ?? '';
misbehave(how.replace(/^profiler:/, ''));
const list = given['input-image-list-file'];
const images = list === undefined ? rest : readFileSync(list, 'utf8').split('\n').filter(Boolean);
if (images.length === 0) {
  process.stderr.write(
    'Args: Either positional image list or -input-image-dir or -input-image-list-file must be used to specify input images.\n',
  );
  endBy('SIGSEGV');
}
const { loadModel } = await import('./model.mjs');
const graph = loadModel(given.model, given['onnx-define-symbol'] ?? []);
const { decodeImage } = await import('../../../extension/image/decode.ts');
const { imageToTensor } = await import('../../../extension/image/tensor.ts');
const { Profiler } = await import('../../../extension/quantize/profile.ts');
const { graphHash } = await import('../../../extension/quantize/profileYaml.ts');

const [inputName] = given['model-input-name'] ?? abort('Must provide at least one -model-input-name');
const input = graph.inputs.find((v) => v.name === inputName);
if (!input) abort(`No node under name ${inputName}`);
const profiler = new Profiler(graph);
for (const file of images) {
  const bytes = existsSync(file) ? readFileSync(file) : undefined;
  if (bytes?.readUInt32BE(0) !== 0x89504e47) {
    process.stderr.write(
      `F20241122 20:12:09.223456 4711 Image.cpp:244] Check failed: !loadSuccess Can't open image file with name: ${file}.\n`,
    );
    endBy('SIGABRT');
  }
  const options = {
    mode: given['image-mode'] ?? '0to1',
    layout: given['image-layout'] ?? 'NCHW',
    channelOrder: given['image-channel-order'] ?? 'BGR',
    resize: false,
    shape: input.shape,
  };
  let tensor;
  try {
    tensor = imageToTensor(decodeImage(bytes, file), options, file);
  } catch {
    abort('Mismatch on Placeholder size and loaded image size');
  }
  profiler.add(new Map([[input.name, tensor]]));
}
process.stdout.write(`Model: ${given.model}\nRunning 1 thread(s).\n`);
noise();

const entries = [...profiler.result()].map(([name, { min, max, histogram }]) => {
  const bins = Array.from({ length: 10 }, (_, b) =>
    histogram.reduce((n, c, i) => n + (Math.floor((i * 10) / histogram.length) === b ? c : 0), 0),
  );
  return `  - NodeOutputName:  '${name.replaceAll("'", "''")}:0'\n    Min:             ${min}\n    Max:             ${max}\n    Histogram:       [ ${bins.join(', ')} ]\n`;
});
const head = `---\nGlowToolsVersion: '2024-05-11'\n...\n---\nGraphPreLowerHash: ${graphHash(graph)}\n...\n---\n`;
const whole = `${head}${entries.join('')}...\n`;
const written = {
  'cut-profile': head + entries.slice(0, -3).join(''),
  'empty-profile': '',
  'lost-profile': undefined,
  // whole to the eye, but with values missing: what no check of the file alone can see
  'short-profile': `${head}${entries.slice(0, -3).join('')}...\n`,
  'flipped-profile': whole.replace(/Min: .*/, 'Min:             .nan'),
};
const text = how in written ? written[how] : whole;
if (text !== undefined) writeFileSync(given['dump-profile'] ?? 'profile.yaml', text);
