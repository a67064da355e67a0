/** What USB ids say about the debug probe behind a serial port, and so about the board. Pure. */

export interface UsbIds {
  /** Four hexadecimal digits, any case, as serialport and sysfs give them. */
  readonly vendorId: string | undefined;
  readonly productId: string | undefined;
  readonly serialNumber: string | undefined;
  /** Everything else that may name the board: manufacturer, product, by-id link, friendly name. */
  readonly names: readonly (string | undefined)[];
}

export interface ProbeGuess {
  readonly probe: string | undefined;
  readonly boardIds: readonly string[];
  readonly resetsOnBreak: boolean;
}

interface Probe {
  readonly vendor: string;
  /** undefined: every product of the vendor. */
  readonly product: string | undefined;
  readonly name: string;
  readonly resetsOnBreak?: true;
  readonly boardIds?: readonly string[];
}

const KINETIS = ['frdmke16z', 'frdmke02z40m', 'frdmke04z', 'frdmk32l2b', 'frdmkv11z'];

/**
 * First match counts. Vendor ids: the USB-IF's list (NXP 1FC9, Freescale 15A2, Arm 0D28, SEGGER 1366, P&E 1357).
 * Products: the udev rules that pyOCD, OpenOCD and the vendors publish. Boards: the probe soldered onto each.
 */
const PROBES: readonly Probe[] = [
  { vendor: '0d28', product: '0204', name: 'OpenSDA (DAPLink)', resetsOnBreak: true },
  { vendor: '1fc9', product: '0143', name: 'MCU-Link' },
  { vendor: '1fc9', product: '0132', name: 'LPC-Link (CMSIS-DAP)', boardIds: ['lpc845breakout'] },
  { vendor: '1fc9', product: '0090', name: 'LPC-Link2 (CMSIS-DAP)' },
  { vendor: '1357', product: '0089', name: 'OpenSDA (P&E Micro)', boardIds: KINETIS },
  { vendor: '1357', product: undefined, name: 'P&E Micro' },
  { vendor: '1366', product: undefined, name: 'SEGGER J-Link' },
  { vendor: '15a2', product: undefined, name: 'NXP (Freescale)' },
  { vendor: '1fc9', product: undefined, name: 'NXP' },
  { vendor: '0403', product: undefined, name: 'FTDI USB serial' },
  { vendor: '10c4', product: undefined, name: 'CP210x USB serial' },
  { vendor: '1a86', product: undefined, name: 'CH34x USB serial' },
];

/** DAPLink's serial number starts with the board's four-digit id; of our boards one is registered in pyOCD's list. */
const DAPLINK_BOARDS: Readonly<Record<string, string>> = { '0227': 'evkbimxrt1050' };

/**
 * Names the probe and the boards it may sit on.
 * @param boards every board of the catalogue; a name found in the device's own strings wins over the probe
 */
export function guessProbe(ids: UsbIds, boards: readonly { id: string; name: string }[]): ProbeGuess {
  const vendor = ids.vendorId?.toLowerCase();
  const product = ids.productId?.toLowerCase();
  const probe = PROBES.find((p) => p.vendor === vendor && (p.product === undefined || p.product === product));
  const text = plain(ids.names.join(' '));
  const named = boards.filter((b) => text.includes(plain(b.name)) || text.includes(plain(b.id)));
  const registered =
    probe?.resetsOnBreak && ids.serialNumber ? DAPLINK_BOARDS[ids.serialNumber.slice(0, 4)] : undefined;
  const known = new Set(boards.map((b) => b.id));
  return {
    probe: probe?.name,
    boardIds: [
      ...named.map((b) => b.id),
      ...(registered ? [registered] : []),
      ...(probe?.boardIds ?? []),
    ].filter((id, i, all) => known.has(id) && all.indexOf(id) === i),
    resetsOnBreak: probe?.resetsOnBreak === true,
  };
}

/** Letters and digits only: USB strings write FRDM-KE16Z, frdm_ke16z or `FRDM KE16Z`. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
