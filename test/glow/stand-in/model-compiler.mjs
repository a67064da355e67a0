#!/usr/bin/env node
/**
 * Stands in for Glow's compiler: its command line, its files, its ways of failing. The bundle is a real one: GlowPort's own
 * compiler makes the code and gcc the object; the header has the form that Glow gives it.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  abort,
  checkFailure,
  crash,
  LOADER_OPTIONS,
  misbehave,
  noise,
  parseCommandLine,
} from './commandLine.mjs';

const tool = 'model-compiler';
const { given } = parseCommandLine(tool, LOADER_OPTIONS, process.argv.slice(2));
const how = process.env.STAND_IN ?? '';
if (how.startsWith('compiler:')) misbehave(how.slice('compiler:'.length));
const wrong = (text) => {
  process.stderr.write(`Loader: ${text}\n`);
  process.exit(1);
};
const folder = given['emit-bundle'];
if (folder === undefined && given['network-name'] !== undefined) {
  wrong('-network-name only makes sense when -emit-bundle is used.');
}
if (given['network-name'] === '') wrong('-network-name must not be empty.');
process.stderr.write('WARNING: Logging before InitGoogleLogging() is written to STDERR\n');
if (folder === undefined) {
  checkFailure(
    'ModelCompiler.cpp:31',
    'emittingBundle() Bundle output directory not provided. Use the -emit-bundle option!',
  );
}

const { loadModel } = await import('./model.mjs');
const model = loadModel(given.model, given['onnx-define-symbol'] ?? []);
const { graph } = model;
const { glowHash, readProfileText, usualRanges } = await import('./profile.mjs');
const profile = given['load-profile'] === undefined ? undefined : readProfile(given['load-profile']);
// one level deep only, and before all that can still fail
if (!existsSync(folder) && existsSync(path.dirname(path.resolve(folder)))) mkdirSync(folder);
if (profile && profile.hash !== BigInt(glowHash(graph))) {
  abort(
    `Graph hash mismatch!\nProfile graph hash: 0x${profile.hash.toString(16).toUpperCase()}\nCurrent graph hash: ${glowHash(graph)}\nPotential causes:\n1. The profile YAML file was produced with an older version of the Glow tools\n   while the quantization of the model is performed with a newer version.\n`,
  );
}
if (!profile && !model.isQuantized) abort('this stand-in quantizes: give -load-profile');

const { quantize } = await import('../../../extension/quantize/quantize.ts');
const { compileBundle } = await import('../../../extension/compiler/compile.ts');
const { targetFor } = await import('../../../extension/compiler/target/targets.ts');
const { compileObject } = await import('../../../extension/toolchain/compile.ts');
const { weightsText } = await import('../../../extension/bundle/weights.ts');
const { cIdentifier } = await import('../../../extension/bundle/bundle.ts');
const { callingFloats, floatsOf } = await import('./floats.mjs');
const { glowHeader, withFloats } = await import('./header.mjs');
const { glowDot } = await import('./dot.mjs');
const { keptObject } = await import('./objects.mjs');

const cpu = given.mcpu ?? '';
noise();
const isKnown = ['cortex-m0', 'cortex-m0plus', 'cortex-m7'].includes(cpu) && how !== 'unknown-cpu';
if (!isKnown) {
  process.stderr.write(`'${cpu}' is not a recognized processor for this target (ignoring processor)\n`);
}
const asked = {
  precision: given['quantization-precision'] ?? 'Int8',
  biasPrecision: given['quantization-precision-bias'] ?? 'Int32',
};
// no public build makes integers of 16 bits; this one may
const made = how === 'int16' ? { precision: 'Int8', biasPrecision: 'Int32' } : asked;
const ranges = profile?.ranges ?? usualRanges(graph);
const floats = floatsOf(model, (name) => !profile || ranges.has(name), made);
const isInt = model.isQuantized || (given['convert-placeholders'] === true && how !== 'float-placeholders');
const schema = given['quantization-schema'] ?? 'asymmetric';
const quantized = quantizeAny({
  schema,
  weightSchema: schema,
  precision: how === 'int16' ? asked.precision.toLowerCase() : 'int8',
  biasPrecision: asked.biasPrecision.toLowerCase(),
  channelwise: given['enable-channelwise'] === true,
  range: 'minmax',
  floatPlaceholders: !isInt,
});
const name = cIdentifier(given['network-name'] ?? path.parse(given.model).name);
const isHard = given['float-abi'] === 'hard' && how !== 'soft-float';
const compiled = compileBundle(quantized, {
  name,
  target: targetFor(cpu === 'cortex-m7' ? 'cortex-m7' : 'cortex-m0plus', 0),
});
const bundle = isInt ? withFloats(compiled, floats.placeholders) : compiled;
const source = floats.callsFloats ? callingFloats(name, bundle.source) : bundle.source;
const cpuFlags = !isKnown
  ? ['-marm', '-march=armv4t']
  : cpu === 'cortex-m7'
    ? ['-mcpu=cortex-m7', '-mthumb', ...(isHard ? ['-mfloat-abi=hard', '-mfpu=fpv5-d16'] : [])]
    : ['-mcpu=cortex-m0', '-mthumb'];
const object =
  how === 'text-object'
    ? 'no object'
    : await keptObject([name, source, bundle.header, ...cpuFlags], () =>
        compileObject({ name, source, header: bundle.header }, { cpuFlags }),
      );
// with Glow's own way of writing files: over what is there, and not at all where the folder is not
if (!existsSync(folder) || !statSync(folder).isDirectory())
  checkFailure(
    'BundleSaver.cpp:563',
    `!EC Could not open the output file for saving the bundle code with file name: ${folder}/${name}.o`,
  );
const write = (ending, data) => writeFileSync(path.join(folder, `${name}.${ending}`), data);
write('h', glowHeader(bundle, model.nodes, how));
write('weights.bin', how === 'cut-weights' ? bundle.weights.subarray(0, -4) : bundle.weights);
write(
  'weights.txt',
  weightsText(how === 'other-weights' ? bundle.weights.map((b) => b ^ 1) : bundle.weights),
);
if (how !== 'no-object') write('o', object);
if (given['dump-graph-DAG'] !== undefined) {
  process.stdout.write(`Writing dotty graph for Function to: ${given['dump-graph-DAG']}\n`);
  const layers = how === 'half-float' ? everySecond() : floats.layers;
  writeFileSync(given['dump-graph-DAG'], glowDot(graph, quantized, { ...floats, layers }, how));
}

/** Glow requantizes in more bits and takes ranges that GlowPort refuses; here the outputs' are widened until they pass. */
function quantizeAny(options) {
  for (let wider = 1; wider < 2 ** 40; wider *= 16) {
    try {
      const widened = [...graph.values.keys()].map((value) => {
        // what the profile does not name is in float, of which this object makes numbers of some range
        const range = ranges.get(value) ?? {
          min: 0,
          max: 1,
          histogram: new Float64Array(512).fill(1),
        };
        const factor = graph.outputs.includes(value) ? wider : 1;
        return [value, { ...range, min: range.min * factor, max: range.max * factor }];
      });
      return quantize(graph, new Map(widened), options);
    } catch (e) {
      if (e.code !== 'model') throw e;
    }
  }
  return abort('this stand-in cannot quantize the model');
}

function everySecond() {
  return new Set(graph.nodes.filter((_, i) => i % 2 === 0).map((n) => n.output));
}

/** The profile, or the end of the program. */
function readProfile(file) {
  if (!existsSync(file)) checkFailure('Loader.cpp:629', `fileExists Profile file "${file}" does not exist!`);
  const text = readFileSync(file, 'utf8');
  if (text.trim() === '') crash();
  const read = readProfileText(text);
  if (!read) {
    checkFailure(
      'Serialization.cpp:168',
      `yin.nextDocument() Error reading YAML file '${file}'! Verify that the YAML file was generated with the current version (2024-05-11) of the Glow tools!`,
    );
  }
  return read;
}
