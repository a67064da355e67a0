import path from 'node:path';
import { predictLatency } from '../../board/latency.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { ConfirmOverwrite } from '../../common/output/writeOutputs.ts';
import { dataOptions } from '../../data/options.ts';
import { type Sample, sampleFiles } from '../../data/sample.ts';
import type { Graph } from '../../model/graph.ts';
import { checkBundleName } from '../../project/names.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { SampleOutcome } from '../../validate/outcome.ts';
import { durationText } from '../../validate/protocol/duration.ts';
import { identityOf } from '../../validate/protocol/identity.ts';
import { PROTOCOL_VERSION } from '../../validate/protocol/values.ts';
import { foundOf, parseRequirement, verdictOf } from '../../validate/requirements.ts';
import { type Labels, scoreOf } from '../../validate/statistics/score.ts';
import { spreadOf } from '../../validate/statistics/spread.ts';
import { MOST_LISTED, type Validation } from '../../../webview/shared/validation.ts';
import type { PortChoices } from '../choices/choices.ts';
import { classNumber, readLabels } from '../data/labels.ts';
import { settledNormalization } from '../data/normalization.ts';
import { requireSameRate, samplesOf } from '../data/samples.ts';
import { answerOf } from '../data/task.ts';
import { outputPlace } from '../folders/outputFolder.ts';
import type { Outcomes } from '../numbers/simulatedAnswers.ts';
import { boardOfPort } from '../port/boardOfPort.ts';
import { firmwareChoices } from '../port/firmware.ts';
import { fitOf, networkNeed, requireFit } from '../port/fit.ts';
import { type BuiltinModel, compile } from '../steps/compile.ts';
import { drawingOf } from '../steps/compileChosen.ts';
import { inspect } from '../steps/inspect.ts';
import { profile } from '../steps/profile.ts';
import { requireSimulated } from '../steps/run.ts';
import { step, type StepContext } from '../steps/step.ts';
import { withThreshold } from '../steps/withThreshold.ts';
import { buildValidator, flashHelp, givenFirmware, type ValidatorFirmware } from './firmware.ts';
import { requireAtLeast, requireBuilt, requireTold } from './required.ts';
import { secondsOf, serialAnswers } from './serialAnswers.ts';
import { simulatedInParallel } from './simulatedInParallel.ts';

export type { Confusion, Score, Validation } from '../../../webview/shared/validation.ts';

/** Where a validation runs: on simulated boards. Anything else is a serial port. */
export const ON_SIMULATED = 'sim';

export interface ValidateRequest {
  readonly choices: PortChoices;
  /** The test set; the samples of `choices` when empty. */
  readonly test: readonly string[];
  /** ON_SIMULATED, or the path of a serial port. */
  readonly on: string;
  /** Of the serial port; the board's when undefined. */
  readonly baudRate?: number | undefined;
  /** Firmware that was built by a validation before; built when undefined. */
  readonly firmware?: string | undefined;
  /** Folder of the firmware's project; undefined: a scratch folder, or for a port NAME-BOARD-validate. */
  readonly out?: string | undefined;
  /** What has to be found, such as `accuracy>=95`. */
  readonly requirements: readonly string[];
  /** Keep every sample's outputs. */
  readonly keepsOutputs?: boolean | undefined;
  readonly tools?: ToolPaths | undefined;
  readonly confirmOverwrite?: ConfirmOverwrite | undefined;
}

/** What a validation found. */
export interface ValidationResult {
  /** As given, with the numbers that inputs were normalized with. */
  readonly choices: PortChoices;
  readonly validation: Validation;
  /** One for each sample of the test set, in its order. */
  readonly outcomes: readonly SampleOutcome[];
  /** Names of the outputs. */
  readonly outputs: readonly string[];
  /** Files that it was made of, which nothing may be written over. */
  readonly inputs: readonly string[];
}

/** Most numbers of outputs that are kept for all samples together. */
const MOST_NUMBERS = 4_000_000;

