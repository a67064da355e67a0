import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { openSimulatedBoard, type SimulatedBoardSession } from '../../extension/simulator/run/session.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import type { StepEvent } from '../../extension/workflow/steps/step.ts';
import { ON_SIMULATED, validate, type ValidateRequest } from '../../extension/workflow/validate/validate.ts';
import { calibration, model, temporaryFolder } from '../cli/support.ts';
import { PtyPair } from '../serial/ptyPair.ts';
import { digitsFile } from '../support/digitsFile.ts';
import { Random } from '../support/random.ts';
import { disturbed, type FaultRates } from './faults.ts';

const PERFECT: FaultRates = { lost: 0, doubled: 0, changed: 0, noise: 0 };
const BAD: FaultRates = { lost: 0.0003, doubled: 0.0003, changed: 0.0003, noise: 0.0003 };
const SAMPLES = 12;

/** A serial device with a simulated board behind it, whose wires may be bad. */
class BoardOnTerminal {
  readonly pair: PtyPair;
  readonly board: SimulatedBoardSession;
  #fromBoard = 0;

  private constructor(pair: PtyPair, board: SimulatedBoardSession) {
    this.pair = pair;
    this.board = board;
  }

  /** @param resetsAfter bytes from the board after which its reset button is pressed, the next first */
  static async start(
    firmware: Uint8Array,
    rates: FaultRates,
    resetsAfter: number[] = [],
  ): Promise<BoardOnTerminal> {
    const random = new Random(3);
    const pair = await PtyPair.start();
    const onUart = (bytes: Uint8Array): void => {
      device.#fromBoard += bytes.length;
      if (device.#fromBoard >= (resetsAfter[0] ?? Infinity)) {
        resetsAfter.shift();
        device.board.reset();
      }
      pair.write(disturbed(bytes, rates, random));
    };
    const options = { boardId: 'frdmke16z', realTime: false, onUart, onStop: () => undefined };
    const device = new BoardOnTerminal(pair, await openSimulatedBoard({ ...options, firmware }));
    pair.onReceived = (bytes) => device.board.send(disturbed(bytes, rates, random));
    return device;
  }

  async stop(): Promise<void> {
    await this.board.close();
    await this.pair.dispose();
  }
}

describe('validate: over a serial device', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let request: ValidateRequest;
  let elf: string;
  let firmware: Uint8Array;
  let simulated: Awaited<ReturnType<typeof validate>>;

  before(async () => {
    folder = await temporaryFolder();
    const digits = path.join(folder.path, 'digits.npz');
    await writeFile(digits, digitsFile(SAMPLES));
    const out = path.join(folder.path, 'project');
    request = {
      choices: { ...DEFAULT_CHOICES, model, board: 'frdmke16z', samples: [calibration] },
      test: [digits],
      on: ON_SIMULATED,
      requirements: [],
      keepsOutputs: true,
    };
    simulated = await validate({ ...request, out });
    elf = path.join(out, 'build', 'mnist.elf');
    firmware = await readFile(elf);
  });
  after(() => folder.dispose());

  /** Validates on the terminal with the firmware that is there. */
  async function validated(device: BoardOnTerminal, signal?: AbortSignal) {
    const told: StepEvent[] = [];
    try {
      const on = device.pair.path;
      const context = { signal, onStep: (event: StepEvent) => void told.push(event) };
      return { ...(await validate({ ...request, on, firmware: elf }, context)), told };
    } finally {
      await device.stop();
    }
  }

  it('finds what simulated boards find, and says before how long it takes', async () => {
    const { outcomes, validation, told } = await validated(await BoardOnTerminal.start(firmware, PERFECT));
    assert.deepEqual(
      outcomes.map(({ timeUs: _, ...rest }) => rest),
      simulated.outcomes.map(({ timeUs: _, ...rest }) => rest),
    );
    assert.equal(validation.mismatches.count, 0);
    const start = told.find((e) => e.step === 'validate' && e.state === 'start');
    assert.match(start!.message, /^12 samples on .*ttyBOARD, about 1 s at 115200 baud$/);
  });

  it('answers every sample once and right over bad wires, and goes on with the sample under way when the board is reset', async () => {
    const device = await BoardOnTerminal.start(firmware, BAD, [150, 420]);
    const { outcomes, validation } = await validated(device);
    assert.deepEqual(
      outcomes.map((o) => [o.number, o.isEqual, o.outputs]),
      simulated.outcomes.map((o) => [o.number, true, o.outputs]),
    );
    assert.ok(validation.line.retransmissions > 0, JSON.stringify(validation.line));
    assert.equal(validation.line.resets, 2);
  });

  it('says which file to write into the flash of a board that does not answer', async () => {
    const pair = await PtyPair.start();
    try {
      await assert.rejects(validate({ ...request, on: pair.path, firmware: elf }), (e) => {
        assert.ok(e instanceof UserError && e.code === 'device');
        assert.equal(e.message, 'FRDM-KE16Z does not answer.');
        assert.deepEqual(e.remedies[0], { do: 'flashFirmware', firmware: elf, board: 'frdmke16z' });
        return true;
      });
    } finally {
      await pair.dispose();
    }
  });

  it('ends when it is cancelled, and when the device goes away', async () => {
    const cancel = new AbortController();
    const device = await BoardOnTerminal.start(firmware, PERFECT);
    device.pair.onSent = () => cancel.abort();
    await assert.rejects(
      validated(device, cancel.signal),
      (e) => e instanceof UserError && e.code === 'cancelled',
    );

    const gone = await BoardOnTerminal.start(firmware, PERFECT);
    let sent = 0;
    gone.pair.onSent = () => {
      if (++sent === 5) void gone.pair.unplug();
    };
    await assert.rejects(validated(gone), /ttyBOARD went away\./);
  });
});
