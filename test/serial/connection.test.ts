import assert from 'node:assert/strict';
import { say } from '../../extension/common/errors/sentence.ts';
import { UserError } from '../../extension/common/error.ts';
import { Connection, type ConnectionState } from '../../extension/serial/connection.ts';
import {
  DEFAULT_SETTINGS,
  type OpenPort,
  type PortDescription,
  type PortEvents,
} from '../../extension/serial/port.ts';
import { PortOwner } from '../../extension/serial/portOwner.ts';
import { until } from '../support/until.ts';

/** A device that opens and closes when it is told to, and only one can have. */
class Device {
  users = 0;
  most = 0;
  #opening: (() => void)[] = [];
  #closing: (() => void)[] = [];
  events: PortEvents | undefined;

  open = async (_: PortDescription, __: unknown, events: PortEvents): Promise<OpenPort> => {
    this.most = Math.max(this.most, ++this.users);
    await new Promise<void>((resolve) => this.#opening.push(resolve));
    this.events = events;
    let isClosed = false;
    return {
      send: () => Promise.resolve(),
      reset: () => Promise.resolve(),
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        await new Promise<void>((resolve) => this.#closing.push(resolve));
        this.users--;
      },
    };
  };

  /** Lets what waits to be opened or closed go on, until nothing does. */
  async answer(): Promise<void> {
    for (let quiet = 0; quiet < 20; quiet++) {
      const waiting = [...this.#opening.splice(0), ...this.#closing.splice(0)];
      for (const go of waiting) go();
      if (waiting.length > 0) quiet = 0;
      await Promise.resolve();
    }
  }
}

const port: PortDescription = {
  id: '/dev/ttyACM0',
  kind: 'serial',
  label: '/dev/ttyACM0',
  manufacturer: undefined,
  probe: undefined,
  boardIds: [],
  usb: undefined,
  resetsOnBreak: false,
};

function connection(device: Device): { c: Connection; owner: PortOwner; states: ConnectionState['kind'][] } {
  const owner = new PortOwner();
  const states: ConnectionState['kind'][] = [];
  const c = new Connection({
    open: device.open,
    owner,
    list: () => Promise.resolve([port]),
    onData: () => undefined,
    onState: (s) => void states.push(s.kind),
    onNotice: () => undefined,
    reconnect: () => true,
    retryMs: 1,
  });
  return { c, owner, states };
}

const cancelled = (e: unknown): boolean => e instanceof UserError && e.code === 'cancelled';

describe('serial connection', () => {
  it('opens a device once at a time, however fast one connects and disconnects', async () => {
    const device = new Device();
    const { c } = connection(device);
    const first = c.connect(port, DEFAULT_SETTINGS);
    first.catch(() => undefined);
    await Promise.resolve();
    await c.disconnect();
    const second = c.connect(port, DEFAULT_SETTINGS);
    await device.answer();
    await assert.rejects(first, cancelled);
    await second;
    assert.equal(c.state.kind, 'connected');
    assert.deepEqual([device.users, device.most], [1, 1]);
    const gone = c.disconnect();
    await device.answer();
    await gone;
    assert.equal(device.users, 0);
  });

  it('gives a port away only once it is closed: after disconnecting, and while it reconnects', async () => {
    const device = new Device();
    const { c, owner } = connection(device);
    const connecting = c.connect(port, DEFAULT_SETTINGS);
    await device.answer();
    await connecting;

    void c.disconnect();
    const borrowed = owner.borrow(port.id, () => Promise.resolve(device.users));
    await device.answer();
    assert.equal(await borrowed, 0);
    assert.equal(c.state.kind, 'idle', 'who has disconnected is not connected again');

    const again = c.connect(port, DEFAULT_SETTINGS);
    await device.answer();
    await again;
    device.events!.onLost(say`It went away.`);
    await device.answer();
    await until(() => device.users === 1); // the next try has begun
    const late = owner.borrow(port.id, () => Promise.resolve(device.users));
    await device.answer();
    assert.equal(await late, 0);
    await device.answer();
    await until(() => c.state.kind === 'connected');
    const gone = c.disconnect();
    await device.answer();
    await gone;
    assert.equal(owner.holderOf(port.id), undefined);
  });
});
