import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../extension/cli/exit.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { glowport, temporaryFolder } from './support.ts';

interface Refused {
  message: string;
  advice: string;
  problems: { node: string; operator: string; why: string; needed: string }[];
}

describe('cli: a model that is refused', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
    const odd = (name: string, makes: string) => ({ op: 'Odd', name, inputs: ['x'], outputs: [makes] });
    const steep = { alpha: { s: 'steep' } };
    const bytes = onnxModel({
      inputs: [{ name: 'x', shape: [1, 4] }],
      nodes: [
        { op: 'Relu', name: 'fine', inputs: ['x'], outputs: ['a'] },
        { op: 'LeakyRelu', name: 'leaky', inputs: ['a'], outputs: ['b'], attributes: steep },
        ...['c', 'd', 'e'].map((makes) => odd(`odd_${makes}`, makes)),
      ],
      outputs: ['b', 'c', 'd', 'e'],
    });
    await writeFile(path.join(folder.path, 'odd.onnx'), bytes);
  });
  after(() => folder.dispose());

  it('is shown by inspect, each layer with what is wrong, and refused at the end', async () => {
    const { code, out, err } = await glowport(folder.path, 'inspect', 'odd.onnx');
    assert.equal(code, EXIT.model);
    assert.match(out, /^Inputs {3}x \(1x4\)\nOutputs {2}b \(\?\), c \(\?\), d \(\?\), e \(\?\)\n/);
    assert.match(out, /^ +fine +Relu +1x4$/m);
    assert.match(out, /^! +leaky +LeakyRelu +\? +has an attribute 'alpha' of another type than float$/m);
    assert.match(out, /^! +odd_e +Odd +\? +is an operator that is not supported$/m);
    assert.match(err, /glowport: odd\.onnx: The model has 4 nodes .* and 1 more\. Change the model/);
    assert.doesNotMatch(err, /glowport inspect/);
  });

  it('is data with --json, of inspect with the layers', async () => {
    const { code, out } = await glowport(folder.path, 'inspect', 'odd.onnx', '--json');
    assert.equal(code, EXIT.model);
    const inspected = JSON.parse(out) as { layers: { name: string }[]; refused: Refused };
    assert.deepEqual(
      inspected.layers.map((l) => l.name),
      ['fine', 'leaky', 'odd_c', 'odd_d', 'odd_e'],
    );
    const { problems } = inspected.refused;
    assert.deepEqual(problems[0], {
      node: 'leaky',
      operator: 'LeakyRelu',
      why: "has an attribute 'alpha' of another type than float",
      needed: 'Change the model, or export it with other options.',
    });
    assert.equal(problems.length, 4);
    const ported = await glowport(
      folder.path,
      ...['port', 'odd.onnx', '--board', 'frdmke16z', '--samples', '.', '--json'],
    );
    assert.equal(ported.code, EXIT.model);
    const { refused } = JSON.parse(ported.out) as { refused: Refused };
    assert.deepEqual(refused.problems, problems);
    assert.match(refused.advice, /"glowport inspect MODEL" shows all of them/);
  });
});
