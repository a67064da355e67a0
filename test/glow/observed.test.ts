import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readHeader } from '../../extension/bundle/header.ts';
import type { GlowToolName } from '../../extension/glow/find.ts';
import { type GlowGraph, readGlowGraph } from '../../extension/glow/graph.ts';
import { hasOption } from '../../extension/glow/probe.ts';
import { runGlow } from '../../extension/glow/run.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { encodePng } from '../../extension/image/png.ts';
import { type ModelSpec, type NodeSpec, onnxModel } from '../model/onnxBuilder.ts';
import { behaving, example, folderForTests, glowTools, realGlow } from './tools.ts';

/** 8 x 8 gray pictures, a convolution to 4 x 4 x 4, and what comes behind it. */
function network(change: Partial<ModelSpec>, ...behind: NodeSpec[]): Uint8Array {
  const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.sin(i * 3 + 1));
  const dense: NodeSpec = { op: 'Gemm', inputs: ['f', 'v', 'd'], outputs: ['y'] };
  return onnxModel({
    opset: 11,
    inputs: [{ name: 'x', shape: [1, 1, 8, 8] }],
    outputs: ['y'],
    nodes: [
      {
        op: 'Conv',
        inputs: [change.inputs?.[0]?.name ?? 'x', 'w', 'b'],
        outputs: ['c'],
        attributes: { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 0, 0] } },
      },
      { op: 'Relu', inputs: ['c'], outputs: ['r'] },
      ...(behind.length > 0 ? behind : [{ op: 'Flatten', inputs: ['r'], outputs: ['f'] }, dense]),
    ],
    initializers: {
      w: { dims: [4, 1, 3, 3], floats: numbers(36) },
      b: { dims: [4], floats: numbers(4) },
      v: { dims: [64, 3], floats: numbers(192) },
      d: { dims: [3], floats: numbers(3) },
      ones: { dims: [4], floats: [1, 1.5, 2, 0.5] },
      flat: { dims: [2], ints: [1, 64] },
    },
    ...change,
  });
}

