import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { Random } from '../support/random.ts';
import { incOf, tinyBundle, tinyInput } from './tinyBundle.ts';

/** Instead of main.c: reads the timer after waiting, with interrupts on or off, or with the counter where a test wants it. */
const harness = `
#include "fsl_device_registers.h"
#include "timer.h"

#define KEEP __attribute__((noinline))

uint32_t SystemCoreClock;

static void wait(uint32_t passes)
{
    while (passes-- != 0U)
    {
        __asm volatile("");
    }
}

KEEP uint32_t start(uint32_t coreClock)
{
    SystemCoreClock = coreClock;
    init_timer();
    return SysTick->LOAD;
}

/* What the timer says so many cycles after the start of a period, with the counter stopped. */
KEEP uint32_t microseconds(uint32_t cycles)
{
    SysTick->LOAD = 7U;
    SysTick->VAL  = 0U;
    SysTick->CTRL = SysTick_CTRL_CLKSOURCE_Msk | SysTick_CTRL_ENABLE_Msk;
    SysTick->CTRL = SysTick_CTRL_CLKSOURCE_Msk;
    SysTick->LOAD = cycles + SysTick->VAL - 1U;
    return (uint32_t)get_time_in_us();
}

KEEP uint32_t timeAfter(uint32_t passes)
{
    wait(passes);
    return (uint32_t)get_time_in_us();
}

KEEP uint32_t maskedTimeAfter(uint32_t passes)
{
    __disable_irq();
    wait(passes);
    uint32_t time = (uint32_t)get_time_in_us();
    __enable_irq();
    return time;
}

int main(void)
{
    return (int)(start(1) + microseconds(1) + timeAfter(1) + maskedTimeAfter(1));
}
`;

describe('microsecond timer', () => {
  const board = findBoard('frdmke16z');
  let folder: string;
  let elf: Uint8Array;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
    const images = new Map([['image', incOf(tinyInput)]]);
    await generateProject({
      board,
      bundle: await tinyBundle(),
      testData: images,
      weights: 'flash',
      outDir: folder,
    });
    writeFileSync(path.join(folder, 'source', 'main.c'), harness);
    // SystemCoreClock is the harness' here
    writeFileSync(path.join(folder, 'bsp', 'clock_config.c'), '');
    elf = await build();
  });
  const build = async (): Promise<Uint8Array> =>
    new Uint8Array(readFileSync((await buildProject(folder, { with: 'gcc' })).elf));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has a period of 16.4 ms at every core clock, the nearest whole number of megahertz', () => {
    const machine = new Machine(board.id);
    machine.load(elf);
    for (const [hertz, megahertz] of [
      [30e6, 30],
      [74_999_808, 75],
      [47_972_352, 48],
      [996e6, 996],
      [1024e6, 1024],
    ] as const) {
      assert.equal(machine.call('start', [hertz]).r0 + 1, megahertz * 16384);
    }
  });

  it('turns every count of cycles into the whole microseconds that have passed', () => {
    const machine = new Machine(board.id);
    machine.load(elf);
    const random = new Random(12);
    for (const megahertz of [1, 30, 48, 75, 600, 996, 1024]) {
      machine.call('start', [megahertz * 1e6]);
      const period = megahertz * 16384;
      const edges = [1, megahertz - 1, megahertz, period - megahertz - 1, period - megahertz, period - 9];
      for (const cycles of [...edges, ...Array.from({ length: 60 }, () => random.int(1, period - 9))]) {
        const us = machine.call('microseconds', [cycles]).r0;
        assert.equal(us, Math.floor(cycles / megahertz), `${cycles} cycles at ${megahertz} MHz`);
      }
    }
  });

  /** The timer at 10 cycles a microsecond with a short period, so that its end falls on every place of the code. */
  async function shortPeriods(bits: number): Promise<Machine> {
    const timer = path.join(folder, 'source', 'timer.c');
    const text = readFileSync(timer, 'utf8');
    const short = text
      .replace(/(?<=#define PERIOD_BITS +)\d+/, String(bits))
      .replace('32 - PERIOD_BITS', '18');
    assert.notEqual(short, text);
    writeFileSync(timer, short);
    const machine = new Machine(board.id);
    machine.load(await build());
    writeFileSync(timer, text);
    machine.call('start', [10e6]);
    return machine;
  }

  it('tells the time to the microsecond wherever the period ends', async () => {
    for (const bits of [6, 7, 10]) {
      const machine = await shortPeriods(bits);
      const begin = machine.cycles;
      let last = 0;
      for (let i = 0; i < 4000; i++) {
        const before = machine.cycles;
        const time = machine.call('timeAfter', [i % 37]).r0;
        const after = machine.cycles;
        assert.ok(time >= last, `call ${i}: ${time} after ${last}`);
        // the counter is read somewhere between the start and the end of the call
        assert.ok(
          time >= Math.floor((before - begin) / 10) - 1,
          `call ${i}: ${time} us, at least ${(before - begin) / 10}`,
        );
        assert.ok(
          time <= Math.ceil((after - begin) / 10) + 1,
          `call ${i}: ${time} us, at most ${(after - begin) / 10}`,
        );
        last = time;
      }
    }
  });

  it('is right when the interrupt cannot run', async () => {
    const machine = await shortPeriods(10);
    const begin = machine.cycles;
    for (let i = 0; i < 3000; i++) {
      const before = machine.cycles;
      const time = machine.call('maskedTimeAfter', [i % 53]).r0;
      const after = machine.cycles;
      assert.ok(
        time >= Math.floor((before - begin) / 10) - 1,
        `call ${i}: ${time} us, at least ${(before - begin) / 10}`,
      );
      assert.ok(
        time <= Math.ceil((after - begin) / 10) + 1,
        `call ${i}: ${time} us, at most ${(after - begin) / 10}`,
      );
    }
  });
});
