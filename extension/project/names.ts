import { PortError } from '../error.ts';

const keywords =
  'auto break case char const continue default do double else enum extern float for goto if inline int long register ' +
  'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof bool';
/** Names that main.c, the BSP, the SDK or the C library take; compared without case because files of these names exist. */
const taken =
  'main timer glow glow_bundle_utils board pin_mux clock_config startup linker fsl_debug_console fsl_device_registers ' +
  'fsl_common fsl_clock printf putchar getchar malloc free memcpy memset memmove memcmp abort exit end stdint stddef ' +
  'stdlib string systick scb constantweight mutableweight activations testimage copybytes printresult thousandths ' +
  'firmware app_main start end elapsed status';
const reserved = new Set(`${keywords} ${taken}`.split(' '));

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
 * @throws PortError `usage` when it cannot.
 */
export function checkBundleName(name: string): void {
  if (!isIdentifier(name)) {
    throw new PortError(
      'usage',
      `The network's name ${JSON.stringify(name.slice(0, 60))} is not a C identifier of at most 100 characters.`,
      'Give it a name of letters, digits and underscores.',
    );
  }
  if (reserved.has(name.toLowerCase()) || name.startsWith('__')) {
    throw new PortError(
      'usage',
      `The network cannot be called "${name}": the firmware uses this name itself.`,
      `Rename the model, for example to "${name.replace(/^_+/, '')}_net".`,
    );
  }
}
