import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { english } from '../../extension/common/errors/sentence.ts';
import { startGdbServer, type GdbServer } from '../../extension/debug/server.ts';
import { glowport, mnist } from '../cli/support.ts';
import { buildFirmware } from '../simulator/firmware.ts';
import { sdkForTests } from '../support/sdk.ts';
import { testFolder } from '../support/testFolder.ts';
import { until } from '../support/until.ts';
import { BUSY } from './firmware.ts';
import { Gdb } from './gdb.ts';

const boardId = 'frdmke16z';

interface RunResult {
  readonly cycles: number;
  readonly confidences: readonly number[];
}

let server: GdbServer;
let gdb: Gdb | undefined;
let printed = '';

/** Starts a server and GDB on it; skips the test where there is none. */
async function debug(test: Mocha.Context, elf: string): Promise<Gdb> {
  printed = '';
  server = await startGdbServer({
    boardId,
    firmware: await readFile(elf),
    onUart: (byte) => (printed += String.fromCharCode(byte)),
    tell: (sentence) => (printed += `[${english(sentence)}]`),
  });
  gdb = await Gdb.attach(elf, server.port);
  if (!gdb) test.skip();
  return gdb;
}

async function totalCycles(session: Gdb): Promise<number> {
  const [, cycles] = /([\d,]+) since power-on/.exec(await session.ask('monitor cycles'))!;
  return Number(cycles!.replaceAll(',', ''));
}

/** The number of the first line of a file that holds a text. */
async function lineOf(file: string, text: string): Promise<number> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return 1 + lines.findIndex((line) => line.includes(text));
}

