import { findBoard } from '../../../extension/board/catalogue.ts';
import { bspView } from '../../../extension/project/bspView.ts';
import { render } from '../../../extension/project/render.ts';
import { cproject, type CprojectOptions, dotProject, helloWorld } from './projects.ts';

/*
 * Projects of our own making that have what real ones have and an SDK's hello_world has not. Their SDK is our own board
 * support, in the folders of MCUXpresso IDE, so that all of a project compiles, links and runs on the simulated board.
 */

export interface TraitProject {
  readonly title: string;
  readonly options: CprojectOptions;
  /** Files beside .cproject, .project and the SDK's, by path; `../` for what lies beside the project. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders that Eclipse links into it: where they lie, beside the project. */
  readonly links?: Readonly<Record<string, string>>;
  /** Files of the SDK that are not in it. */
  readonly without?: readonly string[];
  /** What main() does not call, as the note says it. */
  readonly leftOut?: readonly string[];
  /** Calls in main(). */
  readonly calls?: readonly string[];
  /** Lines that follow each other in main.c. */
  readonly lines?: readonly (readonly string[])[];
  /** Files that stay as they are. */
  readonly kept?: readonly string[];
  /** What is not built any more, beside the old main file. */
  readonly gone?: readonly string[];
}

const BOARD = 'frdmke16z';
export const INIT = ['BOARD_InitBootPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()'];

/** The SDK's part of a project: by path, as MCUXpresso IDE copies it. */
export function sdkPart(): Record<string, string> {
  const board = findBoard(BOARD);
  const view = bspView(board, board.bsp!, 512);
  const own = (name: string): string => render(`bsp/${name}`, view);
  const weak = '__attribute__((weak)) void board_idle(void)\n{\n}\n';
  const both = (folder: string, name: string, more = '', declared = ''): Record<string, string> => ({
    [`${folder}/${name}.c`]: own(`${name}.c`) + more,
    [`${folder}/${name}.h`]: own(`${name}.h`) + declared,
  });
  return {
    'startup/startup.c': `${own('startup.c')}\n${weak}`,
    'drivers/fsl_device_registers.h': own('fsl_device_registers.h'),
    'drivers/fsl_clock.h':
      'typedef enum { kCLOCK_Slow = 1, kCLOCK_Fast } clock_speed_t;\nvoid CLOCK_Choose(clock_speed_t speed);\n',
    'drivers/fsl_clock.c':
      '#include "fsl_clock.h"\nvoid CLOCK_Choose(clock_speed_t speed)\n{\n    (void)speed;\n}\n',
    ...both('utilities', 'fsl_debug_console'),
    ...both('board', 'board'),
    ...both('board', 'clock_config'),
    ...both(
      'board',
      'pin_mux',
      'void BOARD_InitPins(void)\n{\n    BOARD_InitBootPins();\n}\n',
      'void BOARD_InitPins(void);\n',
    ),
    'linker.ld': own('linker.ld'),
  };
}

/** An NXP-like alignedAlloc, a timer and an old network, as examples with a network have them. */
const bundleUtils = {
  h: '#include <stddef.h>\nvoid *alignedAlloc(int alignment, size_t size);\nvoid alignedFree(void *memory);\n',
  c: '#include <stdlib.h>\n#include "glow_bundle_utils.h"\nvoid *alignedAlloc(int alignment, size_t size)\n{\n    (void)alignment;\n    return malloc(size);\n}\nvoid alignedFree(void *memory)\n{\n    free(memory);\n}\n',
};
const timer = {
  h: 'void init_old_timer(void);\nint old_time(void);\n',
  c: '#include "timer.h"\n#include "fsl_device_registers.h"\nvolatile int oldTicks;\nvoid init_old_timer(void)\n{\n    SysTick_Config(48000);\n}\nint old_time(void)\n{\n    return oldTicks;\n}\nvoid SysTick_Handler(void);\nvoid SysTick_Handler(void)\n{\n    oldTicks++;\n}\n',
};
const oldMain = [
  '#include "board.h"',
  '#include "fsl_debug_console.h"',
  '#include "pin_mux.h"',
  '#include "clock_config.h"',
  '#include "timer.h"',
  '#include "glow_bundle_utils.h"',
  'int old_net(unsigned char *a, unsigned char *b, unsigned char *c);',
  'int main(void)',
  '{',
  ...INIT.map((c) => `    ${c};`),
  '    init_old_timer();',
  '    void *memory = alignedAlloc(8, 64);',
  '    old_net(memory, memory, memory);',
  '    PRINTF("%d\\r\\n", old_time());',
  '    for (;;)',
  '    {',
  '    }',
  '}',
  '',
].join('\n');
/** C of the object that stands for an old network, and has a function of the new one's name. */
export const OLD_NETWORK =
  'int old_net(unsigned char *a, unsigned char *b, unsigned char *c)\n{\n    return a == b && b == c;\n}\nint tiny(void)\n{\n    return 0;\n}\n';

