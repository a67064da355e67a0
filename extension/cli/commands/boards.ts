import type { Command } from 'commander';
import { type BoardData, boards, dataRam, knownBoards, totalRam } from '../../board/catalogue.ts';
import { kilobytes } from '../../board/fit.ts';
import type { SdkBoards } from '../../sdk/boards/sdkBoards.ts';
import { english } from '../../common/errors/sentence.ts';
import { dataOptions } from '../../data/options.ts';
import { needsSamples } from '../../quantize/already.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import { isSimulated } from '../../simulator/boards/boards.ts';
import { type BoardFit, fitBoards } from '../../workflow/port/fit.ts';
import { runnerOf } from '../../workflow/tasks/tasks.ts';
import { answerOf } from '../../workflow/data/task.ts';
import { inspect } from '../../workflow/steps/inspect.ts';
import { boardsOfSdk } from '../../workflow/sdk.ts';
import { settledNormalization } from '../../workflow/data/normalization.ts';
import { profile } from '../../workflow/steps/profile.ts';
import { addChoices, givenChoices, type OptionKey } from '../choiceOptions.ts';
import { MODEL_FILE } from '../options.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
import { fitTable } from './fitTable.ts';
import { textTable } from '../table.ts';

interface BoardsFlags extends GlobalOptions {
  readonly model?: string;
  readonly onSdk?: boolean;
  readonly json?: boolean;
}

const CHOSEN: readonly OptionKey[] = [
  ...(['samples', 'name', 'defines', 'reuseInput', 'task', 'sdk'] as const),
  ...(['quantization', 'image', 'sound', 'normalize'] as const),
];

export function addBoards(program: Command, session: Session): void {
  const command = program
    .command('boards')
    .description('all boards; with --model, whether it fits each, why not, and how long it takes')
    .option('--model <file>', MODEL_FILE);
  addChoices(command, CHOSEN, {
    samples: { help: 'samples (without them sizes are estimated from test patterns)' },
    sdk: { help: 'also the boards that only this MCUXpresso SDK describes: a folder, a zip file, or auto' },
  })
    .option('--on-sdk', "sizes of firmware on NXP's SDK (default: on the built-in board support)")
    .option('--json', 'print an array, an object a board')
    .addHelpText(
      'after',
      '\nExamples:\n  glowport boards\n  glowport boards --model mnist.onnx --samples calibration\n  glowport boards --sdk auto',
    )
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals<BoardsFlags>();
      const { sdk } = givenChoices(flags, CHOSEN);
      if (sdk !== undefined) reportRefused(await boardsOfSdk(sdk, session.context), session);
      const fits = flags.model === undefined ? undefined : await fitsOf(flags.model, flags, session);
      if (flags.json) {
        printJson(
          session,
          knownBoards().map((b) => ({ ...facts(b), ...fitFacts(fits?.find((f) => f.board.id === b.id)) })),
        );
      } else session.terminal.out(fits ? fitTable(fits) : boardTable());
    });
}

async function fitsOf(model: string, flags: BoardsFlags, session: Session): Promise<BoardFit[]> {
  const given = { ...givenChoices(flags, CHOSEN), model };
  const { quantization, samples } = given;
  const { graph } = await inspect(given, session.context);
  const choices =
    samples.length > 0 ? await settledNormalization(given, graph.inputs, session.context) : given;
  if (samples.length === 0 && needsSamples(graph)) {
    session.terminal.err('Without --samples, sizes and times are estimates from test patterns.\n');
  }
  const { context } = session;
  const run = runnerOf(context);
  let quantized: QuantizedGraph;
  if (samples.length > 0) {
    const { ranges } = await profile(graph, samples, choices, context);
    quantized = await run('quantizeNetwork', { graph, ranges, quantization }, context);
  } else
    quantized = await run('quantizeRoughly', { graph, options: dataOptions(choices), quantization }, context);
  const options = {
    name: graph.name,
    weights: choices.weights,
    reuseInput: choices.reuseInput,
    platform: flags.onSdk || choices.sdk !== undefined ? 'sdk' : 'own',
    answer: answerOf(graph, [], choices),
    tools: toolPaths(flags),
  } as const;
  return fitBoards(quantized, options, session.context);
}

/** What an SDK has that firmware cannot be built for: each where a file lacks something, else their number. */
function reportRefused({ refused }: SdkBoards, session: Session): void {
  const lacking = refused.filter(({ why }) => why.code === 'input');
  for (const { why } of lacking) session.terminal.err(`${english(why.sentence)}\n`);
  const others = refused.length - lacking.length;
  if (others > 0) {
    session.terminal.err(
      `${others} more boards of the SDK have no Cortex-M0+, M33 or M7 that starts from flash.\n`,
    );
  }
}

/** Described by an SDK alone. */
function isFromSdk({ id }: BoardData): boolean {
  return !boards().some((b) => b.id === id);
}

function facts(b: BoardData): object {
  return {
    id: b.id,
    name: b.name,
    family: b.family,
    core: b.core,
    coreClockHz: b.coreClockHz,
    fpu: b.fpu,
    flashBytes: b.flash.size,
    ramBytes: totalRam(b.ram),
    dataRamBytes: dataRam(b).size,
    simulated: isSimulated(b),
    fromSdk: isFromSdk(b),
  };
}

function fitFacts(f: BoardFit | undefined): object {
  if (!f) return {};
  const { fits, reasons, timeUs, timeBasis, timeNote, basis, flash, ram } = f.fit;
  const time = timeUs === undefined ? null : Math.round(timeUs);
  return {
    fits,
    reasons: reasons.map(english),
    timeUs: time,
    timeBasis,
    timeNote,
    basis,
    flashUsed: flash.used,
    ramUsed: ram.used,
  };
}

function boardTable(): string {
  const table = textTable(
    [
      { title: 'id' },
      { title: 'name' },
      { title: 'family' },
      { title: 'core' },
      { title: 'MHz', align: 'right' },
      { title: 'flash', align: 'right' },
      { title: 'RAM', align: 'right' },
      { title: 'FPU' },
      { title: 'simulated' },
    ],
    knownBoards().map((b) => [
      b.id,
      b.name,
      b.family,
      b.core,
      Math.round(b.coreClockHz / 1e4) / 100,
      kilobytes(b.flash.size),
      b.ram.length === 1
        ? kilobytes(dataRam(b).size)
        : `${kilobytes(dataRam(b).size)} of ${kilobytes(totalRam(b.ram))}`,
      b.fpu ? 'yes' : 'no: int8 only',
      isSimulated(b) ? 'yes' : 'no',
    ]),
  );
  return `${table}\n${RAM_NOTE}\n`;
}

/** What the first number of an i.MX RT is. */
const RAM_NOTE =
  'RAM: what variables and stack can use. An i.MX RT has more, but NXP\u2019s linker scripts keep them in one region (DTCM).';
