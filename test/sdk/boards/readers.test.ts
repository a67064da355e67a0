import assert from 'node:assert/strict';
import { readBoardHeader } from '../../../extension/sdk/boards/boardHeader.ts';
import { chipNames } from '../../../extension/sdk/boards/chip.ts';
import { coreClockAfter, packageOf } from '../../../extension/sdk/boards/clockConfig.ts';
import {
  bootCore,
  coreFacts,
  cpuFlags,
  deviceCores,
  isForPart,
} from '../../../extension/sdk/boards/device.ts';
import { directivesOf, macrosOf, preprocess } from '../../../extension/sdk/boards/directives.ts';
import { evaluate } from '../../../extension/sdk/boards/expression.ts';
import { linkerMemories } from '../../../extension/sdk/boards/linkerScript.ts';
import { runnerNames } from '../../../extension/sdk/boards/runner.ts';

const NONE = { value: () => undefined };

describe('a constant expression', () => {
  it('is computed as C and the linker do', () => {
    for (const [text, value] of [
      ['0x20000000 + 0x400', 0x20000400],
      ['64K - 0x10', 65520],
      ['2 + 3 * 4 - 8 / 2', 10],
      ['(1 << 4) | 3', 19],
      ['!0 && (2 > 1 || 0)', 1],
      ['1 ? 2 : 3 ? 4 : 5', 2],
      ['-1 + 2', 1],
      ['5U == 5UL', 1],
    ] as const) {
      assert.equal(evaluate(text, NONE), value, text);
    }
  });

  it('is unknown where a name is, unless the name does not matter', () => {
    assert.equal(evaluate('x + 1', NONE), undefined);
    assert.equal(evaluate('x && 0', NONE), 0);
    assert.equal(evaluate('1 || x', NONE), 1);
    assert.equal(evaluate('1 / 0', NONE), undefined);
  });

  it('is none when it does not end, goes too deep or is too long', () => {
    for (const text of [
      '',
      '(',
      '1 +',
      '1 2',
      ')',
      'f(',
      '"',
      '('.repeat(5000),
      '!'.repeat(1900),
      '1+'.repeat(2000),
    ]) {
      assert.equal(evaluate(text, NONE), undefined, text.slice(0, 20));
    }
  });
});

describe('the memories of a linker script', () => {
  const script = (memory: string, more = ''): string =>
    `SIZE = DEFINED(__big__) ? 0x8000 : 0x4000;\n/* m_text (RX) : ORIGIN = 9, LENGTH = 9 */\nMEMORY\n{\n${memory}\n}\nSECTIONS\n{\n${more}\n  .bss :\n  {\n    *(.bss*)\n  } > m_data\n}\n`;

  it('are from the first to the last address of code, and the RAM that variables are in first', () => {
    const memories = linkerMemories(
      script(`  m_interrupts (RX)  : ORIGIN = 0x00000000, LENGTH = 0x00000200
  m_config  (RX)  : ORIGIN = 0x00000400, LENGTH = 0x00000010
  m_text (RX)  : ORIGIN = 0x00000410, LENGTH = SIZE - 0x410
  m_core1_image (RX) : ORIGIN = 0x4000, LENGTH = 0x4000
  m_ramx (RW)  : ORIGIN = 0x04000000, LENGTH = 16K
  m_data (RW)  : ORIGIN = 0x20000000, LENGTH = 0x2000
  m_usb_sram (RW)  : ORIGIN = 0x40100000, LENGTH = 0x4000`),
    );
    assert.deepEqual(memories, {
      flash: { name: 'flash', origin: 0, size: 0x4000 },
      codeOffset: 0x410,
      ram: [
        { name: 'm_data', origin: 0x20000000, size: 0x2000 },
        { name: 'm_ramx', origin: 0x04000000, size: 0x4000 },
      ],
      bootSections: [],
    });
  });

  it('ask for what a boot ROM reads, where that lies before the code', () => {
    const boot = '  .boot : { KEEP(*(.boot_hdr.conf)) } > m_flash_config';
    const at = (config: string): string =>
      `  m_flash_config (RX) : ORIGIN = ${config}, LENGTH = 0x1000
  m_text (RX) : ORIGIN = 0x60002400, LENGTH = 0x1000
  m_data (RW) : ORIGIN = 0x20000000, LENGTH = 0x2000`;
    const inFlash = linkerMemories(script(at('0x60000000'), boot))!;
    assert.deepEqual([inFlash.bootSections, inFlash.flash.origin], [['.boot_hdr.conf'], 0x60000000]);
    assert.deepEqual(linkerMemories(script(at('0x80000400'), boot))!.bootSections, []);
  });

  it('are unknown where a number is missing or no address of the core', () => {
    for (const length of ['NOBODY', '0', '-1', '0x200000000', '(', '1 2']) {
      assert.equal(
        linkerMemories(
          script(
            `  m_text (RX) : ORIGIN = 0, LENGTH = ${length}\n  m_data (RW) : ORIGIN = 0x20000000, LENGTH = 1`,
          ),
        ),
        undefined,
        length,
      );
    }
    assert.equal(linkerMemories(''), undefined);
    assert.equal(linkerMemories('MEMORY {'.repeat(10_000)), undefined);
  });
});