/** A main file that makes what it calls. */
function ownInit(includes: readonly string[], before: readonly string[], calls: readonly string[]): string {
  const text = helloWorld(calls);
  const at = text.indexOf('/*! @brief Main');
  return [...includes, text.slice(0, at), ...before, text.slice(at)]
    .join('\n')
    .replace('        BOARD_Never();\n', '');
}

const moduleClock = [
  'const clock_speed_t audioPllConfig = kCLOCK_Fast;',
  'static void BOARD_InitModuleClock(void)',
  '{',
  '    CLOCK_Choose(audioPllConfig);',
  '}',
  'void BOARD_InitLcd(void);',
  'void BOARD_InitLcd(void)',
  '{',
  '#if defined(LCD_A)',
  '    if (LCD_A) {',
  '#else',
  '    if (1) {',
  '#endif',
  '        CLOCK_Choose(kCLOCK_Slow);',
  '    }',
  '}',
];

const sdk = sdkPart();

export const TRAITS: readonly TraitProject[] = [
  {
    title: 'a main file that defines the init functions it calls, and their configuration',
    options: { name: 'own_init', board: BOARD },
    files: {
      'source/lcd_example.c': ownInit(['#include "fsl_clock.h"'], moduleClock, [
        'BOARD_InitPins()',
        'BOARD_InitBootClocks()',
        'BOARD_InitModuleClock()',
        'CLOCK_Choose(audioPllConfig)',
        'CLOCK_Choose(kCLOCK_Fast)',
        'BOARD_InitLcd()',
        'BOARD_InitDebugConsole()',
      ]),
    },
    leftOut: ['BOARD_InitModuleClock()', 'CLOCK_Choose(audioPllConfig)', 'BOARD_InitLcd()'],
    calls: [
      'BOARD_InitBootPins()',
      'BOARD_InitBootClocks()',
      'CLOCK_Choose(kCLOCK_Fast)',
      'BOARD_InitDebugConsole()',
    ],
  },
  {
    title: 'the same in C++, in a nested folder, with Windows line endings',
    options: {
      name: 'own init cpp',
      board: BOARD,
      cpp: true,
      newline: '\r\n',
      folders: ['startup', 'drivers', 'utilities', 'board', 'app/src'],
    },
    files: {
      'app/src/deep/main.cpp':
        `extern "C" {\n${ownInit(['#include "fsl_clock.h"'], moduleClock, ['BOARD_InitPins()', 'BOARD_InitBootClocks()', 'BOARD_InitModuleClock()', 'BOARD_InitDebugConsole()'])}}\n`.replace(
          /\n/g,
          '\r\n',
        ),
    },
    leftOut: ['BOARD_InitModuleClock()'],
  },
  {
    title: 'includes and calls that stand in conditionals',
    options: { name: 'conditional', board: BOARD },
    files: {
      'source/hello_world.c': ownInit(
        [
          '#if defined(FSL_FEATURE_SOC_SYSMPU_COUNT) && \\',
          '    FSL_FEATURE_SOC_SYSMPU_COUNT',
          '#include "fsl_sysmpu.h"',
          '#endif /* FSL_FEATURE_SOC_SYSMPU_COUNT */',
          '#if !defined(__ARM_ARCH)',
          '#include "fsl_none.h"',
          '#elif (__ARM_ARCH >= 6) // ours',
          '#include "fsl_clock.h"',
          '#endif',
        ],
        [],
        INIT,
      ).replace(
        '    BOARD_InitDebugConsole();',
        [
          '#ifdef __ARM_ARCH',
          '    CLOCK_Choose(kCLOCK_Slow);',
          '#else',
          '    CLOCK_None();',
          '#endif',
          '#ifdef FSL_FEATURE_SOC_SYSMPU_COUNT',
          '    BOARD_InitMpu();',
          '#endif',
          '#ifndef NO_CONSOLE',
          '    BOARD_InitDebugConsole();',
          '#endif',
        ].join('\n'),
      ),
    },
    calls: [
      'BOARD_InitBootPins()',
      'BOARD_InitBootClocks()',
      'CLOCK_Choose(kCLOCK_Slow)',
      'CLOCK_None()',
      'BOARD_InitMpu()',
      'BOARD_InitDebugConsole()',
    ],
    lines: [
      [
        '#if defined(FSL_FEATURE_SOC_SYSMPU_COUNT) && FSL_FEATURE_SOC_SYSMPU_COUNT',
        '#include "fsl_sysmpu.h"',
        '#endif',
      ],
      ['#if !defined(__ARM_ARCH)', '#elif (__ARM_ARCH >= 6)', '#include "fsl_clock.h"', '#endif'],
      [
        '#ifdef __ARM_ARCH',
        '    CLOCK_Choose(kCLOCK_Slow);',
        '#endif',
        '#ifdef __ARM_ARCH',
        '#else',
        '    CLOCK_None();',
        '#endif',
      ],
      ['    BOARD_InitMpu();', '#endif', '    BOARD_InitDebugConsole();'],
    ],
  },
  {
    title: 'BOARD_InitBootPins declared and not defined',
    options: { name: 'declared', board: BOARD, old: true },
    files: {
      'source/hello_world.c': helloWorld(['BOARD_InitPins()', ...INIT.slice(1)]).replace(
        '        BOARD_Never();\n',
        '',
      ),
      'board/pin_mux.c': sdk['board/pin_mux.c']!.replaceAll('BOARD_InitBootPins', 'initPins').replace(
        'void initPins(void)',
        'static void initPins(void)',
      ),
    },
    calls: ['BOARD_InitPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()'],
  },
  {
    title: 'no function to set up the console with, a macro for the clocks',
    options: { name: 'lacking', board: BOARD },
    files: {
      'source/hello_world.c': helloWorld([
        'BOARD_InitBootPins()',
        'BOARD_InitBootClocks()',
        'BOARD_InitNothing()',
      ]).replace('        BOARD_Never();\n', ''),
      'board/clock_config.h': `${sdk['board/clock_config.h']!.replaceAll('BOARD_InitBootClocks', 'bootClocks')}#define BOARD_InitBootClocks() bootClocks()\n`,
      'board/clock_config.c': sdk['board/clock_config.c']!.replaceAll('BOARD_InitBootClocks', 'bootClocks'),
    },
    leftOut: ['BOARD_InitNothing()'],
    calls: INIT,
  },
  {
    title:
      'an example with a network: glow_bundle_utils in eiq/, the old network among Other objects, a timer of its own',
    options: {
      name: 'glow_example',
      board: BOARD,
      folders: ['startup', 'drivers', 'utilities', 'board', 'source', 'eiq'],
      objects: ['"${workspace_loc:/${ProjName}/source/old_net.o}"'],
    },
    files: {
      'eiq/glow/bundle_utils/glow_bundle_utils.c': bundleUtils.c,
      'eiq/glow/bundle_utils/glow_bundle_utils.h': bundleUtils.h,
      'source/main.c': oldMain,
      'source/timer.c': timer.c,
      'source/timer.h': timer.h,
      'source/old_net.c': '/* the object is made of this */\n',
    },
  },
  {
    title: 'the same with its files elsewhere, in glow/ and src/, and a project without source entries',
    options: {
      name: 'glow elsewhere',
      board: BOARD,
      folders: [],
      objects: ['"${workspace_loc:/${ProjName}/glow/old_net.o}"', '"../keep/other.o"'],
    },
    files: {
      'glow/glow_bundle_utils.c': bundleUtils.c,
      'glow/glow_bundle_utils.h': bundleUtils.h,
      'src/lenet.c': oldMain,
      'src/timer.c': timer.c,
      'src/timer.h': timer.h,
      'glow/old_net.c': '/* the object is made of this */\n',
    },
    gone: ['src/timer.c'],
  },
  {
    title: 'glow_bundle_utils that the rest of the project uses',
    options: { name: 'used utils', board: BOARD },
    files: {
      'source/hello_world.c': helloWorld(INIT)
        .replace('BOARD_Never()', 'use()')
        .replace('#include <stdbool.h>', 'void use(void);'),
      'source/use.c':
        '#include "glow_bundle_utils.h"\nvoid use(void);\nvoid use(void)\n{\n    alignedFree(alignedAlloc(8, 4));\n}\n',
      'source/glow_bundle_utils.c': bundleUtils.c,
      'source/glow_bundle_utils.h': bundleUtils.h,
    },
    kept: ['source/glow_bundle_utils.c', 'source/glow_bundle_utils.h'],
  },
  {
    title: 'SDK folders that Eclipse links, and several main files of which some are not built',
    options: { name: 'linked', board: BOARD, excluding: 'old|test_*.c' },
    files: {
      'source/hello_world.c': helloWorld(INIT).replace('        BOARD_Never();\n', ''),
      'source/old/main.c': 'int main(void)\n{\n    return 1;\n}\n',
      'source/test_this.c': 'int main(void)\n{\n    return 2;\n}\n',
    },
    links: { drivers: 'sdk/drivers', board: 'sdk/board', utilities: 'sdk/utilities' },
  },
  {
    title: 'a linked main file, and init functions that a linked file defines',
    options: { name: 'linked_main', board: BOARD, newline: '\r\n' },
    files: {
      '../common/app/start.c': ownInit(
        ['#include "lcd.h"'],
        [],
        ['BOARD_InitBootPins()', 'BOARD_InitBootClocks()', 'BOARD_InitLcd()', 'BOARD_InitDebugConsole()'],
      ),
      '../common/app/lcd.c': '#include "lcd.h"\nvoid BOARD_InitLcd(void)\n{\n}\n',
      '../common/app/lcd.h': 'void BOARD_InitLcd(void);\n',
    },
    links: { utilities: 'sdk/utilities', 'CMSIS/app': 'common/app' },
    leftOut: ['BOARD_InitLcd()'],
  },
  {
    title: 'init functions that a file of its own defines and board.h declares',
    options: { name: 'shared_init', board: BOARD },
    files: {
      'source/hello_world.c': helloWorld([...INIT, 'BOARD_InitLcd()']).replace(
        '        BOARD_Never();\n',
        '',
      ),
      'board/board.h': `${sdk['board/board.h']!}void BOARD_InitLcd(void);\n`,
      'board/lcd.c': '#include "board.h"\nvoid BOARD_InitLcd(void)\n{\n}\n',
    },
    calls: [...INIT, 'BOARD_InitLcd()'],
  },
  {
    title: 'a device header without a function that the catalogue calls, an old IDE',
    options: {
      name: 'old_ide',
      board: BOARD,
      old: true,
      library: undefined,
      noUserObjects: true,
      indent: '  ',
    },
    files: {
      'source/hello_world.c': helloWorld(INIT).replace('        BOARD_Never();\n', ''),
      'board/board.h': sdk['board/board.h']!.replace(/void BOARD_InitDebugConsole\(void\);/, ''),
      'source/console.c': '#include "board.h"\n',
    },
    leftOut: ['BOARD_InitDebugConsole()'],
    calls: INIT.slice(0, 2),
  },
];

/** All files of such a project, those beside it with `../`. */
export function traitFiles({
  options,
  files,
  links = {},
  without = [],
}: TraitProject): Record<string, string> {
  const all: Record<string, string> = { '../sdk/linker.ld': sdk['linker.ld']! };
  for (const [name, text] of Object.entries({ ...sdkPart(), ...files })) {
    if (without.includes(name)) continue;
    const linked = Object.keys(links).find((l) => name.startsWith(`${l}/`));
    all[linked === undefined ? name : name.replace(linked, `../${links[linked]!}`)] = text;
  }
  const resources = Object.entries(links).map(
    ([name, place]) =>
      `\t\t<link>\n\t\t\t<name>${name}</name>\n\t\t\t<type>2</type>\n\t\t\t<locationURI>PARENT-1-PROJECT_LOC/${place}</locationURI>\n\t\t</link>`,
  );
  const dot = dotProject(options.name, options.cpp ?? false, options.newline);
  all['.project'] = dot.replace(
    '</projectDescription>',
    `\t<linkedResources>\n${resources.join('\n')}\n\t</linkedResources>\n</projectDescription>`,
  );
  all['.cproject'] = cproject(options);
  return all;
}
