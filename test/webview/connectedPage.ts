import type { Browser } from 'playwright-core';
import type { PortDescription } from '../../extension/serial/port.ts';
import { PtyPair } from '../serial/ptyPair.ts';
import { MonitorPage, type MonitorPageOptions } from './monitorPage.ts';

/** A monitor's page that is connected to a device, of which the test is the far end. */
export async function connectedPage(
  browser: Browser,
  options: MonitorPageOptions = {},
): Promise<{ m: MonitorPage; pty: PtyPair }> {
  const pty = await PtyPair.start();
  const m = await MonitorPage.open(browser, { ports: [deviceAt(pty.path)], ...options });
  await m.page.locator('#connect').click();
  await m.page.locator('.dot.connected').waitFor();
  return { m, pty };
}

/** A device as the list of ports has it. */
export function deviceAt(id: string): PortDescription {
  return {
    ...{ id, kind: 'serial', label: 'device', manufacturer: undefined, probe: 'probe' },
    ...{ boardIds: [], usb: undefined, resetsOnBreak: false },
  };
}
