import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PNG } from 'pngjs';
import { EXIT } from '../../extension/cli/exit.ts';
import { encodePng } from '../../extension/image/png.ts';
import { endlessModel } from '../support/endlessModel.ts';
import { productRoot } from '../../extension/common/resources.ts';
import {
  calibration,
  type CommandResult,
  glowport,
  interrupted,
  model,
  sample,
  temporaryFolder,
} from './support.ts';

/** One clear sentence or two on stderr, nothing on stdout, the documented code, and no stack. */
function refused(result: CommandResult, code: number, pattern: RegExp): void {
  const lines = result.err.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  assert.match(last, pattern);
  assert.match(last, /^glowport: .*[^.:]$|^glowport: .*\.$/);
  assert.equal(lines.filter((l) => l.startsWith('glowport:')).length, 1, result.err);
  assert.doesNotMatch(result.err, /\n\s+at |node:internal|undefined|\[object/);
  assert.equal(result.code, code, result.err);
  assert.equal(result.out, '');
}

/** Firmware of a few instructions for the simulated FRDM-KE16Z: vectors, then the body of Reset_Handler. */
function firmware(folder: string, name: string, body: string): string {
  const source = path.join(folder, `${name}.c`);
  const elf = path.join(folder, `${name}.elf`);
  execFileSync('sh', ['-c', 'cat > "$0"', source], {
    input: `
      void Reset_Handler(void) { ${body} }
      __attribute__((section(".vectors"), used)) void *const vectors[16] = {
        (void *)0x20001000, Reset_Handler, Reset_Handler, 0
      };`,
  });
  const flags = [
    '-mcpu=cortex-m0plus',
    '-mthumb',
    '-Os',
    '-nostdlib',
    '-ffreestanding',
    '-Wl,-e,Reset_Handler',
  ];
  const layout = ['-Wl,--section-start=.vectors=0', '-Wl,-Ttext=0x800', '-Wl,-Tbss=0x1FFFF800'];
  execFileSync('arm-none-eabi-gcc', [...flags, ...layout, source, '-o', elf], { stdio: 'pipe' });
  return elf;
}

describe('cli: bad input', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let inputs: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
    inputs = await temporaryFolder();
  });
  after(async () => {
    await folder.dispose();
    await inputs.dispose();
  });
  afterEach(async () => assert.deepEqual(await folder.left(), [], 'nothing is left behind'));

  const at = (name: string): string => path.join(inputs.path, name);
  const port = (file: string, ...args: string[]): Promise<CommandResult> =>
    glowport(
      folder.path,
      'port',
      file,
      '--board',
      'frdmke16z',
      '--samples',
      calibration,
      '--input',
      sample,
      ...args,
    );

  it('missing files', async () => {
    refused(await port('none.onnx'), EXIT.input, /no model file none\.onnx/);
    refused(await port(model, '--input', 'none.png'), EXIT.input, /no image none\.png|none\.png/);
    refused(await port(model, '--samples', 'nowhere'), EXIT.input, /nowhere/);
    refused(await port(model, '--labels', 'none.txt'), EXIT.input, /none\.txt/);
    refused(await glowport(folder.path, 'run', 'none.elf', '--board', 'frdmke16z'), EXIT.input, /none\.elf/);
    refused(await glowport(folder.path, 'build', 'nowhere'), EXIT.input, /nowhere/);
    refused(await glowport(folder.path, 'port', '--config', 'none.json'), EXIT.input, /none\.json/);
  });

  it('not an ONNX file', async () => {
    await writeFile(at('text.onnx'), 'this is no model');
    await writeFile(at('empty.onnx'), '');
    refused(await port(at('text.onnx')), EXIT.input, /text\.onnx/);
    refused(await port(at('empty.onnx')), EXIT.input, /empty\.onnx/);
    refused(await port(inputs.path), EXIT.input, /is a folder/);
    refused(await port(sample), EXIT.input, /0000_7\.png/);
  });

  it('a model of another format: the command that converts it', async () => {
    const pytorch = Buffer.from('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e', 'latin1');
    const files: readonly (readonly [string, Buffer, RegExp])[] = [
      ['renamed.onnx', pytorch, /PyTorch file, and GlowPort reads Keras, ONNX/],
      ['net.pt', Buffer.from('PK\x03\x04'), /PyTorch file.*torch\.onnx\.export\(.*net\.onnx/],
    ];
    for (const [name, bytes, pattern] of files) {
      await writeFile(at(name), bytes);
      refused(await port(at(name)), EXIT.input, pattern);
    }
    await mkdir(at('saved'), { recursive: true });
    await writeFile(path.join(at('saved'), 'saved_model.pb'), '');
    refused(await port(at('saved')), EXIT.input, /SavedModel.*--saved-model .*saved --output .*saved\.onnx/);
  });

  it('a Keras model that is none', async () => {
    for (const name of ['net.h5', 'net.keras', 'net.hdf5']) {
      for (const bytes of ['', 'no model', '\x89HDF\r\n\x1a\n', 'PK\x03\x04']) {
        await writeFile(at(name), bytes, 'latin1');
        refused(await port(at(name)), EXIT.input, new RegExp(name.replace('.', '\\.')));
      }
    }
  });

  it('a truncated model', async () => {
    const whole = await readFile(model);
    for (const share of [0.01, 0.3, 0.6, 0.99]) {
      await writeFile(at('cut.onnx'), whole);
      await truncate(at('cut.onnx'), Math.floor(whole.length * share));
      refused(await port(at('cut.onnx')), EXIT.input, /cut\.onnx/);
    }
  });

  it('an operator that is not supported, named with its node', async () => {
    const bytes = await readFile(model);
    const where = bytes.indexOf('MaxPool'); // the operator's name, of the same length
    assert.ok(where > 0);
    for (let i = bytes.indexOf('MaxPool'); i >= 0; i = bytes.indexOf('MaxPool', i + 1))
      bytes.write('MaxPoop', i);
    await writeFile(at('unsupported.onnx'), bytes);
    refused(await port(at('unsupported.onnx')), EXIT.model, /MaxPoop/);
  });

  it('an image of the wrong size, damaged, or none', async () => {
    const small = new PNG({ width: 20, height: 10 });
    await writeFile(at('small.png'), PNG.sync.write(small));
    await writeFile(at('cut.png'), PNG.sync.write(small).subarray(0, 40));
    await writeFile(at('text.png'), 'no image');
    const wrong = await port(model, '--input', at('small.png'));
    refused(wrong, EXIT.input, /small\.png is 20 x 10 pixels, the model takes 28 x 28.*--resize/);
    assert.doesNotMatch(wrong.err, /^profile/m, 'said before anything that takes time');
    refused(await port(model, '--input', at('cut.png')), EXIT.input, /cut\.png is a damaged/);
    refused(await port(model, '--input', at('text.png')), EXIT.input, /text\.png is not a PNG/);
    refused(await port(model, '--samples', at('small.png')), EXIT.input, /small\.png is 20 x 10/);
  });

  it('no samples', async () => {
    await mkdir(at('nothing'), { recursive: true });
    const none = await glowport(folder.path, 'port', model, '--board', 'frdmke16z');
    refused(none, EXIT.usage, /No samples were given.*--samples/);
    const empty = ['--board', 'frdmke16z', '--samples', at('nothing')];
    refused(await glowport(folder.path, 'port', model, ...empty), EXIT.usage, /no samples in .*nothing/);
  });

  it('an unknown board, or none', async () => {
    const board = (id: string) =>
      glowport(folder.path, 'port', model, '--board', id, '--samples', calibration);
    refused(await board('frdmke18'), EXIT.board, /no board "frdmke18".*frdmke16z/);
    refused(
      await board('ke0'),
      EXIT.board,
      /part of several boards' names\. Did you mean frdmke04z or frdmke02z40m\?/,
    );
    refused(await board('evkmimxrt1060'), EXIT.board, /MIMXRT1060-EVK cannot be simulated/);
    refused(await glowport(folder.path, 'port', model), EXIT.usage, /No board was given/);
    refused(await glowport(folder.path, 'run', 'x.elf'), EXIT.usage, /--board/);
  });

  it('too little memory, said before building, in bytes', async () => {
    const args = ['--board', 'frdmke04z', '--samples', calibration];
    const result = await glowport(folder.path, 'port', model, ...args);
    refused(result, EXIT.board, /does not fit FRDM-KE04Z: it needs .* RAM, has 1 KB \(\d+ bytes too much\)/);
    assert.doesNotMatch(result.err, /^build/m);
  });

  it('no toolchain', async () => {
    refused(await port(model, '--toolchain', at('nowhere')), EXIT.toolchain, /arm-none-eabi-gcc/);
  });

  it('float placeholders on a core without an FPU', async () => {
    refused(await port(model, '--float-placeholders'), EXIT.board, /no FPU/);
  });

  it('firmware that crashes', async () => {
    const elf = firmware(inputs.path, 'crash', '*(volatile int *)0x80000000 = 1; for (;;) {}');
    refused(
      await glowport(folder.path, 'run', elf, '--board', 'frdmke16z'),
      EXIT.firmware,
      /crashed.*0x80000000.*--debug/i,
    );
    const whole = await glowport(folder.path, 'run', elf, '--board', 'frdmke16z', '--debug');
    assert.match(whole.err, /pc = 0x/);
    assert.doesNotMatch(whole.err, /^glowport: .*--debug/m);
  });

  it('firmware that calls a debugger: the option that answers', async () => {
    const elf = firmware(inputs.path, 'calls', '__asm volatile ("bkpt 0xab"); for (;;) {}');
    const result = await glowport(folder.path, 'run', elf, '--board', 'frdmke16z');
    refused(result, EXIT.firmware, /semihosting call .*Run it with --semihosting/);
  });

  it('firmware that never prints: stuck, or busy for ever', async () => {
    const stuck = firmware(inputs.path, 'stuck', 'for (;;) {}');
    refused(
      await glowport(folder.path, 'run', stuck, '--board', 'frdmke16z'),
      EXIT.firmware,
      /printed nothing/,
    );
    const busy = firmware(inputs.path, 'busy', 'static volatile int n; for (;;) n++;');
    const limit = ['--cycle-limit', '3000000'];
    const result = await glowport(folder.path, 'run', busy, '--board', 'frdmke16z', ...limit);
    refused(result, EXIT.firmware, /printed nothing .* within \d+ cycles/);
  });

  it('a file that is no firmware, and firmware of another processor', async () => {
    await writeFile(at('text.elf'), 'no firmware');
    const cut = firmware(inputs.path, 'cut', 'for (;;) {}');
    const whole = await readFile(cut);
    await writeFile(cut, whole.subarray(0, 60));
    const result = await glowport(folder.path, 'run', cut, '--board', 'frdmke16z');
    refused(result, EXIT.input, /./);
    const host = await glowport(folder.path, 'run', process.execPath, '--board', 'frdmke16z');
    refused(host, EXIT.input, /./);
  });

  it('a bad glowport.json, edited projects, wrong options', async () => {
    await writeFile(at('bad.json'), '{"model":"m.onnx","board":"x","samples":[],"bord":1}');
    refused(
      await glowport(folder.path, 'port', '--config', at('bad.json')),
      EXIT.input,
      /unknown key "bord"/,
    );
    refused(await port(model, '--precision', 'int4'), EXIT.usage, /int4.*int8/);
    refused(await port(model, '--sampels', 'x'), EXIT.usage, /--sampels.*--samples/);
    const named = await port(model, '--name', 'main');
    refused(named, EXIT.usage, /main/);
    assert.doesNotMatch(named.err, /^profile/m, 'said before anything that takes time');
    await mkdir(at('full'), { recursive: true });
    await writeFile(at('file'), 'x');
    refused(await port(model, '--out', at('file')), EXIT.input, /is a file/);
  });

  it('empty values, as unset variables of a script give them', async () => {
    refused(await port(model, '--out', ''), EXIT.usage, /--out was given an empty value/);
    refused(await port(model, '--name', ''), EXIT.usage, /--name was given an empty value/);
    refused(await port(model, '--samples', ''), EXIT.usage, /--samples was given an empty value/);
    refused(await port(model, '--glow-arg='), EXIT.usage, /--glow-arg was given an empty value/);
    refused(await glowport(folder.path, 'inspect', ''), EXIT.usage, /An argument is empty/);
  });

  it('a full disk where the result goes', function () {
    if (!existsSync('/dev/full')) this.skip();
    const cli = path.join(productRoot, 'extension', 'cli.ts');
    const shell = '"$0" --import tsx "$1" boards > /dev/full';
    const { status, stderr } = spawnSync('sh', ['-c', shell, process.execPath, cli], {
      cwd: productRoot,
      encoding: 'utf8',
    });
    assert.equal(status, EXIT.input);
    assert.match(stderr, /^glowport: The result cannot be written \(the disk is full\)\. .*\.\n$/);
  });

  it('an output folder where no folder can be made', async function () {
    if (process.platform !== 'linux') this.skip();
    const measured = [model, '--samples', calibration];
    for (const [command, ...args] of [
      ['port', ...measured, '--board', 'frdmke16z', '--out', '/proc/x'],
      ['compile', ...measured, '--board', 'frdmke16z', '--out', '/proc/x/y'],
      ['profile', ...measured, '--out', '/proc/x/y.yml'],
    ] as const) {
      // a process of its own, because what never comes back holds its process open
      const result = await interrupted(folder.path, 'never said', command, ...args);
      refused(result, EXIT.input, /\/proc\/x\S* cannot be written \(.*takes no files\)/);
    }
    assert.deepEqual(await folder.left(), []);
  });

  it('a tensor larger than any board takes', async () => {
    const shape = ['--shape', '1x4096x4096x3', '--resize', '--type', 'int16'];
    refused(await glowport(folder.path, 'image', sample, ...shape), EXIT.usage, /1x4096x4096x3/);
  });

  it('Ctrl-C while a node is computed that takes minutes', async () => {
    await writeFile(at('endless.onnx'), endlessModel());
    await writeFile(
      at('large.png'),
      encodePng({ width: 600, height: 600, channels: 1, data: new Uint8Array(360_000) }),
    );
    const args = [at('endless.onnx'), '--samples', at('large.png'), '--debug'];
    for (const command of [['profile'], ['port', '--board', 'frdmke16z'], ['boards', '--model']]) {
      const result = await interrupted(folder.path, 'profile   samples begins', ...command, ...args);
      refused(result, EXIT.cancelled, /Cancelled/);
    }
  });

  it('Ctrl-C while profiling, building and running', async () => {
    const args = ['port', model, '--board', 'frdmke16z', '--samples', calibration];
    for (const step of ['inspect', 'compile', 'generate']) {
      const result = await interrupted(folder.path, step, ...args);
      refused(result, EXIT.cancelled, /Cancelled/);
      assert.deepEqual(await folder.left(), [], `interrupted after ${step}`);
    }
    const busy = firmware(inputs.path, 'forever', 'static volatile int n; for (;;) n++;');
    const limit = ['--cycle-limit', '1000000000000', '--debug'];
    const running = await interrupted(folder.path, 'begins', 'run', busy, '--board', 'frdmke16z', ...limit);
    refused(running, EXIT.cancelled, /Cancelled/);
  });
});
