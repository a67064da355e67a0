import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { advice } from '../../extension/cli/remedies.ts';
import { UserError } from '../../extension/common/error.ts';
import { Connection, type ConnectionState } from '../../extension/serial/connection.ts';
import { DEFAULT_SETTINGS, type PortDescription } from '../../extension/serial/port.ts';
import { noticeHangUp, type UnixPort } from '../../extension/serial/hangUp.ts';
import { PortOwner } from '../../extension/serial/portOwner.ts';
import {
  classifyOpenFailure,
  explainOpenFailure,
  groupName,
  openSerialPort,
} from '../../extension/serial/serialPort.ts';
import { PtyPair } from './ptyPair.ts';
import { until } from '../support/until.ts';

const port = (id: string): PortDescription => ({
  id,
  kind: 'serial',
  label: id,
  manufacturer: undefined,
  probe: undefined,
  boardIds: [],
  usb: undefined,
  resetsOnBreak: false,
});

/** A connection that notes everything, over real serial ports. */
function connection(owner = new PortOwner()) {
  const seen = { states: [] as ConnectionState[], bytes: Buffer.alloc(0) };
  const made = new Connection({
    open: (p, settings, events) => openSerialPort(p.id, settings, events, p.resetsOnBreak),
    owner,
    list: async () => [],
    onData: (bytes) => (seen.bytes = Buffer.concat([seen.bytes, bytes])),
    onState: (state) => seen.states.push(state),
    onNotice: () => {},
    reconnect: () => true,
    retryMs: 20,
  });
  return Object.assign(seen, { it: made, kinds: () => seen.states.map((s) => s.kind) });
}

describe('real serial port (a pseudo-terminal)', () => {
  let pty: PtyPair;
  beforeEach(async () => (pty = await PtyPair.start()));
  afterEach(() => pty.dispose());

  it('receives and sends bytes as they are', async () => {
    const c = connection();
    await c.it.connect(port(pty.path), { ...DEFAULT_SETTINGS, baudRate: 921_600 });
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    pty.write(all);
    await until(() => c.bytes.length === 256);
    assert.ok(c.bytes.equals(all));
    await c.it.send(all);
    await until(() => pty.received.length === 256);
    assert.ok(pty.received.equals(all));
    await c.it.disconnect();
    assert.deepEqual(c.kinds(), ['connecting', 'connected', 'idle']);
  });

  it('takes a burst of 1 MB without losing a byte', async () => {
    const c = connection();
    await c.it.connect(port(pty.path), DEFAULT_SETTINGS);
    const burst = Buffer.alloc(1 << 20).map((_, i) => (i * 31) & 0xff);
    pty.write(burst);
    await until(() => c.bytes.length >= burst.length);
    assert.ok(c.bytes.equals(burst));
    await c.it.disconnect();
  });

  it('comes back by itself after unplugging in the middle of a line and plugging in again', async () => {
    const c = connection();
    await c.it.connect(port(pty.path), DEFAULT_SETTINGS);
    pty.write(Buffer.from('class = 3\r\nConfid'));
    await until(() => c.bytes.includes('Confid'));
    await pty.unplug();
    await until(() => c.it.state.kind === 'waiting');
    await assert.rejects(c.it.send(Buffer.from('x')), (e) => e instanceof UserError && e.code === 'device');
    await pty.plug();
    await until(() => c.it.state.kind === 'connected');
    pty.write(Buffer.from('ence = 5\r\n'));
    await until(() => c.bytes.includes('ence = 5'));
    await c.it.disconnect();
    assert.deepEqual(c.kinds(), ['connecting', 'connected', 'waiting', 'connected', 'idle']);
  });

  it('notices an unplugging at any moment, again and again', async () => {
    const c = connection();
    await c.it.connect(port(pty.path), DEFAULT_SETTINGS);
    for (let i = 0; i < 25; i++) {
      if (i % 2 === 0) pty.write(Buffer.from('x'.repeat(i * 50)));
      await pty.unplug();
      await until(() => c.it.state.kind === 'waiting');
      await pty.plug();
      await until(() => c.it.state.kind === 'connected');
    }
    await c.it.disconnect();
  });

  it('stops waiting for an unplugged port when told to', async () => {
    const [told, other] = [connection(), connection()];
    const otherPty = await PtyPair.start();
    try {
      await told.it.connect(port(pty.path), DEFAULT_SETTINGS);
      await other.it.connect(port(otherPty.path), DEFAULT_SETTINGS);
      await pty.unplug();
      await until(() => told.it.state.kind === 'waiting');
      await told.it.disconnect();
      await pty.plug();
      // in the time that another takes to come back, and again, this one would have too
      for (let i = 0; i < 2; i++) {
        await otherPty.unplug();
        await until(() => other.it.state.kind === 'waiting');
        await otherPty.plug();
        await until(() => other.it.state.kind === 'connected');
      }
      assert.deepEqual(told.kinds(), ['connecting', 'connected', 'waiting', 'idle']);
      await other.it.disconnect();
    } finally {
      await otherPty.dispose();
    }
  });

  it('lends the port to a borrower and takes it back', async () => {
    const owner = new PortOwner();
    const c = connection(owner);
    await c.it.connect(port(pty.path), DEFAULT_SETTINGS);
    const flashed = await owner.borrow(pty.path, async () => {
      const states = c.it.state.kind;
      const other = await openSerialPort(pty.path, DEFAULT_SETTINGS, { onData() {}, onLost() {} }, false);
      await other.send(Buffer.from('firmware'));
      await until(() => pty.received.includes('firmware'));
      await other.close();
      return states;
    });
    assert.equal(flashed, 'lent');
    assert.equal(c.it.state.kind, 'connected');
    pty.write(Buffer.from('after'));
    await until(() => c.bytes.includes('after'));
    await c.it.disconnect();
    assert.equal(owner.holderOf(pty.path), undefined);
  });

  it('says that another program has the port', async () => {
    const first = connection();
    await first.it.connect(port(pty.path), DEFAULT_SETTINGS);
    const second = connection();
    await assert.rejects(
      second.it.connect(port(pty.path), DEFAULT_SETTINGS),
      (e) => e instanceof UserError && e.message === `${pty.path} is in use by another program.`,
    );
    assert.deepEqual(second.kinds(), ['connecting', 'idle']);
    await first.it.disconnect();
  });

  it('says that a port without modem lines cannot be reset from here, and stays connected', async () => {
    const c = connection();
    await c.it.connect(port(pty.path), DEFAULT_SETTINGS);
    await assert.rejects(
      c.it.reset(),
      (e) => e instanceof UserError && advice(e.remedies) === 'Press the reset button on the board.',
    );
    assert.equal(c.it.state.kind, 'connected');
    await c.it.disconnect();
  });

  it('says that a port is absent, or no serial port at all', async () => {
    const c = connection();
    await assert.rejects(
      c.it.connect(port('/dev/ttyNOSUCH0'), DEFAULT_SETTINGS),
      (e) => e instanceof UserError && e.message === '/dev/ttyNOSUCH0 is not there.',
    );
    const file = path.join(pty.dir, 'file');
    await writeFile(file, 'text');
    await assert.rejects(
      c.it.connect(port(file), DEFAULT_SETTINGS),
      (e) => e instanceof UserError && e.code === 'device' && e.message.startsWith(file),
    );
  });
});

