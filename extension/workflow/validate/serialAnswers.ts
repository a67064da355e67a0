import { cancelled, UserError } from '../../common/error.ts';
import type { Help } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { WorkContext } from '../../common/work.ts';
import { type DataOptions, dataOptions } from '../../data/options.ts';
import { DEFAULT_SETTINGS, type OpenPort } from '../../serial/port.ts';
import { openSerialPort } from '../../serial/serialPort.ts';
import { type BoardAnswer, Conversation } from '../../validate/protocol/conversation.ts';
import { durationText, msPerByte, secondsFor } from '../../validate/protocol/duration.ts';
import type { Identity } from '../../validate/protocol/identity.ts';
import type { Outcomes } from '../numbers/simulatedAnswers.ts';
import {
  type NumberedSample,
  OutcomeList,
  type PreparedSample,
  type ValidatedNetwork,
} from '../numbers/validatedNetwork.ts';
import { runnerOf, type TaskRunner } from '../tasks/tasks.ts';

export interface SerialValidation extends DataOptions {
  /** The port's path. */
  readonly port: string;
  readonly baudRate: number;
  /** The board's name. */
  readonly board: string;
  readonly network: ValidatedNetwork;
  readonly identity: Identity;
  readonly samples: readonly NumberedSample[];
  /** What an inference is thought to take, in milliseconds of the board. */
  readonly inferenceMs: number;
  /** What to do about a board that does not answer, or with other firmware. */
  readonly ifSilent: readonly Help[];
}

/** Samples that the PC computes ahead of the board. */
const AHEAD = 64;
/** Times the estimate, and seconds more, after which a validation is given up. */
const PATIENCE = { times: 4, seconds: 60 };

/** What Node's timers take at most, in milliseconds: 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** About how long a validation on a port takes, in seconds. */
export function secondsOf({ samples, identity, baudRate, inferenceMs }: SerialValidation): number {
  const { inputBytes, outputBytes } = identity;
  return secondsFor({ samples: samples.length, inputBytes, outputBytes, baudRate, inferenceMs });
}

/**
 * Gives samples to the board on a serial port, one after the other, and compares each answer with the PC's.
 * @throws UserError `device` when the port cannot be opened or goes away, the board does not answer, or it takes several times as
 *   long as estimated; `firmware` for other firmware on it; `input` for samples that cannot be read; `cancelled`
 */
export async function serialAnswers(
  validation: SerialValidation,
  { signal, progress, tasks }: WorkContext & { readonly tasks?: TaskRunner | undefined } = {},
): Promise<Outcomes> {
  const { network, samples } = validation;
  const board = await BoardOnPort.open(validation, signal);
  const list = new OutcomeList(network);
  const { outcomes } = list;
  // where the board fails, nobody waits for what is being prepared
  const ended = new AbortController();
  const ends = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  const prepare = (from: number): Promise<PreparedSample[]> =>
    runnerOf({ tasks })(
      'prepareSamples',
      { network, samples: samples.slice(from, from + AHEAD), ...dataOptions(validation) },
      { signal: ends },
    );
  try {
    let next = prepare(0);
    while (outcomes.length < samples.length) {
      const prepared = await next;
      // while the board is busy with these; what goes wrong with them is told when they are due
      next = prepare(outcomes.length + prepared.length);
      next.catch(() => undefined);
      for (const one of prepared) {
        list.add(one, await board.answerTo(one));
        progress?.(`${outcomes.length} of ${samples.length} samples`, outcomes.length / samples.length);
      }
    }
  } finally {
    ended.abort();
    await board.close();
  }
  return { outcomes, ...board.line };
}

/** A board that a conversation is held with over a port. */
class BoardOnPort {
  readonly #conversation: Conversation;
  readonly #signal: AbortSignal | undefined;
  readonly #board: string;
  #port!: OpenPort;
  #answer: BoardAnswer | undefined;
  /** What has ended it besides the conversation itself. */
  #failure: UserError | undefined;
  /** Why a request could not be sent. */
  #unsent: unknown;
  #timer: NodeJS.Timeout | undefined;
  /** Seconds that the board is given for all answers together, and milliseconds it has been waited for. */
  readonly #seconds: number;
  #waitedMs = 0;
  #wake: () => void = () => undefined;
  readonly #onAbort = (): void => this.#fail(cancelled());

  private constructor(validation: SerialValidation, signal: AbortSignal | undefined) {
    const { identity, board, inferenceMs, baudRate, ifSilent } = validation;
    this.#signal = signal;
    this.#board = board;
    this.#seconds = secondsOf(validation) * PATIENCE.times + PATIENCE.seconds;
    this.#conversation = new Conversation({
      ...{ identity, board, inferenceMs, ifSilent },
      msPerByte: msPerByte(baudRate),
      send: (bytes) => {
        // of a device that is being unplugged this may come before its end, which says more; else what is asked again fails, too
        this.#port.send(bytes).catch((e: unknown) => (this.#unsent = e));
      },
      onAnswer: (answer) => {
        this.#answer = answer;
      },
    });
  }

  static async open(validation: SerialValidation, signal: AbortSignal | undefined): Promise<BoardOnPort> {
    const { port, baudRate } = validation;
    const board = new BoardOnPort(validation, signal);
    const events = {
      onData: (bytes: Uint8Array) =>
        board.#after(() => board.#conversation.receive(bytes, performance.now())),
      onLost: () =>
        board.#fail(
          new UserError('device', say`${port} went away.`, say`Connect the board again, and run it again.`),
        ),
    };
    board.#port = await openSerialPort(port, { ...DEFAULT_SETTINGS, baudRate }, events, false);
    signal?.addEventListener('abort', board.#onAbort);
    if (signal?.aborted) board.#onAbort();
    return board;
  }

  get line(): Pick<Outcomes, 'retransmissions' | 'resets'> {
    const { retransmissions, resets } = this.#conversation;
    return { retransmissions, resets };
  }

  /** @throws UserError when the conversation has failed, or was ended */
  async answerTo(sample: PreparedSample): Promise<BoardAnswer> {
    this.#answer = undefined;
    // the PC's own time between two samples does not count
    const asked = performance.now();
    const limit = setTimeout(
      () => this.#fail(tooLong(this.#board, this.#seconds)),
      Math.min(Math.max(0, this.#seconds * 1000 - this.#waitedMs), LONGEST_TIMER),
    );
    try {
      if (!this.#failure) this.#after(() => this.#conversation.give(sample, asked));
      for (;;) {
        const failure =
          this.#failure ?? (this.#conversation.failure && (this.#unsent ?? this.#conversation.failure));
        if (failure) throw failure;
        if (this.#answer) return this.#answer;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(limit);
      this.#waitedMs += performance.now() - asked;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await this.#port.close();
  }

  /** Does something to the conversation, and sees to what it waits for then. */
  #after(work: () => void): void {
    work();
    clearTimeout(this.#timer);
    const { deadline } = this.#conversation;
    if (deadline < Infinity && !this.#failure) {
      const ms = Math.max(0, Math.ceil(deadline - performance.now()));
      this.#timer = setTimeout(() => this.#after(() => this.#conversation.tick(performance.now())), ms);
    }
    this.#wake();
  }

  #fail(error: unknown): void {
    if (!(error instanceof UserError)) throw error;
    this.#failure ??= error;
    clearTimeout(this.#timer);
    this.#wake();
  }
}

function tooLong(board: string, seconds: number): UserError {
  return new UserError(
    'device',
    say`${board} has not answered all samples within ${durationText(seconds)}, several times what they should take.`,
    say`Look at its cable, or validate fewer samples.`,
  );
}
