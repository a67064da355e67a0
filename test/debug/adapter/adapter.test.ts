import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Launch } from '../../../extension/debug/adapter/launch.ts';
import { toolPath } from '../../../extension/toolchain/find.ts';
import { debuggedNetwork } from '../../../extension/workflow/debug/debuggedNetwork.ts';
import { glowport, mnist } from '../../cli/support.ts';
import { buildFirmware } from '../../simulator/firmware.ts';
import { testFolder } from '../../support/testFolder.ts';
import { until } from '../../support/until.ts';
import { BUSY } from '../firmware.ts';
import { DapClient } from './client.ts';

const boardId = 'frdmke16z';
const gdb = toolPath('gdb') ?? '';

let client: DapClient;

/** An adapter that debugs this firmware; skips the test where there is no GDB. */
async function debug(
  test: Mocha.Context,
  elf: string,
  stopAtEntry: 'main' | boolean = 'main',
  more: Partial<Launch> = {},
): Promise<DapClient> {
  if (gdb === '') {
    console.log('      skipped: there is no GDB (gdb-multiarch or arm-none-eabi-gdb)');
    test.skip();
  }
  client = new DapClient(async () => ({
    program: elf,
    firmware: await readFile(elf),
    board: boardId,
    gdb,
    stopAtEntry,
    ...more,
  }));
  await client.launch();
  return client;
}

/** The number of the first line of a file that holds a text. */
async function lineOf(file: string, text: string): Promise<number> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return 1 + lines.findIndex((line) => line.includes(text));
}

afterEach(() => client?.adapter.close());