describe('a device that has hung up', () => {
  const never = { once: () => assert.fail('there is nothing to wait for') };

  it('ends the read of 0 bytes that it answers with for ever', async () => {
    // the null device reads so too
    const fd = openSync('/dev/null', 'r');
    try {
      const read = noticeHangUp<UnixPort>({ fd, isOpen: true, poller: never, read: () => assert.fail() });
      await assert.rejects(read.read(Buffer.alloc(16), 0, 16), /hung up/);
    } finally {
      closeSync(fd);
    }
  });

  it('is no failure once the port was closed', async () => {
    const read = noticeHangUp<UnixPort>({
      fd: null,
      isOpen: false,
      poller: never,
      read: () => assert.fail(),
    });
    await assert.rejects(read.read(Buffer.alloc(16), 0, 16), { canceled: true });
  });
});

describe('failures to open a port, in words', () => {
  it('tells the operating systems’ texts apart', () => {
    const cases: [string, NodeJS.Platform, string][] = [
      ['Error: Permission denied, cannot open /dev/ttyACM0', 'linux', 'forbidden'],
      ['Error: No such file or directory, cannot open /dev/ttyACM0', 'linux', 'absent'],
      ['Error Resource temporarily unavailable Cannot lock port', 'linux', 'busy'],
      ['Error: Device or resource busy, cannot open /dev/ttyACM0', 'linux', 'busy'],
      ['Opening COM3: Access denied', 'win32', 'busy'],
      ['Opening COM3: File not found', 'win32', 'absent'],
      ['Error: Resource busy, cannot open /dev/tty.usbmodem1', 'darwin', 'busy'],
      ['Error: Inappropriate ioctl for device setting custom baud rate of 12345', 'linux', 'settings'],
      ['Opening COM3: Unknown error code 31', 'win32', 'other'],
    ];
    for (const [text, platform, kind] of cases) assert.equal(classifyOpenFailure(text, platform), kind, text);
  });

  it('names the group to join on Linux, and the command', async () => {
    const denied = new Error('Error: Permission denied, cannot open /dev/ttyNOSUCH0');
    const e = await explainOpenFailure('/dev/ttyNOSUCH0', denied, 'linux');
    assert.match(
      e.message,
      /^You are not allowed to open \/dev\/ttyNOSUCH0: it belongs to the group dialout\.$/,
    );
    assert.match(advice(e.remedies), /`sudo usermod -aG dialout \$USER`/);
  });

  it('reads group names out of /etc/group and trusts no odd ones', () => {
    const text = 'root:x:0:\ndialout:x:20:me\nuucp:x:14:\n$(evil):x:99:\nbroken\n';
    assert.equal(groupName(text, 20), 'dialout');
    assert.equal(groupName(text, 14), 'uucp');
    assert.equal(groupName(text, 99), undefined);
    assert.equal(groupName(text, 1), undefined);
  });
});
