#!/usr/bin/env node
/**
 * Stands in for Glow's compiler: its command line, its files, its ways of failing. The bundle is a real one: GlowPort's own
 * compiler makes the code and gcc the object; the header has the form that Glow gives it.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { abort, endBy, LOADER_OPTIONS, misbehave, noise, parseCommandLine } from './commandLine.mjs';

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
if (folder === undefined) wrong("this stand-in is for bundles: give '-emit-bundle'");

const { loadModel } = await import('./model.mjs');
const graph = loadModel(given.model, given['onnx-define-symbol'] ?? []);
// one level deep only, and before all that can still fail
if (!existsSync(folder) && existsSync(path.dirname(path.resolve(folder)))) mkdirSync(folder);

const { quantize } = await import('../../../extension/quantize/quantize.ts');
const { graphHash } = await import('../../../extension/quantize/profileYaml.ts');
const { compileBundle } = await import('../../../extension/compiler/compile.ts');
const { targetFor } = await import('../../../extension/compiler/target/targets.ts');
const { compileObject } = await import('../../../extension/toolchain/compile.ts');
const { weightsText } = await import('../../../extension/bundle/weights.ts');
const { cIdentifier } = await import('../../../extension/bundle/bundle.ts');
const { glowHeader } = await import('./header.mjs');
const { glowDot } = await import('./dot.mjs');
const { keptObject } = await import('./objects.mjs');

const missing = new Set();
const ranges = readRanges(given['load-profile']);
const cpu = given.mcpu ?? '';
noise();
const isKnown = ['cortex-m0', 'cortex-m0plus', 'cortex-m7'].includes(cpu) && how !== 'unknown-cpu';
if (!isKnown) {
  process.stderr.write(`'${cpu}' is not a recognized processor for this target (ignoring processor)\n`);
}
const isInt = given['convert-placeholders'] === true && missing.size === 0 && how !== 'float-placeholders';
const schema = given['quantization-schema'] ?? 'asymmetric';
const quantized = quantizeAny({
  schema,
  weightSchema: schema,
  precision: (given['quantization-precision'] ?? 'Int8').toLowerCase(),
  biasPrecision: (given['quantization-precision-bias'] ?? 'Int32').toLowerCase(),
  channelwise: given['enable-channelwise'] === true,
  range: 'minmax',
  floatPlaceholders: !isInt,
});
const name = cIdentifier(given['network-name'] ?? 'model');
const isHard = given['float-abi'] === 'hard' && how !== 'soft-float';
const bundle = compileBundle(quantized, {
  name,
  target: targetFor(cpu === 'cortex-m7' ? 'cortex-m7' : 'cortex-m0plus', 0),
});
const cpuFlags = !isKnown
  ? ['-marm', '-march=armv4t']
  : cpu === 'cortex-m7'
    ? ['-mcpu=cortex-m7', '-mthumb', ...(isHard ? ['-mfloat-abi=hard', '-mfpu=fpv5-d16'] : [])]
    : ['-mcpu=cortex-m0', '-mthumb'];
const object =
  how === 'text-object'
    ? 'no object'
    : await keptObject([name, bundle.source, bundle.header, ...cpuFlags], () =>
        compileObject({ name, source: bundle.source, header: bundle.header }, { cpuFlags }),
      );
// with Glow's own way of writing files: over what is there, and not at all where the folder is not
if (!existsSync(folder) || !statSync(folder).isDirectory())
  abort(`Could not open the output file ${folder}/${name}.o`);
const write = (ending, data) => writeFileSync(path.join(folder, `${name}.${ending}`), data);
write('h', glowHeader(bundle, how));
write('weights.bin', how === 'cut-weights' ? bundle.weights.subarray(0, -4) : bundle.weights);
write(
  'weights.txt',
  weightsText(how === 'other-weights' ? bundle.weights.map((b) => b ^ 1) : bundle.weights),
);
if (how !== 'no-object') write('o', object);
if (given['dump-graph-DAG'] !== undefined) {
  process.stdout.write(`Writing dotty graph for Function to: ${given['dump-graph-DAG']}\n`);
  writeFileSync(
    given['dump-graph-DAG'],
    glowDot(graph, quantized, how === 'half-float' ? everySecond() : missing),
  );
}

/** Glow requantizes in more bits and takes ranges that GlowPort refuses; here the outputs' are widened until they pass. */
function quantizeAny(options) {
  for (let wider = 1; wider < 2 ** 40; wider *= 16) {
    try {
      const widened = [...ranges].map(([name, r]) =>
        graph.outputs.includes(name) ? [name, { ...r, min: r.min * wider, max: r.max * wider }] : [name, r],
      );
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

/** Ranges of the profile; values it does not name stay float, which nobody is told. */
function readRanges(file) {
  if (file === undefined) abort('this stand-in quantizes: give -load-profile');
  if (!existsSync(file)) abort(`Profile file "${file}" does not exist!`);
  const text = readFileSync(file, 'utf8');
  if (text.trim() === '') endBy('SIGSEGV');
  const documents = parseAllDocuments(text);
  const values = documents.some((d) => d.errors.length > 0) ? [] : documents.map((d) => d.toJS());
  if (values.length < 3 || !Array.isArray(values[2])) abort('Error reading YAML file');
  if (String(values[1]?.GraphPreLowerHash) !== graphHash(graph)) {
    abort('Graph hash mismatch! The profile was made of another model.');
  }
  const found = new Map(
    values[2].map(({ NodeOutputName, Min, Max }) => [
      NodeOutputName.replace(/:0$/, ''),
      { min: Min, max: Max, histogram: new Float64Array(512).fill(1) },
    ]),
  );
  for (const value of graph.values.keys()) {
    if (found.has(value)) continue;
    missing.add(value);
    found.set(value, { min: 0, max: 1, histogram: new Float64Array(512).fill(1) });
  }
  return found;
}
