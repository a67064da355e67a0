import { findBoard } from '../../board/catalogue.ts';
import type { Answer } from '../../bundle/bundle.ts';
import { dataOptions } from '../../data/options.ts';
import { platformOf } from '../../project/sdkProject.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { PortChoices } from '../choices/choices.ts';
import { answerOf } from '../data/task.ts';
import { compileQuantized } from '../steps/compile.ts';
import { inspect } from '../steps/inspect.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import {
  type BoardFit,
  type FirmwareChoices,
  fitBoards,
  fitOf,
  type FittedNetwork,
  networkNeed,
  requireFit,
} from './fit.ts';

/* How a model fits boards before its samples are known: its ranges are those of made-up data, which changes sizes by little. */

/** What of a port's choices counts. */
export type RoughChoices = Omit<PortChoices, 'board' | 'samples' | 'input' | 'run' | 'port' | 'into' | 'out'>;

/** How a model fits each board. @throws UserError as `inspect`, `answerOf` and `fitBoards` do */
export async function roughFits(
  choices: RoughChoices,
  tools: ToolPaths | undefined,
  context: StepContext,
): Promise<BoardFit[]> {
  const { name, quantized, around } = await roughNetwork(choices, tools, context);
  return fitBoards(quantized, { ...around, name, reuseInput: choices.reuseInput }, context);
}

/** Refuses a model that does not fit a board, as its port would. @throws UserError as `roughFits` and `requireFit` do */
export async function requireRoughFit(
  choices: RoughChoices & Pick<PortChoices, 'board'>,
  tools: ToolPaths | undefined,
  context: StepContext,
): Promise<void> {
  const board = findBoard(choices.board);
  const { name, quantized, answer, around } = await roughNetwork(choices, tools, context);
  const compiled = async (reuseInput: boolean): Promise<FittedNetwork> => {
    const options = { ...around, name, board, reuseInput };
    const { bundle, size } = await compileQuantized(quantized, options, context);
    return { bundle, need: networkNeed(bundle, size, answer) };
  };
  const network = await compiled(choices.reuseInput);
  const fit = await fitOf(board, network, around, context);
  const reusing = choices.reuseInput ? undefined : () => compiled(true);
  await requireFit(board, network, fit, { ...around, reusing }, context);
}

interface RoughNetwork {
  readonly name: string;
  readonly quantized: QuantizedGraph;
  readonly answer: Answer;
  readonly around: FirmwareChoices;
}

async function roughNetwork(
  choices: RoughChoices,
  tools: ToolPaths | undefined,
  context: StepContext,
): Promise<RoughNetwork> {
  const { graph } = await inspect(choices, context);
  const { quantization, weights, sdk, console } = choices;
  const answer = answerOf(graph, [], choices);
  const rough = { graph, options: dataOptions(choices), quantization };
  const quantized = await runnerOf(context)('quantizeRoughly', rough, context);
  const platform = sdk === undefined ? 'own' : platformOf(console);
  return { name: graph.name, quantized, answer, around: { platform, weights, answer, tools } };
}
