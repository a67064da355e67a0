import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { advice } from '../../extension/cli/remedies.ts';
import { EXIT } from '../../extension/cli/exit.ts';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';
import type { GlowSetting } from '../../extension/glow/find.ts';
import { encodePng } from '../../extension/image/png.ts';
import { onnxEnds } from '../../extension/model/formats/onnx/ends.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import type { PortSummary } from '../../extension/workflow/port/summary.ts';
import { isUnread, readModel } from '../../extension/workflow/steps/readModel.ts';
import { glowport } from '../cli/support.ts';
import { helloProject, writeTree } from '../project/mcuxpresso/projects.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { Random } from '../support/random.ts';
import { TFLITE_MODEL, tfliteTwin, unreadTflite } from './tfliteTwin.ts';
import { behaving, folderForTests, glow, realGlow, withoutGlow } from './tools.ts';

const place = (setting: GlowSetting): string =>
  typeof setting === 'string' ? setting : JSON.stringify(setting);

/** A convolution with an operator of one input behind it, and what of it is a row of classes. */
function withOperator(op: string, further: readonly string[] = []): Uint8Array {
  return onnxModel({
    inputs: [{ name: 'x', shape: [1, 1, 10, 10] }],
    outputs: ['y'],
    nodes: [
      { op: 'Conv', inputs: ['x', 'k'], outputs: ['c'] },
      { op, inputs: ['c', ...further], outputs: ['p'] },
      { op: 'GlobalAveragePool', inputs: ['p'], outputs: ['a'] },
      { op: 'Flatten', inputs: ['a'], outputs: ['y'] },
    ],
    initializers: {
      k: { dims: [3, 1, 3, 3], floats: [...new Random(2).floats(27, -1, 1)] },
      slope: { dims: [3, 1, 1], floats: [0.1, 0.2, 0.3] },
    },
  });
}

