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
}

/** What the catalogue says about a board, as far as it matters here. */
export interface ProbedBoard {
  readonly id: string;
  readonly name: string;
  /** Probes found on it; `usb` holds VID:PID in hexadecimal. */
  readonly probes: readonly { readonly usb: readonly string[] }[];
}

/**
 * First match counts. Vendor ids: the USB-IF's list (NXP 1FC9, Freescale 15A2, Arm 0D28, SEGGER 1366, P&E 1357).
 * Products: the udev rules that pyOCD, OpenOCD and the vendors publish. Arm's DAPLink resets its target on a break.
 */
const PROBES: readonly Probe[] = [
  { vendor: '0d28', product: '0204', name: 'OpenSDA (DAPLink)', resetsOnBreak: true },
  { vendor: '1fc9', product: '0143', name: 'MCU-Link' },
  { vendor: '1fc9', product: '0132', name: 'LPC-Link (CMSIS-DAP)' },
  { vendor: '1fc9', product: '0090', name: 'LPC-Link2 (CMSIS-DAP)' },
  { vendor: '1357', product: '0089', name: 'OpenSDA (P&E Micro)' },
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
 * Names the probe and the boards it may sit on: a board named in the device's own strings first, then the one whose id
 * DAPLink's serial number states, then all that carry such a probe.
 */
export function guessProbe(ids: UsbIds, boards: readonly ProbedBoard[]): ProbeGuess {
  const vendor = ids.vendorId?.toLowerCase();
  const product = ids.productId?.toLowerCase();
  const probe = PROBES.find((p) => p.vendor === vendor && (p.product === undefined || p.product === product));
  const text = plain(ids.names.join(' '));
  const named = boards.filter((b) => text.includes(plain(b.name)) || text.includes(plain(b.id)));
  const registered = probe?.resetsOnBreak && DAPLINK_BOARDS[ids.serialNumber?.slice(0, 4) ?? ''];
  const usb = `${vendor}:${product}`;
  const carriers = boards.filter((b) => b.probes.some((p) => p.usb.some((u) => u.toLowerCase() === usb)));
  const first = named.length > 0 ? named : boards.filter((b) => b.id === registered);
  return {
    probe: probe?.name,
    boardIds: (first.length > 0 ? first : carriers).map((b) => b.id),
    resetsOnBreak: probe?.resetsOnBreak === true,
  };
}

/** Letters and digits only: USB strings write FRDM-KE16Z, frdm_ke16z or `FRDM KE16Z`. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
