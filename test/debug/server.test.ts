import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { english } from '../../extension/common/errors/sentence.ts';
import { startGdbServer, type GdbServer } from '../../extension/debug/server.ts';
import { framed, PacketReader } from '../../extension/debug/protocol/packets.ts';
import { readImage } from '../../extension/simulator/firmware/image.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildFirmware } from '../simulator/firmware.ts';
import { Random } from '../support/random.ts';
import { until } from '../support/until.ts';
import { BUSY } from './firmware.ts';
import { RspClient } from './rspClient.ts';

const boardId = 'frdmke16z';
const firmware = buildFirmware(boardId, BUSY);
const { symbols } = readImage(firmware);
const seed = Number(process.env['GLOWPORT_SEED'] ?? 1);
const hex = (value: number): string => value.toString(16);
const at = (name: string): number => symbols.find(name)!.address & ~1;

let server: GdbServer;
let printed = '';
let told: string[] = [];

async function start(image: Uint8Array = firmware): Promise<RspClient> {
  printed = '';
  told = [];
  server = await startGdbServer({
    boardId,
    firmware: image,
    onUart: (byte) => (printed += String.fromCharCode(byte)),
    tell: (sentence) => told.push(english(sentence)),
  });
  return RspClient.connect(server.port);
}

/** Connects when the server has noticed that the one before is gone. */
function attach(): Promise<RspClient> {
  return until(async () => {
    const client = await RspClient.connect(server.port);
    const isTaken = await client.ask('?').then(
      () => true,
      () => false,
    );
    return isTaken ? client : undefined;
  });
}

