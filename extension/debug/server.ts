import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { Machine } from '../simulator/machine/machine.ts';
import { isElf, readElf } from '../toolchain/elf.ts';
import type { DebuggedNetwork } from './network/debuggedNetwork.ts';
import { NetworkWatch } from './network/networkWatch.ts';
import { tensorSource, type TensorsOrWhyNot } from './network/tensorSource.ts';
import { monitor } from './protocol/monitor.ts';
import { Session } from './protocol/session.ts';
import { Runner } from './runner.ts';
import { Debuggee } from './target/debuggee.ts';
import type { Standing } from './target/standing.ts';

export interface GdbServerOptions {
  /** Board id, such as `frdmke16z`. */
  readonly boardId: string;
  /** ELF, Intel HEX or raw binary image. */
  readonly firmware: Uint8Array;
  /** TCP port on this computer; 0 or left out takes a free one. */
  readonly port?: number | undefined;
  /** What the firmware sends, as it runs for the first time. */
  readonly onUart: (byte: number) => void;
  /** A sentence about what happens, such as a fault. */
  readonly tell: (sentence: Sentence) => void;
  /** The network in the firmware; or why nothing is known of it. */
  readonly network?: DebuggedNetwork | Sentence | undefined;
}

/** A range of addresses that firmware can have code or data in. */
export interface MemoryRange {
  readonly origin: number;
  /** Bytes. */
  readonly size: number;
}

export interface GdbServer {
  readonly port: number;
  /** The board's name. */
  readonly name: string;
  /** Where firmware can have code or data. */
  readonly memory: readonly MemoryRange[];
  /** Bytes to the board's UART; nothing where it has no console. */
  send(bytes: Uint8Array): Promise<void>;
  /** Answers what follows GDB's `monitor`, without GDB. @returns text for its user */
  monitor(line: string): Promise<string>;
  /** Where the board stands, or runs by. */
  standing(): Promise<Standing>;
  /** For who shows the network while the board stands. */
  readonly tensors: TensorsOrWhyNot;
  /** Ends the session, if there is one, and the server. */
  close(): Promise<void>;
}

/** Only programs of this computer reach it. */
const HOST = '127.0.0.1';

/**
 * Switches a simulated board on, halted at reset, and lets one debugger at a time attach by GDB's remote serial protocol.
 * A debugger that comes halts the board; one that goes without detaching leaves it as it is.
 *
 * @throws UserError `board` when the board is not simulated, `input` when the firmware cannot be loaded, `usage` when the
 *   port is taken
 */
export async function startGdbServer(options: GdbServerOptions): Promise<GdbServer> {
  const { boardId, firmware, port = 0, onUart, tell } = options;
  const machine = new Machine(boardId);
  machine.load(firmware);
  machine.checkBootable();
  machine.startSemihosting();
  const debuggee = new Debuggee(machine, onUart);
  const runner = new Runner(debuggee);
  const network = networkIn(machine, firmware, options.network);
  if (!('template' in network)) debuggee.observer = network;
  let client: Socket | undefined;

  const server = createServer((socket) => {
    socket.on('error', () => undefined); // it goes away: `close` follows
    if (client) {
      socket.destroy();
      return;
    }
    client = socket;
    socket.setNoDelay(true);
    const session = new Session(debuggee, runner, network, {
      send: (bytes) => socket.writable && socket.write(bytes),
      tell,
      close: () => socket.destroy(),
    });
    socket.on('close', () => {
      client = undefined;
      session.end();
    });
    // what comes early waits in the socket
    void runner.halt().then(() => {
      socket.on('data', (bytes) => {
        session.receive(bytes);
      });
    });
  });
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UserError(
      'usage',
      say`The port ${port} cannot be used (${(error as NodeJS.ErrnoException).code ?? 'no reason given'}).`,
      say`Another program has it; choose another port, or none.`,
    );
  }
  const { board } = machine;
  return {
    port: (server.address() as AddressInfo).port,
    name: board.name,
    memory: board.memories.map(({ origin, size }) => ({ origin, size })),
    send: (bytes) =>
      runner.beside(() => {
        if (board.console !== undefined) debuggee.change({ kind: 'uart', bytes });
      }),
    monitor: (line) => runner.beside(() => monitor({ debuggee, network, tell: () => undefined }, line)),
    standing: () =>
      runner.beside(() => {
        const stop = runner.stop.value;
        return { ...debuggee.standing, compared: stop?.kind === 'compared' ? stop.sentence : undefined };
      }),
    tensors: 'template' in network ? network : tensorSource(network, runner.stop),
    close: async () => {
      client?.destroy();
      const closed = once(server, 'close');
      server.close();
      await runner.halt();
      await closed;
    },
  };
}

/** @returns why it cannot be followed when it cannot */
function networkIn(
  machine: Machine,
  firmware: Uint8Array,
  network: GdbServerOptions['network'] = say`Nothing is known of a network in this firmware.`,
): NetworkWatch | Sentence {
  if ('template' in network) return network;
  if (!isElf(firmware)) return say`Only an ELF file tells where the network is.`;
  try {
    return NetworkWatch.of(machine, readElf(firmware), network);
  } catch (error) {
    if (error instanceof UserError) return error.sentence;
    throw error;
  }
}
