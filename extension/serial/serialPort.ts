import { readFile, stat } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { type ControlLines, DEFAULT_MANNERS, type PortSettings } from '../../webview/shared/portSettings.ts';
import { LineControl } from './controlLines.ts';
import { noticeHangUp, type UnixPort } from './hangUp.ts';
import type { OpenPort, PortEvents } from './port.ts';
import { trimEndOf } from '../common/trimEnd.ts';

/** A port that neither opens nor fails (a Bluetooth port whose device is away). */
const OPEN_TIMEOUT_MS = 10_000;

/**
 * Opens a real serial port.
 * @param lines what DTR and RTS are once it is open: until then the operating system has both on
 * @throws UserError 'device' in words a user can act on: absent, busy, not permitted, or settings refused
 */
export async function openSerialPort(
  path: string,
  settings: PortSettings,
  events: PortEvents,
  resetsOnBreak: boolean,
  lines: ControlLines = DEFAULT_MANNERS.lines,
): Promise<OpenPort> {
  const port = await construct(path, settings);
  let closing = false;
  port.on('data', (bytes: Uint8Array) => events.onData(bytes));
  port.on('error', () => {}); // open, write and set report through their own callbacks
  await open(port, path);
  port.once('close', () => {
    if (!closing) events.onLost(say`${path} went away.`);
  });
  const call = (what: (done: (error: Error | null | undefined) => void) => void, doing: Sentence) =>
    new Promise<void>((resolve, reject) => {
      if (!port.isOpen) return reject(gone(path));
      what((error) => (error ? reject(failed(path, doing, error)) : resolve()));
    });
  const control = new LineControl(
    (flags) => call((done) => port.set(flags, done), say`set its lines`),
    DEFAULT_MANNERS.lines,
  );
  /** A refusal while the port is open: it has no such lines. */
  const orLacks = (work: Promise<void>, sentence: Sentence, help: Sentence): Promise<void> =>
    work.catch((error: unknown) => {
      if (!port.isOpen) throw error;
      throw new UserError('device', sentence, help, error instanceof UserError ? error.detail : undefined);
    });
  const setLines = (to: ControlLines) =>
    orLacks(
      // with RTS/CTS the driver moves RTS
      control.setLines(settings.flowControl === 'rtscts' ? { ...to, rts: true } : to),
      say`${path} has no DTR or RTS line that can be set.`,
      say`Use the port as it is.`,
    );
  const { dtr, rts } = DEFAULT_MANNERS.lines;
  if (lines.dtr !== dtr || lines.rts !== rts) {
    await setLines(lines).catch((error: unknown) => {
      if (error instanceof UserError && port.isOpen) events.onNotice?.(error.sentence);
    });
  }
  return {
    send: (bytes) => call((done) => port.write(bytes, done), say`be written to`),
    reset: () =>
      resetsOnBreak
        ? control.sendBreak()
        : orLacks(
            control.pulse(),
            say`${path} has no DTR or RTS line to reset the board with.`,
            say`Press the reset button on the board.`,
          ),
    control: {
      setLines,
      sendBreak: () =>
        orLacks(
          control.sendBreak(),
          say`${path} cannot send a break.`,
          say`Use a port of a serial adapter or debug probe.`,
        ),
    },
    close: () =>
      new Promise<void>((resolve) => {
        closing = true;
        if (!port.isOpen) return resolve();
        port.close(() => resolve());
      }),
  };
}

async function construct(path: string, settings: PortSettings): Promise<SerialPort> {
  let library: typeof import('serialport');
  try {
    library = await import('serialport');
  } catch (error) {
    throw new UserError(
      'device',
      say`Serial ports cannot be used on this system (${process.platform} ${process.arch}).`,
      say`Choose a simulated board instead.`,
      String(error),
    );
  }
  const { binding } = library.SerialPort;
  const { flowControl, ...rest } = settings;
  const flow = {
    rtscts: flowControl === 'rtscts',
    xon: flowControl === 'xonxoff',
    xoff: flowControl === 'xonxoff',
  };
  const options = { path, ...rest, ...flow, autoOpen: false, highWaterMark: 1 << 16 };
  if (process.platform === 'win32') return new library.SerialPort(options);
  const guarded = {
    list: () => binding.list(),
    open: async (o: Parameters<typeof binding.open>[0]) =>
      noticeHangUp((await binding.open(o)) as unknown as UnixPort),
  };
  // the class takes another binding than its own, which its type does not say
  return new library.SerialPort({ ...options, binding: guarded } as typeof options);
}

