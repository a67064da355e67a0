import { breather } from '../../common/breather.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { WorkContext } from '../../common/work.ts';
import { dataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import { Machine } from '../../simulator/machine/machine.ts';
import type { SampleOutcome } from '../../validate/outcome.ts';
import { type BoardAnswer, Conversation } from '../../validate/protocol/conversation.ts';
import type { Identity } from '../../validate/protocol/identity.ts';
import { modelInputs, type SamplesToPrepare } from './preparedSamples.ts';
import { OutcomeList, preparedSample } from './validatedNetwork.ts';

export interface SimulatedValidation extends SamplesToPrepare {
  readonly boardId: string;
  /** ELF, Intel HEX or raw binary. */
  readonly firmware: Uint8Array;
  readonly identity: Identity;
  /** What an inference is thought to take, in milliseconds of the board. */
  readonly inferenceMs: number;
}

/** What came of samples, and what the line went through. */
export interface Outcomes {
  readonly outcomes: readonly SampleOutcome[];
  readonly retransmissions: number;
  readonly resets: number;
}

/** Cycles that the board runs before the next look at the clock: some milliseconds. */
const CYCLES_AT_ONCE = 2_000_000;

/**
 * Gives samples to a simulated board, one after the other, and compares each answer with the PC's. Board, conversation and the PC's
 * network are in one thread, for a message a byte would take longer than all of them.
 *
 * @throws UserError `board` when it is not simulated, `input` for firmware that cannot be loaded and samples that cannot be read,
 *   `firmware` when it faults, is another network's or does not answer, `cancelled`
 */
export async function simulatedAnswers(
  { network, samples, boardId, firmware, identity, inferenceMs, ...options }: SimulatedValidation,
  { signal, progress }: WorkContext = {},
): Promise<Outcomes> {
  const machine = new Machine(boardId);
  machine.load(firmware);
  machine.checkBootable();
  machine.hurryConsole();
  let answer: BoardAnswer | undefined;
  const conversation = new Conversation({
    ...{ identity, inferenceMs },
    board: machine.board.name,
    send: (bytes) => machine.send(bytes),
    onAnswer: (found) => {
      answer = found;
      machine.stop();
    },
    msPerByte: 0,
    ifSilent: [say`Is it the firmware that "glowport validate" builds, for this board?`],
  });
  machine.onUart = (byte) => conversation.receiveByte(byte, machine.timeUs / 1000);

  // it boots, and says so before it is asked
  machine.run(CYCLES_AT_ONCE);
  const reader = new SampleReader(modelInputs(network), dataOptions(options));
  const breathe = breather(signal);
  const list = new OutcomeList(network);
  const { outcomes } = list;
  for (const one of samples) {
    const prepared = preparedSample(network, one, await reader.read(one.sample));
    answer = undefined;
    conversation.give(prepared, machine.timeUs / 1000);
    while (!answer) {
      runOn(machine, conversation);
      await breathe();
    }
    list.add(prepared, answer);
    progress?.(`${outcomes.length} of ${samples.length} samples`, outcomes.length / samples.length);
  }
  const { retransmissions, resets } = conversation;
  return { outcomes, retransmissions, resets };
}

/** Lets some time of the board pass. @throws UserError when it or the conversation has ended */
function runOn(machine: Machine, conversation: Conversation): void {
  const stop = machine.run(CYCLES_AT_ONCE);
  if (stop === 'fault') {
    throw new UserError(
      'firmware',
      say`The firmware crashed on the simulated ${machine.board.name}. ${machine.fault?.sentence ?? ''}`,
      say`A stack that is too small is the usual reason.`,
    );
  }
  // a board at rest waits for the next try
  conversation.tick(stop === 'idle' ? conversation.deadline : machine.timeUs / 1000);
  if (conversation.failure) throw conversation.failure;
}
