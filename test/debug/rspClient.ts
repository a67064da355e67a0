import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { framed, PacketReader } from '../../extension/debug/protocol/packets.ts';
import { until } from '../support/until.ts';

/** A client of the remote serial protocol, no more than tests need. */
export class RspClient {
  /** Text of `O` packets. */
  console = '';
  /** `+` and `-` that came. */
  acknowledgements = '';
  isClosed = false;
  readonly #socket: Socket;
  readonly #replies: string[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new PacketReader(1 << 20);
    socket.on('data', (bytes) => {
      for (const incoming of reader.push(bytes)) {
        if (incoming.kind === 'acknowledged') this.acknowledgements += '+';
        if (incoming.kind === 'repeat') this.acknowledgements += '-';
        if (incoming.kind !== 'packet') continue;
        const { body } = incoming;
        if (/^O[0-9a-f]+$/.test(body)) this.console += Buffer.from(body.slice(1), 'hex').toString();
        else this.#replies.push(body);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.isClosed = true));
  }

  static async connect(port: number): Promise<RspClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RspClient(socket);
    await once(socket, 'connect');
    return client;
  }

  raw(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  send(body: string): void {
    this.raw(framed(body));
  }

  async reply(): Promise<string> {
    await until(() => this.#replies.length > 0 || this.isClosed);
    const reply = this.#replies.shift();
    if (reply === undefined) throw new Error('the server has closed the connection');
    return reply;
  }

  /** Sends a packet and waits for its answer. */
  async ask(body: string): Promise<string> {
    this.send(body);
    return this.reply();
  }

  async monitor(line: string): Promise<string> {
    const answer = await this.ask(`qRcmd,${Buffer.from(line).toString('hex')}`);
    return Buffer.from(answer, 'hex').toString();
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await until(() => this.isClosed);
  }
}
