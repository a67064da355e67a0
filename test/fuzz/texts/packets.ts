import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { say } from '../../../extension/common/errors/sentence.ts';
import { framed, PacketReader } from '../../../extension/debug/protocol/packets.ts';
import { Session } from '../../../extension/debug/protocol/session.ts';
import { Runner } from '../../../extension/debug/runner.ts';
import { Debuggee } from '../../../extension/debug/target/debuggee.ts';
import { Machine } from '../../../extension/simulator/machine/machine.ts';
import type { Target } from '../driver/targets.ts';

const tokens = ['$', '#00', '}', '+', '-', '\x03', 'm20000000,4', 'M20000000,1:00', 'X20000000,1:a', 'Z0,0,2', 'Z2,20000000,4', 'vCont;s', 'vCont;c', 'bs', 'bc', 'qRcmd,', 'vFlashErase:0,400', 'G', 'P0f=', 'ffffffff', ',', ':', ';', 'k', 'D']; // prettier-ignore
const packets = (...bodies: readonly string[]): Uint8Array => Buffer.concat(bodies.map(framed));

/** What a debugger sends: whatever it is, the next right packet is answered. */
export function packetTargets(): Target[] {
  const corpus = [
    packets(
      'qSupported:swbreak+',
      '?',
      'g',
      'qXfer:features:read:target.xml:0,3fc',
      'qXfer:memory-map:read::0,3fc',
    ),
    packets(
      'm20000000,40',
      'M20000000,2:0102',
      'P1=01000000',
      'p1',
      'Z0,8,2',
      'Z2,20000000,4',
      's',
      'bs',
      'z0,8,2',
    ),
    packets(
      'vFlashErase:0,400',
      'vFlashWrite:0:abc',
      'vFlashDone',
      'vRun;',
      'vCont;s:1',
      'vCont;r0,10:1',
      'bc',
    ),
    packets(
      'qRcmd,68656c70',
      'qRcmd,7265736574',
      'qRcmd,7561727420785c7830',
      'Hg0',
      'qfThreadInfo',
      'X20000000,3:a}\x03',
    ),
  ];
  return [{ name: "a debugger's packets", corpus, tokens, check: checkSession }];
}

async function checkSession(bytes: Uint8Array): Promise<void> {
  const machine = new Machine('frdmke04z');
  machine.load(Buffer.from('000400200900000001220132fde70000', 'hex')); // two instructions, and a loop of one of them
  const debuggee = new Debuggee(machine, () => undefined);
  const runner = new Runner(debuggee);
  const reader = new PacketReader(1 << 20);
  const answers: string[] = [];
  let isClosed = false;
  const session = new Session(debuggee, runner, say`no network`, {
    send: (sent) => {
      for (const incoming of reader.push(sent)) if (incoming.kind === 'packet') answers.push(incoming.body);
    },
    tell: () => undefined,
    close: () => (isClosed = true),
  });
  session.receive(bytes);
  // twice: what came may have ended inside a checksum
  for (let i = 0; i < 2; i++) session.receive(framed('vMustReplyEmpty'));
  for (let i = 0; i < 10_000 && !isClosed && answers.at(-1) !== ''; i++) {
    await runner.halt();
    await setImmediate();
  }
  assert.ok(isClosed || answers.at(-1) === '', 'the last packet is not answered');
  await runner.halt();
}
