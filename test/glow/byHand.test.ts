import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../extension/cli/exit.ts';
import { runGlow } from '../../extension/glow/run.ts';
import type { PortSummary } from '../../extension/workflow/port/summary.ts';
import { glowport } from '../cli/support.ts';
import { helloProject, writeTree } from '../project/mcuxpresso/projects.ts';
import { example, folderForTests, glowTools, realGlow } from './tools.ts';

describe(`glow: a bundle made by hand (${realGlow ? 'real tools' : 'stand-ins'})`, () => {
  const folder = folderForTests();
  const model = path.join(example, 'mnist.onnx');
  const digit = path.join(example, 'samples', '0000_7.png');
  /** The bundle alone, as the application note leaves it: without .weights.bin. */
  const bundle = (): string => path.join(folder.path(), 'by-hand');
  const board = ['--board', 'frdmke16z'];

  before(async () => {
    // the application note's two commands
    const work = path.join(folder.path(), 'work');
    await mkdir(work);
    await cp(model, path.join(work, 'mnist.onnx'));
    await cp(digit, path.join(work, 'digit.png'));
    const input = ['-model=mnist.onnx', '-onnx-define-symbol=N,1', '-model-input-name=max_pooling_1_input'];
    const image = ['-image-mode=0to1', '-image-layout=NHWC'];
    const profile = ['digit.png', ...image, ...input, '-dump-profile=profile.yaml'];
    const profiled = await runGlow(glowTools, 'image-classifier', profile, work);
    assert.equal(profiled.exitCode, 0, profiled.output);
    const target = ['-backend=CPU', '-target=arm', '-mcpu=cortex-m0', ...input.slice(0, 2)];
    const how = ['-emit-bundle=bundle', '-load-profile=profile.yaml', '-convert-placeholders'];
    const names = ['-network-name=mnist_nxp', '-dump-graph-DAG=graph.dot'];
    const compiled = await runGlow(glowTools, 'model-compiler', [...target, ...how, ...names], work);
    assert.equal(compiled.exitCode, 0, compiled.output);
    await mkdir(bundle());
    for (const ending of ['h', 'o', 'weights.txt']) {
      await cp(path.join(work, 'bundle', `mnist_nxp.${ending}`), path.join(bundle(), `mnist_nxp.${ending}`));
    }
  });

  it('is ported: its firmware runs, and is compared with nothing', async () => {
    const args = ['port', '--bundle', bundle(), ...board, '--input', digit];
    const { code, out, err } = await glowport(folder.path(), ...args, '--out', 'a', '--json');
    assert.equal(code, 0, err);
    const { top1, confidences, expected, match, cycles, compiler } = JSON.parse(out) as PortSummary;
    assert.deepEqual([top1, expected, match, compiler], [7, null, null, undefined]);
    assert.equal(confidences!.length, 10);
    assert.ok(cycles! > 10_000);
    const text = await glowport(folder.path(), ...args, '--out', 'a');
    assert.equal(text.code, 0, text.err);
    assert.match(text.out, /^class +FRDM-KE16Z +\(real\)$/m);
    assert.match(text.out, /^ +7 +-?\d+ +\d+\.\d{3}$/m);
    assert.match(text.out, /^Top1 {4}FRDM-KE16Z 7\nMatch {3}not compared: nothing on this computer/m);
    assert.match(text.out, /^Time .*cycles at 48 MHz\nFlash .*\nRAM .*\nProject a$/m);
    assert.deepEqual(await readdir(folder.path()), ['a', 'by-hand', 'work']);
  });

  it('with its model Top1 is compared, as in a port with Glow', async () => {
    const args = ['port', model, '--bundle', bundle(), ...board, '--input', digit, '--out', 'b'];
    const { code, out, err } = await glowport(folder.path(), ...args, '--json');
    assert.equal(code, 0, err);
    const { top1, expected, match } = JSON.parse(out) as PortSummary;
    assert.deepEqual([top1, match, expected?.reference], [7, true, 'float']);
    const text = await glowport(folder.path(), ...args);
    assert.match(
      text.out,
      /^Match {3}yes, in Top1: the bundle's network says the float network's class; .*\nClose {3}yes: no output/m,
    );
  });

  it('into puts it into a project: its object, and nothing of ours that it does not need', async () => {
    const project = path.join(folder.path(), 'hello');
    await writeTree(project, helloProject('hello'));
    const args = ['into', project, '--bundle', bundle(), '--input', digit, '--json'];
    const { code, out, err } = await glowport(folder.path(), ...args);
    assert.equal(code, 0, err);
    const { changed } = JSON.parse(out) as { changed: string[] };
    assert.deepEqual(
      changed.filter((file) => file.includes('mnist_nxp')).sort(),
      ['h', 'o', 'weights.txt'].map((ending) => `source/mnist_nxp.${ending}`),
    );
    await rm(project, { recursive: true });
  });

  it('generate takes it', async () => {
    const args = ['generate', bundle(), ...board, '--input', digit, '--out', 'c', '--json'];
    const { code, out, err } = await glowport(folder.path(), ...args);
    assert.equal(code, 0, err);
    assert.ok((JSON.parse(out) as { files: string[] }).files.includes('bundle/mnist_nxp.o'));
    const header = await readFile(path.join(bundle(), 'mnist_nxp.h'));
    assert.deepEqual(await readFile(path.join(folder.path(), 'c', 'source', 'mnist_nxp.h')), header);
  });

  it('is refused without an image, and beside choices of a compiler', async () => {
    const before = await readdir(folder.path());
    const refused = async (...args: string[]) => {
      const { code, err } = await glowport(folder.path(), 'port', '--bundle', bundle(), ...args);
      assert.deepEqual(await readdir(folder.path()), before);
      return [code, err] as const;
    };
    const none = await refused(...board);
    assert.equal(none[0], EXIT.usage);
    assert.match(none[1], /No test data were given/);
    const both = await refused(...board, '--input', digit, '--compiler', 'glow');
    assert.equal(both[0], EXIT.usage);
    assert.match(both[1], /--bundle.*cannot be used with.*--compiler/);
    const model = path.join(folder.path(), 'no.onnx');
    const missing = await refused(model, ...board, '--input', digit);
    assert.equal(missing[0], EXIT.input);
  });

  it('that was written by a killed tool is no bundle', async () => {
    const cut = path.join(folder.path(), 'cut');
    await cp(bundle(), cut, { recursive: true });
    await rm(path.join(cut, 'mnist_nxp.o'));
    const { code, err } = await glowport(folder.path(), 'port', '--bundle', cut, ...board, '--input', digit);
    assert.equal(code, EXIT.input);
    assert.match(err, /There is no bundle file .*mnist_nxp\.o/);
  });
});
