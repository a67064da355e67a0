import { placeGraph } from '../../extension/bundle/graphDrawing.ts';
import { advice } from '../../extension/cli/remedies.ts';
import { english } from '../../extension/common/errors/sentence.ts';
import { lookAtModel } from '../../extension/model/formats/importModel.ts';
import { onnx } from '../../extension/model/formats/onnx.ts';
import { sketchDrawing } from '../../extension/workflow/report/sketchDrawing.ts';
import type { RefusedReport } from '../../webview/shared/report.ts';
import { onnxModel, type NodeSpec } from '../model/onnxBuilder.ts';

const node = (op: string, name: string, inputs: string[], more: Partial<NodeSpec> = {}): NodeSpec => ({
  ...{ op, name, inputs, outputs: [`${name}_out`] },
  ...more,
});

/** A small network with a branch; an operator that nobody has, and attributes of a wrong type. */
export const REFUSED_MODEL: Uint8Array = onnxModel({
  inputs: [{ name: 'image', shape: [1, 3, 32, 32] }],
  nodes: [
    node('Relu', 'entry', ['image']),
    node('MaxPool', 'halved', ['entry_out'], {
      attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
    }),
    node('AttentionGrid', 'grid_attention', ['halved_out'], { domain: 'com.example' }),
    node('LeakyRelu', 'leaky_branch', ['halved_out'], { attributes: { alpha: { s: 'steep' } } }),
    node('Add', 'merge', ['grid_attention_out', 'leaky_branch_out']),
    node('GlobalAveragePool', 'pooled', ['halved_out']),
    node('Flatten', 'flat', ['merge_out']),
    node('Clip', 'bounded', ['pooled_out', 'pooled_out']),
  ],
  outputs: ['flat_out', 'bounded_out'],
});

/** What the report shows of it, in the words of the command line. */
export async function refusedModelReport(): Promise<RefusedReport> {
  const looked = await lookAtModel(onnx, REFUSED_MODEL, { name: 'attention' });
  if ('graph' in looked) throw new Error('the model is not refused');
  const { sketch, refusal } = looked;
  const problems = refusal.problems.map(({ node, label, why, needed }) => ({
    node,
    label: english(label),
    why: english(why),
    needed: advice(needed),
  }));
  return {
    model: { name: sketch.name, file: 'attention.onnx', fileBytes: REFUSED_MODEL.length },
    message: `attention.onnx: ${english(refusal.sentence)}`,
    hint: advice(refusal.remedies),
    problems,
    problemCount: problems.length,
    graph: placeGraph(sketchDrawing(sketch, problems)),
  };
}
