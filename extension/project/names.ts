import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';

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
  /^(u?int(_least|_fast)?(8|16|32|64)|u?intmax|u?intptr|s?size|ptrdiff|max_align|timer_reading)_t$|^null$|^offsetof$/;
/** Names that main.c, the BSP, the SDK or the C library take; compared without case because files of these names exist. */
const TAKEN =
  'main timer glow glow_bundle_utils board pin_mux clock_config startup linker fsl_debug_console fsl_device_registers ' +
  'fsl_common fsl_clock printf putchar getchar malloc free calloc realloc memcpy memset memmove memcmp abs labs exp log ' +
  'sin cos tan sqrt pow floor ceil round index read write open close exit abort kill end stdint stddef stdlib stdarg ' +
  'string systick scb constantweight mutableweight activations testimage copybytes printresult printnumber thousandths ' +
  'aligned_alloc alignedalloc alignedfree firmware app_main start status elapsed divide periods putnumber systeminit ' +
  'systemcoreclock vectors';
/** Windows takes no file of these names, whatever its ending. */
const DEVICES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/;
const reserved = new Set(`${KEYWORDS} ${CPP_KEYWORDS} ${TAKEN}`.split(' '));

/** True for a C identifier of a sane length. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name);
}

/** Returns the name itself when it is a C identifier; anything else here is a bug of the caller. */
export function identifier(name: string): string {
  if (!isIdentifier(name)) throw new Error(`not a C identifier: ${JSON.stringify(name.slice(0, 120))}`);
  return name;
}

/**
 * Checks that a network's name can be a C function and a file beside the firmware's own.
 * @throws UserError `usage` when it cannot.
 */
export function checkBundleName(name: string): void {
  if (!isIdentifier(name)) {
    throw new UserError(
      'usage',
      say`The network's name ${JSON.stringify(name.slice(0, 60))} is not a C identifier of at most 100 characters.`,
      say`Give it a name of letters, digits and underscores.`,
    );
  }
  const plain = name.toLowerCase();
  const isTaken = reserved.has(plain) || TYPES.test(plain) || DEVICES.test(plain);
  if (isTaken || name.startsWith('__')) {
    throw new UserError(
      'usage',
      say`The network cannot be called "${name}": C, the firmware or the file system uses this name itself.`,
      { do: 'renameNetwork', such: `${name.replace(/^_+/, '')}_net` },
    );
  }
}
