import type { Problem } from '../../../webview/shared/messages/monitor.ts';
import { type ErrorCode, UserError } from '../../common/error.ts';
import { told } from '../words.ts';
import { TakenPort } from './takenPort.ts';
import type { MonitorHost } from './host.ts';

/** Failures that new firmware helps against. */
const NEEDS_FIRMWARE: readonly ErrorCode[] = ['usage', 'input', 'firmware'];

/** A failure as the page shows it, with a button where one helps; the log gets all of it. */
export function problemOf(error: unknown, { log, t }: Pick<MonitorHost, 'log' | 't'>): Problem {
  const known = error instanceof UserError ? error : undefined;
  const { message, hint } = told(error, t);
  log(`${message} ${hint}`.trimEnd());
  if (known?.detail) log(known.detail);
  if (known instanceof TakenPort) return { message, hint, action: { id: 'showOther', label: t('Show It') } };
  const needsFirmware = known !== undefined && NEEDS_FIRMWARE.includes(known.code);
  return { message, hint, action: needsFirmware ? { id: 'port', label: t('Port a Model') } : undefined };
}