/**
 * Runs a whole test set on a board, simulated or on a serial port, and compares every output of every sample with the PC's.
 *
 * @throws UserError `usage` for what is no requirement, without samples, and for choices that cannot be; `requirement` when it is known
 *   before the board runs that one is not met; as `inspect`, `profile`, `compile`, `generate`, `build`, `simulatedAnswers` and
 *   `serialAnswers` do
 */
export async function validate(
  request: ValidateRequest,
  context: StepContext = {},
): Promise<ValidationResult> {
  const began = performance.now();
  const { on, tools } = request;
  const requirements = request.requirements.map(parseRequirement);
  const isSimulated = on === ON_SIMULATED;
  requireUartAndBuiltin(request.choices);
  const { board, sdk } = await boardOfPort(
    { ...request.choices, run: isSimulated ? 'sim' : 'none' },
    tools,
    context.signal,
  );
  if (isSimulated) requireSimulated(board);
  const given = request.firmware === undefined ? undefined : await givenFirmware(board, request.firmware);
  const { graph, file } = await inspect(request.choices, context);
  checkBundleName(graph.name);
  const choices = await settledNormalization(request.choices, graph.inputs, context);
  const data = dataOptions(choices);
  const chosen = answerOf(graph, [], choices);
  const names = await readLabels(file, choices.labels);
  const { ranges, samples } = await profile(graph, choices.samples, choices, context);
  const test = await testSet({ ...request, choices }, graph, samples, context);
  requireTold(requirements, chosen, test);

  const compiled = await compile(graph, ranges, { ...choices, board, tools }, context);
  const { bundle, size, quantized } = compiled;
  const answer = await withThreshold(chosen, { graph, quantized, samples, ...data }, context);
  requireAtLeast(requirements, bundle.name, {
    flash: size.flashBytes,
    ram: size.ramBytes,
    stack: size.stackBytes,
  });
  const inputs = [...new Set([file, ...[...samples, ...test].flatMap(sampleFiles)])];
  const firmware =
    given ??
    (await firmwareFor(
      { ...request, choices },
      { compiled, answer, graph, file, board, sdk, inputs },
      context,
    ));
  requireBuilt(requirements, bundle.name, {
    flash: firmware.size?.flashBytes,
    ram: firmware.size?.ramBytes,
    stack: firmware.size?.stackBytes,
  });

  const numbers = bundle.placeholders
    .filter((p) => p.direction === 'output')
    .reduce((n, p) => n + p.shape.reduce((m, d) => m * d, 1), 0);
  const keepsOutputs = (request.keepsOutputs ?? false) && numbers * test.length <= MOST_NUMBERS;
  const { placeholders } = bundle;
  const cycles = bundle.layers.reduce((n, layer) => n + layer.predictedCycles, 0);
  const validation = {
    network: { quantized, placeholders, answer, keepsOutputs },
    samples: test.map((sample, number) => ({ sample, number })),
    identity: identityOf(bundle, PROTOCOL_VERSION),
    inferenceMs: predictLatency(board, cycles).timeUs / 1000,
    ...data,
  };
  const serial = {
    ...validation,
    ...{ port: on, board: board.name, ifSilent: [flashHelp(board, firmware)] },
    baudRate: request.baudRate ?? board.console.baudRate,
  };
  const where = isSimulated
    ? `${test.length} samples on the simulated ${board.name}`
    : `${test.length} samples on ${on}, about ${durationText(secondsOf(serial))} at ${serial.baudRate} baud`;
  const found = await step(
    context,
    'validate',
    where,
    (progress): Promise<Outcomes> => {
      const work = { signal: context.signal, tasks: context.tasks, progress };
      return isSimulated
        ? simulatedInParallel({ ...validation, boardId: board.id, firmware: firmware.bytes }, work)
        : serialAnswers(serial, work);
    },
    ({ outcomes }) =>
      `${outcomes.length} samples, ${outcomes.filter((o) => !o.isEqual).length} differ from the PC`,
  );

  const { outcomes, retransmissions, resets } = found;
  const differing = outcomes.filter((o) => !o.isEqual);
  const labels: Labels = {
    classes: classNames(placeholders, names),
    classOf: (label) => classNumber(label, names),
  };
  const whole = {
    ...{ model: path.basename(file), network: bundle.name, on },
    board: { id: board.id, name: board.name },
    samples: outcomes.length,
    score: scoreOf(answer, outcomes, labels),
    timeUs: spreadOf(outcomes.map((o) => o.timeUs)),
    firmware: firmware.size,
    mismatches: {
      count: differing.length,
      listed: differing.slice(0, MOST_LISTED).map(({ number, name, label, outputs = [], pc = [] }) => ({
        ...{ number, name, label },
        ...{ board: outputs, pc },
      })),
    },
    line: { retransmissions, resets },
    seconds: (performance.now() - began) / 1000,
  };
  const verdicts = requirements.map((r) => verdictOf(r, foundOf(r.figure, whole)));
  return {
    choices,
    validation: { ...whole, requirements: verdicts },
    outcomes,
    outputs: placeholders.filter((p) => p.direction === 'output').map((p) => p.name),
    inputs,
  };
}

