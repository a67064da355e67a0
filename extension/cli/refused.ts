import type { ErrorData } from '../common/error.ts';
import { english } from '../common/errors/sentence.ts';
import type { Sketch } from '../model/import/sketch.ts';
import { advice } from './remedies.ts';
import { layerTable } from './table.ts';

/** Why a model is refused, for `--json`. */
export function refusedFacts({ sentence, remedies, problems }: ErrorData): object {
  return {
    message: english(sentence),
    advice: advice(remedies),
    problems: problems.map(({ node, operator, why, needed }) => ({
      node,
      operator,
      why: english(why),
      needed: advice(needed),
    })),
  };
}

/** A refused model, for `--json` of `glowport inspect`. */
export function sketchFacts({ name, inputs, outputs, nodes }: Sketch, refusal: ErrorData): object {
  const layers = nodes.map((node) => ({
    name: node.name,
    operator: node.operator,
    inputs: node.inputs,
    outputs: node.outputs.map((o) => ({ name: o.name, shape: o.shape ?? null })),
  }));
  const ends = (tensors: Sketch['inputs']): object[] =>
    tensors.map((t) => ({ name: t.name, shape: t.shape ?? null }));
  return { name, inputs: ends(inputs), outputs: ends(outputs), layers, refused: refusedFacts(refusal) };
}

/** The nodes of a refused model; what is wrong stands beside each that is refused. */
export function sketchTable({ inputs, outputs, nodes }: Sketch, { problems }: ErrorData): string {
  const wrong = new Map(problems.map((problem) => [problem.node, problem]));
  const shapeText = (shape: readonly number[] | undefined): string => shape?.join('x') ?? '?';
  const show = (tensors: Sketch['inputs']): string =>
    tensors.map((t) => `${t.name} (${shapeText(t.shape)})`).join(', ');
  const rows = nodes.map(({ name, operator, outputs: [output] }) => {
    const problem = wrong.get(name);
    return [
      problem ? '!' : '',
      name,
      operator,
      shapeText(output?.shape),
      problem ? english(problem.why) : '',
    ];
  });
  const columns = ['', 'layer', 'operator', 'output shape', 'not supported'].map((title) => ({ title }));
  return `Inputs   ${show(inputs)}\nOutputs  ${show(outputs)}\n\n${layerTable(columns, rows, [])}`;
}
