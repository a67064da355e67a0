import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PNG } from 'pngjs';
import { boards } from '../../extension/board/catalogue.ts';
import { EXIT } from '../../extension/cli/exit.ts';
import { showSteps } from '../../extension/cli/terminal.ts';
import { simulatedBoards } from '../../extension/simulator/boards/boards.ts';
import { calibration, glowport, model, sample, temporaryFolder } from './support.ts';

describe('cli: each step alone', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => (folder = await temporaryFolder()));
  after(() => folder.dispose());

  async function json<T>(...args: string[]): Promise<T> {
    const { code, out, err } = await glowport(folder.path, ...args, '--json');
    assert.equal(code, 0, err);
    return JSON.parse(out) as T;
  }
  async function text(...args: string[]): Promise<string> {
    const { code, out, err } = await glowport(folder.path, ...args);
    assert.equal(code, 0, err);
    return out;
  }

  it("inspect: the note's 1,662 parameters", async () => {
    interface Inspection {
      name: string;
      inputs: { name: string; shape: number[] }[];
      outputs: { name: string; shape: number[] }[];
      parameters: number;
      macs: number;
      layers: { name: string; parameters: number; macs: number; shape: number[] }[];
    }
    const r = await json<Inspection>('inspect', model);
    assert.deepEqual([r.name, r.parameters], ['mnist', 1662]);
    assert.deepEqual(r.inputs, [{ name: 'max_pooling_1_input', shape: [1, 28, 28, 1] }]);
    assert.deepEqual(r.outputs, [{ name: 'dense_2', shape: [1, 10] }]);
    assert.equal(
      r.layers.reduce((n, l) => n + l.macs, 0),
      r.macs,
    );
    assert.match(await text('inspect', model, '--define', 'N=1'), /all .* 1,662 +16,696\n$/);
    const wrong = await glowport(folder.path, 'inspect', model, '--define', 'nonsense=1');
    assert.equal(wrong.code, EXIT.usage);
  });

  it('boards: all of them; with a model, whether it fits', async () => {
    interface Row {
      id: string;
      fpu: boolean;
      flashBytes: number;
      ramBytes: number;
      dataRamBytes: number;
      simulated: boolean;
      fits?: boolean;
      reasons?: string[];
      timeUs?: number;
    }
    const plain = await json<Row[]>('boards');
    assert.equal(plain.length, boards().length);
    assert.equal(plain.filter((b) => b.simulated).length, simulatedBoards().length);
    assert.ok(plain.every((b) => b.fits === undefined));
    const fits = await json<Row[]>('boards', '--model', model, '--samples', calibration);
    assert.deepEqual(
      fits.filter((b) => !b.fits).map((b) => b.id),
      ['frdmke04z'],
    );
    assert.match(fits.find((b) => b.id === 'frdmke04z')!.reasons![0]!, /needs .* RAM, has 1 KB/);
    assert.ok(fits.every((b) => b.timeUs! > 0));
    const float = await json<Row[]>('boards', '--model', model, '--float-placeholders');
    assert.ok(float.every((b) => b.fits === b.fpu));
    const table = await text('boards');
    assert.match(table, /frdmke16z +FRDM-KE16Z/);
    // what a network can use, of what there is
    assert.match(table, /evkmimxrt1060 .* 128 KB of 1 MB /);
    assert.deepEqual(
      plain.filter((row) => row.id === 'evkmimxrt1060').map((row) => [row.dataRamBytes, row.ramBytes]),
      [[131072, 1048576]],
    );
    assert.match(await text('boards', '--model', model), /FRDM-KE04Z .* no: needs/);
  });

  it('doctor: finds the tools, and says which option names a place where one is not', async () => {
    interface Finding {
      tool: string;
      state: string;
      version?: string;
      install?: string;
      note?: string;
    }
    const found = await json<Finding[]>('doctor');
    const gcc = found.find((f) => f.tool === 'gcc');
    assert.equal(gcc?.state, 'ok');
    assert.match(gcc?.version ?? '', /^\d+\.\d+/);
    const missing = await glowport(folder.path, 'doctor', '--json', '--toolchain', '/nowhere');
    assert.equal(missing.code, EXIT.toolchain);
    const finding = (JSON.parse(missing.out) as Finding[]).find((f) => f.tool === 'gcc');
    assert.equal(finding?.state, 'missing');
    assert.equal(finding?.install, undefined);
    assert.match(finding?.note ?? '', /^There is no arm-none-eabi-gcc at \/nowhere\. .*--toolchain/);
    assert.ok(
      (await glowport(folder.path, 'doctor', '--toolchain', '/nowhere')).out.includes(finding!.note!),
    );
  });

  it('image: pixel - 128 for int8 of 0to1, the pixel itself for uint8', async () => {
    const at = (name: string): string => path.join(folder.path, name);
    const values = async (...args: string[]): Promise<number[]> => {
      await text('image', ...args, '--out', 'x.inc');
      const inc = await readFile(at('x.inc'), 'utf8');
      return inc.replace(/\/\*.*?\*\//s, '').split(',').map(Number); // prettier-ignore
    };
    const png = new PNG({ width: 2, height: 1 });
    png.data = Buffer.from([0, 0, 0, 255, 255, 128, 0, 255]);
    await writeFile(at('p.png'), PNG.sync.write(png));
    assert.deepEqual(await values('p.png'), [0x80, 0x80, 0x80, 0x7f, 0, 0x80]);
    assert.deepEqual(await values('p.png', '--type', 'uint8'), [0, 0, 0, 255, 128, 0]);
    assert.deepEqual(
      await values('p.png', '--type', 'uint8', '--channel-order', 'BGR'),
      [0, 0, 0, 0, 128, 255],
    );
    assert.deepEqual(
      await values('p.png', '--type', 'uint8', '--image-layout', 'NCHW'),
      [0, 255, 0, 128, 0, 0],
    );
    assert.deepEqual(await values('p.png', '--shape', '1x1x2x1', '--type', 'uint8'), [0, 151]);
    assert.equal((await values('p.png', '--type', 'float32')).length, 24);
    assert.equal((await values('p.png', '--shape', '1x4x4x3', '--resize')).length, 48);
    const r = await json<{ shape: number[]; type: string; scale: number; offset: number }>('image', sample);
    assert.deepEqual([r.shape, r.type, r.offset], [[1, 28, 28, 1], 'int8', -128]);
    assert.ok(Math.abs(r.scale - 1 / 255) < 1e-9);
  });

  it('operators: those of every format, or of one', async () => {
    interface Listed {
      format: string;
      general: string[];
      operators: { name: string; note: string }[];
    }
    const all = await json<Listed[]>('operators');
    assert.deepEqual(all.map((l) => l.format).sort(), ['keras', 'onnx', 'tflite']); // prettier-ignore
    assert.deepEqual(await json<Listed[]>('operators', 'ONNX'), [all.find((l) => l.format === 'onnx')]);
    assert.match(
      await text('operators', 'tflite'),
      /^TensorFlow Lite .*\n[^]*^CONV_2D +maps \[1, H, W, C\]/m,
    );
    const unknown = await glowport(folder.path, 'operators', 'caffe');
    assert.equal(unknown.code, EXIT.usage);
    assert.match(unknown.err, /no format "caffe".*keras, onnx, tflite/);
  });

  it('--reuse-input counts for every board, and when compiling', async () => {
    const fits = async (...flags: string[]): Promise<boolean> => {
      const all = await json<{ id: string; fits: boolean }[]>('boards', '--model', model, ...flags);
      return all.find((b) => b.id === 'frdmke04z')!.fits;
    };
    assert.equal(await fits('--samples', calibration), false);
    assert.equal(await fits('--samples', calibration, '--reuse-input'), true);
    const to = ['--board', 'frdmke16z', '--samples', calibration];
    const ram = async (...flags: string[]): Promise<number> =>
      (await json<{ modelRamBytes: number }>('compile', model, ...to, ...flags)).modelRamBytes;
    assert.ok((await ram('--out', 'small', '--reuse-input')) < (await ram('--out', 'large')));
    const ported = await text('port', model, ...to, '--out', 'reusing', '--reuse-input', '--no-save');
    assert.match(ported, /^FRDM-KE04Z .* yes$/m);
  });

  it('port: a result is shown although glowport.json cannot be written', async function () {
    if (process.platform !== 'linux') this.skip(); // a place where nobody can write
    const flags = ['--board', 'frdmke16z', '--samples', calibration];
    const out = path.join(folder.path, 'unremembered');
    const result = await glowport('/proc', 'port', model, ...flags, '--out', out);
    assert.equal(result.code, 0, result.err);
    assert.match(result.err, /^not remembered: \/proc\/glowport\.json cannot be written \(.*\)\.$/m);
    assert.match(result.out, /^Match {3}yes/m);
  });

  it('profile: writes a profile that compile takes; of another model it does not', async () => {
    const r = await json<{
      profile: string;
      samples: number;
      values: { name: string; min: number; max: number }[];
    }>('profile', model, '--samples', calibration);
    assert.equal(r.samples, 100);
    assert.deepEqual(r.values[0], { name: 'max_pooling_1_input', min: 0, max: 1 });
    const file = path.join(folder.path, 'mnist.profile.yaml');
    assert.equal(r.profile, file);
    const yaml = await readFile(file, 'utf8');
    assert.equal(yaml.match(/^---$/gm)?.length, 3);
    const compile = ['compile', model, '--board', 'frdmke16z', '--profile', file, '--out', 'b'];
    assert.match(await text(...compile), /Flash .* B, RAM .* B/);
    await writeFile(file, yaml.replace(/GraphPreLowerHash: \d/, 'GraphPreLowerHash: 9'));
    const other = await glowport(folder.path, ...compile);
    assert.equal(other.code, EXIT.input);
    assert.match(other.err, /another model/);
    await writeFile(file, yaml.slice(0, yaml.length * 0.7));
    assert.equal((await glowport(folder.path, ...compile)).code, EXIT.input);
    const both = await glowport(folder.path, ...compile, '--samples', calibration);
    assert.equal(both.code, EXIT.usage);
  });

  it('help and version are no errors; no command is', async () => {
    assert.match(await text('--version'), /^\d+\.\d+\.\d+\n$/);
    assert.match(await text('--help'), /Exit codes:/);
    assert.match(await text('port', '--help'), /Examples:/);
    const none = await glowport(folder.path);
    assert.equal(none.code, EXIT.usage);
    assert.match(none.err, /Usage: glowport/);
  });
});

