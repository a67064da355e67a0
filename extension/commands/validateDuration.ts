import { predictLatency } from '../board/latency.ts';
import { findBoard } from '../board/catalogue.ts';
import { secondsFor } from '../validate/protocol/duration.ts';
import { bytesOf } from '../validate/protocol/identity.ts';
import type { Services } from '../views/services.ts';
import { settledNormalization } from '../workflow/data/normalization.ts';
import { samplesOf } from '../workflow/data/samples.ts';
import { inspect } from '../workflow/steps/inspect.ts';
import type { StepContext } from '../workflow/steps/step.ts';
import { compileFor, type StepChoices } from './stepChoices.ts';

/**
 * About how long validating over a serial port takes: of the network as it is compiled, at the board's baud rate.
 * @throws UserError as `compileFor` and `samplesOf` do
 */
export async function secondsOnPort(
  given: StepChoices,
  test: readonly string[],
  services: Services,
  context: StepContext,
): Promise<{ readonly samples: number; readonly seconds: number }> {
  const { graph } = await inspect(given, context);
  const choices = await settledNormalization(given, graph.inputs, context);
  const samples = (await samplesOf(test, graph.inputs, choices, context)).length;
  const { bundle } = await compileFor(choices, services, context);
  const board = findBoard(choices.board);
  const cycles = bundle.layers.reduce((n, layer) => n + layer.predictedCycles, 0);
  const seconds = secondsFor({
    samples,
    inputBytes: bytesOf(bundle, 'input'),
    outputBytes: bytesOf(bundle, 'output'),
    baudRate: board.console.baudRate,
    inferenceMs: predictLatency(board, cycles).timeUs / 1000,
  });
  return { samples, seconds };
}