for (const onSdk of [false, true]) {
  describe(`debug: GDB on the example's firmware${onSdk ? " with NXP's SDK" : ''}`, () => {
    const folder = testFolder('gdb');
    let project = '';
    let elf = '';
    let run: RunResult;

    before(async function () {
      const sdk = onSdk ? await sdkForTests() : undefined;
      if (onSdk && !sdk) this.skip();
      project = path.join(folder.path, 'project');
      elf = path.join(project, 'build', 'mnist.elf');
      const options = [
        '--config',
        path.join(mnist, 'glowport.json'),
        '--board',
        boardId,
        '--out',
        project,
        '--no-save',
      ];
      const ported = await glowport(folder.path, 'port', ...options, ...(sdk ? ['--sdk', sdk.root] : []));
      assert.equal(ported.code, 0, ported.err);
      const { out } = await glowport(folder.path, 'run', elf, '--board', boardId, '--json');
      run = JSON.parse(out) as RunResult;
    });
    afterEach(async () => {
      await gdb?.end();
      gdb = undefined;
      await server.close();
    });

    it('stops by function and line, steps, shows frames, and counts the cycles that a run counts', async function () {
      const session = await debug(this, elf);
      assert.match(await session.ask('info threads'), /\* 1 +Thread 1/);
      await session.ask('tbreak main');
      assert.match(await session.ask('continue'), /main \(\)/);
      const line = await lineOf(path.join(project, 'source', 'main.c'), 'int status = mnist(');
      await session.ask(`break main.c:${line}`);
      await session.ask('tbreak *mnist');
      assert.match(await session.ask('continue'), new RegExp(`main\\.c:${line}`));
      assert.match(await session.ask('next'), /mnist \(/, 'the breakpoint in what it steps over');
      assert.match(await session.ask('backtrace'), /#0 +mnist \([^]*#1 +0x[0-9a-f]+ in main \(\)/);
      const before = await totalCycles(session);
      assert.match(await session.ask('finish'), /Value returned is \$\d+ = 0/);
      assert.equal((await totalCycles(session)) - before, run.cycles);
      await session.ask('reverse-stepi');
      assert.match(await session.ask('info symbol $pc'), /^mnist/);
      await session.ask('stepi');
      assert.equal((await totalCycles(session)) - before, run.cycles);
      assert.match(await session.ask('next'), /^\d+\s/);
      assert.equal(printed, '');
      await session.ask('delete');
      await session.ask('break printResult');
      assert.match(await session.ask('continue'), /printResult/);
      assert.match(await session.ask('up'), /main/);
    });

    it('watches, writes, goes back and forward again', async function () {
      const session = await debug(this, elf);
      const header = await readFile(path.join(project, 'source', 'mnist.h'), 'utf8');
      const [, offset] = /#define MNIST_dense_2 +(\d+)/.exec(header)!;
      const output = `((signed char *)mutableWeight)[${offset}]`;
      const expected = run.confidences;
      await session.ask('tbreak *mnist');
      await session.ask('continue');
      const begun = await totalCycles(session);
      assert.match(await session.ask(`watch -location ${output}`), /Hardware watchpoint 2/);
      assert.match(
        await session.ask('continue'),
        new RegExp(`Hardware watchpoint 2[^]*New value = ${expected[0]}\\b`),
      );
      const written = await totalCycles(session);
      assert.match(await session.ask('backtrace'), /mnist_dense_2/);
      assert.match(await session.ask('reverse-continue'), new RegExp(`Old value = ${expected[0]}\\b`));
      const undone = await totalCycles(session);
      assert.ok(undone < written && undone > begun);
      assert.notEqual(await session.value(output), String(expected[0]));
      assert.match(await session.ask('continue'), new RegExp(`New value = ${expected[0]}\\b`));
      assert.equal(await totalCycles(session), written);
      await session.ask('delete');
      await session.ask('break printResult');
      await session.ask('continue');
      for (const [i, value] of expected.entries())
        assert.equal(await session.value(`((signed char *)mutableWeight)[${offset} + ${i}]`), String(value));
      // what is written here is what the firmware prints
      await session.ask(`set var ${output} = 99`);
      await session.ask('set var $r12 = 0x1234');
      assert.equal(await session.value('$r12'), String(0x1234));
      const running = session.begin('continue');
      await until(() => printed.includes('Inference time'));
      session.interrupt();
      assert.match(await running.end(), /SIGINT/);
      assert.match(printed, /class = 0\r\nConfidence = 99\r\n/);
      const text = printed;
      // back to the call, without a breakpoint at it: the beginning of all
      await session.ask('break *mnist');
      assert.match(await session.ask('reverse-continue'), /printResult/);
      assert.match(await session.ask('reverse-continue'), /mnist/);
      assert.equal(await totalCycles(session), begun);
      await session.ask('delete');
      assert.match(await session.ask('reverse-continue'), /No more reverse-execution history/);
      assert.equal(await totalCycles(session), 0);
      await session.ask('break printResult');
      await session.ask('continue');
      assert.equal(await session.value(output), '99', 'what was done comes again');
      assert.equal(printed, text, 'and nothing is printed twice');
    });

    it('resets, runs again and loads', async function () {
      const session = await debug(this, elf);
      await session.ask('break printResult');
      await session.ask('continue');
      await session.ask('monitor reset');
      await session.ask('maintenance flush register-cache');
      const reset = await session.value('$pc', '%#x');
      await session.ask('continue');
      assert.match(await session.ask('run'), /printResult/);
      assert.match(await session.ask('load'), /Start address[^]*Transfer rate/);
      assert.match(await session.ask('compare-sections'), /matched/);
      assert.doesNotMatch(await session.ask('compare-sections -r'), /MIS-MATCHED/);
      await session.ask('monitor reset');
      await session.ask('maintenance flush register-cache');
      assert.equal(await session.value('$pc', '%#x'), reset);
      assert.match(await session.ask('continue'), /printResult/);
    });
  });
}

describe('debug: GDB on firmware with interrupts', () => {
  const folder = testFolder('gdb-busy');
  afterEach(async () => {
    await gdb?.end();
    gdb = undefined;
    await server.close();
  });

  it('steps over interrupts, stops in them, unwinds them and finishes', async function () {
    const session = await debug(this, await folder.put('busy.elf', buildFirmware(boardId, BUSY, ['-g'])));
    await session.ask('tbreak work');
    await session.ask('continue');
    for (let i = 0; i < 40; i++) assert.doesNotMatch(await session.ask('stepi 100'), /Handler/);
    await session.ask('break SysTick_Handler if ms == 30');
    assert.match(await session.ask('continue'), /SysTick_Handler/);
    assert.equal(await session.value('ms'), '30');
    assert.match(await session.ask('backtrace'), /SysTick_Handler[^]*<signal handler called>[^]*main/);
    assert.match(await session.ask('finish'), /Run till exit/);
    await session.ask('delete');
    await session.ask('awatch echoed');
    await session.ask('monitor uart x');
    assert.match(await session.ask('continue'), /access \(read\/write\) watchpoint[^]*UART_Handler/);
    assert.match(
      await session.ask('info registers msp psp primask control'),
      /msp +0x[^]*psp +0x[^]*primask +0x0[^]*control +0x2/,
    );
  });

  it('stops at the guilty line of a HardFault', async function () {
    const main = `int read(int *p) { return *p; }\nint main(void) { init(); return read((int *)0x30000000); }`;
    const session = await debug(
      this,
      await folder.put('fault.elf', buildFirmware(boardId, main, ['-g', '-fno-inline'])),
    );
    const text = await session.ask('continue');
    assert.match(text, /HardFault: a read of 4 bytes at 0x30000000[^]*SIGSEGV[^]*read \(/);
    assert.match(
      await session.ask('backtrace'),
      /#0 +(0x[0-9a-f]+ in )?read \(p=[^]*#1 +0x[0-9a-f]+ in main/,
    );
    assert.match(await session.ask('monitor fault'), /HardFault/);
    assert.match(await session.ask('reverse-finish'), /main/);
    assert.match(printed, /\[HardFault/);
  });
});
