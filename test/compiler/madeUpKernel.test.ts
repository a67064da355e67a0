import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { calibration, model, sample } from '../cli/support.ts';
import { ProductCopy } from '../support/productCopy.ts';

/** The plainest dense layer there is. It claims to take no code at all, so that it is always chosen. */
const KERNEL = `
import { elements } from '../../model/graph.ts';
import { block, plus } from '../c/code.ts';
import type { Kernel, KernelMaker } from './kernel.ts';
import { requantExpression, saturate } from './requant.ts';
import { foldChannels } from './weighted.ts';

export const plainDense: KernelMaker<'dense'> = {
  computes: ['dense'],
  make({ node, inputs, output: y }): Kernel {
    const x = inputs[0]!;
    const taps = elements(x.layout.shape);
    return {
      ...{ variant: 'made up', macs: taps * node.outChannels, cycles: 1, codeBytes: 0, scratchBytes: 0 },
      ...{ optimize: 'size', note: 'as a test makes it up' },
      emit(context) {
        const weights = context.table(node.weights, 2)('int16_t');
        return foldChannels(node, x, y, taps).map((r, k) =>
          block('', [
            \`int32_t a = \${r.init};\`,
            block(\`for (uint32_t i = 0; i < \${taps}; i++)\`, [
              \`a += \${context.inputs[0]}[i] * (\${weights})[\${plus('i', k * taps)}];\`,
            ]),
            \`\${context.output}[\${k}] = \${saturate(context, requantExpression(context, 'a', r), node.lo, node.hi, y.layout)};\`,
          ]),
        );
      },
    };
  },
};
`;

/* docs/architecture.md: "A faster kernel: one file, one line". Here one is added that nobody would want. */
describe('a made-up kernel', () => {
  let copy: ProductCopy;
  before(async () => {
    copy = await ProductCopy.make();
  });
  after(() => copy.dispose());

  it('of one file and one line is chosen, compiled, and computes what the interpreter does', async () => {
    await copy.addFile('extension/compiler/kernels/plainDense.ts', KERNEL);
    await copy.addLine('extension/compiler/kernels/all.ts', "export { plainDense } from './plainDense.ts';");
    const args = [
      'port',
      model,
      '--board',
      'frdmke16z',
      '--samples',
      calibration,
      '--no-save',
      '--json',
      '--input',
      sample,
    ];
    const out = await copy.run(...args, '--out', 'project');
    const { match, top1 } = JSON.parse(out) as { match: boolean; top1: number };
    assert.deepEqual([match, top1], [true, 7]);
    const source = await readFile(path.join(copy.work, 'project', 'source', 'mnist.c'), 'utf8');
    assert.match(source, /dense_1: dense, made up \(as a test makes it up\)/);
  });
});
