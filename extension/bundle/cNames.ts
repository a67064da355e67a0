import { LIBRARY_NAMES } from './libraryNames.ts';

const KEYWORDS =
  'auto break case char const continue default do double else enum extern float for goto if inline int long register ' +
  'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof bool';
/** NAME.h is for C++ too. */
const CPP_KEYWORDS =
  'alignas alignof and and_eq bitand bitor catch char16_t char32_t class compl concept const_cast constexpr decltype ' +
  'delete dynamic_cast explicit export false friend mutable namespace new noexcept not not_eq nullptr operator or or_eq ' +
  'private protected public reinterpret_cast requires static_assert static_cast template this thread_local throw true ' +
  'try typeid typename using virtual wchar_t xor xor_eq';
/** Types of stdint.h and stddef.h. */
const TYPES =
  /^(u?int(_least|_fast)?(8|16|32|64)|u?intmax|u?intptr|s?size|ptrdiff|max_align|align)_t$|^null$|^offsetof$/;
/** Names that main.c, the BSP or the SDK take; compared without case because files of these names exist. */
const TAKEN =
  'main timer glow glow_bundle_utils board pin_mux clock_config startup linker fsl_debug_console fsl_device_registers ' +
  'fsl_common fsl_clock printf putchar getchar malloc free calloc realloc memcpy memset memmove memcmp abs labs exp log ' +
  'sin cos tan sqrt pow floor ceil round index read write open close exit abort kill end stdint stddef stdlib stdarg ' +
  'string systick scb constantweight mutableweight activations testimage copybytes printresult printnumber printsigned printreal printreconstruction reconstructionerror thousandths ' +
  'aligned_alloc alignedalloc alignedfree firmware app_main start status elapsed divide periods reciprocal putnumber systeminit ' +
  'systemcoreclock vectors';
/** Files that firmware includes: a header of the network with this name would be found in their place. */
const HEADERS =
  'assert complex ctype errno fenv float inttypes iso646 limits locale math newlib setjmp signal stdalign stdarg stdatomic ' +
  'stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar unistd wchar wctype';
/** Handlers in CMSIS' vector tables: they are weak, and a function of the name would be called in their place. */
const HANDLER = /_(?:IRQ)?Handler$/;
/** What the firmware's and the SDK's headers define begins with their component. */
const COMPONENT = /^(?:BOARD|CLOCK|DbgConsole|FSL|GLOW|NVIC|PIN_MUX|SCB|SysTick)_/;
/** Names that begin so are C's own at file scope (C11 7.1.3). */
const RESERVED = /^_[A-Za-z_]/;

/** Macros and functions of the firmware's headers; test/project/names.test.ts asks gcc for them. */
const FIRMWARE = `
  BOARD_BootClockFRO30M BOARD_BootClockFRO30M_CORE_CLOCK BOARD_DEBUG_UART_BASEADDR BOARD_DEBUG_UART_BAUDRATE
  BOARD_DEBUG_USART_CLK_ATTACH BOARD_H BOARD_InitBootClocks BOARD_InitBootClocks_CORE_CLOCK BOARD_InitBootPins
  BOARD_InitDebugConsole BOARD_NAME CLOCK_CONFIG_H CLOCK_Select CLOCK_SetFLASHAccessCyclesForFreq DbgConsole_Printf
  DbgConsole_Putchar FSL_DEBUG_CONSOLE_H FSL_DEVICE_REGISTERS_H GLOW_GET_ADDR GLOW_MEM_ALIGN GLOW_SUCCESS PIN_MUX_H
  SCB_ICSR_PENDSTSET_Msk SysTick_CTRL_CLKSOURCE_Msk SysTick_CTRL_ENABLE_Msk SysTick_CTRL_TICKINT_Msk TIMER_H
  get_time_in_us init_timer`
  .trim()
  .split(/\s+/);

const words = new Set(`${KEYWORDS} ${CPP_KEYWORDS} ${TAKEN} ${HEADERS}`.split(' '));
const exact = new Set([...LIBRARY_NAMES, ...FIRMWARE]);

/** True when C, C++, the C library's headers or archives, the startup code or the firmware define this very name. */
export function isDefined(name: string): boolean {
  const plain = name.toLowerCase();
  return words.has(plain) || TYPES.test(plain) || exact.has(name) || HANDLER.test(name);
}

/** True for what is defined, and for what the standard or the SDK may define at any time: no name for something global. */
export function isTaken(name: string): boolean {
  return isDefined(name) || COMPONENT.test(name) || RESERVED.test(name);
}
