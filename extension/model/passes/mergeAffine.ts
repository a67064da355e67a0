import { elements } from '../graph.ts';
import type { Graph } from '../graph.ts';
import { sameShape } from '../indexing.ts';
import { constantOperand, GraphEditor } from './editor.ts';
import { isUnclamped, perChannel } from './foldAffine.ts';

/**
 * Turns x · a + b per channel (a BatchNormalization that no layer took) into a 1x1 depthwise convolution: one integer
 * operation with a 32-bit bias instead of two with a rounding between them.
 */
export function mergeAffine(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  for (const add of graph.nodes) {
    if (add.kind !== 'add' || !editor.holds(add)) continue;
    const b = constantOperand(editor, add);
    if (!b || !editor.isPrivate(b.value)) continue;
    const mul = editor.producer(b.value);
    if (mul?.kind !== 'mul' || !isUnclamped(mul.clamp)) continue;
    const a = constantOperand(editor, mul);
    if (!a) continue;
    const shape = editor.shapeOf(a.value);
    if (!sameShape(shape, editor.shapeOf(mul.output)) || !sameShape(shape, editor.shapeOf(add.output)))
      continue;
    const channels = shape.at(-1);
    if (channels === undefined) continue;
    const weights = perChannel(a.constant, shape, channels);
    const bias = perChannel(b.constant, shape, channels);
    if (!weights || !bias) continue;

    const image = shape.length === 4 && shape[0] === 1 ? shape : [1, 1, elements(shape) / channels, channels];
    const reshaped = sameShape(image, shape)
      ? undefined
      : {
          input: editor.addValue(`${add.output}@in`, image),
          output: editor.addValue(`${add.output}@map`, image),
        };
    const conv = {
      kind: 'conv2d',
      name: add.name,
      inputs: [reshaped?.input ?? a.value],
      output: reshaped?.output ?? add.output,
      weights,
      bias,
      kernel: [1, 1],
      strides: [1, 1],
      dilations: [1, 1],
      pads: { top: 0, left: 0, bottom: 0, right: 0 },
      groups: channels,
      clamp: add.clamp,
    } as const;
    editor.replace(mul);
    if (!reshaped) {
      editor.replace(add, conv);
      continue;
    }
    editor.replace(
      add,
      { kind: 'reshape', name: `${add.name}/in`, inputs: [a.value], output: reshaped.input },
      conv,
      { kind: 'reshape', name: `${add.name}/out`, inputs: [reshaped.output], output: add.output },
    );
  }
  return editor.finish();
}
