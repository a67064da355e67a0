import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CompilerComparison } from '../../extension/workflow/compare/compareCompilers.ts';
import { comparisonMarkdown, percentMore } from '../../extension/workflow/compare/comparisonTable.ts';
import { readBundle } from '../../extension/workflow/folders/bundleFolder.ts';
import { findBoard } from '../../extension/board/catalogue.ts';
import { glowport } from '../cli/support.ts';
import { behaving, example, folderForTests, glow, realGlow, standIn } from './tools.ts';

const place = (setting: typeof glow): string =>
  typeof setting === 'string' ? setting : JSON.stringify(setting);

describe(`glow: the whole way (${realGlow ? 'real tools' : 'stand-ins'})`, () => {
  const folder = folderForTests();
  const model = path.join(example, 'mnist.onnx');
  const samples = path.join(example, 'samples');
  const common = ['--board', 'frdmke16z', '--samples', samples, '--no-channelwise', '--no-glow-cache'];
  const port = (tools: typeof glow, out: string, ...args: string[]) =>
    glowport(
      folder.path(),
      'port',
      model,
      ...common,
      '--compiler',
      'glow',
      '--glow',
      place(tools),
      '--out',
      out,
      ...args,
    );

  it("Glow's bundle in the same project, built and run on the simulated KE16Z: Top1 is the float network's", async () => {
    const { code, out, err } = await port(glow, 'a', '--json');
    assert.equal(code, 0, err);
    const summary = JSON.parse(out) as {
      top1: number;
      match: boolean;
      confidences: number[];
      cycles: number;
      expected: { reference: string; quantized: number[] };
    };
    assert.deepEqual([summary.top1, summary.match, summary.expected.reference], [7, true, 'float']);
    summary.confidences.forEach((q, i) =>
      assert.ok(Math.abs(q - summary.expected.quantized[i]!) <= 6, `class ${i}`),
    );
    assert.ok(summary.cycles > 10_000);
    const inside = async (dir: string) =>
      (await readdir(path.join(folder.path(), 'a', dir))).filter((f) => f.startsWith('mnist.')).sort();
    assert.deepEqual(
      await inside('bundle'),
      ['dot', 'o', 'report.json', 'svg', 'weights.bin'].map((e) => `mnist.${e}`),
    );
    assert.deepEqual(await inside('source'), ['mnist.h', 'mnist.weights.txt']);
    const again = await readBundle(path.join(folder.path(), 'a', 'bundle'));
    assert.deepEqual([again.source, again.name], [undefined, 'mnist']);
    const remembered = JSON.parse(
      await readFile(path.join(folder.path(), 'glowport.json'), 'utf8'),
    ) as object;
    assert.equal((remembered as { compiler: string }).compiler, 'glow');
  });

  it('a bundle of a 2020 build, whose function returns nothing, drops in too', async () => {
    const { code, out, err } = await behaving('header2020', () => port(standIn, 'old'));
    assert.equal(code, 0, err);
    assert.match(out, /Top1 +FRDM-KE16Z 7, PC float 7/);
    assert.match(out, /Match +yes, in Top1: Glow's network says the float network's class/);
  });

  it('doctor shows version and what NXP added', async () => {
    const { out } = await behaving('nxp', () =>
      glowport(
        folder.path(),
        'doctor',
        '--glow',
        JSON.stringify([process.execPath, '--no-deprecation', standIn[1]]),
      ),
    );
    assert.match(out, /^Glow \(image-classifier, model-compiler\) +ok +2024-05-11/m);
    assert.match(out, /NXP's build: it has -use-cmsis/);
  });

  it('compare shows a table of text, and says which number of samples is none', async () => {
    const args = ['compare', model, ...common, '--glow', place(glow)];
    const { code, out, err } = await glowport(folder.path(), ...args, '--count', '1');
    assert.equal(code, 0, err);
    for (const what of ['Code', 'Constants', 'Firmware, RAM', 'Cycles, mean', 'Top1 right']) {
      assert.match(out, new RegExp(`^${what} +[\\d,]+( B| of 1)? +[\\d,]+`, 'm'));
    }
    assert.match(out, /^Both say the same class for [01] of 1 samples?;/m);
    for (const bad of ['0', '-1', 'all', '1e9']) {
      const refused = await glowport(folder.path(), ...args, '--count', bad);
      assert.equal(refused.code, 2, bad);
      assert.match(refused.err, /--count.*whole number from 1 to 10000/);
    }
  });

  it('both compilers on the same samples, side by side', async () => {
    const args = ['compare', model, ...common, '--glow', place(glow), '--count', '3', '--json'];
    const { code, out, err } = await glowport(folder.path(), ...args);
    assert.equal(code, 0, err);
    const c = JSON.parse(out) as Omit<CompilerComparison, 'board'> & { board: string };
    assert.deepEqual([c.board, c.samples, c.labelled, c.agreement.same], ['frdmke16z', 3, 3, 3]);
    for (const f of [c.builtin, c.glow]) {
      assert.deepEqual([f.likeFloat, f.right], [3, 3]);
      assert.ok(f.codeBytes > 500 && f.constantBytes > 500 && f.flashBytes > f.codeBytes + f.constantBytes);
      assert.ok(f.cycles.mean > 10_000 && f.cycles.max >= f.cycles.mean && f.stackBytes > 50);
      assert.ok(f.meanError < 0.5 && f.largestError >= f.meanError);
    }
    const text = comparisonMarkdown({ ...c, board: findBoard(c.board), model: 'a|b<script>.onnx' });
    assert.match(text, /with 3 samples\./);
    assert.match(text, /^# a\\\|b\\<script\\>/);
    assert.match(text, /\| Cycles, mean \| .* \| .* \|$/m);
    assert.match(
      text,
      /^Beside the built-in compiler’s, Glow’s firmware takes [\d.,]+ % (more|less) cycles, .* flash and .* RAM\.$/m,
    );
    assert.equal(percentMore(1000, 2634), '+163 %');
    assert.equal(percentMore(1000, 995), '\u22120.5 %');
    assert.deepEqual([percentMore(5, 5), percentMore(0, 5)], ['', '']);
  });
});