describe(`glow: what ${realGlow ? 'real tools' : 'the stand-ins'} do, as it was observed`, () => {
  const folder = folderForTests();
  const at = (...names: string[]): string => path.join(folder.path(), ...names);
  const run = (tool: GlowToolName, args: string) =>
    runGlow(glowTools, tool, args.split(' ').filter(Boolean), folder.path());
  const DIGITS = '-model=m.onnx -onnx-define-symbol=N,1';
  const PROFILING = `${DIGITS} -image-layout=NHWC -image-mode=0to1 -dump-profile=p.yaml`;
  const INPUT = '-model-input-name=max_pooling_1_input';
  const COMPILING = '-backend=CPU -target=arm -mcpu=cortex-m0 -convert-placeholders';
  let profile: string;

  before(async () => {
    await copyFile(path.join(example, 'mnist.onnx'), at('m.onnx'));
    await copyFile(path.join(example, 'samples', '0000_7.png'), at('a.png'));
    const data = Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 256);
    await writeFile(at('small.png'), encodePng({ width: 8, height: 8, channels: 1, data }));
    const made = await run('image-classifier', `a.png ${PROFILING} ${INPUT}`);
    assert.equal(made.exitCode, 0, made.output);
    assert.match(made.output, /^Model: \.\nRunning 1 thread\(s\)\.$/m);
    profile = await readFile(at('p.yaml'), 'utf8');
  });

  /** What a compilation that ends well has made. */
  async function compile(args: string, model = DIGITS) {
    const { exitCode, output } = await run(
      'model-compiler',
      `${COMPILING} ${model} -emit-bundle=b -network-name=net -dump-graph-DAG=g.dot ${args}`,
    );
    assert.equal(exitCode, 0, output);
    const { placeholders } = readHeader(await readFile(at('b', 'net.h'), 'utf8'), 'net.h');
    const graph: GlowGraph = readGlowGraph(await readFile(at('g.dot'), 'utf8'))!;
    const { symbols } = readElf(await readFile(at('b', 'net.o')));
    return {
      types: placeholders.map((p) => p.type),
      names: placeholders.map((p) => p.cName),
      graph,
      missing: symbols.filter((s) => !s.defined).map((s) => s.name),
    };
  }
  const floats = (graph: GlowGraph): string[] =>
    graph.nodes
      .filter((node) => /Convolution|FullyConnected|Pool/.test(node.kind))
      .filter((node) => node.types.get('Result')?.startsWith('float'))
      .map((node) => node.kind);

  /** A network of small pictures, profiled and compiled. */
  async function compileSmall(bytes: Uint8Array, input = 'x') {
    await writeFile(at('s.onnx'), bytes);
    const profiled = await run(
      'image-classifier',
      `small.png -model=s.onnx -image-mode=0to1 -image-layout=NCHW -model-input-name=${input} -dump-profile=s.yaml`,
    );
    assert.equal(profiled.exitCode, 0, profiled.output);
    return compile('-load-profile=s.yaml', '-model=s.onnx');
  }
  /** What the profiler says of a network that it does not take. */
  async function refuseSmall(bytes: Uint8Array): Promise<string> {
    await writeFile(at('s.onnx'), bytes);
    const { exitCode, output } = await run(
      'image-classifier',
      'small.png -model=s.onnx -image-layout=NCHW -model-input-name=x -dump-profile=s.yaml',
    );
    assert.equal(exitCode, 134, output);
    return output;
  }

  it('options: an alias works though the help has none, an unknown one ends with 1', async () => {
    const { output } = await run('image-classifier', '--help');
    assert.match(output, /^ +--model-input=/m);
    assert.doesNotMatch(output, /--model-input-name/);
    assert.equal(await hasOption(glowTools, 'image-classifier', INPUT), true);
    assert.equal(await hasOption(glowTools, 'image-classifier', '-input-image-list-file=a.txt'), true);
    assert.equal(await hasOption(glowTools, 'model-compiler', '-bundle-api=static'), true);
    assert.equal(await hasOption(glowTools, 'model-compiler', '-input-image-list-file=a.txt'), false);
    const { exitCode, output: said } = await run('model-compiler', `${DIGITS} --no-such-option=1`);
    assert.equal(exitCode, 1);
    assert.match(said, /Unknown command line argument '--no-such-option=1'/);
  });

  it('the profile: three documents, a hash of 16 hexadecimal digits, entries by name', () => {
    assert.match(
      profile,
      /^---\nGlowToolsVersion: '.*'\n\.\.\.\n---\nGraphPreLowerHash: 0x[0-9A-F]{16}\n\.\.\.\n---\n- NodeOutputName: {2}'/,
    );
    const names = [...profile.matchAll(/^- NodeOutputName: {2}'(.*)'$/gm)].map((m) => m[1]!);
    assert.deepEqual(
      names,
      [...names].sort((a, b) => (a < b ? -1 : 1)),
    );
    assert.ok(names.includes('max_pooling_1_input:0') && names.includes('zero:0'));
  });

  it('the log of glog: where GLOG_log_dir says', async () => {
    // what runGlow gives every tool is its working folder
    const logs = (await readdir(folder.path())).filter((name) =>
      /^image-classifier.*\.log\.INFO\./.test(name),
    );
    assert.ok(logs.length > 0);
  });

  it('wrong files and names: 134, with what is wrong', async () => {
    const said = async (tool: GlowToolName, args: string, exitCode = 134): Promise<string> => {
      const made = await run(tool, args);
      assert.equal(made.exitCode, exitCode, made.output);
      return made.output;
    };
    const bundle = `${COMPILING} -emit-bundle=e -network-name=net`;
    assert.match(
      await said('model-compiler', `${bundle} -model=no.onnx -load-profile=p.yaml`),
      /Error code: MODEL_LOADER_INVALID_PROTOBUF\nError message: Can't find the model or network files for no\.onnx\./,
    );
    // not the wrong name, but the model's own input
    assert.match(
      await said('image-classifier', `a.png ${PROFILING} -model-input-name=nope`),
      /Error message: No node under name max_pooling_1_input\n/,
    );
    assert.match(
      await said('image-classifier', `no.png ${PROFILING} ${INPUT}`),
      /Can't open image file with name: no\.png/,
    );
    assert.match(await said('image-classifier', `${PROFILING} ${INPUT}`, 139), /must be used to specify/);
    assert.match(
      await said('image-classifier', `small.png ${PROFILING} ${INPUT}`),
      /Mismatch between input image and ONNX input shape/,
    );
    await mkdir(at('profiles'));
    const loading = async (text: string): Promise<string> => {
      await writeFile(at('profiles', 'x.yaml'), text);
      const exitCode = text === '' ? 139 : 134;
      return said('model-compiler', `${bundle} ${DIGITS} -load-profile=profiles/x.yaml`, exitCode);
    };
    assert.match(
      await said('model-compiler', `${bundle} ${DIGITS} -load-profile=no.yaml`),
      /Profile file "no\.yaml" does not exist!/,
    );
    assert.match(await loading('---\n- [1\n'), /Error reading YAML file/);
    await loading('');
    assert.deepEqual(await readdir(folder.path()).then((names) => names.filter((n) => n === 'e')), []);
    assert.match(
      await loading(profile.replace(/0x[0-9A-F]{16}/, '0x0123456789ABCDEF')),
      /Error message: Graph hash mismatch!\n/,
    );
    assert.deepEqual(await readdir(at('e')), [], 'failed after loading: the folder stays, empty');
    assert.match(
      await said(
        'model-compiler',
        `${COMPILING} ${DIGITS} -emit-bundle=no/e -load-profile=p.yaml -network-name=net`,
      ),
      /Could not open the output file/,
    );
  });

  it('a profile that lacks entries: 0, and float where one is that counts', async () => {
    const [head, ...entries] = profile.replace(/\.\.\.\n$/, '').split(/^(?=- NodeOutputName)/m);
    const loading = async (kept: readonly string[]) => {
      await writeFile(at('l.yaml'), `${head!}${kept.join('')}...\n`);
      return compile('-load-profile=l.yaml');
    };
    const whole = await loading(entries);
    assert.deepEqual([whole.types, floats(whole.graph)], [['int8', 'int8'], []]);
    const without = (name: string) => loading(entries.filter((entry) => !entry.includes(`'${name}'`)));
    const less = await without('zero:0');
    assert.deepEqual([less.types, floats(less.graph)], [['int8', 'int8'], []]);
    assert.deepEqual((await without('max_pooling_1_input:0')).types, ['float32', 'int8']);
    const half = await loading(entries.slice(0, entries.length >> 1));
    assert.ok(floats(half.graph).length > 2 && half.types.includes('float32'));
  });

  it('int16 and int16 biases: 0, and float; int8 biases are done', async () => {
    for (const [option, type] of [
      ['-quantization-precision=Int16', 'float32'],
      ['-quantization-precision-bias=Int16', 'float32'],
      ['-quantization-precision-bias=Int8', 'int8'],
    ] as const) {
      const made = await compile(`-load-profile=p.yaml ${option}`);
      assert.equal(made.types.at(-1), type, option);
      assert.equal(floats(made.graph).length > 0, type === 'float32', option);
      assert.equal(made.missing.includes('__mulsf3'), type === 'float32', option);
    }
  });

  it('names: an output that a node is called as has a suffix, another has none; byte by byte', async () => {
    assert.deepEqual((await compile('-load-profile=p.yaml')).names, ['max_pooling_1_input', 'dense_2__1']);
    const named = network({ inputs: [{ name: 'Eingang-ä', shape: [1, 1, 8, 8] }] });
    assert.deepEqual((await compileSmall(named, 'Eingang-ä')).names, ['Eingang___', 'y']);
  });

  it('the graph: field Name, every node with its types', async () => {
    const { graph } = await compile('-load-profile=p.yaml');
    assert.match(await readFile(at('g.dot'), 'utf8'), /\{Convolution\\lName : /);
    assert.ok(graph.nodes.every((node) => node.name !== '' && node.types.size > 0));
    const dense = graph.nodes.find((node) => node.kind === 'FullyConnected')!;
    assert.match(dense.types.get('Bias')!, /^i32\[/);
  });

  it('an end at which elements are put into another order: 0, int8 in, float out', async () => {
    const transpose = (...perm: number[]): NodeSpec => ({
      op: 'Transpose',
      inputs: ['r'],
      outputs: ['y'],
      attributes: { perm: { ints: perm } },
    });
    for (const [type, last] of [
      ['float32', { op: 'Flatten', inputs: ['r'], outputs: ['y'] }],
      ['float32', { op: 'Reshape', inputs: ['r', 'flat'], outputs: ['y'] }],
      ['float32', transpose(0, 1, 3, 2)],
      // back to the order of the model, which is not Glow's; this one is
      ['float32', { op: 'GlobalAveragePool', inputs: ['r'], outputs: ['y'] }],
      ['int8', transpose(0, 2, 3, 1)],
    ] as const) {
      assert.deepEqual((await compileSmall(network({}, last))).types, ['int8', type], last.op);
    }
  });

  it('operators in float: 0, and functions that libgcc does not have under these names', async () => {
    const { types, missing } = await compileSmall(
      network(
        {},
        { op: 'BatchNormalization', inputs: ['r', 'ones', 'b', 'b', 'ones'], outputs: ['n'] },
        { op: 'Flatten', inputs: ['n'], outputs: ['f'] },
        { op: 'Gemm', inputs: ['f', 'v', 'd'], outputs: ['y'] },
      ),
    );
    assert.deepEqual(types, ['int8', 'int8']);
    for (const symbol of ['__mulsf3', '__addsf3', '__fixsfsi', 'nearbyintf'])
      assert.ok(missing.includes(symbol));
  });

  it('TensorFlow Lite, quantized, is taken as it is, by its name: no profile', async function () {
    const shared = path.join(productRoot, '../shared/models/files/tiny__kws_ref_model.tflite');
    if (realGlow !== undefined && !existsSync(shared)) {
      console.log('      skipped: the collection of public models is not beside this folder');
      this.skip();
    }
    if (realGlow !== undefined) await copyFile(shared, at('t.tflite'));
    else await writeFile(at('t.tflite'), '\x1c\0\0\0TFL3');
    await writeFile(at('twin.onnx'), network({}));
    const made = await behaving(at('twin.onnx'), () => compile('', '-model=t.tflite'), 'STAND_IN_TFLITE');
    assert.deepEqual([made.types, floats(made.graph)], [['int8', 'int8'], []]);
    await copyFile(at('t.tflite'), at('tf.onnx'));
    const { exitCode, output } = await run(
      'model-compiler',
      `${COMPILING} -model=tf.onnx -emit-bundle=b -network-name=net`,
    );
    assert.equal(exitCode, 134);
    assert.match(output, /Error message: /);
  });

  it('operators that it does not load, and the Softmax of opset 13 on rank 2', async () => {
    const flat = { op: 'Flatten', inputs: ['r'], outputs: ['f'] };
    const unknown = await refuseSmall(network({}, flat, { op: 'Celu', inputs: ['f'], outputs: ['y'] }));
    assert.match(
      unknown,
      /MODEL_LOADER_UNSUPPORTED_OPERATOR\nError message: Failed to load operator Celu \./,
    );
    const softmax = { op: 'Softmax', inputs: ['f'], outputs: ['y'] };
    assert.match(await refuseSmall(network({ opset: 13 }, flat, softmax)), /SoftMax 13 input dims must be 4/);
    assert.deepEqual((await compileSmall(network({ opset: 11 }, flat, softmax))).types, ['int8', 'int8']);
  });
});
