import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { runFirmware } from '../support/runFirmware.ts';
import { incOf, tinyBundle, tinyInput, tinyResult } from './tinyBundle.ts';

/* timer and glow_bundle_utils bear NXP's names, so they have NXP's functions: each main() links with either's files. */

/** What NXP's headers declare; a compiler refuses another declaration of the same name beside it. */
const NXP_TIMER = 'void init_timer(void);\nint get_time_in_us(void);\n';
const NXP_UTILS = `#include <stddef.h>
#include <stdint.h>
typedef uint8_t align_t;
void *alignedAlloc(align_t alignment, size_t size);
void alignedFree(void *ptr);
`;

/** A main() that calls what AN13438's does, with the bundle's memories from the heap. */
const NOTES_MAIN = `
#include <string.h>
#include "board.h"
#include "clock_config.h"
#include "fsl_debug_console.h"
#include "pin_mux.h"
#include "timer.h"
#include "tiny.h"
#include "glow_bundle_utils.h"
${NXP_TIMER}${NXP_UTILS}
GLOW_MEM_ALIGN(TINY_MEM_ALIGN)
uint8_t constantWeight[TINY_CONSTANT_MEM_SIZE] = {
#include "tiny.weights.txt"
};
uint8_t testImage[] = {
#include "test_image.inc"
};

/* 0 when memory of every alignment is aligned, ours alone, and can be had again. */
int checkMemory(void)
{
    for (unsigned round = 0; round < 20U; round++)
    {
        for (unsigned alignment = 1; alignment < 256U; alignment++)
        {
            uint8_t *first  = alignedAlloc((align_t)alignment, 300);
            uint8_t *second = alignedAlloc((align_t)alignment, 1000);
            if (first == NULL || second == NULL || (uintptr_t)first % alignment != 0U || (uintptr_t)second % alignment != 0U)
            {
                return 1;
            }
            memset(second, 2, 1000);
            memset(first, 1, 300);
            for (int i = 0; i < 1000; i++)
            {
                if (second[i] != 2U)
                {
                    return 2;
                }
            }
            alignedFree(second);
            alignedFree(first);
        }
    }
    alignedFree(NULL);
    return (alignedAlloc(0, 8) == NULL && alignedAlloc(4, SIZE_MAX - 3U) == NULL) ? 0 : 3;
}

int main(void)
{
    BOARD_InitBootPins();
    BOARD_InitBootClocks();
    BOARD_InitDebugConsole();
    init_timer();

    uint8_t *mutableWeight = alignedAlloc(TINY_MEM_ALIGN, TINY_MUTABLE_MEM_SIZE);
    uint8_t *activations   = alignedAlloc(TINY_MEM_ALIGN, TINY_ACTIVATIONS_MEM_SIZE);
    memcpy(GLOW_GET_ADDR(mutableWeight, TINY_image), testImage, sizeof(testImage));

    uint32_t start_time = get_time_in_us();
    tiny(constantWeight, mutableWeight, activations);
    uint32_t stop_time = get_time_in_us();

    int8_t *out_data = (int8_t *)GLOW_GET_ADDR(mutableWeight, TINY_scores);
    for (int i = 0; i < 3; i++)
    {
        PRINTF("Confidence = %d\\r\\n", out_data[i]);
    }
    PRINTF("Inference time = %d (us)\\r\\n", stop_time - start_time);
    PRINTF("Memory %d\\r\\n", checkMemory());
    return 0;
}
`;

describe("NXP's file names", () => {
  const board = findBoard('frdmke16z');
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Writes other files over a project's and prints what the firmware says. */
  async function run(name: string, others: Readonly<Record<string, string>>): Promise<string> {
    const outDir = path.join(folder, name);
    const images = new Map([['image', incOf(tinyInput)]]);
    await generateProject({ board, bundle: await tinyBundle(), testData: images, weights: 'flash', outDir });
    for (const [file, text] of Object.entries(others)) writeFileSync(path.join(outDir, 'source', file), text);
    return runFirmware(board.id, new Uint8Array(readFileSync((await buildProject(outDir)).elf)));
  }

  it("take AN13438's main.c, by its declarations", async () => {
    const text = await run('theirs', { 'main.c': NOTES_MAIN });
    const values = [...text.matchAll(/Confidence = (-?\d+)/g)].map((m) => Number(m[1]));
    assert.deepEqual(values, tinyResult(tinyInput));
    const us = Number(/Inference time = (\d+)/.exec(text)?.[1]);
    assert.ok(us > 5 && us < 100, text);
    assert.match(text, /Memory 0\r\n$/);
  });

  it("may be NXP's files: main.c calls what they have", async () => {
    const text = await run('ours', {
      'timer.h': NXP_TIMER,
      'timer.c': `
#include "timer.h"
#include "fsl_device_registers.h"
static volatile int milliseconds;
void SysTick_Handler(void);
void SysTick_Handler(void) { milliseconds++; }
void init_timer(void) { (void)SysTick_Config(SystemCoreClock / 1000U); }
int get_time_in_us(void) { return milliseconds * 1000 + (int)((SystemCoreClock / 1000U - SysTick->VAL) / (SystemCoreClock / 1000000U)); }
`,
      'glow_bundle_utils.h': NXP_UTILS,
      'glow_bundle_utils.c': '',
    });
    const values = [...text.matchAll(/Confidence = (-?\d+)/g)].map((m) => Number(m[1]));
    assert.deepEqual(values, tinyResult(tinyInput));
    assert.match(text, /Inference time = \d+ \(us\)\r\n$/);
  });
});
