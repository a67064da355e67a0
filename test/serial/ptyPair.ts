import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/**
 * A serial device that can be unplugged: a pseudo-terminal made by socat, whose far end is this object. Unplugging
 * ends socat, so the reader's descriptor hangs up and the path disappears, as with a USB device.
 */
export class PtyPair {
  readonly dir: string;
  readonly path: string;
  /** What was sent to the device. */
  received: Buffer = Buffer.alloc(0);
  /** Told of what was sent to the device, and of what the board prints. */
  onReceived: (bytes: Uint8Array) => void = () => undefined;
  onSent: () => void = () => undefined;
  #socat: ChildProcess | undefined;

  private constructor(dir: string) {
    this.dir = dir;
    this.path = path.join(dir, 'ttyBOARD');
  }

  static async start(): Promise<PtyPair> {
    const pair = new PtyPair(await mkdtemp(path.join(os.tmpdir(), 'glowport-pty-')));
    await pair.plug();
    return pair;
  }

  async plug(): Promise<void> {
    const child = spawn('socat', ['-b', '65536', `pty,raw,echo=0,link=${this.path}`, 'stdio'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.on('error', () => {});
    child.stdin.on('error', () => {}); // unplugged while writing
    child.stdout.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.onReceived(bytes);
    });
    this.#socat = child;
    while (!existsSync(this.path)) {
      if (hasEnded(child)) throw new Error('socat made no pseudo-terminal');
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  /** The board prints. */
  write(bytes: Uint8Array): void {
    this.#socat?.stdin?.write(bytes);
    this.onSent();
  }

  /** The same, waiting until the device has taken it; false when it is gone. */
  async writeAll(bytes: Uint8Array): Promise<boolean> {
    const stdin = this.#socat?.stdin;
    if (!stdin?.writable) return false;
    return new Promise((done) => stdin.write(bytes, (error) => done(!error)));
  }

  /**
   * Killed, because socat (1.7) misses a SIGTERM that comes just before it waits for bytes. The path goes first: once the
   * terminal is free, its number may be another program's.
   */
  async unplug(): Promise<void> {
    const child = this.#socat;
    this.#socat = undefined;
    await rm(this.path, { force: true });
    if (!child || hasEnded(child)) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async dispose(): Promise<void> {
    await this.unplug();
    await rm(this.dir, { recursive: true, force: true });
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
