import assert from 'node:assert/strict';
import { SerialPort } from 'serialport';
import { advice } from '../../extension/cli/remedies.ts';
import { UserError } from '../../extension/common/error.ts';
import { english } from '../../extension/common/errors/sentence.ts';
import { LineControl, type SetFlags } from '../../extension/serial/controlLines.ts';
import { DEFAULT_SETTINGS, type OpenPort } from '../../extension/serial/port.ts';
import { openSerialPort } from '../../extension/serial/serialPort.ts';
import type { ControlLines } from '../../webview/shared/portSettings.ts';
import { execa } from 'execa';
import { PtyPair } from './ptyPair.ts';

/** What a port was told, such as `dtr rts`, `brk dtr`. */
function told(flags: Parameters<SetFlags>[0]): string {
  return (['brk', 'dtr', 'rts'] as const).filter((name) => flags[name]).join(' ');
}

describe('the lines of a port', () => {
  const control = (lines: ControlLines) => {
    const seen: string[] = [];
    return { seen, it: new LineControl(async (flags) => void seen.push(told(flags)), lines) };
  };

  it('are set as they are held, and told again after a break', async () => {
    const c = control({ dtr: true, rts: true });
    await c.it.setLines({ dtr: false, rts: true });
    await c.it.sendBreak();
    await c.it.setLines({ dtr: true, rts: false });
    await c.it.sendBreak();
    assert.deepEqual(c.seen, ['rts', 'brk rts', 'rts', 'dtr', 'brk dtr', 'dtr']);
  });

  it('reset a board by a pulse on DTR, whichever way it is held, and are as before', async () => {
    const pulses: [ControlLines, string[]][] = [
      [{ dtr: true, rts: true }, ['rts', 'dtr rts']],
      [{ dtr: true, rts: false }, ['rts', 'dtr']],
      [{ dtr: false, rts: false }, ['dtr', '']],
      [{ dtr: false, rts: true }, ['dtr rts', 'rts']],
    ];
    for (const [lines, expected] of pulses) {
      const c = control(lines);
      await c.it.pulse();
      assert.deepEqual(c.seen, expected);
    }
  });

  it('are changed one after the other: a change during a pulse holds after it', async () => {
    const c = control({ dtr: true, rts: true });
    await Promise.all([c.it.pulse(), c.it.setLines({ dtr: false, rts: false }), c.it.sendBreak()]);
    assert.deepEqual(c.seen, ['rts', 'dtr rts', '', 'brk', '']);
  });

  it('stay as they were where the port refuses a change, and can be changed again', async () => {
    const seen: string[] = [];
    const refusing = new LineControl(
      async (flags) => {
        seen.push(told(flags));
        if (!flags.dtr) throw new Error('refused');
      },
      { dtr: true, rts: true },
    );
    await assert.rejects(refusing.setLines({ dtr: false, rts: true }), /refused/);
    await refusing.sendBreak();
    // a break that has begun is ended, although the port took it only in part
    await assert.rejects(refusing.pulse(), /refused/);
    assert.deepEqual(seen, ['rts', 'brk dtr rts', 'dtr rts', 'rts', 'dtr rts']);
  });
});

/** What serialport's own port is told; a pseudo-terminal has no lines, so that it refuses what is passed on. */
class ToldPorts {
  readonly calls: string[] = [];
  readonly #set = Object.getOwnPropertyDescriptor(SerialPort.prototype, 'set');

  /** @param isTaken answers for a driver that has the lines */
  constructor(isTaken: boolean) {
    const { calls } = this;
    const { set } = SerialPort.prototype;
    SerialPort.prototype.set = function (flags, done) {
      calls.push(told(flags as Parameters<SetFlags>[0]));
      if (isTaken) done?.(null);
      else set.call(this, flags, done);
    };
  }

