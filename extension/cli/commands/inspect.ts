import type { Command } from 'commander';
import { shapeOf } from '../../model/graph.ts';
import { isQuantizedAlready, needsSamples } from '../../quantize/already.ts';
import { macsOf } from '../../model/macs.ts';
import { errorOf } from '../../common/error.ts';
import { lookAt } from '../../workflow/steps/inspect.ts';
import { nodeParameters, operatorText } from '../../workflow/report/nodes.ts';
import { addChoices, givenChoices, type OptionKey } from '../choiceOptions.ts';
import { MODEL_FILE } from '../options.ts';
import { sketchFacts, sketchTable } from '../refused.ts';
import { printJson, type Session } from '../session.ts';
import { grouped, layerTable } from '../table.ts';

const CHOSEN: readonly OptionKey[] = ['name', 'defines'];

/** Of a model that is quantized already, a line that says so. */
function quantizedText({ quantized, needsSamples }: { quantized: boolean; needsSamples: boolean }): string {
  if (!quantized) return '';
  return `Numbers  quantized already: ${needsSamples ? 'values without a scale in the file need samples' : 'no samples are needed'}\n`;
}

export function addInspect(program: Command, session: Session): void {
  const command = program
    .command('inspect')
    .description('the graph of a model: layers, tensors, parameters, multiply-accumulates')
    .argument('<model>', MODEL_FILE)
    .option('--json', 'print the result as one JSON object');
  addChoices(command, CHOSEN)
    .addHelpText('after', '\nExample:\n  glowport inspect mnist.onnx --define N=1')
    .action(async (model: string, flags: { json?: boolean }) => {
      const choices = { ...givenChoices(flags, CHOSEN), model };
      const looked = await lookAt(choices, session.context);
      if ('refusal' in looked) {
        const { sketch } = looked;
        // they are shown here
        const remedies = looked.refusal.remedies.filter((r) => r.do !== 'showProblems');
        const refusal = { ...looked.refusal, remedies };
        if (flags.json) printJson(session, sketchFacts(sketch, refusal));
        else session.terminal.out(sketchTable(sketch, refusal));
        throw errorOf(refusal);
      }
      const { graph, fileBytes } = looked;
      const layers = graph.nodes.map((node) => ({
        name: node.name,
        operator: operatorText(node, graph),
        inputs: node.inputs,
        output: node.output,
        shape: shapeOf(graph, node.output),
        parameters: nodeParameters(node, graph),
        macs: macsOf(graph, node),
      }));
      const sum = (key: 'parameters' | 'macs'): number => layers.reduce((n, l) => n + l[key], 0);
      const summary = {
        name: graph.name,
        fileBytes,
        inputs: graph.inputs.map(({ name, shape }) => ({ name, shape })),
        outputs: graph.outputs.map((name) => ({ name, shape: shapeOf(graph, name) })),
        // what lives between inferences
        ...(graph.states.length > 0
          ? { states: graph.states.map(({ name }) => ({ name, shape: shapeOf(graph, name) })) }
          : {}),
        parameters: sum('parameters'),
        macs: sum('macs'),
        quantized: isQuantizedAlready(graph),
        needsSamples: needsSamples(graph),
        layers,
      };
      if (flags.json) {
        printJson(session, summary);
        return;
      }
      const show = (tensors: typeof summary.inputs): string =>
        tensors.map((t) => `${t.name} (${t.shape.join('x')})`).join(', ');
      session.terminal.out(
        `Inputs   ${show(summary.inputs)}\nOutputs  ${show(summary.outputs)}\n` +
          `${summary.states ? `States   ${show(summary.states)}, kept between inferences\n` : ''}${quantizedText(summary)}\n` +
          layerTable(
            [
              { title: 'layer' },
              { title: 'operator' },
              { title: 'output shape' },
              { title: 'parameters', align: 'right' },
              { title: 'MACs', align: 'right' },
            ],
            layers.map((l) => [
              l.name,
              l.operator,
              l.shape.join('x'),
              grouped(l.parameters),
              grouped(l.macs),
            ]),
            [['all', '', '', grouped(summary.parameters), grouped(summary.macs)]],
          ),
      );
    });
}
