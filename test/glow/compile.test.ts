import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { advice } from '../../extension/cli/remedies.ts';
import { findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { explainFailure } from '../../extension/glow/failure.ts';
import { findGlow } from '../../extension/glow/find.ts';
import { runGlow } from '../../extension/glow/run.ts';
import { profileArguments, WORK_FILES } from '../../extension/glow/options.ts';
import { checkProfile, profileWithGlow } from '../../extension/glow/profile.ts';
import { verifyObject } from '../../extension/glow/verify.ts';
import { encodePng } from '../../extension/image/png.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { compileByGlow, type GlowModel } from '../../extension/workflow/steps/glow/compileByGlow.ts';
import type { GlowRequest } from '../../extension/workflow/steps/glow/request.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { networkOf } from '../../extension/workflow/steps/glow/network.ts';
import { ownTemporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { qdqModel } from './qdqModel.ts';
import { behaving, example, folderForTests, glowTools, realGlow, request, standIn } from './tools.ts';

/** What tools and their steps have left in the folder for temporary files. */
const leftovers = async (): Promise<string[]> =>
  (await readdir(os.tmpdir())).filter((name) => /^glowport-glow-\d|\.log\./.test(name));

type Tried = Partial<GlowRequest> | (() => Promise<unknown>);

/** The sentence that a compilation ends with, or `accepted`. */
async function refusal(change: Tried, code?: string): Promise<string> {
  return (await outcome(change, code))?.message ?? 'accepted';
}

/** The error that a compilation ends with. */
async function refusalOf(change: Tried, code?: string): Promise<UserError> {
  return (await outcome(change, code)) ?? assert.fail('accepted');
}

/** The error that a compilation ends with; every one is a UserError of one line with a hint. */
async function outcome(change: Tried, code = 'toolchain'): Promise<UserError | undefined> {
  const before = await leftovers();
  try {
    await (typeof change === 'function' ? change() : compileByGlow(await request(change)));
  } catch (e) {
    assert.ok(e instanceof UserError, String((e as Error).stack));
    assert.equal(e.code, code, e.message);
    assert.match(e.message, /^[^\n]+\.$/);
    assert.match(advice(e.remedies), /\S/);
    return e;
  } finally {
    assert.deepEqual(await leftovers(), before, 'nothing is left behind');
  }
  return undefined;
}

describe(`glow: ${realGlow ? 'real tools' : 'stand-ins (GLOWPORT_GLOW is not set: real tools are not tested)'}`, () => {
  ownTemporaryFolder();
  const folder = folderForTests();
  let made: GlowModel;
  before(async () => (made = await compileByGlow(await request())));

  it('a bundle for the Cortex-M0+, every part as asked', () => {
    const { bundle, size } = made;
    assert.deepEqual(
      bundle.placeholders.map((p) => [p.name, p.direction, p.type, p.shape, p.byteSize]),
      [
        ['max_pooling_1_input', 'input', 'int8', [1, 28, 28, 1], 784],
        ['dense_2', 'output', 'int8', [1, 10], 10],
      ],
    );
    assert.ok(Math.abs(bundle.placeholders[0]!.scale * 255 - 1) < 1e-5);
    assert.equal(bundle.placeholders[0]!.offset, -128);
    assert.equal(bundle.weights.length, bundle.constantBytes);
    assert.ok(size.flashBytes > 2000 && size.flashBytes < 16_000);
    assert.equal(readElf(bundle.object!).attributes.get(8) ?? 0, 0, 'no Arm-mode code');
    assert.match(made.drawing!.svg, /^<svg[\s\S]*Convolution/);
  });

  it('logs of the tools go away with the working folder, whatever the environment says', async () => {
    const place = path.join(folder.path(), 'logs');
    await mkdir(place);
    const before = process.env['GLOG_log_dir'];
    process.env['GLOG_log_dir'] = place;
    try {
      await compileByGlow(await request());
    } finally {
      if (before === undefined) delete process.env['GLOG_log_dir'];
      else process.env['GLOG_log_dir'] = before;
    }
    assert.deepEqual(await readdir(place), []);
  });

  it("the bytes of the note's commands run by hand", async () => {
    const at = folder.path();
    await copyFile(path.join(example, 'mnist.onnx'), path.join(at, 'M.onnx'));
    const hand = (tool: 'image-classifier' | 'model-compiler', args: string): void => {
      const [program, ...first] = glowTools.commands[tool].map((w) => w.replaceAll('{folder}', at));
      execFileSync(program!, [...first, ...args.split(' ')], { cwd: at, stdio: 'pipe' });
    };
    const { samples } = await request();
    for (const [i, s] of samples.entries()) await copyFile(s.path, path.join(at, `${i}.png`));
    hand(
      'image-classifier',
      `${samples.map((_, i) => `${i}.png`).join(' ')} -image-mode=0to1 -image-layout=NHWC -model=M.onnx -onnx-define-symbol=N,1 -model-input-name=max_pooling_1_input -dump-profile=profile.yaml`,
    );
    assert.equal(made.profile, await readFile(path.join(at, 'profile.yaml'), 'utf8'));
    const profile = { text: made.profile!, file: 'profile.yaml' };
    const m7 = await compileByGlow(await request({ board: findBoard('evkmimxrt1060'), profile }));
    for (const [core, { bundle }] of [
      ['-mcpu=cortex-m0', made],
      ['-mcpu=cortex-m7 -float-abi=hard', m7],
    ] as const) {
      hand(
        'model-compiler',
        `-backend=CPU -model=M.onnx -target=arm ${core} -onnx-define-symbol=N,1 -emit-bundle=out -load-profile=profile.yaml -network-name=mnist -convert-placeholders -dump-graph-DAG=graph.dot`,
      );
      const byHand = (ending: string): Promise<Buffer> => readFile(path.join(at, 'out', `mnist.${ending}`));
      assert.deepEqual(Buffer.from(bundle.object!), await byHand('o'), core);
      assert.deepEqual(Buffer.from(bundle.weights), await byHand('weights.bin'), core);
      assert.equal(bundle.header, (await byHand('h')).toString('utf8'), core);
    }
  });

  it('a Cortex-M7 with float placeholders passes floats in registers', async () => {
    const { bundle } = await compileByGlow(
      await request({
        board: findBoard('evkmimxrt1060'),
        quantization: { ...DEFAULT_CHOICES.quantization, floatPlaceholders: true },
      }),
    );
    assert.deepEqual(
      bundle.placeholders.map((p) => p.type),
      ['float32', 'float32'],
    );
    const { attributes } = readElf(bundle.object!);
    assert.deepEqual([attributes.get(6), attributes.get(28)], [13, 1]);
  });

  it('names that are no C identifiers, paths with spaces and other letters', async () => {
    const place = path.join(folder.path(), 'Zürich – Straße 5');
    await mkdir(place, { recursive: true });
    const model = path.join(place, 'my net.1.onnx');
    await copyFile(path.join(example, 'mnist.onnx'), model);
    const image = path.join(place, 'zwölf ✓ 7.png');
    await copyFile(path.join(example, 'samples', '0000_7.png'), image);
    const { bundle } = await compileByGlow(
      await request({ model, samples: [{ path: image, label: undefined }] }),
    );
    assert.equal(bundle.name, 'my_net_1');
    assert.match(bundle.header, /MY_NET_1_dense_2/);
  });

  it('images of another kind and size are made what Glow reads', async () => {
    const data = Uint8Array.from({ length: 40 * 40 * 3 }, (_, i) => i % 251);
    const file = path.join(folder.path(), 'colour.png');
    await writeFile(file, encodePng({ width: 40, height: 40, channels: 3, data }));
    const samples = [{ path: file, label: undefined }];
    assert.match(
      await refusal({ samples }, 'input'),
      /colour\.png is 40 x 40 pixels, the model takes 28 x 28/,
    );
    const image = { ...DEFAULT_CHOICES.image, resize: true };
    assert.equal((await compileByGlow(await request({ samples, image }))).bundle.placeholders.length, 2);
  });

  it('refuses what Glow cannot do before it runs', async () => {
    const quantization = { ...DEFAULT_CHOICES.quantization, range: 'percentile' as const };
    assert.match(await refusal({ quantization }, 'usage'), /whole measured range/);
    assert.match(await refusal({ extraArguments: ['-emit-bundle=/'] }, 'usage'), /sets -emit-bundle itself/);
    const float = { ...DEFAULT_CHOICES.quantization, floatPlaceholders: true };
    assert.match(await refusal({ quantization: float }, 'board'), /has no FPU/);
  });

  it('a model that Glow cannot load: an operator, no ONNX at all', async () => {
    const { graph } = await inspect({ model: path.join(example, 'mnist.onnx') });
    const bytes = await readFile(path.join(example, 'mnist.onnx'));
    const renamed = Buffer.from(bytes);
    for (let at = renamed.indexOf('MaxPool'); at >= 0; at = renamed.indexOf('MaxPool', at + 1))
      renamed.write('MaxPoop', at);
    const operator = path.join(folder.path(), 'operator.onnx');
    await writeFile(operator, renamed);
    assert.match(
      await refusal({ model: operator, network: networkOf(graph) }, 'model'),
      /operator MaxPoop of operator\.onnx/,
    );
  });

  it('profiles: of another model, damaged, empty, cut short after a whole entry', async () => {
    const profile = made.profile!;
    const of = (text: string) => ({ profile: { text, file: 'my.yaml' } });
    // told of the user's file, whoever wrote it, and not to measure anew what was not measured
    const refused = async (text: string, code = 'input'): Promise<string> => {
      const e = await refusalOf(of(text), code);
      assert.match(e.message, /my\.yaml|float/);
      assert.doesNotMatch(e.message, /that Glow wrote/);
      assert.match(advice(e.remedies), /Leave --profile out/);
      assert.doesNotMatch(advice(e.remedies), /--no-glow-cache/);
      return e.message;
    };
    const hash = /GraphPreLowerHash: 0x[0-9A-F]{16}\n/;
    assert.match(profile, hash);
    const other = profile.replace(hash, 'GraphPreLowerHash: 0x0123456789ABCDEF\n');
    assert.match(await refused(other), /refuses my\.yaml for mnist\.onnx: it is of another model/);
    assert.match(await refused(''), /The profile my\.yaml is empty/);
    assert.match(await refused(profile.slice(0, profile.length >> 1)), /my\.yaml is cut short/);
    const [head, ...entries] = profile.split(/^(?=- NodeOutputName)/m);
    const last = entries.pop()!;
    assert.match(await refused(`${head!}${entries.join('')}`), /is cut short/);
    // whole to the eye: found in what Glow made of it
    const half = entries.slice(0, entries.length >> 1).join('');
    assert.match(await refused(`${head!}${half}...\n`, 'toolchain'), /float/);
    const without = entries.filter((entry) => !/'max_pooling_1_input:0'/.test(entry));
    assert.equal(without.length, entries.length - 1);
    assert.match(
      await refused(`${head!}${without.join('')}${last}`, 'toolchain'),
      /float32 values in "max_pooling_1_input"/,
    );
    // what Glow splits a layer into for measuring, last by name, changes nothing
    const { bundle } = await compileByGlow(await request(of(`${head!}${entries.join('')}...\n`)));
    assert.deepEqual(bundle.object, made.bundle.object);
  });

  it('what the tools say of files that are not there', async () => {
    const at = path.join(folder.path(), 'bare');
    await mkdir(at, { recursive: true });
    const said = async (tool: 'image-classifier' | 'model-compiler', ...args: string[]): Promise<string> => {
      const run = await runGlow(glowTools, tool, args, at);
      assert.notEqual(run.exitCode, 0);
      return explainFailure(tool, run, { model: 'M.onnx' }).message;
    };
    assert.match(
      await said('model-compiler', '-model=no.onnx', '-emit-bundle=b', '-load-profile=p.yaml'),
      /cannot read M\.onnx/,
    );
    await copyFile(path.join(example, 'mnist.onnx'), path.join(at, 'm.onnx'));
    const profiling = [
      '-model=m.onnx',
      '-onnx-define-symbol=N,1',
      '-image-layout=NHWC',
      '-dump-profile=p.yaml',
    ];
    const input = '-model-input-name=max_pooling_1_input';
    assert.match(
      await said('image-classifier', 'no.png', ...profiling, input),
      /cannot open the sample image no\.png/,
    );
    assert.match(await said('image-classifier', ...profiling, input), /no sample image/);
    await copyFile(path.join(example, 'samples', '0000_7.png'), path.join(at, 'a.png'));
    assert.match(
      await said('image-classifier', 'a.png', ...profiling, '-model-input-name=nope'),
      /was not told that the input of M\.onnx is max_pooling_1_input/,
    );
    const compiling = ['-model=m.onnx', '-onnx-define-symbol=N,1', '-emit-bundle=b', '-backend=CPU'];
    assert.match(
      await said('model-compiler', ...compiling, '-load-profile=no.yaml'),
      /profile of M\.onnx: it is missing/,
    );
    await writeFile(path.join(at, 'g.yaml'), '---\n- [1\n');
    assert.match(
      await said('model-compiler', ...compiling, '-load-profile=g.yaml'),
      /profile of M\.onnx: it is damaged/,
    );
    await writeFile(path.join(at, 'e.yaml'), '');
    assert.match(await said('model-compiler', ...compiling, '-load-profile=e.yaml'), /crashed/);
    assert.match(
      await said('model-compiler', ...compiling, '-no-such-option'),
      /has no option -no-such-option/,
    );
  });

  it('a processor that Glow does not know: it ends well, with an object that no Cortex-M runs', async () => {
    const at = path.join(folder.path(), 'processor');
    await mkdir(at, { recursive: true });
    await copyFile(path.join(example, 'mnist.onnx'), path.join(at, 'm.onnx'));
    await writeFile(path.join(at, 'p.yaml'), made.profile!);
    const args =
      '-backend=CPU -model=m.onnx -target=arm -mcpu=cortex-m99 -onnx-define-symbol=N,1 -emit-bundle=b -load-profile=p.yaml -network-name=net -convert-placeholders';
    const { exitCode, output } = await runGlow(glowTools, 'model-compiler', args.split(' '), at);
    assert.equal(exitCode, 0, output);
    assert.match(output, /'cortex-m99' is not a recognized processor for this target/);
    const object = await readFile(path.join(at, 'b', 'net.o'));
    assert.throws(
      () => verifyObject(object, 'net', 'cortex-m0plus'),
      (e) => e instanceof UserError && /is Arm-mode code, which no Cortex-M runs/.test(e.message),
    );
  });

  it('a model that was quantized before (QDQ, int32 biases): read by GlowPort, refused by Glow itself', async () => {
    const model = path.join(folder.path(), 'qdq.onnx');
    await writeFile(model, qdqModel());
    const session = await InferenceSession.create(model);
    const { y } = await session.run({
      x: new Tensor('float32', new Float32Array(784).fill(0.5), [1, 1, 28, 28]),
    });
    assert.deepEqual(y!.dims, [1, 2], 'onnxruntime takes it');
    const { graph } = await inspect({ model });
    assert.deepEqual(graph.inputs[0]!.params, { scale: Math.fround(1 / 255), offset: -128 });
    // past what GlowPort does with it, for tools that are called by hand
    const at = path.join(folder.path(), 'qdq');
    await mkdir(at, { recursive: true });
    await writeFile(path.join(at, 'model.onnx'), qdqModel());
    await copyFile(path.join(example, 'samples', '0000_7.png'), path.join(at, 'a.png'));
    const args = profileArguments(
      ['a.png'],
      { modelFile: 'model.onnx', defines: {}, inputName: 'x' },
      { mode: '0to1', layout: 'NCHW', channelOrder: undefined },
    );
    const run = await runGlow(glowTools, 'image-classifier', args, at);
    assert.equal(run.exitCode, 134, run.output);
    const { message, remedies } = explainFailure('image-classifier', run, { model: 'qdq.onnx' });
    assert.match(message, /cannot load qdq\.onnx: its biases are dequantized from int32/);
    assert.match(advice(remedies), /Give the float model/);
  });
});

describe('glow: tools that misbehave (stand-ins)', () => {
  ownTemporaryFolder();
  const folder = folderForTests();
  const tools = { glow: standIn };
  let profile: { text: string; file: string };
  before(async () => {
    profile = { text: (await compileByGlow(await request({ tools }))).profile!, file: 'mnist.yaml' };
  });
  const failing = (how: string, change: Partial<GlowRequest> = {}): Promise<string> =>
    behaving(how, () => refusal({ tools, ...change }));
  /** The same for the compiler alone. */
  const compiling = (how: string, change: Partial<GlowRequest> = {}): Promise<string> =>
    failing(how, { profile, ...change });

  it('every lie of an exit code 0 is found out', async () => {
    assert.match(await compiling('unknown-cpu'), /does not know the processor cortex-m0/);
    assert.match(await failing('cut-profile'), /is cut short/);
    assert.match(await failing('empty-profile'), /is empty/);
    assert.match(await failing('lost-profile'), /wrote no profile/);
    assert.match(await failing('flipped-profile'), /without a range/);
    assert.match(await failing('short-profile'), /float32 values in "\w+" where int8 was asked for/);
    const half = await behaving('half-float', async () => compileByGlow(await request({ tools, profile })));
    assert.deepEqual([...half.floatKinds].sort(), ['FullyConnected', 'MaxPool']);
    assert.match(await compiling('float-placeholders'), /float32 values in "max_pooling_1_input" where int8/);
    assert.match(
      await compiling('cut-weights'),
      /weights that Glow wrote have \d+ bytes, its header says \d+/,
    );
    assert.match(await compiling('other-weights'), /hold different bytes/);
    assert.match(await compiling('no-object'), /wrote no mnist\.o/);
    assert.match(await compiling('text-object'), /no object file of a microcontroller/);
    assert.match(
      await compiling('soft-float', { board: findBoard('evkmimxrt1060') }),
      /does not pass floats in FPU registers/,
    );
  });

  it('crashed, killed, silent, printing garbage or without end, without its library', async () => {
    for (const tool of ['profiler', 'compiler']) {
      const said = (how: string): Promise<string> =>
        (tool === 'compiler' ? compiling : failing)(`${tool}:${how}`);
      assert.match(await said('crash'), /crashed without a message/);
      assert.match(await said('killed'), /killed from outside/);
      assert.match(await said('silent'), /exit code 9 and no message/);
      assert.match(await said('library'), /needs libpng16\.so\.16, which is missing/);
      assert.match(await said('garbage'), /^[\P{Cc}]+\.$/u);
      assert.match(await said('endless'), /printed more than 4 MB/);
    }
  });

  it('a tool that hangs is stopped, and one that is cancelled is killed with all that it started', async () => {
    assert.match(await compiling('compiler:hang', { timeoutMs: 500 }), /did not finish within 0\.5 seconds/);
    // a wrapper script that does not hand signals on
    const script = path.join(folder.path(), 'glow.sh');
    const [node, tool] = standIn;
    const line = `'${node}' "${tool!.replace('{tool}', '$1')}" "\${@:2}" | cat`;
    await writeFile(script, `#!/bin/bash\n${line}\n`);
    await chmod(script, 0o755);
    for (const hanging of ['profiler', 'compiler']) {
      const cancel = new AbortController();
      const asked = await request({ tools: { glow: [script] } });
      let pid = '';
      const log = (text: string): void => {
        pid = /^hanging as process (\d+)$/.exec(text)?.[1] ?? pid;
        if (pid !== '') cancel.abort();
      };
      await behaving(`${hanging}:hang`, () =>
        refusal(() => compileByGlow(asked, { signal: cancel.signal, log }), 'cancelled'),
      );
      assert.ok(cancel.signal.aborted, 'it has hung');
      // the system may take a moment to bury it
      await until(() => {
        const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', pid], { encoding: 'utf8' });
        return !stdout.includes('stand-in');
      });
    }
  });

  it('missing, not executable, not a program', async () => {
    assert.match(
      await refusal({ tools: { glow: path.join(folder.path(), 'nowhere') } }),
      /There are no image-classifier/,
    );
    assert.match(
      await refusal({ tools: { glow: ['no-such-wrapper'] } }),
      /no-such-wrapper could not be started: it is not installed/,
    );
    const bad = path.join(folder.path(), 'bad');
    await mkdir(bad);
    for (const t of ['image-classifier', 'model-compiler']) await writeFile(path.join(bad, t), 'no program');
    assert.match(await refusal({ tools: { glow: bad } }), /could not be started \(EACCES\)/);
  });

  it('tools that fail at the first question already: their version', async () => {
    // another command line, so that it is asked again
    const asked = { profile, tools: { glow: [standIn[0]!, '--title=first-question', standIn[1]!] } };
    const said = (how: string, timeoutMs?: number): Promise<string> =>
      failing(`probe:${how}`, { ...asked, timeoutMs });
    assert.match(await said('library'), /model-compiler does not start: it needs libpng16\.so\.16/);
    assert.match(await said('crash'), /crashed without a message/);
    assert.match(await said('killed'), /killed from outside/);
    assert.match(await said('silent'), /exit code 9 and no message/);
    assert.match(await said('garbage'), /^[\P{Cc}]+\.$/u);
    assert.match(await said('endless'), /printed more than 4 MB/);
    assert.match(await said('hang', 1000), /did not finish within 1 second and/);
    // none of these answers is kept
    assert.equal(await refusal(asked), 'accepted');
  });

  it('an option that this Glow has not, with what helps; what GlowPort chooses itself it asks for first', async () => {
    const asked: Partial<GlowRequest> = {
      profile,
      // another command line, so that it is asked again
      tools: { glow: [standIn[0]!, '--no-warnings', standIn[1]!] },
      quantization: { ...DEFAULT_CHOICES.quantization, channelwise: true },
    };
    const without = (options: string) => behaving(options, () => outcome(asked), 'STAND_IN_WITHOUT');
    const error = await without('bundle-api,enable-channelwise');
    assert.match(error!.message, /This Glow \(2024-05-11 .*\) has no option -enable-channelwise/);
    assert.match(advice(error!.remedies), /--no-channelwise.* newer Glow/);
    assert.equal(await without('bundle-api'), undefined);
    const own = await outcome({ ...asked, extraArguments: ['--use-dsp=2'] });
    assert.match(own!.message, /This Glow \(2024-05-11 .*\) has no option -use-dsp/);
  });

  it('more images than a command line holds go by a list, where this Glow reads one', async () => {
    await copyFile(path.join(example, 'mnist.onnx'), path.join(folder.path(), 'model.onnx'));
    const images = Array.from({ length: 120 }, (_, i) => `${'x'.repeat(200)}${i}.png`);
    for (const name of images) {
      await copyFile(path.join(example, 'samples', '0000_7.png'), path.join(folder.path(), name));
    }
    const lines: string[] = [];
    const measured = (glow: readonly string[]): Promise<string> =>
      profileWithGlow(
        findGlow(glow)!,
        { version: undefined },
        folder.path(),
        images,
        { modelFile: 'model.onnx', defines: { N: 1 }, inputName: 'max_pooling_1_input' },
        { mode: '0to1', layout: 'NHWC', channelOrder: undefined },
        { log: (line) => lines.push(line) },
      );
    assert.ok(checkProfile(await measured(standIn)) >= 9);
    assert.ok(lines.some((line) => line.includes(`-input-image-list-file=${WORK_FILES.imageList} `)));
    // asked again on another command line
    const other = [standIn[0]!, '--title=list', standIn[1]!];
    const without = () => behaving('input-image-list-file', () => measured(other), 'STAND_IN_WITHOUT');
    assert.match(await refusal(without, 'usage'), /120 sample images are too many for this Glow/);
  });

  it('int16 and int16 biases, of which a Glow makes floats without a word: refused before profiling', async () => {
    const lines: string[] = [];
    const asked = async (change: object, glow = standIn) =>
      refusalOf(async () => {
        const quantization = { ...DEFAULT_CHOICES.quantization, ...change };
        await compileByGlow(await request({ tools: { glow }, quantization }), { log: (l) => lines.push(l) });
      });
    const activations = await asked({ precision: 'int16' });
    assert.match(activations.message, /^This Glow makes floats of int16 activations/);
    assert.match(advice(activations.remedies), /--precision int8\. .*--compiler builtin/);
    const biases = await asked({ biasPrecision: 'int16' });
    assert.match(biases.message, /^This Glow makes floats of layers with int16 biases/);
    assert.match(advice(biases.remedies), /--bias-precision int32\. .*--compiler builtin/);
    const both = await asked({ precision: 'int16', biasPrecision: 'int16' });
    assert.match(advice(both.remedies), /--precision int8\. .*--bias-precision int32\. /);
    assert.doesNotMatch(lines.join('\n'), /images\//, 'not profiled');
    // once a process
    const before = lines.length;
    await asked({ precision: 'int16' });
    assert.equal(lines.slice(before).filter((l) => /-emit-bundle/.test(l)).length, 0);
    // a Glow that can, on another command line
    const able = [standIn[0]!, '--title=int16', standIn[1]!];
    const quantization = { ...DEFAULT_CHOICES.quantization, precision: 'int16' as const };
    const { bundle } = await behaving('int16', async () =>
      compileByGlow(await request({ tools: { glow: able }, quantization })),
    );
    assert.deepEqual(
      bundle.placeholders.map((p) => p.type),
      ['int16', 'int16'],
    );
  });

  it('biases of 8 bits, which every Glow has', async () => {
    const quantization = { ...DEFAULT_CHOICES.quantization, biasPrecision: 'int8' as const };
    assert.equal(await refusal({ tools, profile, quantization }), 'accepted');
  });

  it('headers of older builds', async () => {
    for (const how of ['header2020', 'plain-names']) {
      const { bundle } = await behaving(how, async () => compileByGlow(await request({ tools, profile })));
      const [input, output] = bundle.placeholders;
      assert.deepEqual(
        [input!.name, output!.name, output!.cName],
        ['max_pooling_1_input', 'dense_2', how === 'header2020' ? 'dense_2__1' : 'dense_2'],
      );
      assert.deepEqual([input!.type, input!.shape], ['int8', [1, 28, 28, 1]]);
      assert.equal(/GLOWPORT_COMPAT/.test(bundle.header), how === 'header2020');
    }
  });

  it('the profile is measured once for the same model, images, options and Glow', async () => {
    const cacheFolder = path.join(folder.path(), 'cache');
    const runs = async (change: Partial<GlowRequest> = {}): Promise<number> => {
      let n = 0;
      const log = (line: string): void => void (n += /-dump-profile=/.test(line) ? 1 : 0);
      await compileByGlow(await request({ tools, cacheFolder, ...change }), { log });
      return n;
    };
    const { samples } = await request();
    assert.equal(await runs(), 1);
    assert.equal(await runs(), 0);
    assert.equal(
      await runs({ quantization: { ...DEFAULT_CHOICES.quantization } }),
      0,
      'quantization is not in it',
    );
    assert.equal(await runs({ samples: samples.slice(1) }), 1);
    assert.equal(await runs({ image: { ...DEFAULT_CHOICES.image, mode: 'neg1to1' } }), 1);
    assert.equal(await runs({ cacheFolder: null }), 1);
  });

  it('logs what it runs, without the harmless lines', async () => {
    const lines: string[] = [];
    await compileByGlow(await request({ tools }), { log: (line) => lines.push(line) });
    assert.ok(lines.some((l) => l.includes('-mcpu=cortex-m0')));
    assert.ok(lines.some((l) => /harmless lines of Glow left out/.test(l)));
    assert.ok(!lines.some((l) => /not a recognized/.test(l)));
  });
});