  restore(): void {
    if (this.#set) Object.defineProperty(SerialPort.prototype, 'set', this.#set);
    else Reflect.deleteProperty(SerialPort.prototype, 'set');
  }
}

describe('the lines of a real serial port (a pseudo-terminal)', () => {
  let pty: PtyPair;
  let ports: ToldPorts;
  const opened: OpenPort[] = [];
  const notices: string[] = [];
  beforeEach(async () => (pty = await PtyPair.start()));
  afterEach(async () => {
    for (const port of opened.splice(0)) await port.close();
    notices.length = 0;
    ports?.restore();
    await pty.dispose();
  });

  async function open(
    lines?: ControlLines,
    { settings = DEFAULT_SETTINGS, resetsOnBreak = false } = {},
  ): Promise<OpenPort> {
    const events = {
      onData() {},
      onLost() {},
      onNotice: (n: Parameters<typeof english>[0]) => notices.push(english(n)),
    };
    const port = await openSerialPort(pty.path, settings, events, resetsOnBreak, lines);
    opened.push(port);
    return port;
  }

  it('are left alone at opening where they are as the system has them, else set', async () => {
    ports = new ToldPorts(true);
    await (await open()).close();
    assert.deepEqual(ports.calls, []);
    await (await open({ dtr: false, rts: true })).close();
    assert.deepEqual(ports.calls, ['rts']);
  });

  it('reset by a pulse, or by a break where the probe takes that, and end as they are held', async () => {
    ports = new ToldPorts(true);
    const held = { dtr: true, rts: false };
    const pulsed = await open(held);
    await pulsed.reset();
    await pulsed.control!.sendBreak();
    await pulsed.close();
    assert.deepEqual(ports.calls, ['dtr', 'rts', 'dtr', 'brk dtr', 'dtr']);
    ports.calls.length = 0;
    await (await open(undefined, { resetsOnBreak: true })).reset();
    assert.deepEqual(ports.calls, ['brk dtr rts', 'dtr rts']);
  });

  it('leave RTS to the driver with RTS/CTS', async () => {
    ports = new ToldPorts(true);
    const settings = { ...DEFAULT_SETTINGS, flowControl: 'rtscts' } as const;
    const port = await open({ dtr: false, rts: false }, { settings });
    await port.control!.setLines({ dtr: true, rts: false });
    assert.deepEqual(ports.calls, ['rts', 'dtr rts']);
  });

  it('are said to be missing where the driver has none, and the port stays open', async () => {
    ports = new ToldPorts(false);
    const port = await open({ dtr: false, rts: false });
    assert.deepEqual(notices, [`${pty.path} has no DTR or RTS line that can be set.`]);
    const refusal = (sentence: string, help: string) => (e: unknown) =>
      e instanceof UserError &&
      e.code === 'device' &&
      e.message === `${pty.path} ${sentence}` &&
      advice(e.remedies) === help;
    await assert.rejects(
      port.control!.setLines({ dtr: false, rts: true }),
      refusal('has no DTR or RTS line that can be set.', 'Use the port as it is.'),
    );
    await assert.rejects(
      port.control!.sendBreak(),
      refusal('cannot send a break.', 'Use a port of a serial adapter or debug probe.'),
    );
    await port.send(Buffer.from('still there'));
  });
});

describe('flow control of a real serial port (a pseudo-terminal)', () => {
  let pty: PtyPair;
  beforeEach(async () => (pty = await PtyPair.start()));
  afterEach(() => pty.dispose());

  it('is what the terminal driver is set to', async () => {
    const flags = {
      none: ['-ixon', '-ixoff', '-crtscts'],
      rtscts: ['-ixon', '-ixoff', 'crtscts'],
      xonxoff: ['ixon', 'ixoff', '-crtscts'],
    } as const;
    for (const [flowControl, expected] of Object.entries(flags) as [
      keyof typeof flags,
      readonly string[],
    ][]) {
      const settings = { ...DEFAULT_SETTINGS, flowControl };
      const port = await openSerialPort(pty.path, settings, { onData() {}, onLost() {} }, false);
      const { stdout } = await execa('stty', ['-a', '-F', pty.path]);
      const words = stdout.split(/[\s;]+/);
      assert.deepEqual(
        expected.filter((flag) => words.includes(flag)),
        expected,
        flowControl,
      );
      await port.close();
    }
  });
});
