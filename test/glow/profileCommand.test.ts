import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../extension/cli/exit.ts';
import { checkProfile } from '../../extension/glow/profile.ts';
import { readProfile } from '../../extension/quantize/profileYaml.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { glowport } from '../cli/support.ts';
import { behaving, example, folderForTests, glow, realGlow, standIn } from './tools.ts';

describe(`glow: glowport profile --compiler glow (${realGlow ? 'real tools' : 'stand-ins'})`, () => {
  const folder = folderForTests();
  const model = path.join(example, 'mnist.onnx');
  const place = typeof glow === 'string' ? glow : JSON.stringify(glow);
  const images = ['--samples', path.join(example, 'samples')];
  // kept profiles go where this system keeps them: a folder of this test
  const usual = { ...process.env };
  before(() => {
    process.env['XDG_CACHE_HOME'] = process.env['LOCALAPPDATA'] = path.join(folder.path(), 'cache');
  });
  after(() => {
    if (usual['XDG_CACHE_HOME'] === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = usual['XDG_CACHE_HOME'];
    if (usual['LOCALAPPDATA'] === undefined) delete process.env['LOCALAPPDATA'];
    else process.env['LOCALAPPDATA'] = usual['LOCALAPPDATA'];
  });
  const profile = (...args: string[]) => profileOf(images, ...args);
  const profileOf = (given: readonly string[], ...args: string[]) => profileBy(place, ...given, ...args);
  const profileBy = (tools: string, ...args: string[]) =>
    glowport(folder.path(), 'profile', model, '--compiler', 'glow', '--glow', tools, '--debug', ...args);
  const ran = (err: string): boolean => err.includes('-dump-profile=');

  it("writes Glow's own profile beside ours", async () => {
    const { code, out, err } = await profile();
    assert.equal(code, EXIT.ok, err);
    assert.match(out, /^mnist\.profile\.yaml\nmnist\.profile\.glow\.yaml \(\d+ values, Glow .+\)$/m);
    const { graph } = await inspect({ model });
    const ours = await readFile(path.join(folder.path(), 'mnist.profile.yaml'), 'utf8');
    assert.ok(readProfile(ours, graph, 'ours').size >= 9);
    const theirs = await readFile(path.join(folder.path(), 'mnist.profile.glow.yaml'), 'utf8');
    assert.ok(checkProfile(theirs) >= 9);
    assert.notEqual(theirs, ours);
    assert.match(theirs, /^GlowToolsVersion:/m);
    // what image-classifier was told, word by word
    const told = err.split('\n').find((line) => line.includes('-dump-profile='))!;
    assert.match(
      told,
      /images\/00000\.png .*images\/00019\.png -image-mode=0to1 -image-layout=NHWC -model=model\.onnx -onnx-define-symbol=\w+,1 -model-input-name=max_pooling_1_input -dump-profile=profile\.yaml$/,
    );
  });

  it('keeps it by model, images and options, and measures anew when told to', async () => {
    const again = await profile('--json');
    assert.equal(again.code, EXIT.ok, again.err);
    assert.ok(!ran(again.err) && /is known/.test(again.err), 'kept from the test before');
    const { glow: kept } = JSON.parse(again.out) as { glow: { profile: string; values: number } };
    assert.equal(checkProfile(await readFile(kept.profile, 'utf8')), kept.values);
    assert.ok(ran((await profile('--image-mode', 'neg1to1', '--out', 'other.yaml')).err), 'other options');
    const one = ['--samples', path.join(example, 'samples', '0000_7.png')];
    assert.ok(ran((await profileOf(one, '--out', 'one.yaml')).err), 'other images');
    assert.ok(ran((await profile('--no-glow-cache')).err), 'without the cache');
  });

  it('is what compile --profile takes: the same bundle as with the images', async () => {
    const common = ['--board', 'frdmke16z', '--compiler', 'glow', '--glow', place];
    const compile = (...args: string[]) => glowport(folder.path(), 'compile', model, ...common, ...args);
    const a = await compile('--profile', 'mnist.profile.glow.yaml', '--out', 'a');
    const b = await compile(...images, '--out', 'b');
    assert.deepEqual([a.code, b.code], [EXIT.ok, EXIT.ok], a.err + b.err);
    for (const file of ['mnist.o', 'mnist.h', 'mnist.weights.bin']) {
      const [x, y] = await Promise.all(['a', 'b'].map((d) => readFile(path.join(folder.path(), d, file))));
      assert.deepEqual(x, y, file);
    }
  });

  it('writes nothing when Glow fails, and says why in one sentence', async () => {
    const before = await readdir(folder.path());
    const { code, err } = await behaving('profiler:crash', () =>
      profileBy(JSON.stringify(standIn), ...images, '--no-glow-cache', '--out', 'no.yaml'),
    );
    assert.equal(code, EXIT.toolchain);
    assert.match(err, /^glowport: Glow's image-classifier crashed without a message\. .+$/m);
    assert.deepEqual(await readdir(folder.path()), before);
  });
});
