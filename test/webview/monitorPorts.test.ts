import assert from 'node:assert/strict';
import { boards } from '../../extension/board/catalogue.ts';
import type { PortDescription } from '../../extension/serial/port.ts';
import { simulatedPort } from '../../extension/serial/ports.ts';
import { isSimulated } from '../../extension/simulator/boards/boards.ts';
import type { MonitorHost } from '../../extension/views/monitor/host.ts';
import { Ports } from '../../extension/views/monitor/ports.ts';
import { type Reference, References } from '../../extension/views/monitor/reference.ts';

const simulated = boards().filter(isSimulated).map(simulatedPort);
const serial = (id: string, probe?: string, boardIds: readonly string[] = []): PortDescription => ({
  id,
  kind: 'serial',
  label: id,
  manufacturer: 'ARM',
  probe,
  boardIds,
  usb: undefined,
  resetsOnBreak: false,
});
const settings = { baudRate: 9600, dataBits: 7, parity: 'even', stopBits: 2 } as const;

/** Ports of a computer that has these now; `present` may be changed. */
function portsOf(present: PortDescription[], memory: { port?: string } = {}): Ports {
  const host = {
    boards: boards(),
    listPorts: async () => [...present],
    defaults: () => ({ baudRate: 0 }),
    selectedBoard: () => 'frdmkv11z',
    t: (text: string, ...values: unknown[]) => text.replace('{0}', String(values[0])),
  };
  return new Ports(host as unknown as MonitorHost, memory);
}

describe('monitor ports', () => {
  it('proposes a probe, else the board ported to last, else the board chosen', async () => {
    const probe = serial('/dev/ttyACM0', 'OpenSDA');
    const proposed = async (present: PortDescription[], firmwareOf?: string) => {
      const ports = portsOf(present);
      await ports.refresh(firmwareOf);
      return ports.chosen;
    };
    const other = serial('/dev/ttyS0');
    assert.equal(await proposed([other, probe, ...simulated], 'frdmke16z'), '/dev/ttyACM0');
    assert.equal(await proposed([other, ...simulated], 'frdmke16z'), 'sim:frdmke16z');
    assert.equal(await proposed([other, ...simulated]), 'sim:frdmkv11z');
    assert.equal(await proposed([other]), '/dev/ttyS0');
    assert.equal(await proposed([]), undefined);
  });

  it('keeps the port chosen while it may come back, and tells only changes', async () => {
    const present = [serial('/dev/ttyACM0', 'OpenSDA', ['frdmke16z']), ...simulated];
    const ports = portsOf(present, { port: '/dev/ttyACM1' });
    assert.equal(await ports.refresh(undefined), true);
    assert.equal(await ports.refresh(undefined), false);
    assert.equal(ports.chosen, '/dev/ttyACM1');
    const items = ports.items();
    assert.deepEqual(
      items.slice(0, 2).map(({ id, detail }) => [id, detail]),
      [
        ['/dev/ttyACM1', undefined],
        ['/dev/ttyACM0', 'OpenSDA, probably FRDM-KE16Z'],
      ],
    );
    assert.equal(items.length, simulated.length + 2);
    present.shift();
    assert.equal(await ports.refresh(undefined), true);
  });

  it('takes settings that a port has, and nothing else that a page sends', () => {
    const ports = portsOf([]);
    assert.equal(ports.settings.baudRate, 115_200);
    assert.equal(ports.setSettings({ ...settings, more: 1 } as typeof settings), true);
    assert.deepEqual(ports.settings, settings);
    for (const wrong of [
      { baudRate: 0 },
      { baudRate: 9600.5 },
      { baudRate: 4_000_001 },
      { baudRate: '9600' },
      { dataBits: 9 },
      { parity: 'never' },
      { stopBits: 3 },
    ]) {
      assert.equal(ports.setSettings({ ...settings, ...wrong } as typeof settings), false);
    }
    assert.deepEqual(ports.settings, settings);
  });
});

describe('monitor references', () => {
  const of = (boardId: string, classes: number): Reference => ({
    boardId,
    elf: `${boardId}.elf`,
    labels: [],
    output: { type: 'int8', scale: 1, offset: 0 },
    pc: { quantized: new Array<number>(classes).fill(0), float: [] },
  });
  const report = (classes: number) => ({
    confidences: Array.from({ length: classes }, (_, classIndex) => ({ classIndex, value: 0 })),
    top1: 0,
    timeUs: undefined,
  });

  it('are in the order of the ports: a board ported to again is the newest', () => {
    const references = new References([of('a', 2), of('b', 2)]);
    assert.equal(references.newest?.boardId, 'b');
    references.add(of('a', 3));
    assert.equal(references.newest?.boardId, 'a');
    assert.deepEqual(
      references.all.map((r) => r.boardId),
      ['b', 'a'],
    );
  });

  it('belong to a simulated board, or to the board a port probably is, with as many classes', () => {
    const references = new References([of('frdmke16z', 10), of('frdmkv11z', 2), of('lpc845breakout', 3)]);
    const behind = (port: PortDescription, classes: number, selected?: string) =>
      references.behind(port, report(classes), selected)?.boardId;
    const sim = simulated.find((p) => p.id === 'sim:frdmke16z')!;
    assert.equal(behind(sim, 2), 'frdmke16z');
    const probe = serial('/dev/ttyACM0', 'OpenSDA', ['frdmke16z', 'frdmkv11z']);
    assert.equal(behind(probe, 10), 'frdmke16z');
    assert.equal(behind(probe, 2), 'frdmkv11z');
    assert.equal(behind(probe, 2, 'frdmke16z'), 'frdmkv11z');
    assert.equal(behind(serial('/dev/ttyS0'), 3), 'lpc845breakout');
    assert.equal(behind(serial('/dev/ttyS0'), 4), undefined);
  });

  it('that print outputs by their names are told by these, and by all of their values', () => {
    const y = (name: string, count: number) => ({
      ...{ name, quantized: new Array<number>(count).fill(0), float: new Array<number>(count).fill(0) },
      ...{ scale: 1, offset: 0 },
    });
    const reconstruction = {
      ...{ error: 1, threshold: 2, isAnomalous: false, unit: 1, float: 1, isFloatAnomalous: false },
    };
    const autoencoder = {
      ...of('a', 0),
      pc: { quantized: [], float: [], others: [y('put', 4)], reconstruction },
    };
    const regression = { ...of('b', 0), pc: { quantized: [], float: [], others: [y('celsius', 1)] } };
    const references = new References([regression, autoencoder]);
    const behind = (name: string, indices: readonly number[], isReconstruction = false) =>
      references.behind(
        serial('/dev/ttyACM0', 'OpenSDA', ['a', 'b']),
        {
          ...{ confidences: [], top1: undefined, timeUs: 1 },
          others: [{ name, values: new Map(indices.map((i) => [i, 0])) }],
          ...(isReconstruction ? { reconstruction: { error: 1, threshold: 2, isAnomalous: false } } : {}),
        },
        undefined,
      )?.boardId;
    assert.equal(behind('put', [0, 1, 2, 3], true), 'a');
    assert.equal(behind('put', [2, 3], true), undefined, 'heard from its middle');
    assert.equal(behind('put', [0, 1, 2, 3]), undefined, 'without its error, of another network');
    assert.equal(behind('celsius', [0]), 'b');
    assert.equal(behind('pascal', [0]), undefined);
  });
});