function open(port: SerialPort, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new UserError(
          'device',
          say`${path} did not answer for 10 seconds.`,
          say`Unplug it, plug it in, and connect again.`,
        ),
      );
      port.once('open', () => port.close()); // should it answer after all
    }, OPEN_TIMEOUT_MS);
    port.open((error) => {
      clearTimeout(timer);
      if (!error) resolve();
      else void explainOpenFailure(path, error, process.platform).then(reject);
    });
  });
}

/** The error of a port that is not there: the one that passes when the board is plugged in. */
export class AbsentPort extends UserError {
  constructor(path: string, detail: string) {
    super('device', say`${path} is not there.`, say`Plug the board in, or choose another port.`, detail);
  }
}

/** Kinds of failure to open a port that are told apart. */
export type OpenFailure = 'absent' | 'busy' | 'forbidden' | 'settings' | 'other';

/** Which kind the operating system's text is: serialport's native part gives words, not error numbers. */
export function classifyOpenFailure(text: string, platform: NodeJS.Platform): OpenFailure {
  if (/no such (file|device)|ENOENT|ENXIO|ENODEV|file not found|not configured/i.test(text)) return 'absent';
  // Windows answers 'Access denied' when another program has the port
  if (platform === 'win32' && /access denied/i.test(text)) return 'busy';
  if (/permission denied|access denied|EACCES|EPERM|not permitted/i.test(text)) return 'forbidden';
  if (/cannot lock|busy|temporarily unavailable|EBUSY|EAGAIN/i.test(text)) return 'busy';
  if (
    /baud|custom|invalid (argument|data|parity|stop)|unsupported|EINVAL|inappropriate ioctl|ENOTTY/i.test(
      text,
    )
  ) {
    return 'settings';
  }
  return 'other';
}

/** The same as one sentence with what to do about it. */
export async function explainOpenFailure(
  path: string,
  error: Error,
  platform: NodeJS.Platform,
): Promise<UserError> {
  const text = error.message;
  switch (classifyOpenFailure(text, platform)) {
    case 'absent':
      return new AbsentPort(path, text);
    case 'busy':
      return new UserError(
        'device',
        say`${path} is in use by another program.`,
        say`Close the other terminal, IDE or debugger that has it open.`,
        text,
      );
    case 'forbidden': {
      if (platform !== 'linux') {
        return new UserError(
          'device',
          say`You are not allowed to open ${path}.`,
          say`Ask an administrator for access.`,
          text,
        );
      }
      const group = await groupOf(path);
      return new UserError(
        'device',
        say`You are not allowed to open ${path}: it belongs to the group ${group}.`,
        say`Run \`sudo usermod -aG ${group} $USER\` in a terminal, then log out and in again.`,
        text,
      );
    }
    case 'settings':
      return new UserError(
        'device',
        say`${path} does not take these settings.`,
        say`Choose another baud rate, parity, number of stop bits or flow control.`,
        text,
      );
    default:
      return new UserError(
        'device',
        say`${path} could not be opened: ${firstLine(text)}.`,
        say`Unplug it and try again.`,
        text,
      );
  }
}

/** Name of the group that owns a device; `dialout` (Debian, Fedora) when the system does not tell. */
async function groupOf(path: string): Promise<string> {
  try {
    const { gid } = await stat(path);
    const name = groupName(await readFile('/etc/group', 'utf8'), gid);
    return name && name !== 'root' ? name : 'dialout';
  } catch {
    return 'dialout';
  }
}

/** Looks a group id up in the text of /etc/group. */
export function groupName(etcGroup: string, gid: number): string | undefined {
  for (const line of etcGroup.split('\n')) {
    const [name, , id] = line.split(':');
    if (id === String(gid) && name && /^[a-z_][a-z0-9_.-]*\$?$/i.test(name)) return name;
  }
  return undefined;
}

function gone(path: string): UserError {
  return new UserError('device', say`${path} is not connected.`, say`Connect again.`);
}

function failed(path: string, doing: Sentence, error: Error): UserError {
  return new UserError(
    'device',
    say`${path} could not ${doing}: ${firstLine(error.message)}.`,
    say`Reconnect the board.`,
    error.message,
  );
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0]!.replace(/^Error:? /, '');
  return trimEndOf(line, '. \t\r').slice(0, 200);
}