describe('cli: progress', () => {
  function shown(interactive: boolean): string {
    let err = '';
    const terminal = { out: () => undefined, err: (t: string) => void (err += t), interactive, columns: 40 };
    const { onStep, end } = showSteps(terminal, false);
    onStep({ step: 'profile', state: 'start', message: 'samples' });
    onStep({ step: 'profile', state: 'progress', message: `1 of 2 images ${'x'.repeat(50)}`, fraction: 0.5 });
    onStep({ step: 'profile', state: 'done', message: '2 images' });
    onStep({ step: 'build', state: 'start', message: 'firmware' });
    end();
    return err;
  }

  it('a line for each finished step in a log', () => {
    assert.match(shown(false), /^profile {3}2 images \(\d+\.\d s\)\n$/);
  });

  it('on a terminal also what is going on, on one line that is cleared', () => {
    const text = shown(true);
    const clear = '\r\x1b[K';
    const lines = text.split(clear);
    assert.equal(lines[1], 'profile   samples …');
    assert.ok(lines.every((l) => l.length < 40 || l.endsWith('\n')));
    assert.match(
      lines[2] ?? '',
      /^profile {3}2 images \(\d+\.\d s\)\n$/,
      'progress is not drawn at every image',
    );
    assert.ok(text.endsWith(clear));
  });
});
