import { findBoard } from '../../../extension/board/catalogue.ts';
import type { Bundle } from '../../../extension/bundle/bundle.ts';
import { projectFiles } from '../../../extension/project/generate.ts';
import { incOf, tinyInput } from '../tinyBundle.ts';
import { helloWorld } from './projects.ts';

/*
 * Projects in the shape of NXP's SDK, on board support of our own in place of the SDK's: they really build, and the firmware
 * really runs on the simulated board.
 */

const flags = [
  '-DCPU_MKE16Z64VLF4',
  '-DPRINTF_FLOAT_ENABLE=0',
  '-DPRINTF_ADVANCED_ENABLE=0',
  '-DSDK_DEBUGCONSOLE=0',
  '-DMCUXPRESSO_SDK',
  '-mcpu=cortex-m0plus -mthumb -mfloat-abi=soft -Os -Wall -Wextra -Werror -std=gnu99 -ffreestanding',
  '-ffunction-sections -fdata-sections -fno-tree-loop-distribute-patterns',
];
const bspSources = ['startup', 'board', 'pin_mux', 'clock_config', 'fsl_debug_console', 'check'];

/** Stops the build when the note's macros do not arrive. */
const check = `#if PRINTF_ADVANCED_ENABLE != 1 || SDK_DEBUGCONSOLE != 1 || PRINTF_FLOAT_ENABLE != 0
#error macros
#endif
#if !defined(__USE_CMSIS) || !defined(CR_INTEGER_PRINTF) || !defined(__NEWLIB__)
#error macros
#endif
int check;
`;

/** The board's files, as \`sdk/…\`. */
function sdkFiles(bundle: Bundle): Record<string, string> {
  const images = new Map([['image', incOf(tinyInput)]]);
  const board = findBoard('frdmke16z');
  const all = projectFiles({ board, bundle, testData: images, weights: 'flash', outDir: '' });
  const files: Record<string, string> = { 'boards/frdmke16z/check.c': check };
  for (const [name, text] of all) {
    if (name.startsWith('bsp/')) files[name.replace('bsp', 'boards/frdmke16z')] = text as string;
  }
  return files;
}

const init = ['BOARD_InitPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()'];

/** armgcc/CMakeLists.txt and flags.cmake, in the order and with the names of SDK 2.x. */
export function classicProject(
  bundle: Bundle,
  newline = '\n',
): { sdk: Record<string, string>; project: Record<string, string> } {
  const configurations = ['DEBUG', 'RELEASE'].map(
    (c) =>
      `SET(CMAKE_C_FLAGS_${c} " \\\n    \${CMAKE_C_FLAGS_${c}} \\\n${flags.map((f) => `    ${f} \\\n`).join('')}")`,
  );
  const linker = ['DEBUG', 'RELEASE'].map(
    (c) =>
      `SET(CMAKE_EXE_LINKER_FLAGS_${c} "-mcpu=cortex-m0plus -mthumb -nostartfiles --specs=nano.specs --specs=nosys.specs -Xlinker --gc-sections -T\\"\${SdkRootDirPath}/boards/frdmke16z/linker.ld\\" -static")`,
  );
  const cmake = `# CROSS COMPILER SETTING
SET(CMAKE_SYSTEM_NAME Generic)
CMAKE_MINIMUM_REQUIRED (VERSION 3.10.0)

SET (MCUXPRESSO_CMAKE_FORMAT_MAJOR_VERSION 2)
ENABLE_LANGUAGE(ASM)

# CURRENT DIRECTORY
SET(ProjDirPath \${CMAKE_CURRENT_SOURCE_DIR})
project(hello_world)
set(MCUX_SDK_PROJECT_NAME hello_world.elf)

include(\${ProjDirPath}/flags.cmake) # (the flags)

add_executable(\${MCUX_SDK_PROJECT_NAME} 
"\${ProjDirPath}/../hello_world.c"
${bspSources.map((s) => `"\${SdkRootDirPath}/boards/frdmke16z/${s}.c"`).join('\n')}
)

target_include_directories(\${MCUX_SDK_PROJECT_NAME} PRIVATE
    \${ProjDirPath}/..
    \${SdkRootDirPath}/boards/frdmke16z
)

TARGET_LINK_LIBRARIES(\${MCUX_SDK_PROJECT_NAME} PRIVATE -Wl,--start-group)
target_link_libraries(\${MCUX_SDK_PROJECT_NAME} PRIVATE -lm -lc -lgcc -lnosys)
TARGET_LINK_LIBRARIES(\${MCUX_SDK_PROJECT_NAME} PRIVATE -Wl,--end-group)
`;
  return {
    sdk: sdkFiles(bundle),
    project: {
      'armgcc/CMakeLists.txt': cmake.replace(/\n/g, newline),
      'armgcc/flags.cmake': [...configurations, ...linker, ''].join('\n'),
      'hello_world.c': helloWorld(init),
      'pin_mux.h': 'void BOARD_InitPins(void);\nvoid BOARD_InitBootPins(void);\n',
      'clock_config.h': 'void BOARD_InitBootClocks(void);\n',
      'readme.txt': 'An example.\n',
    },
  };
}

