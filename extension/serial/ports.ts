import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isSimulated } from '../simulator/boards/boards.ts';
import { simulatedPortId, type PortDescription } from './port.ts';
import { guessProbe, type ProbedBoard, type UsbIds } from './usb.ts';

/** What any way of listing knows about one port. */
interface RawPort extends UsbIds {
  readonly path: string;
  readonly manufacturer: string | undefined;
}

/**
 * Every port there is: real ones first, then one for each simulated board. Never fails; what went wrong is logged.
 * @param boards the catalogue
 * @param log told once per call when real ports could not be listed
 */
export async function listPorts(
  boards: readonly ProbedBoard[],
  log: (line: string) => void = () => {},
): Promise<PortDescription[]> {
  const real = await listRealPorts(log);
  return [
    ...real
      .map((p) => describe(p, boards))
      .sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id, 'en', { numeric: true })),
    ...boards.filter(isSimulated).map(simulatedPort),
  ];
}

/** A simulated board as a port. */
export function simulatedPort(board: { readonly id: string; readonly name: string }): PortDescription {
  return {
    id: simulatedPortId(board.id),
    kind: 'simulated',
    label: `${board.name} (simulated)`,
    manufacturer: undefined,
    probe: undefined,
    boardIds: [board.id],
    usb: undefined,
    resetsOnBreak: false,
  };
}

/** Ports with a known probe, then other USB ports, then the machine's own. */
function rank(p: PortDescription): number {
  return p.boardIds.length > 0 ? 0 : p.probe ? 1 : p.usb ? 2 : 3;
}

function describe(raw: RawPort, boards: readonly ProbedBoard[]): PortDescription {
  const usb =
    raw.vendorId && raw.productId
      ? [raw.vendorId, raw.productId, raw.serialNumber ?? ''].join(':').toLowerCase()
      : undefined;
  return {
    id: raw.path,
    kind: 'serial',
    label: raw.path,
    manufacturer: raw.manufacturer,
    ...guessProbe(raw, boards),
    usb,
  };
}

async function listRealPorts(log: (line: string) => void): Promise<RawPort[]> {
  try {
    if (process.platform === 'linux') return await listLinuxPorts('/sys/class/tty');
    const { SerialPort } = await import('serialport');
    return (await SerialPort.list()).map((p) => ({
      path: p.path,
      manufacturer: p.manufacturer,
      vendorId: p.vendorId,
      productId: p.productId,
      serialNumber: p.serialNumber,
      names: [p.manufacturer, p.pnpId, (p as { friendlyName?: string }).friendlyName],
    }));
  } catch (error) {
    log(`Serial ports could not be listed: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/**
 * The kernel's own list of terminals with a device behind them. serialport's list() starts `udevadm`, which containers
 * and minimal systems lack; sysfs holds the same facts.
 * @param root /sys/class/tty
 */
export async function listLinuxPorts(root: string): Promise<RawPort[]> {
  const ports: RawPort[] = [];
  for (const name of (await readdir(root).catch(() => [])).sort()) {
    if (!/^(tty(S|ACM|USB|AMA|XRUSB|O|MXC|GS|SC|LP|THS|PS|mxc)|rfcomm)\d+$/.test(name)) continue;
    const device = await realpath(path.join(root, name, 'device')).catch(() => undefined);
    if (device === undefined) continue; // a virtual terminal
    // ttyS* that no chip answers for have type 0 (PORT_UNKNOWN in linux/serial_core.h)
    if (name.startsWith('ttyS') && (await attribute(path.join(root, name), 'type')) === '0') continue;
    ports.push({ path: `/dev/${name}`, ...(await usbAttributes(device)) });
  }
  return ports;
}

/** ids and strings of the USB device a terminal's device belongs to: a folder or two up. */
async function usbAttributes(device: string): Promise<UsbIds & { manufacturer: string | undefined }> {
  for (let dir = device, up = 0; up < 4 && dir !== path.dirname(dir); dir = path.dirname(dir), up++) {
    const vendorId = await attribute(dir, 'idVendor');
    if (vendorId === undefined) continue;
    const [productId, serialNumber, manufacturer, product] = await Promise.all(
      ['idProduct', 'serial', 'manufacturer', 'product'].map((a) => attribute(dir, a)),
    );
    return { vendorId, productId, serialNumber, manufacturer, names: [manufacturer, product] };
  }
  return {
    vendorId: undefined,
    productId: undefined,
    serialNumber: undefined,
    manufacturer: undefined,
    names: [],
  };
}

async function attribute(dir: string, name: string): Promise<string | undefined> {
  const text = await readFile(path.join(dir, name), 'utf8').catch(() => undefined);
  return text?.trim().slice(0, 256) || undefined;
}
