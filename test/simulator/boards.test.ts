import assert from 'node:assert/strict';
import { boards } from '../../extension/board/catalogue.ts';
import { simulatedBoards } from '../../extension/simulator/boards/boards.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { oneOfEachConsole } from './consoles.ts';
import { bootCode, buildFirmware } from './firmware.ts';

/* Firmware of our own, built here, that polls the very gates the SDK's boot code polls, on each of the simulated boards. */

const hello = `
static int initialised = 42, zeroed;
int main(void) {
  init();
  if (initialised != 42 || zeroed != 0) __builtin_trap();
  print("Hello, board\\r\\n");
  return 0;
}`;

const echo = `
static volatile char last;
void UART_Handler(void) { while (RECEIVED) { last = RECEIVE; put(last ^ 0x20); } }
int main(void) {
  init();
  RECEIVE_INTERRUPT;
  R32(0xE000E100) = 1u << INTERRUPT;
  for (;;) __asm volatile("wfi");
}`;

const sendByInterrupt = `
static const char *volatile next = "sent by interrupt\\r\\n";
void UART_Handler(void) {
  if (!*next) { TRANSMIT_INTERRUPT_OFF; return; }
  DATA = *next;
  next++;
}
int main(void) {
  init();
  TRANSMIT_INTERRUPT;
  R32(0xE000E100) = 1u << INTERRUPT;
  for (;;) __asm volatile("wfi");
}`;

const overrun = `
int main(void) {
  init();
  while (!RECEIVED) {}
  for (volatile int i = 0; i < 40000; i++) {}
  while (RECEIVED) put(RECEIVE);
  put('.');
  return 0;
}`;

function collect(machine: Machine): { text: string; times: number[] } {
  const seen = { text: '', times: [] as number[] };
  machine.onUart = (byte, timeUs) => {
    seen.text += String.fromCharCode(byte);
    seen.times.push(timeUs);
  };
  return seen;
}

describe('simulator: the boards', () => {
  it('are those that the tests have code for', () => {
    assert.deepEqual(
      simulatedBoards()
        .map((b) => b.id)
        .sort(),
      Object.keys(bootCode).sort(),
    );
  });

  it('are those with board support of our own, which has run nowhere else', () => {
    assert.deepEqual(
      simulatedBoards().map((b) => b.id),
      boards().flatMap((b) => (b.bsp ? [b.id] : [])),
    );
  });

  it('have the last bytes of RAM that the linker scripts of LPC8xx leave to the boot ROM', () => {
    for (const [id, end] of [
      ['lpc845breakout', 0x10004000],
      ['lpcxpresso860max', 0x10002000],
    ] as const) {
      const machine = new Machine(id);
      machine.writeMemory(end - 4, Uint8Array.of(1, 2, 3, 4));
      assert.deepEqual([...machine.readMemory(end - 4, 4)], [1, 2, 3, 4]);
      assert.throws(() => machine.readMemory(end, 4));
    }
  });

  for (const { id, console } of simulatedBoards()) {
    it(`${id} boots, prints, and takes ten bit times a byte`, () => {
      const machine = new Machine(id);
      const seen = collect(machine);
      machine.load(buildFirmware(id, hello));
      assert.equal(machine.run(50e6), 'idle');
      assert.equal(seen.text, 'Hello, board\r\n');
      const byteUs = 1e7 / console!.baudRate;
      for (let i = 1; i < seen.times.length; i++) {
        const gap = seen.times[i]! - seen.times[i - 1]!;
        // the divisors miss the rate by up to 1.5 %, and the loop around put() takes its time
        assert.ok(gap > byteUs * 0.98 && gap < byteUs * 1.03, `${gap} us between bytes, ${byteUs} expected`);
      }
    });
  }

  for (const { id, console } of oneOfEachConsole) {
    it(`${id} receives: interrupt, echo`, () => {
      const machine = new Machine(id);
      const seen = collect(machine);
      machine.load(buildFirmware(id, echo));
      assert.equal(machine.run(50e6), 'idle', 'asleep until something comes');
      machine.send(Buffer.from('GlowPort'));
      assert.equal(machine.run(50e6), 'idle');
      assert.equal(seen.text, 'gLOWpORT');
    });

    it(`${id} sends by interrupt`, () => {
      const machine = new Machine(id);
      const seen = collect(machine);
      machine.load(buildFirmware(id, sendByInterrupt));
      assert.equal(machine.run(50e6), 'idle');
      assert.equal(seen.text, 'sent by interrupt\r\n');
      assert.ok(machine.instructions < 4000, 'the core slept meanwhile');
    });

    it(`${id} loses bytes that nobody takes in time`, () => {
      const machine = new Machine(id);
      const seen = collect(machine);
      machine.load(buildFirmware(id, overrun));
      assert.equal(machine.run(50e6), 'idle', 'polls its receiver');
      assert.equal(seen.text, '');
      machine.send(Buffer.from('0123456789abcdef'));
      assert.equal(machine.run(50e6), 'idle');
      const kept = console!.fifo;
      const got = seen.text.slice(0, -1);
      assert.ok(seen.text.endsWith('.') && got.length >= 1 && got.length <= kept + 1, seen.text);
      assert.equal(got, '0123456789abcdef'.slice(0, got.length), 'the oldest are kept');
    });
  }

  for (const { id, console } of simulatedBoards()) {
    const gate = console!.gate;
    it(`${id}: a console without its clock ${gate.whenOff === 'fault' ? 'faults' : 'stays silent'}`, () => {
      const source = buildFirmware(id, 'int main(void) { put(65); return 0; }');
      const machine = new Machine(id);
      const seen = collect(machine);
      machine.load(source);
      if (gate.whenOff === 'fault') {
        assert.equal(machine.run(1e6), 'fault');
        assert.match(machine.fault!.message, /UART\d has no clock \((SIM|PCC)_.* is not set\)/);
      } else {
        assert.equal(machine.run(1e6), 'idle');
      }
      assert.equal(seen.text, '');
    });
  }

  it('wait for their oscillators as the real ones do: nothing is ready that was not enabled', () => {
    const machine = new Machine('frdmke16z');
    machine.load(
      buildFirmware(
        'frdmke16z',
        'int main(void) { while (!(R32(0x40064500) & 0x01000000)) {} init(); put(65); return 0; }',
      ),
    );
    const seen = collect(machine);
    assert.equal(machine.run(1e6), 'idle');
    assert.equal(seen.text, '');
  });
});