/** CMakeLists.txt and prj.conf of SDK 24.12 and later, over the documented behaviour of the functions it calls. */
export function componentProject(
  bundle: Bundle,
  newline = '\n',
): { sdk: Record<string, string>; project: Record<string, string> } {
  const mcux = `# What the SDK's functions do, as its documentation says.
set(MCUX_SDK_PROJECT_NAME app.elf)
function(_mcux_paths out base)
  set(result)
  foreach(item IN LISTS ARGN)
    list(APPEND result "\${base}/\${item}")
  endforeach()
  set(\${out} "\${result}" PARENT_SCOPE)
endfunction()
macro(_mcux_parse multi)
  cmake_parse_arguments(A "" "BASE_PATH;CC;CX;AS" "\${multi};TOOLCHAINS;TARGETS" \${ARGN})
  if(NOT A_BASE_PATH)
    set(A_BASE_PATH \${CMAKE_CURRENT_LIST_DIR})
  endif()
  _mcux_paths(A_PATHS "\${A_BASE_PATH}" \${A_\${multi}})
endmacro()
function(mcux_add_source)
  _mcux_parse(SOURCES \${ARGN})
  target_sources(\${MCUX_SDK_PROJECT_NAME} PRIVATE \${A_PATHS})
endfunction()
function(mcux_project_remove_source)
  _mcux_parse(SOURCES \${ARGN})
  get_property(all TARGET \${MCUX_SDK_PROJECT_NAME} PROPERTY SOURCES)
  list(FIND all "\${A_PATHS}" at)
  if(at LESS 0)
    message(FATAL_ERROR "no source \${A_PATHS}")
  endif()
  list(REMOVE_AT all \${at})
  set_property(TARGET \${MCUX_SDK_PROJECT_NAME} PROPERTY SOURCES \${all})
endfunction()
function(mcux_add_include)
  _mcux_parse(INCLUDES \${ARGN})
  target_include_directories(\${MCUX_SDK_PROJECT_NAME} PRIVATE \${A_PATHS})
endfunction()
function(mcux_add_library)
  _mcux_parse(LIBS \${ARGN})
  target_link_libraries(\${MCUX_SDK_PROJECT_NAME} PRIVATE \${A_PATHS})
endfunction()
function(mcux_add_macro)
  _mcux_parse(NOTHING \${ARGN})
  separate_arguments(macros UNIX_COMMAND "\${A_CC}")
  target_compile_options(\${MCUX_SDK_PROJECT_NAME} PRIVATE \${macros})
endfunction()
function(mcux_convert_binary)
endfunction()
`;
  const own = flags
    .filter((f) => !/PRINTF_ADVANCED|SDK_DEBUGCONSOLE|MCUXPRESSO_SDK|PRINTF_FLOAT/.test(f))
    .join(' ');
  const root = `add_executable(\${MCUX_SDK_PROJECT_NAME}
${bspSources.map((s) => `  \${SdkRootDirPath}/boards/frdmke16z/${s}.c`).join('\n')}
)
target_include_directories(\${MCUX_SDK_PROJECT_NAME} PRIVATE \${SdkRootDirPath}/boards/frdmke16z)
set_target_properties(\${MCUX_SDK_PROJECT_NAME} PROPERTIES COMPILE_FLAGS "${own}"
  LINK_FLAGS "-mcpu=cortex-m0plus -mthumb -nostartfiles --specs=nano.specs --specs=nosys.specs -T\\"\${SdkRootDirPath}/boards/frdmke16z/linker.ld\\"")
`;
  const cmake = `cmake_minimum_required(VERSION 3.22.0)

include(\${SdkRootDirPath}/cmake/extension/mcux.cmake)

project(hello_world LANGUAGES C ASM)

include(\${SdkRootDirPath}/CMakeLists.txt)

mcux_add_source(
    BASE_PATH \${SdkRootDirPath}
    SOURCES examples/demo_apps/hello_world/hello_world.c
)

mcux_convert_binary(BINARY \${APPLICATION_BINARY_DIR}/\${MCUX_SDK_PROJECT_NAME}.bin)`;
  return {
    sdk: {
      ...sdkFiles(bundle),
      'cmake/extension/mcux.cmake': mcux,
      'CMakeLists.txt': root,
      'examples/demo_apps/hello_world/hello_world.c': helloWorld(['BOARD_InitHardware()']),
    },
    project: {
      'CMakeLists.txt': cmake.replace(/\n/g, newline),
      'prj.conf': 'CONFIG_MCUX_HW_DEVICE_PART_MKE16Z64VLF4=y\n',
      'hardware_init.c': [
        '#include "pin_mux.h"',
        '#include "board.h"',
        '#include "app.h"',
        'void BOARD_InitHardware(void)',
        '{',
        ...init.map((c) => `    ${c};`),
        '}',
        '',
      ].join('\n'),
    },
  };
}