describe('a header, as the preprocessor reads it', () => {
  const included = (text: string, defines: readonly string[] = []): string[] => {
    const names: string[] = [];
    preprocess(directivesOf(text), macrosOf(defines), (name) => names.push(name));
    return names;
  };

  it('includes what its conditions let through', () => {
    const text = `#include <stdint.h>
#include "a.h" // "no.h"
/* #include "no.h" */
#if defined(X) && \\
    (X > 1U)
#include "b.h"
#elif defined Y
#  include "c.h"
#else
#include "d.h"
#endif
#ifndef X
#define LOCAL 3
#endif
#if (LOCAL == 3)
#include "e.h"
#endif`;
    assert.deepEqual(included(text), ['a.h', 'd.h', 'e.h']);
    assert.deepEqual(included(text, ['X=2']), ['a.h', 'b.h']);
    assert.deepEqual(included(text, ['X', 'Y=0']), ['a.h', 'c.h']);
  });

  it('takes no branch of a condition in one that is not taken', () => {
    assert.deepEqual(
      included('#if 0\n#if 1\n#include "a.h"\n#else\n#include "b.h"\n#endif\n#endif\n#else\n#endif'),
      [],
    );
  });
});

describe("a device's description", () => {
  const cores = deviceCores(`#if (defined(CPU_MIMXRT1176AVM8A_cm4) || defined(CPU_MIMXRT1176DVMAA_cm4))
#include "MIMXRT1176_cm4.h"
#elif (defined(CPU_MIMXRT1176AVM8A_cm7) || \\
  defined(CPU_MIMXRT1176DVMAA_cm7))
#include "MIMXRT1176_cm7.h"
#endif`);

  it('names its parts, and the core that starts first', () => {
    assert.equal(cores.length, 4);
    assert.deepEqual(bootCore(cores, 'MIMXRT1176DVMAA'), {
      macro: 'CPU_MIMXRT1176DVMAA_cm7',
      part: 'MIMXRT1176DVMAA',
      suffix: '_cm7',
      header: 'MIMXRT1176_cm7',
    });
    assert.equal(bootCore(cores, 'MIMXRT1176'), undefined);
    const both = deviceCores(
      '#if defined(CPU_A_cm7)\n#include "A7.h"\n#elif defined(CPU_A_cm33)\n#include "A33.h"\n#endif',
    );
    assert.equal(bootCore(both, 'A')?.header, 'A33');
  });

  it('tells the core, its FPU and its DSP instructions, and gcc its flags', () => {
    const facts = (text: string): ReturnType<typeof coreFacts> => coreFacts(directivesOf(text));
    const m33 = facts('#define __FPU_PRESENT 0\n#define __DSP_PRESENT 0\n#include "core_cm33.h" /* core */');
    assert.deepEqual(m33, { core: 'cortex-m33', fpu: false, dsp: false });
    assert.deepEqual(cpuFlags({ core: 'cortex-m33', fpu: false, dsp: false }), [
      '-mcpu=cortex-m33+nodsp',
      '-mthumb',
      '-mfloat-abi=soft',
    ]);
    assert.deepEqual(cpuFlags({ core: 'cortex-m33', fpu: true, dsp: true }), [
      '-mcpu=cortex-m33',
      '-mthumb',
      '-mfloat-abi=hard',
      '-mfpu=fpv5-sp-d16',
    ]);
    assert.deepEqual(facts('#define __FPU_PRESENT 1\n#include "core_cm7.h"'), {
      core: 'cortex-m7',
      fpu: true,
      dsp: true,
    });
    assert.equal(facts('#include "core_cm4.h"'), 'Cortex-M4');
    assert.equal(facts('#include "core_cm3.h"'), undefined);
  });

  it("says whether a file's name is for a part", () => {
    assert.ok(isForPart('MKE17Z512xxx9', 'MKE17Z512VLL9') && isForPart('LPC865', 'LPC865M201JBD64'));
    assert.ok(
      !isForPart('MKE17Z256xxx9', 'MKE17Z512VLL9') && !isForPart('LPC865M201JBD64x', 'LPC865M201JBD64'),
    );
  });
});

