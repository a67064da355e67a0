import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../extension/cli/exit.ts';
import type { Validation } from '../../webview/shared/validation.ts';
import { digitsFile } from '../support/digitsFile.ts';
import { testDigits } from '../support/mnist.ts';
import { calibration, glowport, model, temporaryFolder } from './support.ts';

const COUNT = 60;

describe('cli: validate', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
    await writeFile(path.join(folder.path, 'digits.npz'), digitsFile(COUNT));
  });
  after(() => folder.dispose());

  const args = ['validate', model, '--board', 'frdmke16z', '--samples', calibration, '--test', 'digits.npz'];
  const run = (...more: string[]) => glowport(folder.path, ...args, ...more);

  it('shows accuracy, matrix, times and sizes, and writes a row a sample', async () => {
    const { code, out, err } = await run('--csv', 'digits.csv', '--out', 'kept');
    assert.equal(code, EXIT.ok, err);
    assert.match(err, /validate {2}60 samples, 0 differ from the PC/);
    assert.match(out, /^Match {5}yes: every output of every sample is what the PC computes$/m);
    assert.match(out, /^Accuracy {2}\d+(\.\d+)? %, \d\d of 60$/m);
    assert.match(out, /^Time {6}1\.4\d ms to 1\.4\d ms, 1\.4\d ms on average$/m);
    assert.match(out, /^actual \\ said +0 +1 +2/m);
    const rows = (await readFile(path.join(folder.path, 'digits.csv'), 'utf8')).trimEnd().split('\n');
    assert.equal(rows.length, COUNT + 1);
    assert.equal(rows[0], 'number,name,label,answer,time_us,equal,board dense_2,pc dense_2');
    rows.slice(1).forEach((row, i) => {
      const [number, name, label, answer, , equal, board, pc] = row.split(',');
      assert.deepEqual(
        [number, name, label, equal],
        [`${i}`, `digits.npz#${i}`, `${testDigits().label(i)}`, 'yes'],
      );
      assert.equal(board, pc);
      const values = board!.split(' ').map(Number);
      assert.equal(values.indexOf(Math.max(...values)), Number(answer));
    });
    const readme = await readFile(path.join(folder.path, 'kept', 'README.md'), 'utf8');
    assert.match(readme, /the board's side of `glowport validate`/);
  });

  it('is a gate: requirements that are met, and that are not', async () => {
    const met = await run(
      '--require',
      'accuracy>=90',
      '--require',
      'time<=2ms',
      '--require',
      'mismatches<=0',
      '--json',
    );
    assert.equal(met.code, EXIT.ok, met.err);
    const validation = JSON.parse(met.out) as Validation;
    assert.deepEqual(
      validation.requirements.map((r) => [r.figure, r.isMet]),
      [
        ['accuracy', true],
        ['time', true],
        ['mismatches', true],
      ],
    );
    assert.ok(validation.score.task === 'classify' && validation.score.labelled === COUNT);
    const failed = await run('--require', 'time<=1ms');
    assert.equal(failed.code, EXIT.requirement, failed.err);
    assert.match(failed.out, /^time<=1ms +not met +1\.4\d ms$/m);
  });

  it('ends before it builds, or before it runs, where a requirement cannot be met', async () => {
    const early = await run('--require', 'flash<=4k');
    assert.deepEqual([early.code, early.out], [EXIT.requirement, '']);
    assert.match(early.err, /mnist alone takes 5,004 B of flash, and flash<=4k is required\./);
    assert.doesNotMatch(early.err, /build/);
    const built = await run('--require', 'flash<=6k');
    assert.equal(built.code, EXIT.requirement);
    assert.match(built.err, /The firmware of mnist takes 7,\d\d\d B of flash, and flash<=6k is required\./);
    assert.doesNotMatch(built.err, /validate /);
    const untold = await run('--require', 'mae<=2');
    assert.deepEqual([untold.code, untold.out], [EXIT.usage, '']);
    assert.match(
      untold.err,
      /mae<=2 is required, and mae is found with task regress; this network's is classify\./,
    );
    assert.doesNotMatch(untold.err, /compile/);
    await writeFile(
      path.join(folder.path, 'none.csv'),
      `${Array.from({ length: 784 }, () => '0').join(',')}\n`,
    );
    const nobody = await glowport(folder.path, ...args.with(-1, 'none.csv'), '--require', 'accuracy>=90');
    assert.equal(nobody.code, EXIT.usage, nobody.err);
    assert.match(nobody.err, /accuracy>=90 is required, and no sample of the test set says what it shows\./);
    const bad = await run('--require', 'accuracy=95');
    assert.deepEqual([bad.code, bad.out], [EXIT.usage, '']);
  });

  it('takes requirements from glowport.json', async () => {
    const config = path.join(folder.path, 'gate.json');
    const samples = [path.relative(folder.path, calibration)];
    const remembered = { model: path.relative(folder.path, model), board: 'frdmke16z', samples };
    await writeFile(config, JSON.stringify({ ...remembered, requirements: ['flash<=1k'] }));
    const { code, err } = await glowport(folder.path, 'validate', '--config', 'gate.json');
    assert.equal(code, EXIT.requirement, err);
    assert.match(err, /flash<=1k is required/);
  });

  it('says what does not go together', async () => {
    const missing = await run('--firmware', 'nowhere.elf');
    assert.equal(missing.code, EXIT.input);
    assert.match(missing.err, /nowhere\.elf/);
    assert.doesNotMatch(missing.err, /compile/);
    const notSimulated = await glowport(folder.path, ...args.with(3, 'evkmimxrt1060'));
    assert.equal(notSimulated.code, EXIT.board);
  });
});
