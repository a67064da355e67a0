import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { boards } from '../../extension/board/catalogue.ts';
import { calibration, glowport, mnist, model, sample, temporaryFolder } from './support.ts';

describe('cli: port', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => (folder = await temporaryFolder()));
  after(() => folder.dispose());

  interface Summary {
    board: string;
    top1: number;
    confidences: number[];
    expected: { quantized: number[]; float: number[] };
    match: boolean;
    cycles: number;
    timeUs: number;
    flashBytes: number;
    ramBytes: number;
    stackBytes: number;
    modelFlashBytes: number;
    modelRamBytes: number;
  }
  const port = (...args: string[]) =>
    glowport(
      folder.path,
      'port',
      model,
      '--board',
      'FRDM-KE16Z',
      '--samples',
      calibration,
      '--input',
      sample,
      ...args,
    );

  it('goes from the model to a verdict: Top1 equal on board, PC quantized and PC float', async () => {
    const { code, out, err } = await port('--json');
    assert.equal(err.includes('glowport:'), false, err);
    assert.equal(code, 0);
    const s = JSON.parse(out) as Summary;
    assert.deepEqual(Object.keys(s), [
      'board',
      'task',
      'top1',
      'confidences',
      'percents',
      'expected',
      'match',
      'quantization',
      'cycles',
      'timeUs',
      'flashBytes',
      'ramBytes',
      'stackBytes',
      'modelFlashBytes',
      'modelRamBytes',
    ]);
    assert.equal(s.board, 'frdmke16z');
    assert.equal(s.top1, 7);
    assert.equal(s.match, true);
    assert.deepEqual(s.confidences, s.expected.quantized);
    assert.equal(s.expected.float.length, 10);
    assert.equal(Math.max(...s.expected.float), s.expected.float[7]);
    assert.ok(s.cycles > 10_000 && s.cycles <= 100_000, `${s.cycles} cycles`);
    assert.ok(Math.abs(s.timeUs - s.cycles / 48) < 50, 'printed simulated time and counted cycles agree');
    assert.ok(s.modelFlashBytes <= 5600, `${s.modelFlashBytes} B of flash`);
    assert.ok(s.modelRamBytes + s.stackBytes <= 1650, `${s.modelRamBytes} + ${s.stackBytes} B of RAM`);
    assert.ok(s.flashBytes < 25_308 && s.ramBytes < 4_012, "less than the note's whole firmware");
  });

  it('remembers itself: glowport port alone repeats it, byte for byte', async () => {
    const project = path.join(folder.path, 'mnist-frdmke16z');
    const bundle = path.join(project, 'bundle');
    const read = async (dir: string) =>
      Promise.all(
        (await readdir(dir)).sort().map(async (f) => [f, await readFile(path.join(dir, f), 'hex')]),
      );
    const before = [
      await read(bundle),
      await read(path.join(project, 'source')),
      await readFile(path.join(project, 'build/mnist.elf'), 'hex'),
    ];
    const remembered = await readFile(path.join(folder.path, 'glowport.json'), 'utf8');
    const again = await glowport(folder.path, 'port');
    assert.equal(again.code, 0, again.err);
    assert.match(again.out, /Top1 +FRDM-KE16Z 7, PC quantized 7, PC float 7/);
    assert.match(again.out, /Match +yes/);
    assert.match(again.out, /FRDM-KE04Z .* no: needs /);
    assert.equal(
      again.out.split('\n').filter((l) => /(FRDM|LPC|MIMXRT|IMXRT)\S* .* (yes|no)/.test(l)).length,
      boards().length,
    );
    assert.deepEqual(
      [
        await read(bundle),
        await read(path.join(project, 'source')),
        await readFile(path.join(project, 'build/mnist.elf'), 'hex'),
      ],
      before,
    );
    assert.equal(await readFile(path.join(folder.path, 'glowport.json'), 'utf8'), remembered);
  });

  it('runs the same firmware alone and reads the same result', async () => {
    const elf = path.join(folder.path, 'mnist-frdmke16z', 'build', 'mnist.elf');
    const { code, out } = await glowport(folder.path, 'run', elf, '--board', 'frdmke16z', '--json');
    assert.equal(code, 0);
    const s = JSON.parse(out) as Summary;
    assert.deepEqual(Object.keys(s), [
      'board',
      'top1',
      'confidences',
      'cycles',
      'timeUs',
      'flashBytes',
      'ramBytes',
      'stackBytes',
    ]);
    assert.equal(s.top1, 7);
    assert.ok(s.cycles <= 100_000);
  });

  it('keeps an edited file, and replaces it when told to', async () => {
    const main = path.join(folder.path, 'mnist-frdmke16z', 'source', 'main.c');
    const { appendFile } = await import('node:fs/promises');
    const generated = await readFile(main, 'utf8');
    await appendFile(main, '/* mine */\n');
    const refused = await glowport(folder.path, 'port');
    assert.equal(refused.code, 3);
    assert.match(refused.err, /main\.c/);
    assert.match(await readFile(main, 'utf8'), /mine/);
    assert.equal((await glowport(folder.path, 'port', '--overwrite')).code, 0);
    assert.equal(await readFile(main, 'utf8'), generated);
  });

  it('--run none stops after the build', async () => {
    const { code, out } = await port('--run', 'none', '--out', 'built', '--no-save', '--json');
    assert.equal(code, 0);
    const s = JSON.parse(out) as Summary;
    assert.equal(s.top1, null);
    assert.equal(s.match, null);
    assert.ok(s.flashBytes > 0);
    await stat(path.join(folder.path, 'built/build/mnist.elf'));
  });

  it('--weights ram copies the constants, with the same result', async () => {
    const { code, out } = await port('--weights', 'ram', '--out', 'ram', '--no-save', '--json');
    assert.equal(code, 0);
    assert.equal((JSON.parse(out) as Summary).match, true);
  });

  it('the steps alone make the same firmware as port', async () => {
    const at = folder.path;
    const ok = async (...args: string[]) => {
      const r = await glowport(at, ...args);
      assert.equal(r.code, 0, `${args.join(' ')}: ${r.err}`);
      return r.out;
    };
    await ok('profile', model, '--samples', calibration, '--out', 'p.yaml');
    await ok('compile', model, '--board', 'frdmke16z', '--profile', 'p.yaml', '--out', 'bundle');
    await ok('generate', 'bundle', '--board', 'frdmke16z', '--input', sample, '--out', 'steps');
    const built = JSON.parse(await ok('build', 'steps', '--json')) as { elf: string };
    const run = JSON.parse(await ok('run', built.elf, '--board', 'frdmke16z', '--json')) as Summary;
    const whole = JSON.parse(
      await ok('run', 'mnist-frdmke16z/build/mnist.elf', '--board', 'frdmke16z', '--json'),
    ) as Summary;
    assert.deepEqual(run, whole);
    await ok('image', sample, '--bundle', 'bundle', '--out', 'image.inc');
    assert.equal(
      await readFile(path.join(at, 'image.inc'), 'utf8'),
      await readFile(path.join(at, 'steps/source/test_image.inc'), 'utf8'),
    );
  });

  it('every M0+ board with enough memory runs it, bit for bit', async () => {
    for (const board of ['frdmke02z40m', 'frdmk32l2b', 'frdmkv11z', 'lpc845breakout']) {
      const args = [
        '--board',
        board,
        '--samples',
        calibration,
        '--input',
        path.join(mnist, 'samples/0007_9.png'),
      ];
      const { code, out, err } = await glowport(folder.path, 'port', model, ...args, '--no-save', '--json');
      assert.equal(code, 0, err);
      const s = JSON.parse(out) as Summary;
      assert.deepEqual([s.board, s.top1, s.match], [board, 9, true]);
    }
  });

  it('that fails leaves nothing behind: no glowport.json, none that is changed, no project', async () => {
    const fresh = await temporaryFolder();
    try {
      const args = ['--board', 'frdmke04z', '--samples', calibration];
      const refused = await glowport(fresh.path, 'port', model, ...args);
      assert.notEqual(refused.code, 0);
      assert.match(refused.err, /does not fit FRDM-KE04Z/);
      assert.deepEqual(await readdir(fresh.path), []);
      const config = path.join(fresh.path, 'glowport.json');
      const before = `{ "model": ${JSON.stringify(model)}, "board": "frdmke16z", "samples": ["here"] }`;
      await writeFile(config, before);
      assert.notEqual((await glowport(fresh.path, 'port', model, ...args)).code, 0);
      assert.deepEqual(await readdir(fresh.path), ['glowport.json']);
      assert.equal(await readFile(config, 'utf8'), before);
    } finally {
      await fresh.dispose();
    }
  });
});
