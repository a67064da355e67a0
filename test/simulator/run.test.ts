import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { simulate } from '../../extension/simulator/run/run.ts';
import { openSimulatedBoard, type SimulatedBoardStop } from '../../extension/simulator/run/session.ts';
import { buildFirmware } from './firmware.ts';

const boardId = 'frdmke16z';

const report = `
const volatile unsigned char image[4] = { 1, 2, 3, 4 };
__attribute__((noinline)) int network(void) { int s = 0; for (int i = 0; i < 4; i++) s += image[i]; return s; }
int main(void) {
  init();
  int s = network();
  print("Inference time: measuring\\r\\nInference time = 0 (us)\\r\\n");
  print("Top1 class = "); put('0' + s / 10); put('0' + s % 10); print(" \\r\\nInference time = 12 (us)\\r\\nmore\\r\\n");
  return 0;
}`;
const spin = 'int main(void) { init(); put(10); volatile unsigned n = 1; for (;;) n = n * 3 + 1; }';

describe('simulator: runs in a worker thread', () => {
  it('stops when a report is whole, not at a time that belongs to none', async () => {
    const chunks: [string, number][] = [];
    const result = await simulate({
      boardId,
      firmware: buildFirmware(boardId, report),
      untilReport: true,
      profile: true,
      onUart: (bytes, timeUs) => chunks.push([Buffer.from(bytes).toString(), timeUs]),
    });
    assert.equal(result.stop, 'report');
    const lines = [
      ...['Inference time: measuring\r\n', 'Inference time = 0 (us)\r\n'],
      ...['Top1 class = 10 \r\n', 'Inference time = 12 (us)\r\n'],
    ];
    assert.equal(Buffer.from(result.uart).toString(), lines.join(''));
    assert.deepEqual(
      chunks.map(([text]) => text),
      lines,
    );
    const times = [1500, ...chunks.map(([, timeUs]) => timeUs), result.timeUs];
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.ok(Math.abs(result.timeUs - result.cycles / 48) < 1e-6);
    assert.equal(result.symbols!.get('network')!.calls, 1);
    assert.ok(result.stackBytes > 0 && result.stackBytes < 100);
    assert.equal(result.fault, undefined);
  });

  it('stops when there is nothing left to do', async () => {
    const result = await simulate({ boardId, firmware: buildFirmware(boardId, report) });
    assert.equal(result.stop, 'idle');
    assert.match(Buffer.from(result.uart).toString(), /more\r\n$/);
    assert.equal(result.symbols, undefined);
  });

  it('writes other data over symbols', async () => {
    const patches = [{ symbol: 'image', bytes: Uint8Array.of(20, 20, 20, 9) }];
    const result = await simulate({ boardId, firmware: buildFirmware(boardId, report), patches });
    assert.match(Buffer.from(result.uart).toString(), /^Top1 class = 69 /m);
  });

  it('stops at the cycle limit', async () => {
    const result = await simulate({ boardId, firmware: buildFirmware(boardId, spin), cycleLimit: 3_000_000 });
    assert.equal(result.stop, 'cycle-limit');
    assert.ok(result.cycles >= 3_000_000 && result.cycles < 3_000_010);
  });

  describe('does not count what printing takes', () => {
    /** 1,000 lines of 10 bytes, and a last one; a byte takes 4,167 cycles. */
    const lines = 'for (int i = 0; i < 1000; i++) print("12345678\\r\\n"); print("end\\r\\n");';
    const cyclesPerByte = 48e6 / 11520;
    const run = async (main: string, bytes?: number): Promise<[string, boolean, number]> => {
      const printing = bytes === undefined ? {} : { printing: { cyclesPerByte, bytes } };
      const firmware = buildFirmware(boardId, `int main(void) { init(); ${main} }`);
      const { stop, uart, cycles } = await simulate({ boardId, firmware, cycleLimit: 3e6, ...printing });
      return [stop, Buffer.from(uart).toString().endsWith('end\r\n'), cycles];
    };

    it('to its end, however long that is', async () => {
      assert.deepEqual((await run(`${lines} return 0;`)).slice(0, 2), ['cycle-limit', false]);
      const [stop, whole, cycles] = await run(`${lines} return 0;`, 1e6);
      assert.deepEqual([stop, whole], ['idle', true]);
      assert.ok(cycles > 40e6);
    });

    it('unless there is more than the bytes allowed', async () => {
      const [stop, , cycles] = await run(`for (;;) { ${lines} }`, 5000);
      assert.equal(stop, 'cycle-limit');
      assert.ok(cycles > 20e6 && cycles < 25e6);
    });

    it('and still ends what hangs, also after it has printed', async () => {
      const [stop, whole, cycles] = await run(
        `print("end\\r\\n"); volatile unsigned n = 1; for (;;) n++;`,
        1e6,
      );
      assert.deepEqual([stop, whole], ['cycle-limit', true]);
      assert.ok(cycles < 3.5e6);
    });
  });

  it('reports a fault', async () => {
    const result = await simulate({
      boardId,
      firmware: buildFirmware(boardId, 'int main(void) { return *(volatile int *)0x70000000; }'),
    });
    assert.equal(result.stop, 'fault');
    assert.match(result.fault!.message, /read of 4 bytes at 0x70000000/);
    assert.equal(result.fault!.address, 0x70000000);
    assert.equal(Object.keys(result.fault!.registers).length, 17);
  });

  it('is cancelled in the middle of a tight loop, and says how far it came', async () => {
    const abort = new AbortController();
    const result = await simulate({
      boardId,
      firmware: buildFirmware(boardId, spin),
      cycleLimit: 1e15,
      signal: abort.signal,
      onUart: () => {
        abort.abort();
      },
    });
    assert.equal(result.stop, 'cancelled');
    assert.ok(result.cycles > 4000);
    assert.equal(Buffer.from(result.uart).toString(), '\n');
  });

  it('does not begin when it is cancelled beforehand', async () => {
    const result = await simulate({ boardId, firmware: Buffer.from('x'), signal: AbortSignal.abort() });
    assert.equal(result.stop, 'cancelled');
  });

  it('hands PortErrors over from the thread', async () => {
    const refuses = async (
      options: Parameters<typeof simulate>[0],
      code: string,
      message: RegExp,
    ): Promise<void> => {
      await assert.rejects(simulate(options), (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
    };
    await refuses(
      { boardId: 'nonesuch', firmware: new Uint8Array(8) },
      'board',
      /"nonesuch" cannot be simulated/,
    );
    await refuses({ boardId, firmware: new Uint8Array(8) }, 'input', /no vector table/);
  });
});

describe('simulator: sessions', () => {
  /** A session with what it said so far. */
  async function open(main: string, realTime = true) {
    const seen = { text: '', stops: [] as SimulatedBoardStop[], lastTimeUs: 0 };
    let wake: () => void = () => undefined;
    const session = await openSimulatedBoard({
      boardId,
      firmware: buildFirmware(boardId, main),
      realTime,
      onUart: (bytes, timeUs) => {
        seen.text += Buffer.from(bytes).toString();
        seen.lastTimeUs = timeUs;
        wake();
      },
      onStop: (stop) => {
        seen.stops.push(stop);
        wake();
      },
    });
    const until = async (condition: () => boolean): Promise<void> => {
      while (!condition()) await new Promise<void>((resolve) => (wake = resolve));
    };
    return { session, seen, until };
  }

  it('prints, receives, resets, and says nothing after close', async () => {
    const { session, seen, until } = await open(
      'int main(void) { init(); print("ready\\n"); for (;;) { while (!RECEIVED) {} put(RECEIVE ^ 0x20); } }',
    );
    await until(() => seen.text === 'ready\n');
    session.send(Buffer.from('glow'));
    await until(() => seen.text === 'ready\nGLOW');
    session.send(Buffer.from('port'));
    await until(() => seen.text === 'ready\nGLOWPORT');
    session.reset();
    await until(() => seen.text === 'ready\nGLOWPORTready\n');
    await session.close();
    await session.close();
    session.send(Buffer.from('x'));
    assert.equal(seen.text, 'ready\nGLOWPORTready\n');
    assert.deepEqual(seen.stops, []);
  });

  it('runs no faster than the board when it ticks', async () => {
    const start = performance.now();
    const { session, seen, until } = await open(`
volatile int ms; void SysTick_Handler(void) { if (++ms % 50 == 0) put('\\n'); }
int main(void) { init(); R32(0xE000E014) = 47999; R32(0xE000E018) = 0; R32(0xE000E010) = 7; for (;;) {} }`);
    await until(() => seen.text.length >= 6);
    const wallMs = performance.now() - start;
    // a bound from below only: simulated time never runs ahead of the clock on the wall
    assert.ok(seen.lastTimeUs / 1000 <= wallMs + 20, `${seen.lastTimeUs} us simulated in ${wallMs} ms`);
    await session.close();
  });

  it('tells of a fault, and starts again by reset', async () => {
    const { session, seen, until } = await open(
      'int main(void) { init(); print("up\\n"); __builtin_trap(); }',
      false,
    );
    await until(() => seen.stops.length === 1);
    const stop = seen.stops[0]!;
    assert.ok(stop.reason === 'fault');
    assert.match(stop.fault.message, /0xDEFF/);
    session.reset();
    await until(() => seen.stops.length === 2);
    assert.equal(seen.text, 'up\nup\n');
    await session.close();
  });

  it('refuses firmware that cannot be loaded', async () => {
    const open = openSimulatedBoard({
      boardId,
      firmware: new Uint8Array(100),
      onUart: () => undefined,
      onStop: () => undefined,
    });
    await assert.rejects(open, (e) => {
      assert.ok(e instanceof UserError);
      assert.match(e.sentence.template, /^The firmware has no vector table for the \{0\} at /);
      assert.deepEqual(
        e.remedies.map((r) => r.do),
        ['advice'],
      );
      return true;
    });
  });
});
