import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { boards as boardCatalogue } from '../../extension/board/catalogue.ts';
import { listLinuxPorts, listPorts } from '../../extension/serial/ports.ts';
import { simulatedBoardOf } from '../../extension/serial/port.ts';
import { simulatedBoards } from '../../extension/simulator/boards/boards.ts';
import { guessProbe } from '../../extension/serial/usb.ts';

const boards = boardCatalogue();
const ids = (vendorId?: string, productId?: string, serialNumber?: string, ...names: string[]) => ({
  vendorId,
  productId,
  serialNumber,
  names,
});

describe('probe from USB ids', () => {
  it('names the probe, in either case of the hexadecimal digits', () => {
    const probe = (v: string, p: string) => guessProbe(ids(v, p), boards).probe;
    assert.equal(probe('0d28', '0204'), 'OpenSDA (DAPLink)');
    assert.equal(probe('1FC9', '0143'), 'MCU-Link');
    assert.equal(probe('1357', '0089'), 'OpenSDA (P&E Micro)');
    assert.equal(probe('1366', '1015'), 'SEGGER J-Link');
    assert.equal(probe('dead', 'beef'), undefined);
    assert.deepEqual(guessProbe(ids(), boards), { probe: undefined, boardIds: [], resetsOnBreak: false });
  });

  it('tells the board from its own name first, then from DAPLink’s board id, then from the probe', () => {
    const guess = (...args: Parameters<typeof ids>) => guessProbe(ids(...args), boards).boardIds;
    assert.deepEqual(guess('1fc9', '0143', 'X', 'NXP_MCU-LINK_FRDM_KE16Z_CMSIS-DAP'), ['frdmke16z']);
    assert.deepEqual(guess('0d28', '0204', '0227000040784e450049'), ['evkbimxrt1050']);
    assert.deepEqual([...guess('1357', '0089')].sort(), [
      'frdmk32l2b',
      'frdmke02z40m',
      'frdmke04z',
      'frdmke15z',
      'frdmke16z',
      'frdmke17z',
      'frdmkv11z',
    ]);
    assert.deepEqual(guess('0403', '6001', '0227'), []);
  });
});

describe('list of ports', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'glowport-sysfs-'));
    const usb = path.join(dir, 'devices/usb1/1-2');
    const tty = path.join(dir, 'class/tty');
    await mkdir(path.join(usb, '1-2:1.1/tty/ttyACM0'), { recursive: true });
    await mkdir(path.join(dir, 'devices/platform/serial8250'), { recursive: true });
    for (const name of ['ttyACM0', 'ttyS0', 'ttyS1', 'tty1', 'console']) {
      await mkdir(path.join(tty, name), { recursive: true });
    }
    const write = (file: string, text: string) => writeFile(path.join(dir, file), `${text}\n`);
    await write('devices/usb1/1-2/idVendor', '0d28');
    await write('devices/usb1/1-2/idProduct', '0204');
    await write('devices/usb1/1-2/serial', '0227000040784e45');
    await write('devices/usb1/1-2/manufacturer', 'ARM');
    await write('devices/usb1/1-2/product', 'DAPLink CMSIS-DAP');
    await write('class/tty/ttyS0/type', '4');
    await write('class/tty/ttyS1/type', '0');
    await symlink(path.join(usb, '1-2:1.1'), path.join(tty, 'ttyACM0/device'));
    for (const name of ['ttyS0', 'ttyS1']) {
      await symlink(path.join(dir, 'devices/platform/serial8250'), path.join(tty, name, 'device'));
    }
  });
  after(() => rm(dir, { recursive: true }));

  it('reads the kernel’s terminals: USB ids from the device, no port without hardware', async () => {
    const ports = await listLinuxPorts(path.join(dir, 'class/tty'));
    assert.deepEqual(
      ports.map((p) => [p.path, p.vendorId, p.productId, p.manufacturer]),
      [
        ['/dev/ttyACM0', '0d28', '0204', 'ARM'],
        ['/dev/ttyS0', undefined, undefined, undefined],
      ],
    );
    assert.deepEqual(guessProbe(ports[0]!, boards).boardIds, ['evkbimxrt1050']);
  });

  it('survives a system without sysfs', async () => {
    assert.deepEqual(await listLinuxPorts(path.join(dir, 'absent')), []);
  });

  it('never fails here, and ends with one port for each simulated board', async () => {
    const ports = await listPorts(boards);
    const simulated = ports.filter((p) => p.kind === 'simulated');
    assert.deepEqual(
      simulated.map((p) => p.id),
      simulatedBoards().map((b) => `sim:${b.id}`),
    );
    assert.equal(simulated.find((p) => p.id === 'sim:frdmke16z')?.label, 'FRDM-KE16Z (simulated)');
    assert.equal(simulatedBoardOf('sim:frdmke16z'), 'frdmke16z');
    assert.equal(simulatedBoardOf('/dev/ttyACM0'), undefined);
  });
});