/** Builds the firmware. */
async function firmwareFor(
  request: ValidateRequest,
  network: Pick<Parameters<typeof buildValidator>[0], 'board' | 'sdk' | 'answer' | 'inputs'> & {
    readonly compiled: BuiltinModel;
    readonly graph: Graph;
    readonly file: string;
  },
  context: StepContext,
): Promise<ValidatorFirmware> {
  const { choices, on, tools, confirmOverwrite } = request;
  const { compiled, answer, graph, file, board, sdk, inputs } = network;
  const { bundle, size } = compiled;
  const around = firmwareChoices(choices, answer, sdk, tools);
  const need = networkNeed(bundle, size, answer);
  await requireFit(
    board,
    { bundle, need },
    await fitOf(board, { bundle, need }, around, context),
    around,
    context,
  );
  const isKept = request.out !== undefined || on !== ON_SIMULATED;
  const out = isKept ? await outputPlace(request.out, `${bundle.name}-${board.id}-validate`) : undefined;
  const drawing = drawingOf(compiled, graph);
  const onBoard = { board, sdk, bundle, size, answer, drawing, modelName: path.basename(file), inputs };
  return buildValidator(onBoard, out, choices, { tools, confirmOverwrite }, context);
}

/** The samples that are validated. @throws UserError `usage` when there is none */
async function testSet(
  { choices, test }: ValidateRequest,
  { inputs }: Graph,
  samples: readonly Sample[],
  context: StepContext,
): Promise<readonly Sample[]> {
  const found = test.length > 0 ? await samplesOf(test, inputs, choices, context) : samples;
  requireSameRate(found, samples);
  if (found.length > 0) return found;
  throw new UserError('usage', say`There are no samples to validate with.`, { do: 'giveSamples' });
}

/** Names of the classes of the first output, their numbers where nobody named them. */
function classNames(
  placeholders: BuiltinModel['bundle']['placeholders'],
  names: readonly string[],
): string[] {
  const first = placeholders.find((p) => p.direction === 'output')!;
  const count = first.type === 'index32' ? names.length : first.shape.reduce((n, d) => n * d, 1);
  return Array.from({ length: count }, (_, i) => names[i] ?? String(i));
}

/** @throws UserError `usage` for Glow as the compiler, and for firmware that prints through a debugger */
function requireUartAndBuiltin({ compiler, console }: PortChoices): void {
  if (compiler === 'glow') {
    throw new UserError(
      'usage',
      say`The PC repeats the integers of the built-in compiler only, and Glow is chosen.`,
      { do: 'useBuiltinCompiler' },
    );
  }
  if (console === 'semihost') {
    throw new UserError('usage', say`Samples go to the board over its UART, and semihosting is chosen.`, {
      do: 'printOnUart',
    });
  }
}