describe("debug: the adapter on the example's firmware", () => {
  const folder = testFolder('adapter');
  let elf = '';
  let main = '';
  let call = 0;
  let cycles = 0;

  before(async () => {
    const project = path.join(folder.path, 'project');
    elf = path.join(project, 'build', 'mnist.elf');
    main = path.join(project, 'source', 'main.c');
    const config = ['--config', path.join(mnist, 'glowport.json'), '--board', boardId];
    const ported = await glowport(folder.path, 'port', ...config, '--out', project, '--no-save');
    assert.equal(ported.code, 0, ported.err);
    call = await lineOf(main, 'int status = mnist(');
    const { out } = await glowport(folder.path, 'run', elf, '--board', boardId, '--json');
    cycles = (JSON.parse(out) as { cycles: number }).cycles;
  });

  it('stops at main, at a line and in a function, steps in, over and out, and tells the cycles', async function () {
    const session = await debug(this, elf);
    const [set, wrong] = await session.breakAt(main, { line: call }, { line: 100_000 });
    assert.deepEqual([set!.verified, set!.line, wrong!.verified], [true, call, false]);
    assert.match(wrong!.message!, /No line 100000/);
    const begin = await session.run('configurationDone');
    assert.deepEqual([begin.reason, begin.function], ['entry', 'main']);
    const atCall = await session.run('continue');
    assert.deepEqual([atCall.reason, atCall.line, atCall.hitBreakpointIds], ['breakpoint', call, [set!.id]]);
    assert.equal((await session.run('stepIn')).function, 'mnist');
    assert.equal((await session.run('stepIn', { granularity: 'instruction' })).function, 'mnist');
    const { stackFrames } = await session.ask('stackTrace', { threadId: 1 });
    assert.deepEqual(
      stackFrames.map((f) => f.name),
      ['mnist', 'main'],
    );
    assert.equal(stackFrames[1]!.source?.path, main);
    const out = await session.run('stepOut');
    assert.equal(out.function, 'main');
    assert.match(out.description!, /^Returned 0, [\d,]+ cycles on$/);
    const before = await session.next('glowportStopped');
    assert.equal((await session.run('stepBack', { granularity: 'instruction' })).function, 'mnist');
    const back = await session.next('glowportStopped');
    assert.equal(back.cycles - before.cycles, back.cyclesSinceStop);
    assert.ok(back.cyclesSinceStop < 0);
  });

  it('steps over the network in the cycles that a run counts, and back', async function () {
    const session = await debug(this, elf);
    await session.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'mnist' }] });
    await session.run('configurationDone');
    const entered = await session.run('continue');
    assert.deepEqual([entered.reason, entered.function], ['function breakpoint', 'mnist']);
    await session.ask('setFunctionBreakpoints', { breakpoints: [] });
    const first = (await session.value('(unsigned) &mnist & ~1', 'repl')).split(' ')[0]!;
    await session.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference: first }] });
    await session.run('next');
    const atFirst = await session.run('reverseContinue');
    assert.equal(atFirst.reason, 'instruction breakpoint');
    const begun = (await session.ask('glowportMonitor', { command: 'cycles' })).text;
    await session.run('stepOut');
    const ended = (await session.ask('glowportMonitor', { command: 'cycles' })).text;
    const total = (text: string): number =>
      Number(/([\d,]+) since power-on/.exec(text)![1]!.replaceAll(',', ''));
    assert.equal(total(ended) - total(begun), cycles);
  });

  it('shows and changes locals, arrays in pieces, registers and memory', async function () {
    const session = await debug(this, elf);
    await session.breakAt(main, { line: call });
    await session.run('configurationDone');
    await session.run('continue');
    const { reference, variables } = await session.scope('Locals');
    const start = variables.find((v) => v.name === 'start')!;
    assert.equal(start.type, 'uint32_t');
    const registers = await session.scope('Registers');
    assert.deepEqual(
      registers.variables
        .map((v) => v.name)
        .filter((name) => /^(sp|lr|pc|xpsr|msp|psp|primask|control)$/.test(name)),
      ['sp', 'lr', 'pc', 'xpsr', 'msp', 'psp', 'primask', 'control'],
    );
    const set = await session.ask('setVariable', {
      variablesReference: registers.reference,
      name: 'r7',
      value: '1+1',
    });
    assert.equal(set.value, '0x00000002');
    assert.equal((await session.ask('evaluate', { expression: '$r7', frameId: 1 })).result, '2');
    await assert.rejects(
      session.ask('setVariable', { variablesReference: reference, name: 'nothing', value: '1' }),
      /No symbol|unable to parse|There is no/,
    );
    const array = await session.ask('evaluate', { expression: 'activations', frameId: 1, context: 'watch' });
    assert.ok(array.indexedVariables! > 100);
    const piece = await session.ask('variables', {
      variablesReference: array.variablesReference,
      filter: 'indexed',
      start: 10,
      count: 3,
    });
    assert.deepEqual(
      piece.variables.map((v) => v.evaluateName),
      ['activations[10]', 'activations[11]', 'activations[12]'],
    );
    await session.ask('setVariable', {
      variablesReference: array.variablesReference,
      name: '11',
      value: '0x5a',
    });
    const read = await session.ask('readMemory', {
      memoryReference: array.memoryReference!,
      offset: 11,
      count: 2,
    });
    assert.equal(Buffer.from(read!.data!, 'base64')[0], 0x5a);
    const data = Buffer.from([1, 2, 3]).toString('base64');
    await session.ask('writeMemory', { memoryReference: array.memoryReference!, offset: 1, data });
    assert.match(await session.value('activations[2]'), /^2 /);
    const hex = await session.ask('evaluate', {
      expression: 'activations[2]',
      frameId: 1,
      format: { hex: true },
    });
    assert.match(hex.result, /^0x0?2$/);
    assert.match(
      (await session.ask('setExpression', { expression: 'activations[3]', value: '9', frameId: 1 })).value,
      /^9 /,
    );
    const nowhere = await session.ask('readMemory', { memoryReference: '0x60000000', count: 4 });
    assert.deepEqual([nowhere!.data, nowhere!.unreadableBytes], ['', 4]);
    await assert.rejects(session.value('nothing + 1'), /No symbol/);
    assert.match(await session.value('>info symbol main', 'repl'), /^main in section/);
    assert.match(await session.value('>monitor help', 'repl'), /monitor cycles/);
    await assert.rejects(session.value('>nonsense', 'repl'), /Undefined command/);
  });

  it('watches a place in memory, forward and back', async function () {
    const session = await debug(this, elf);
    await session.breakAt(main, { line: call });
    await session.run('configurationDone');
    await session.run('continue');
    const header = await readFile(main.replace('main.c', 'mnist.h'), 'utf8');
    const [, offset] = /#define MNIST_dense_2 +(\d+)/.exec(header)!;
    const output = `mutableWeight[${offset}]`;
    const info = await session.ask('dataBreakpointInfo', { name: output, frameId: 1 });
    assert.equal(info.description, output);
    const { breakpoints } = await session.ask('setDataBreakpoints', {
      breakpoints: [{ dataId: info.dataId! }],
    });
    assert.ok(breakpoints[0]!.verified);
    const stop = await session.run('continue');
    assert.equal(stop.reason, 'data breakpoint');
    assert.match(stop.description!, /^Changed from .* to .*, [\d,]+ cycles? on$/);
    assert.deepEqual(stop.hitBreakpointIds, [breakpoints[0]!.id]);
    assert.match(
      (await session.run('reverseContinue')).description!,
      /^Changed from .* back$/,
      'it is undone',
    );
    assert.equal((await session.run('reverseContinue')).line, call, 'the breakpoint before it');
    const bytes = await session.ask('dataBreakpointInfo', { name: '0x20000000', asAddress: true, bytes: 4 });
    assert.equal(bytes.dataId, '{unsigned char [4]} 0x20000000');
    assert.equal((await session.ask('dataBreakpointInfo', { name: '1 + 1', frameId: 1 })).dataId, null);
    await session.ask('setDataBreakpoints', { breakpoints: [{ dataId: '$_shell("true")' }] });
    assert.equal((await session.value('>info watchpoints', 'repl')).includes('_shell'), false);
  });

  it('disassembles about a place, as many as are asked for', async function () {
    const session = await debug(this, elf);
    await session.run('configurationDone');
    const pc = (await session.ask('stackTrace', { threadId: 1 })).stackFrames[0]!
      .instructionPointerReference!;
    const { instructions } = (await session.ask('disassemble', {
      memoryReference: pc,
      instructionOffset: -20,
      instructionCount: 50,
    }))!;
    assert.equal(instructions.length, 50);
    assert.equal(Number(instructions[20]!.address), Number(pc));
    assert.ok(instructions.some((i) => i.symbol === 'main' && i.location?.path === main));
    const addresses = instructions.map((i) => Number(i.address));
    assert.deepEqual(
      addresses,
      [...addresses].sort((a, b) => a - b),
    );
    const outside = (await session.ask('disassemble', {
      memoryReference: '0x0',
      instructionOffset: -3,
      instructionCount: 5,
    }))!.instructions;
    assert.equal(outside.length, 5);
    assert.equal(outside[0]!.presentationHint, 'invalid');
    const nowhere = await session.ask('disassemble', { memoryReference: '0x70000000', instructionCount: 2 });
    assert.deepEqual(
      nowhere!.instructions.map((i) => i.instruction),
      ['??', '??'],
    );
  });

  it('sets breakpoints while the board runs, pauses it, and begins again', async function () {
    const session = await debug(this, elf, false);
    await session.ask('configurationDone');
    const last = await lineOf(main, 'Inference time');
    const [set] = await session.breakAt(main, { line: last });
    assert.ok(set!.verified);
    const stop = await session.stopped();
    assert.deepEqual([stop.reason, stop.line], ['breakpoint', set!.line]);
    await session.breakAt(main);
    await session.ask('continue', { threadId: 1 });
    await until(() => session.printed('stdout').includes('Inference time'));
    const paused = await session.run('pause');
    assert.equal(paused.reason, 'pause');
    const printed = session.printed('stdout');
    assert.match(printed, /Top1 class = 7/);
    await session.breakAt(main, { line: call });
    await session.ask('restart', {});
    assert.equal((await session.stopped()).line, call);
    assert.equal(session.printed('stdout'), printed);
    await session.breakAt(main);
    await session.ask('continue', { threadId: 1 });
    await session.ask('restart', {}); // while it runs
    await until(() => session.printed('stdout').length > printed.length);
    await session.ask('terminate', {});
    await session.next('terminated');
    await assert.rejects(session.ask('threads'), /Nothing is being debugged/);
  });

  it('follows the network as the PC computes it', async function () {
    const network = await debuggedNetwork(path.dirname(path.dirname(main)));
    const session = await debug(this, elf, 'main', { network });
    const tensors = session.board!.tensors;
    assert.ok('layers' in tensors);
    assert.equal(tensors.network, 'mnist');
    await session.run('configurationDone');
    assert.ok((await tensors.layers()).every(({ state }) => state !== 'there'));
    await tensors.stopAtDifference(true);
    assert.deepEqual([tensors.stopsAtDifference, tensors.isPcSettled], [true, true]);
    await session.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'printResult' }] });
    await session.breakAt(main, { line: call + 1 });
    const compared = await session.run('continue');
    assert.ok(tensors.stop.value);
    const layers = await tensors.layers();
    const last = await tensors.tensor(layers.length - 1);
    assert.equal(last.state.verdict, 'equal');
    assert.deepEqual(Array.from(last.pc!), last.board);
    assert.match(compared.description!, /cycles on$/);
  });

  it('begins again with other firmware, and has the breakpoints there, too', async function () {
    const copy = await folder.put('copy.elf', await readFile(elf));
    const session = await debug(this, copy);
    const [set] = await session.breakAt(main, { line: call });
    await session.run('configurationDone');
    const before = session.adapter.gdbPid;
    const other = Buffer.from(await readFile(elf));
    other[other.length - 1]! ^= 1; // behind all that is loaded: other firmware that does the same
    await folder.put('copy.elf', other);
    await session.ask('restart', {});
    assert.equal((await session.stopped()).function, 'main');
    assert.notEqual(session.adapter.gdbPid, before);
    const stop = await session.run('continue');
    assert.deepEqual([stop.line, stop.hitBreakpointIds], [call, [set!.id]]);
  });

  it('ends when GDB is ended from outside', async function () {
    const session = await debug(this, elf, false);
    await session.ask('configurationDone');
    process.kill(session.adapter.gdbPid!, 'SIGKILL');
    await session.next('terminated');
    assert.match(session.printed('stderr'), /GDB has ended \(SIGKILL\)/);
  });
});