describe("a board's own files", () => {
  it('board.h names the board, its console and how that is connected', () => {
    assert.deepEqual(
      readBoardHeader(`#define BOARD_NAME "LPCXpresso999"
#define BOARD_DEBUG_USART_BASEADDR   (uint32_t) USART0
#define BOARD_DEBUG_USART_CLK_ATTACH kUART0_Clk_From_MainClk
#ifndef BOARD_DEBUG_USART_BAUDRATE
#define BOARD_DEBUG_USART_BAUDRATE (9600U)
#endif`),
      {
        name: 'LPCXpresso999',
        uart: 'USART0',
        baudRate: 9600,
        attach: { call: 'CLOCK_Select(BOARD_DEBUG_USART_CLK_ATTACH)', value: 'kUART0_Clk_From_MainClk' },
      },
    );
    assert.deepEqual(readBoardHeader(''), {
      name: undefined,
      uart: undefined,
      baudRate: undefined,
      attach: undefined,
    });
  });

  it('clock_config says the clock of the core that is built for', () => {
    const header = `#if __CORTEX_M == 7
#define BOARD_BOOTCLOCKRUN_CORE_CLOCK 792000000UL
#else
#define BOARD_BOOTCLOCKRUN_CORE_CLOCK 240000000UL
#endif`;
    const source =
      'void BOARD_InitBootClocks(void)\n{\n    BOARD_BootClockRUN();\n}\n * package_id: MCXC444VLH\n';
    const clock = (core: number): number | undefined =>
      coreClockAfter('BOARD_InitBootClocks', source, header, macrosOf([`__CORTEX_M=${core}`]));
    assert.deepEqual([clock(7), clock(33)], [792e6, 240e6]);
    assert.equal(
      coreClockAfter('BOARD_BootClockRUN', '- {id: hclk.outFreq, value: 260 MHz}', '', new Map()),
      260e6,
    );
    assert.equal(coreClockAfter('BOARD_InitBootClocks', '', header, new Map()), undefined);
    assert.equal(packageOf(source), 'MCXC444VLH');
  });

  it('board_runner.cmake hands each flash tool a name; Kconfig says what stands in it', () => {
    const kconfig = `choice
    config MCUX_HW_DEVICE_PART_AB1VLH
    bool "Device part AB1VLH"
    select MCUX_HW_DEVICE_ID_AB1xxxA
endchoice
config MCUX_HW_DEVICE_ID
    string
    default "AB0" if MCUX_HW_DEVICE_ID_AB0
    default "AB1xxxA" if MCUX_HW_DEVICE_ID_AB1xxxA

config MCUX_TOOLCHAIN_JLINK_CPU_IDENTIFIER
    string
    default "AB1" if MCUX_HW_DEVICE_ID_AB1xxxA
`;
    assert.deepEqual(chipNames(kconfig, 'AB1VLH'), { device: 'AB1xxxA', jlink: 'AB1' });
    assert.deepEqual(chipNames(kconfig, 'AB2VLH'), { device: undefined, jlink: undefined });
    const text = `if(\${core_id} STREQUAL cm33_core0)
    board_runner_args(jlink "--device=\${CONFIG_MCUX_HW_DEVICE_ID}_M33_0")
elseif(\${core_id} STREQUAL cm33_core1)
    board_runner_args(jlink "--device=\${CONFIG_MCUX_HW_DEVICE_ID}_M33_1")
endif()
board_runner_args(linkserver  "--device=\${CONFIG_MCUX_HW_DEVICE_ID}:BOARD")
board_runner_args(linkserver  "--device=\${NOBODY}:$(reboot)")
`;
    assert.deepEqual(runnerNames(text, { device: 'AB1', jlink: 'AB1' }, 'cm33_core0'), {
      jlink: 'AB1_M33_0',
      linkserver: 'AB1:BOARD',
    });
  });
});
