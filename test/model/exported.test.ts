import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileAgrees, kinds } from './oracle.ts';

/** What each network of exported/export.py comes to; the same from both of its files. */
const NETWORKS: Readonly<Record<string, string>> = {
  lenet: 'reshape conv2d maxpool conv2d maxpool dense dense softmax',
  residual: 'transpose conv2d conv2d conv2d conv2d add avgpool dense',
  mobile:
    'reshape conv2d conv2d conv2d conv2d conv2d conv2d add avgpool conv2d conv2d mul activation avgpool dense',
  keywords: 'reshape conv2d activation maxpool conv2d activation avgpool avgpool dense activation',
  perceptron: 'dense dense activation dense',
  shuffle: 'transpose conv2d reshape transpose reshape conv2d maxpool reshape reshape concat dense',
  mixer: 'reshape conv2d conv2d add transpose conv2d add transpose avgpool dense',
};

describe('model: networks as torch.onnx.export writes them', () => {
  for (const [name, expected] of Object.entries(NETWORKS)) {
    it(name, async () => {
      for (const form of ['11_dynamic', '16']) {
        const file = new URL(`exported/${name}_${form}.onnx`, import.meta.url);
        const graph = await fileAgrees(readFileSync(file), { seed: 5, scale: 2 });
        assert.equal(kinds(graph).join(' '), expected, form);
      }
    });
  }
});
