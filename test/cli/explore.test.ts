import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../extension/cli/exit.ts';
import { calibration, glowport, mnist, model, temporaryFolder } from './support.ts';

/** What `explore --json` prints of a variant, as far as it is looked at here. */
interface Told {
  readonly number: number;
  readonly quantization: Readonly<Record<string, unknown>>;
  readonly front: boolean;
  readonly chosen: boolean;
  readonly predictedCycles: number;
  readonly modelFlashBytes: number;
  readonly modelRamBytes: number;
  readonly labelled: { readonly samples: number; readonly correct: number };
  readonly sqnrDb: number;
}

describe('cli: explore', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const cacheBefore = process.env['XDG_CACHE_HOME'];
  before(async () => {
    folder = await temporaryFolder();
    process.env['XDG_CACHE_HOME'] = path.join(folder.path, '.cache');
  });
  after(async () => {
    if (cacheBefore === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = cacheBefore;
    await folder.dispose();
  });

  const args = ['explore', model, '--board', 'frdmke16z', '--samples', calibration];
  const file = (name: string): string => path.join(folder.path, name);

  it('shows the variants from the best on, with the front marked', async () => {
    const { code, out, err } = await glowport(folder.path, ...args, '--svg', 'variants.svg');
    assert.equal(code, 0, err);
    const rows = out.split('\n').filter((line) => /^[* ] +\d+ {2}\S/.test(line));
    assert.equal(rows.length, 34);
    const marked = rows.map((line) => line.startsWith('*'));
    assert.ok(marked.includes(true) && marked.lastIndexOf(true) < marked.indexOf(false));
    assert.match(
      out,
      /^ +1 {2}int8 asymmetric, per channel, minmax .*98\.0 %.*5,004 {2}1,332 {2}chosen now$|^\* +1 {2}int8 asymmetric, per channel, minmax .*98\.0 %.*5,004 {2}1,332 {2}chosen now$/m,
    );
    assert.match(out, /about cycles/);
    assert.match(out, /Cycles are about what the compiler predicts/);
    assert.match(err, /explore {3}34 variants over 100 samples/);
    assert.match(
      await readFile(file('variants.svg'), 'utf8'),
      /^<svg [^>]*>\n {2}<title>Variants of mnist\.onnx for FRDM-KE16Z/,
    );
    assert.match((await glowport(folder.path, ...args)).err, /34 variants, known already/);
  });

  it('writes over no drawing of others', async () => {
    await writeFile(file('mine.svg'), 'mine');
    const { code, err } = await glowport(folder.path, ...args, '--svg', 'mine.svg');
    assert.equal(code, EXIT.input);
    assert.match(err, /mine\.svg/);
    assert.equal(await readFile(file('mine.svg'), 'utf8'), 'mine');
  });

  it('gives what compiling with the same options gives', async () => {
    const { out } = await glowport(folder.path, ...args, '--json');
    const { variants, ranking, quality } = JSON.parse(out) as {
      variants: Told[];
      ranking: number[];
      quality: string;
    };
    assert.equal(quality, 'sqnr', 'all variants of the example have the same accuracy');
    assert.deepEqual(
      [...ranking].sort((a, b) => a - b),
      variants.map((v) => v.number),
    );
    const options: Readonly<Record<number, readonly string[]>> = {
      1: [],
      18: ['--schema', 'symmetric_with_uint8', '--no-channelwise', '--range', 'mse'],
      26: ['--precision', 'int16', '--schema', 'symmetric', '--no-channelwise'],
      29: ['--weight-schema', 'asymmetric'],
      33: ['--bias-precision', 'int8'],
    };
    for (const [number, given] of Object.entries(options)) {
      const told = variants[Number(number) - 1]!;
      const compile = ['compile', model, '--board', 'frdmke16z', '--samples', calibration, '--json'];
      const alone = await glowport(folder.path, ...compile, '--out', `bundle-${number}`, ...given);
      const { modelFlashBytes, modelRamBytes, layers } = JSON.parse(alone.out) as {
        modelFlashBytes: number;
        modelRamBytes: number;
        layers: { predictedCycles: number }[];
      };
      assert.deepEqual(
        [told.modelFlashBytes, told.modelRamBytes, told.predictedCycles],
        [modelFlashBytes, modelRamBytes, layers.reduce((n, l) => n + l.predictedCycles, 0)],
        number,
      );
    }
  });

  it('keeps what is given in all variants', async () => {
    const { out } = await glowport(folder.path, ...args, '--precision', 'int16', '--json');
    const { variants } = JSON.parse(out) as { variants: Told[] };
    const int8 = variants.filter((v) => v.quantization['precision'] !== 'int16');
    assert.deepEqual(int8, []);
    assert.ok(variants.length > 5);
  });

  it('makes a variant the choice of a port, which then gives its figures', async () => {
    const { code, err } = await glowport(folder.path, ...args, '--take', '26');
    assert.equal(code, 0, err);
    assert.match(err, /glowport\.json remembers this: "glowport port" repeats it/);
    const config = JSON.parse(await readFile(file('glowport.json'), 'utf8')) as Record<string, unknown>;
    assert.deepEqual(config['quantization'], { schema: 'symmetric', precision: 'int16', channelwise: false });
    const { out } = await glowport(folder.path, 'explore', '--json');
    const { variants } = JSON.parse(out) as { variants: Told[] };
    const [told, ...others] = variants.filter((v) => v.chosen);
    assert.deepEqual(others, []);
    assert.equal(told!.number, 26);
    const ported = await glowport(folder.path, 'port', '--json');
    const port = JSON.parse(ported.out) as Record<string, unknown>;
    assert.deepEqual(
      [port['match'], port['modelFlashBytes'], port['modelRamBytes']],
      [true, told!.modelFlashBytes, told!.modelRamBytes],
    );
    assert.equal((port['quantization'] as { sqnrDb: number }).sqnrDb.toFixed(6), told!.sqnrDb.toFixed(6));
  });

  it('takes no variant that is not there, and writes over no choices for another model', async () => {
    const before = await readFile(file('glowport.json'), 'utf8');
    const none = await glowport(folder.path, ...args, '--take', '99');
    assert.equal(none.code, EXIT.usage);
    assert.match(none.err, /There is no variant 99\. Choose one from 1 to 34\./);
    const other = path.join(mnist, 'mnist.tflite');
    const rest = ['--board', 'frdmke16z', '--samples', calibration, '--take', '1'];
    const refused = await glowport(folder.path, 'explore', other, ...rest);
    assert.equal(refused.code, EXIT.input);
    assert.match(refused.err, /glowport\.json remembers the port of another model\./);
    assert.equal(await readFile(file('glowport.json'), 'utf8'), before);
    const asked = await glowport(folder.path, 'explore', other, ...rest, '--overwrite');
    assert.equal(asked.code, 0, asked.err);
    assert.match(await readFile(file('glowport.json'), 'utf8'), /mnist\.tflite/);
  });

  it('takes a variant into a file that is named and not there yet, and fails where it cannot be written', async () => {
    const { code, err } = await glowport(folder.path, ...args, '--take', '1', '--config', 'other.json');
    assert.equal(code, 0, err);
    assert.match(await readFile(file('other.json'), 'utf8'), /mnist\.onnx/);
    const nowhere = path.join('other.json', 'glowport.json'); // in a file there is no file
    const failed = await glowport(folder.path, ...args, '--take', '1', '--config', nowhere);
    assert.equal(failed.code, EXIT.input, failed.err);
  });

  it('is of the built-in compiler, whichever one is remembered', async () => {
    const glow = JSON.stringify({
      ...JSON.parse(await readFile(file('other.json'), 'utf8')),
      compiler: 'glow',
    });
    await writeFile(file('glow.json'), glow);
    const refused = await glowport(folder.path, 'explore', '--config', 'glow.json');
    assert.match(refused.err, /Glow is chosen\. .*--compiler builtin/);
    const { code, err } = await glowport(
      folder.path,
      'explore',
      '--config',
      'glow.json',
      '--compiler',
      'builtin',
    );
    assert.equal(code, 0, err);
  });

  it('of a network that is quantized already tries the roundings', async () => {
    const tflite = path.join(mnist, 'mnist.tflite');
    const { out } = await glowport(folder.path, 'explore', tflite, ...args.slice(2), '--json');
    const { variants } = JSON.parse(out) as { variants: (Told & { words: string })[] };
    assert.deepEqual(
      variants.map((v) => v.words),
      ['exact rounding', 'fast rounding', 'exact rounding, constants in RAM'],
    );
    assert.ok(variants[1]!.predictedCycles < variants[0]!.predictedCycles);
  });

  it('asks for a model, a board and samples', async () => {
    const empty = await temporaryFolder();
    assert.match((await glowport(empty.path, 'explore')).err, /No model was given/);
    assert.match((await glowport(empty.path, 'explore', model)).err, /No board was given/);
    const { code, err } = await glowport(empty.path, 'explore', model, '--board', 'frdmke16z');
    assert.equal(code, EXIT.usage);
    assert.match(err, /Without samples nothing tells how good a variant is\. Give some/);
    await empty.dispose();
  });
});