describe('debug: the adapter on firmware with interrupts, faults and counts', () => {
  const folder = testFolder('adapter-busy');

  it('counts hits, tests conditions and logs without stopping', async function () {
    const elf = await folder.put('busy.elf', buildFirmware(boardId, BUSY, ['-g', '-O1', '-fno-inline']));
    const session = await debug(this, elf);
    await session.run('configurationDone');
    const stops = async (given: object): Promise<string> => {
      await session.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'work', ...given }] });
      const { reason } = await session.run('continue');
      assert.equal(reason, 'function breakpoint');
      return session.value('n');
    };
    assert.equal(await stops({ condition: 'n == 7' }), '7');
    assert.equal(await stops({ hitCondition: '3' }), '10');
    assert.equal(await stops({ condition: 'n % 2 == 0', hitCondition: '%4' }), '18');
  });

  it('logs beside what runs, and in a step', async function () {
    const program = `
volatile int total;
__attribute__((noinline)) int add(int n) {
  total += n;
  return total;
}
int main(void) {
  init();
  add(1);
  add(2);
  add(3);
  for (;;);
}`;
    const { file, elf, line } = await built(folder, 'log', program);
    const session = await debug(this, elf);
    const [log] = await session.breakAt(file, {
      line: line('return total'),
      logMessage: 'n is {n}, total {total}',
    });
    assert.ok(log!.verified, log!.message);
    await session.run('configurationDone');
    let stop = await session.run('next');
    while (stop.line !== line('add(1)')) stop = await session.run('next');
    stop = await session.run('next');
    assert.deepEqual([stop.reason, stop.function, stop.line], ['step', 'main', line('add(2)')]);
    assert.equal(session.printed('console'), 'n is 1, total 1\n');
    stop = await session.run('next');
    assert.deepEqual([stop.function, stop.line], ['main', line('add(3)')]);
    assert.equal(session.printed('console'), 'n is 1, total 1\nn is 2, total 3\n');
  });

  it('stops at the guilty line of a HardFault, and goes back from it', async function () {
    const program = `
__attribute__((noinline)) int peek(int *p) {
  return *p;
}
int main(void) {
  init();
  return peek((int *)0x30000000);
}`;
    const { elf, line } = await built(folder, 'fault', program);
    const session = await debug(this, elf);
    await session.run('configurationDone');
    const fault = await session.run('continue');
    assert.deepEqual([fault.reason, fault.function, fault.line], ['exception', 'peek', line('return *p')]);
    assert.match(fault.text!, /HardFault: a read of 4 bytes at 0x30000000/);
    const info = await session.ask('exceptionInfo', { threadId: 1 });
    assert.equal(info.exceptionId, 'HardFault');
    assert.equal(info.description, fault.text);
    assert.match(session.printed('stderr'), /HardFault/);
    const { variables } = await session.scope('Board');
    assert.match(variables.find((v) => v.name === 'last fault')!.value, /0x30000000/);
    assert.equal((await session.run('stepBack')).function, 'main');
  });

  it('sends to the board what the monitor does, and lets it listen late', async function () {
    const elf = await folder.put('echo.elf', buildFirmware(boardId, BUSY, ['-g', '-fno-inline']));
    const session = await debug(this, elf);
    await session.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'work' }] });
    await session.run('configurationDone');
    assert.equal((await session.run('continue')).function, 'work', 'the UART is on now');
    await session.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'UART_Handler' }] });
    session.board!.send(Buffer.from('a'));
    assert.equal((await session.run('continue')).function, 'UART_Handler');
    await session.ask('setFunctionBreakpoints', { breakpoints: [] });
    await session.ask('continue', { threadId: 1 });
    let heard = '';
    session.board!.onUart((bytes) => (heard += Buffer.from(bytes).toString()));
    await until(() => heard.includes('A'));
    session.board!.send(Buffer.from('b')); // while it runs
    await until(() => heard.includes('B'));
    await session.board!.restart();
    assert.equal((await session.stopped()).function, 'main');
  });

  it('says what cannot be debugged', async function () {
    const elf = await folder.put(
      'none.elf',
      buildFirmware(boardId, 'int main(void) { init(); for (;;); }', ['-g']),
    );
    const session = await debug(this, elf);
    await assert.rejects(
      session.ask('setVariable', { variablesReference: 99, name: 'x', value: '1' }),
      /ask again/,
    );
    const failing = new DapClient(async () => ({
      program: elf,
      firmware: await readFile(elf),
      board: 'evkmimxrt1064',
      gdb,
      stopAtEntry: true,
    }));
    await assert.rejects(failing.launch(), /simulated/);
    const without = new DapClient(async () => ({
      program: elf,
      firmware: await readFile(elf),
      board: boardId,
      gdb: path.join(folder.path, 'no-gdb'),
      stopAtEntry: true,
    }));
    await assert.rejects(without.launch());
  });
});

/** Builds a program; its file is what its lines are of. */
async function built(
  folder: { readonly put: (name: string, data: string | Uint8Array) => Promise<string> },
  name: string,
  program: string,
): Promise<{ readonly file: string; readonly elf: string; readonly line: (text: string) => number }> {
  const file = await folder.put(`${name}.c`, program);
  // it is compiled as a part of another file
  const source = `#line 1 "${file}"\n${program}`;
  const elf = await folder.put(`${name}.elf`, buildFirmware(boardId, source, ['-g', '-O1']));
  const lines = program.split('\n');
  return { file, elf, line: (text) => 1 + lines.findIndex((line) => line.includes(text)) };
}
