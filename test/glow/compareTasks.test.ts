import assert from 'node:assert/strict';
import path from 'node:path';
import {
  compareCompilers,
  type CompilerComparison,
} from '../../extension/workflow/compare/compareCompilers.ts';
import { agreementSentence, comparisonRows } from '../../extension/workflow/compare/comparisonTable.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { NetworkBuilder } from '../model/networkBuilder.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { testFolder } from '../support/testFolder.ts';
import { example, glow } from './tools.ts';

/* Both compilers are compared by what the network answers, which is a class of some networks only. */

describe('glow: compilers are compared by what the network answers', () => {
  const compared = (choices: Partial<PortChoices>): Promise<CompilerComparison> =>
    compareCompilers({
      choices: {
        ...DEFAULT_CHOICES,
        board: 'frdmke16z',
        quantization: { ...DEFAULT_CHOICES.quantization, channelwise: false },
        ...choices,
      },
      test: [],
      limit: 3,
      tools: { glow },
      glowCache: null,
    });
  const { put } = testFolder('compare-tasks');
  const whats = (c: CompilerComparison): string[] => comparisonRows(c).map((r) => r.what);

  it('by numbers alone, where these are all it says, though its samples have labels', async () => {
    const samples = [path.join(example, 'samples')];
    const c = await compared({ model: path.join(example, 'mnist.onnx'), samples, task: 'raw' });
    assert.deepEqual([c.task, c.agreement.same, c.builtin.likeFloat, c.glow.right], ['raw', undefined, undefined, undefined]); // prettier-ignore
    assert.ok(!whats(c).some((what) => what.startsWith('Top1')), whats(c).join());
    assert.ok(whats(c).includes('Error of outputs, mean'));
    assert.match(agreementSentence(c), /^Their outputs differ by [\d.]+ at most\.$/);
    for (const f of [c.builtin, c.glow]) {
      assert.ok(
        f.meanError > 0 && f.meanError < 0.5 && f.largestError < 3,
        'numbers as the board printed them',
      );
    }
  });

  it('by verdicts, where it says whether something is usual', async () => {
    const b = new NetworkBuilder();
    const output = b.conv('x', 1, 1);
    const model = await put(
      'again.onnx',
      onnxModel(b.spec([{ name: 'x', shape: [1, 1, 28, 28] }], [output])),
    );
    const c = await compared({ model, samples: [path.join(example, 'samples')] });
    assert.equal(c.task, 'anomaly');
    assert.deepEqual([c.builtin.likeFloat, c.glow.likeFloat, c.agreement.same], [3, 3, 3]);
    assert.ok(whats(c).includes("Verdict as the float network's"));
    assert.match(agreementSentence(c), /^Both say the same for 3 of 3 samples; their outputs differ/);
  });
});