describe('debug: the server', () => {
  afterEach(() => server.close());

  it('says what it can, and describes registers and memories', async () => {
    const client = await start();
    const features = await client.ask('qSupported:multiprocess+;swbreak+;hwbreak+;qRelocInsn+');
    for (const feature of ['PacketSize=4000', 'QStartNoAckMode+', 'qXfer:features:read+', 'qXfer:memory-map:read+', 'vContSupported+', 'swbreak+', 'hwbreak+', 'ReverseStep+', 'ReverseContinue+'])
      assert.ok(features.split(';').includes(feature), feature); // prettier-ignore
    assert.equal(await client.ask('vCont?'), 'vCont;c;C;s;S;r');
    assert.equal(await client.ask('vMustReplyEmpty'), '');
    assert.equal(await client.ask('qfThreadInfo'), 'm1');
    assert.equal(await client.ask('qsThreadInfo'), 'l');
    assert.equal(await client.ask('Hg0'), 'OK');
    let description = '';
    for (let part = 'm'; part.startsWith('m'); description += part.slice(1))
      part = await client.ask(`qXfer:features:read:target.xml:${hex(description.length)},100`);
    assert.match(
      description,
      /org\.gnu\.gdb\.arm\.m-profile[^]*name="xpsr"[^]*m-system[^]*name="msp"[^]*name="control"[^]*<\/target>/,
    );
    const map = await client.ask('qXfer:memory-map:read::0,1000');
    assert.match(
      map,
      /^l<\?xml[^]*type="flash" start="0x0" length="0x10000"[^]*type="ram" start="0x1ffff800" length="0x2000"[^]*type="ram" start="0x40000000"/,
    );
    assert.equal(await client.ask('qXfer:features:read:other.xml:0,100'), 'E00');
    assert.equal(await client.ask('qXfer:auxv:read::0,100'), '');
  });

  it('acknowledges until it is told not to, and sends again what was damaged', async () => {
    const client = await start();
    assert.match(await client.ask('?'), /^T05/);
    assert.equal(client.acknowledgements, '+');
    client.raw('$?#00');
    await until(() => client.acknowledgements === '+-');
    client.raw('-');
    assert.match(await client.reply(), /^T05/);
    assert.equal(await client.ask('QStartNoAckMode'), 'OK');
    const { acknowledgements } = client;
    await client.ask('?');
    assert.equal(client.acknowledgements, acknowledgements);
  });

  it('reads and writes registers and memory within their bounds', async () => {
    const client = await start();
    const all = await client.ask('g');
    assert.equal(all.length, 21 * 8);
    assert.equal(
      all.slice(15 * 8, 16 * 8),
      Buffer.from([at('Reset_Handler') & 255, at('Reset_Handler') >> 8, 0, 0]).toString('hex'),
    );
    assert.equal(await client.ask('P3=78563412'), 'OK');
    assert.equal(await client.ask('p3'), '78563412');
    assert.equal(await client.ask(`G${'01000000'.repeat(3)}${all.slice(24)}`), 'OK');
    assert.equal((await client.ask('g')).slice(0, 32), `${'01000000'.repeat(3)}00000000`);
    assert.equal(await client.ask('p1c'), '00000000');
    for (const bad of ['p10', 'p', 'P3', 'P3=12', 'P3=zz', 'P99=00000000', 'G00', 'm', 'mzz,4', 'm0', 'm0,4,4', 'M0,4:00', 'M0', 'X0,4:a', 'vFlashErase:0', 'vFlashErase:20000000,400', 'vCont;x', 'vCont;rzz', 'Z0', 'Z2,0,0', 'qRcmd,zz', 'czz'])
      assert.equal(await client.ask(bad), 'E01', bad); // prettier-ignore
    assert.equal(await client.ask('M20000000,4:01020304'), 'OK');
    assert.equal(
      await client.ask(
        'X20000004,3:}\x03}\x04#'
          .replace('#', '}\x05')
          .replace(/}(.)/gs, (_, c: string) => String.fromCharCode(c.charCodeAt(0) ^ 0x20)),
      ),
      'OK',
    );
    assert.equal(await client.ask('m20000000,7'), '01020304232425');
    assert.equal(await client.ask('X20000000,0:'), 'OK', 'a probe');
    for (const nowhere of ['m30000000,4', 'm200017fe,4', 'mfffffffe,4', 'M200017fe,4:00000000', 'M0,4:00000000', 'M30000000,1:00'])
      assert.equal(await client.ask(nowhere), 'E0e', nowhere); // prettier-ignore
    assert.equal((await client.ask('m0,ffffffff')).length, 0x4000 - 4, 'as much as a packet holds');
    // a peripheral's register is written as by a store, and looking at it changes nothing
    assert.equal(await client.ask('M40065128,4:00000040'), 'OK');
    assert.equal(await client.ask('m40065128,4'), '000000c0', 'PCC_PORTA: its clock is on, and it is there');
    assert.equal(await client.ask('me000ed00,4'), '01c60c41', 'CPUID');
    assert.equal(await client.ask('Z9,0,2'), '');
    assert.equal(await client.ask('nonsense'), '');
  });

  it('steps, runs to breakpoints and watchpoints, and back', async () => {
    const client = await start();
    const machine = new Machine(boardId);
    machine.load(firmware);
    machine.run(1);
    machine.debugPort.settle();
    const next = machine.debugPort.pc;
    assert.match(
      await client.ask('s'),
      new RegExp(`^T05.*0f:${Buffer.of(next & 255, next >> 8, 0, 0).toString('hex')};`),
    );
    assert.equal(await client.ask(`Z0,${hex(at('work'))},2`), 'OK');
    assert.match(await client.ask('c'), /^T05swbreak:;/);
    assert.equal(await client.ask(`z0,${hex(at('work'))},2`), 'OK');
    assert.equal(await client.ask(`Z1,${hex(at('depth'))},2`), 'OK');
    assert.match(await client.ask('vCont;c:1'), /^T05hwbreak:;/);
    assert.match(await client.ask(`vCont;r${hex(at('depth'))},${hex(at('depth') + 4)}:1;c`), /^T05/);
    assert.equal(await client.ask(`z1,${hex(at('depth'))},2`), 'OK');
    const ms = hex(at('ms'));
    for (const [kind, name] of [
      ['2', 'watch'],
      ['3', 'rwatch'],
      ['4', 'awatch'],
    ] as const) {
      assert.equal(await client.ask(`Z${kind},${ms},4`), 'OK');
      assert.match(await client.ask('c'), new RegExp(`^T05${name}:${ms};`));
      assert.equal(await client.ask(`z${kind},${ms},4`), 'OK');
    }
    assert.match(await client.ask('bs'), /^T05thread/);
    assert.match(await client.ask('bc'), /^T05replaylog:begin;/);
    assert.match(await client.monitor('cycles'), /^-[\d,]+ cycles since it was resumed, 0 since power-on/);
    assert.match(
      await client.monitor('snapshots'),
      /^\d+ snapshots, [\d,]+ bytes; the past is known from cycle 0 on/,
    );
  });

  it('is interrupted at once, also by what comes in the same breath', async () => {
    const client = await start();
    client.send('c');
    await until(() => printed.length > 10);
    client.raw('\x03');
    assert.match(await client.reply(), /^T02/);
    const { length } = printed;
    client.raw(Buffer.concat([framed('c'), Buffer.of(3)]));
    assert.match(await client.reply(), /^T02/);
    assert.ok(printed.length - length < 100);
    client.raw('\x03');
    assert.match(await client.ask('s'), /^T05/, 'standing, it is not asked for');
  });

  it('tells a fault in its console and ours, and monitor repeats it', async () => {
    const client = await start(
      buildFirmware(boardId, 'int main(void) { init(); __asm volatile("udf #3"); for (;;) {} }'),
    );
    assert.match(await client.ask('c'), /^T04/);
    assert.match(client.console, /^HardFault: an instruction this core does not have \(0xDE03\), in main/);
    assert.deepEqual(told, [client.console.trimEnd()]);
    assert.equal(await client.monitor('fault'), client.console);
    assert.equal(await client.monitor('reset'), 'The board stands at its first instruction.\n');
    assert.equal(await client.monitor('fault'), 'No fault since reset.\n');
  });

  it('sends what monitor uart says to the firmware', async () => {
    const client = await start();
    await client.ask(`Z0,${hex(at('work'))},2`);
    await client.ask('c');
    await client.ask(`z0,${hex(at('work'))},2`);
    assert.equal(await client.monitor('uart a\\x62c\\\\'), '4 bytes are on their way.\n');
    client.send('c');
    await until(() => /A[^]*B[^]*C[^]*\|/.test(printed));
    client.raw('\x03');
    await client.reply();
    assert.match(await client.monitor('uart'), /Give a text/);
    assert.match(await client.monitor('what'), /^There is no "what"\.\nmonitor help/);
    assert.match(await client.monitor('constructor'), /^There is no/);
  });

  it('programs flash, and starts the new firmware', async () => {
    const client = await start();
    const other = readImage(buildFirmware(boardId, 'int main(void) { init(); print("other"); for (;;) {} }'));
    assert.equal(await client.ask('vFlashErase:0,10000'), 'OK');
    for (const { address, bytes } of other.blocks)
      assert.equal(
        await client.ask(`vFlashWrite:${hex(address)}:${Buffer.from(bytes).toString('latin1')}`),
        'OK',
      );
    assert.equal(await client.ask('vFlashDone'), 'OK');
    assert.match(await client.ask('vRun;'), /^T05/);
    client.send('c');
    await until(() => printed === 'other');
  });

  it('lets one debugger at a time attach; detached, the board runs on, and the next one halts it', async () => {
    const client = await start();
    const second = await RspClient.connect(server.port);
    await until(() => second.isClosed);
    assert.equal(await client.ask('D'), 'OK');
    await client.close();
    await until(() => printed.length > 5);
    const third = await attach();
    assert.match(await third.ask('?'), /^T05/);
    const { length } = printed;
    await third.ask('p0');
    assert.equal(printed.length, length, 'it stands');
    third.send('c');
    await until(() => printed.length > length + 5);
    await third.close();
    const fourth = await attach();
    assert.match(await fourth.ask('vAttach;1'), /^T05/);
    fourth.send('k');
    assert.equal(await fourth.ask('vKill;1'), 'OK');
    const pc = await fourth.ask('pf');
    assert.equal(Buffer.from(pc, 'hex').readUInt32LE(), at('Reset_Handler'));
  });

  it('halts a board that it has let go, when the same debugger attaches again', async () => {
    const client = await start();
    assert.equal(await client.ask('D'), 'OK');
    await until(() => printed.length > 5);
    assert.match(await client.ask('vAttach;1'), /^T02/, 'interrupted');
    // it may have been interrupted asleep, which a step leaves and a step back does not come back to
    assert.match(await client.ask('s'), /^T05/);
    const registers = await client.ask('g');
    const { length } = printed;
    assert.match(await client.ask('s'), /^T05/);
    // nothing else runs it: one instruction further, and no more
    assert.notEqual(await client.ask('g'), registers);
    assert.equal(await client.ask('bs').then(() => client.ask('g')), registers);
    assert.ok(printed.length <= length + 1);
  });

  it('answers whatever comes', async () => {
    const random = new Random(seed);
    const client = await start();
    await client.ask('QStartNoAckMode');
    const known = ['g', 'G', 'p', 'P', 'm', 'M', 'X', 'Z0,', 'z0,', 'Z2,', 'qXfer:features:read:target.xml:', 'qXfer:memory-map:read::', 'qRcmd,', 'vFlashWrite:', 'vFlashErase:', 'vCont;', 'vCont;s', 'H', 'T', 'q', 'Q', 'v', 's', 'S0b;', 'bs', '!', '?']; // prettier-ignore
    const parts = ['0', 'ffffffff', '20000000', '20001800', ',', ':', ';', '=', '-', '4', '100', 'zz', '#', '}', '\0', '*', '1ffff800', '726573657420', '756172742041']; // prettier-ignore
    for (let i = 0; i < 1500; i++) {
      const body =
        random.pick(known) + Array.from({ length: random.int(0, 6) }, () => random.pick(parts)).join('');
      assert.equal(typeof (await client.ask(body)), 'string', JSON.stringify(body));
    }
    for (let i = 0; i < 300; i++) {
      // no c, no b, no D, no k and no R, which run, end, or give no answer
      const noise = Uint8Array.from({ length: random.int(1, 60) }, () => random.int(0, 255));
      client.raw(noise);
    }
    client.raw(`$${'m'.repeat(40_000)}#00#`);
    client.raw('\x03');
    await client.close();
    const next = await attach();
    assert.match(await next.ask('?'), /^T/);
  });

  it('ends a client that asks without waiting for answers', async () => {
    const client = await start();
    client.raw(Buffer.concat([framed('c'), ...Array.from({ length: 100 }, () => framed('?'))]));
    await until(() => client.isClosed);
  });

  it('says that a port is taken', async () => {
    await start();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const options = { boardId, firmware, port, onUart: () => undefined, tell: () => undefined };
    await assert.rejects(
      startGdbServer(options),
      new RegExp(`The port ${port} cannot be used \\(EADDRINUSE\\)`),
    );
    other.close();
  });
});

describe('debug: packets', () => {
  it('are the same behind the line, however they are cut', () => {
    const random = new Random(seed);
    for (let i = 0; i < 200; i++) {
      const bodies = Array.from({ length: random.int(1, 5) }, () =>
        Buffer.from(Uint8Array.from({ length: random.int(0, 50) }, () => random.int(0, 255))).toString(
          'latin1',
        ),
      );
      const bytes = Buffer.concat(bodies.map(framed));
      const reader = new PacketReader(1000);
      const found: string[] = [];
      for (let begin = 0; begin < bytes.length;) {
        const end = begin + random.int(1, 20);
        for (const incoming of reader.push(bytes.subarray(begin, end))) {
          assert.ok(incoming.kind === 'packet');
          found.push(incoming.body);
        }
        begin = end;
      }
      assert.deepEqual(found, bodies);
    }
  });

  it('longer than allowed are damaged, and the next one is read', () => {
    const reader = new PacketReader(10);
    const kinds = reader
      .push(Buffer.concat([framed('x'.repeat(11)), framed('x'.repeat(10))]))
      .map((i) => i.kind);
    assert.deepEqual(kinds, ['damaged', 'packet']);
  });
});