describe(`glow: models that GlowPort does not read (${realGlow ? 'real tools' : 'stand-ins'})`, () => {
  const folder = folderForTests();
  const at = (name: string): string => path.join(folder.path(), name);
  const port = (model: string, ...args: string[]) =>
    glowport(folder.path(), 'port', at(model), '--board', 'frdmke16z', ...args);
  /** Real Glow reads no TensorFlow Lite operator that GlowPort does not. */
  const takesUnread = !realGlow;
  const withTwin = <T>(work: () => Promise<T>): Promise<T> =>
    behaving(at('twin.onnx'), work, 'STAND_IN_TFLITE');

  before(async () => {
    await writeFile(at('net.tflite'), unreadTflite(await readFile(path.join(productRoot, TFLITE_MODEL))));
    await writeFile(at('twin.onnx'), tfliteTwin());
    await writeFile(at('unknown.onnx'), withOperator('Det'));
    const data = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) % 256);
    await writeFile(at('digit.png'), encodePng({ width: 10, height: 10, channels: 1, data }));
    await mkdir(at('samples'));
    await copyFile(at('digit.png'), at('samples/a.png'));
  });

  it('an int8 TensorFlow Lite model is ported as it is, without samples, and compared with nothing', async function () {
    if (!takesUnread) return this.skip();
    await withTwin(async () => {
      const args = ['--compiler', 'glow', '--glow', place(glow), '--input', at('digit.png'), '--out', 'a'];
      const { code, out, err } = await port('net.tflite', ...args, '--json');
      assert.equal(code, 0, err);
      const { compiler, insteadBecause, top1, confidences, match, expected } = JSON.parse(out) as PortSummary;
      assert.deepEqual([compiler, insteadBecause, match, expected], ['glow', undefined, null, null]);
      assert.equal(confidences!.length, 5);
      assert.ok(top1! >= 0 && top1! < 5);
      // glowport.json repeats it
      const remembered = JSON.parse(await readFile(at('glowport.json'), 'utf8')) as Partial<PortChoices>;
      assert.deepEqual([remembered.model, remembered.samples], ['net.tflite', []]);
      const again = await glowport(folder.path(), 'port', '--glow', place(glow), '--json');
      assert.equal(again.code, 0, again.err);
      assert.deepEqual((JSON.parse(again.out) as PortSummary).confidences, confidences);
    });
  });

  it('auto offers it to Glow and says so', async function () {
    if (!takesUnread) return this.skip();
    await withTwin(async () => {
      const args = ['--compiler', 'auto', '--glow', place(glow), '--input', at('digit.png'), '--out', 'b'];
      const { code, out, err } = await port('net.tflite', ...args);
      assert.equal(code, 0, err);
      assert.match(
        out,
        /^Compiler Glow, as the built-in one refuses the model: net\.tflite: The model has an operator .*L2_POOL_2D/m,
      );
      assert.match(out, /^Match {3}not compared: /m);
    });
  });

  it('into puts it into a project', async function () {
    if (!takesUnread) return this.skip();
    await withTwin(async () => {
      await writeTree(at('hello'), helloProject('hello'));
      const remembered = { model: 'net.tflite', samples: [], board: 'frdmke16z', compiler: 'glow' };
      await writeFile(at('into.json'), JSON.stringify(remembered));
      const args = ['--config', at('into.json'), '--glow', place(glow), '--json'];
      const input = ['--input', at('digit.png')];
      const { code, out, err } = await glowport(folder.path(), 'into', at('hello'), ...args, ...input);
      assert.equal(code, 0, err);
      const { changed } = JSON.parse(out) as { changed: string[] };
      assert.ok(changed.includes('source/net.o') && changed.includes('source/main.c'), changed.join());
    });
  });

  it('compile writes its bundle, which a port takes', async function () {
    if (!takesUnread) return this.skip();
    await withTwin(async () => {
      const args = ['--board', 'frdmke16z', '--compiler', 'glow', '--glow', place(glow)];
      const compiled = await glowport(folder.path(), 'compile', at('net.tflite'), ...args);
      assert.equal(compiled.code, 0, compiled.err);
      const files = await readdir(at('net-bundle'));
      for (const ending of ['h', 'o', 'weights.bin', 'weights.txt']) {
        assert.ok(files.includes(`net.${ending}`), ending);
      }
      const ported = await glowport(
        ...[folder.path(), 'port', '--bundle', 'net-bundle', '--board', 'frdmke16z'],
        ...['--input', at('digit.png'), '--out', 'c', '--run', 'none'],
      );
      assert.equal(ported.code, 0, ported.err);
      // without its report the model tells what goes in and out, though GlowPort does not read it
      await rm(at('net-bundle/net.report.json'));
      await rm(at('net-bundle/net.dot'));
      const [header, flat] = [at('net-bundle/net.h'), '<1 x 100>'];
      const text = await readFile(header, 'utf8');
      await writeFile(header, text.replace('<1 x 10 x 10 x 1>', flat));
      const again = ['--bundle', 'net-bundle', '--board', 'frdmke16z', '--run', 'none', '--out', 'e'];
      const untold = await glowport(folder.path(), 'port', ...again, '--input', at('digit.png'));
      assert.match(untold.err, /Nothing tells which placeholders .* are inputs/);
      await writeFile(header, text);
      const told = await glowport(
        folder.path(),
        ...['port', at('net.tflite'), ...again, '--input', at('digit.png'), '--json'],
      );
      assert.equal(told.code, 0, told.err);
      assert.equal((JSON.parse(told.out) as PortSummary).expected, null);
    });
  });

  it('is run on made-up numbers where no test data are given', async function () {
    if (!takesUnread) return this.skip();
    await withTwin(async () => {
      await copyFile(at('net.tflite'), at('plain.tflite')); // of which glowport.json remembers nothing
      const { code, err } = await port('plain.tflite', '--compiler', 'glow', '--glow', place(glow));
      assert.equal(code, 0, err);
      assert.match(err, /made-up numbers as 1x10x10x1 int8/);
    });
  });

  it('an int8 model that GlowPort reads is given to Glow as it is: without samples, beside its float network', async () => {
    await copyFile(path.join(productRoot, TFLITE_MODEL), at('int8.tflite'));
    await withTwin(async () => {
      const args = ['--compiler', 'glow', '--glow', place(glow), '--input', at('digit.png'), '--out', 'int8'];
      const { code, out, err } = await port('int8.tflite', ...args, '--no-save', '--json');
      assert.equal(code, 0, err);
      const { compiler, insteadBecause, confidences, expected } = JSON.parse(out) as PortSummary;
      assert.deepEqual([compiler, insteadBecause, expected!.reference], ['glow', undefined, 'float']);
      assert.equal(confidences!.length, 5);
    });
  });

  it('an operator that neither knows: one sentence with what each says', async () => {
    const args = ['--glow', place(glow), '--samples', at('samples'), '--no-glow-cache'];
    const { code, err } = await port('unknown.onnx', ...args);
    assert.equal(code, EXIT.model);
    assert.match(err, /Neither compiler takes this model: the built-in one says ".*Det.*", Glow says ".*Det/);
    const asked = await port('unknown.onnx', ...args, '--compiler', 'glow');
    assert.equal(asked.code, EXIT.model);
    assert.match(asked.err, /^(?!.*Neither)[^]*Det/);
  });

  it('an operator that Glow knows and GlowPort does not', async function () {
    if (!realGlow) return this.skip(); // the stand-ins know no operator that GlowPort does not
    await writeFile(at('prelu.onnx'), withOperator('PRelu', ['slope']));
    const args = ['--glow', place(glow), '--samples', at('samples'), '--out', 'd', '--no-save', '--json'];
    const { code, out, err } = await port('prelu.onnx', ...args, '--no-glow-cache');
    assert.equal(code, 0, err);
    const { compiler, insteadBecause, confidences, match } = JSON.parse(out) as PortSummary;
    assert.deepEqual([compiler, match, confidences!.length], ['glow', null, 3]);
    assert.match(insteadBecause!, /PRelu/);
  });

  it('a file that is not there is not Glow’s to read either', async () => {
    for (const compiler of ['auto', 'glow']) {
      const { code, err } = await port('absent.tflite', '--compiler', compiler);
      assert.equal(code, EXIT.input);
      assert.match(err, /There is no model file .*absent\.tflite/);
      assert.doesNotMatch(err, /Glow/);
    }
  });

  it('without Glow the refusal stands, and Glow is named', async () => {
    const refused = async (model: string, compiler: PortChoices['compiler'] = 'auto'): Promise<UserError> => {
      try {
        await withoutGlow(() => readModel({ ...DEFAULT_CHOICES, model: at(model), compiler }, {}));
      } catch (e) {
        assert.ok(e instanceof UserError, String(e));
        return e;
      }
      throw new Error('accepted');
    };
    const tflite = await refused('net.tflite');
    assert.equal(tflite.code, 'model');
    assert.match(
      tflite.message,
      /^net\.tflite: The model has an operator that is not supported: L2_POOL_2D \(operator 1\)\.$/,
    );
    assert.match(advice(tflite.remedies), /Supported are.*NXP's Glow may take the model as it is/);
    assert.match(advice((await refused('unknown.onnx')).remedies), /NXP's Glow may take the model as it is/);
    const builtin = await refused('net.tflite', 'builtin');
    assert.doesNotMatch(advice(builtin.remedies), /Glow may take/);
  });

  it('ends are read from the file, for Glow alone', async () => {
    const choices = { ...DEFAULT_CHOICES, compiler: 'glow' } as const;
    const model = await readModel({ ...choices, model: at('net.tflite') }, {});
    assert.ok(isUnread(model));
    assert.deepEqual([model.network.name, model.network.isQuantized], ['net', true]);
    const read = await readModel({ ...choices, model: at('twin.onnx') }, {});
    assert.ok(!isUnread(read), 'what is read is read whole');
    assert.deepEqual(onnxEnds(withOperator('Det'), {}), {
      inputs: [{ name: 'x', shape: [1, 1, 10, 10] }],
      outputs: [{ name: 'y', shape: undefined }],
      isQuantized: false,
    });
    await writeFile(at('cut.tflite'), (await readFile(at('net.tflite'))).subarray(0, 200));
    await assert.rejects(
      readModel({ ...choices, model: at('cut.tflite') }, {}),
      /cut\.tflite: The file is no whole TensorFlow Lite model\./,
    );
  });
});
