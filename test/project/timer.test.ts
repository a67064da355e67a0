import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { incOf, tinyBundle, tinyInput } from './tinyBundle.ts';

/** Instead of main.c: reads the timer after waiting, with interrupts on or off, and gives it a short period. */
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
    TIMER_Init();
    return SysTick->LOAD;
}

KEEP void setPeriod(uint32_t cycles)
{
    (void)SysTick_Config(cycles);
}

KEEP uint32_t timeAfter(uint32_t passes)
{
    wait(passes);
    return TIMER_GetTimeInUS();
}

KEEP uint32_t maskedTimeAfter(uint32_t passes)
{
    __disable_irq();
    wait(passes);
    uint32_t time = TIMER_GetTimeInUS();
    __enable_irq();
    return time;
}

int main(void)
{
    setPeriod(1);
    return (int)(start(1) + timeAfter(1) + maskedTimeAfter(1));
}
`;

describe('microsecond timer', () => {
  let folder: string;
  let elf: Uint8Array;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
    const board = findBoard('frdmke16z');
    const images = new Map([['image', incOf(tinyInput)]]);
    await generateProject({ board, bundle: await tinyBundle(), images, weights: 'flash', outDir: folder });
    writeFileSync(path.join(folder, 'source', 'main.c'), harness);
    // SystemCoreClock is the harness' here
    writeFileSync(path.join(folder, 'bsp', 'clock_config.c'), '');
    elf = new Uint8Array(readFileSync((await buildProject(folder, { with: 'gcc' })).elf));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const megahertz of [30, 40, 48, 75]) {
    it(`takes the longest period of whole microseconds at ${megahertz} MHz`, () => {
      const machine = new Machine('frdmke16z');
      machine.load(elf);
      const load = machine.call('start', [megahertz * 1e6]).r0;
      assert.equal((load + 1) % megahertz, 0);
      assert.ok(load <= 0xffffff && load + megahertz > 0xffffff);
    });
  }

  /** The timer at 10 cycles a microsecond with a short period, so that its end falls on every place of the code. */
  function shortPeriods(usPerPeriod: number): Machine {
    const machine = new Machine('frdmke16z');
    machine.load(elf);
    machine.call('start', [10e6]);
    const words = (n: number): Uint8Array => new Uint8Array(Uint32Array.of(n).buffer);
    machine.writeMemory(machine.symbol('usPerPeriod').address, words(usPerPeriod));
    machine.call('setPeriod', [usPerPeriod * 10]);
    return machine;
  }

  it('tells the time to the microsecond wherever the period ends', () => {
    for (const usPerPeriod of [67, 101, 1000]) {
      const machine = shortPeriods(usPerPeriod);
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

  it('is right when the interrupt cannot run', () => {
    const machine = shortPeriods(1000);
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
