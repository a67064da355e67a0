import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { readBundle } from '../../extension/workflow/folders/bundleFolder.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import { portedNetwork } from '../../extension/workflow/port/portedNetwork.ts';

const example = path.join(productRoot, 'examples', 'mnist');

describe('the network of an earlier port', () => {
  let folder: string;
  let result: PortResult;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-ported-'));
    const choices = {
      ...DEFAULT_CHOICES,
      model: path.join(example, 'mnist.onnx'),
      board: 'frdmke16z',
      samples: [path.join(example, 'samples')],
      out: path.join(folder, 'p'),
    };
    result = await port(choices, {}, { fitAll: false });
  });
  after(() => rm(folder, { recursive: true }));

  it('has every file once, and none of the bundle is missing', async () => {
    const contents = new Map<string, string>();
    for (const name of await readdir(result.project, { recursive: true })) {
      const file = path.join(result.project, name);
      if (name.startsWith('build') || !(await stat(file)).isFile()) continue;
      const bytes = await readFile(file, 'latin1');
      assert.equal(contents.get(bytes), undefined, `${file} and ${contents.get(bytes)}`);
      contents.set(bytes, file);
    }
    const names = [...contents.values()].map((file) => path.basename(file));
    for (const ending of ['c', 'h', 'o', 'weights.bin', 'weights.txt', 'report.json', 'dot', 'svg']) {
      assert.equal(names.filter((name) => name === `mnist.${ending}`).length, 1, ending);
    }
  });

  it('is read from the project, and from its bundle/', async () => {
    for (const place of [result.project, result.bundleFolder, `${result.project}/`]) {
      const { header, source, object, weights, placeholders, layers } = await readBundle(place);
      assert.deepEqual(
        { header, source, object, weights, placeholders, layers },
        {
          header: result.bundle.header,
          source: result.bundle.source,
          object: result.bundle.object,
          weights: result.bundle.weights,
          placeholders: result.bundle.placeholders,
          layers: result.bundle.layers,
        },
      );
    }
  });

  it('is found again, also when its source was edited since', async () => {
    const { bundle, quantized } = await portedNetwork(result);
    assert.deepEqual([bundle.source, quantized], [result.bundle.source, result.quantized]);
    await appendFile(path.join(result.project, 'source/mnist.c'), '/* mine */\n');
    const edited = await portedNetwork(result);
    assert.deepEqual(edited.quantized, result.quantized);
    assert.match(edited.bundle.source!, /mine/);
  });

  it('is another when the choices are', async () => {
    for (const change of [
      { reuseInput: true },
      { samples: [path.join(example, 'calibration')] },
      { quantization: { ...result.choices.quantization, precision: 'int16' as const } },
    ]) {
      await assert.rejects(
        portedNetwork({ ...result, choices: { ...result.choices, ...change } }),
        (e: unknown) => e instanceof UserError && e.code === 'input' && /have changed/.test(e.message),
      );
    }
  });
});
