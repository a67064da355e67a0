import { directivesOf, type Macros, preprocess } from './directives.ts';

/**
 * Core clock in Hz after a function of clock_config.c, as MCUXpresso Config Tools write it into clock_config.h (or,
 * where a family's driver has no such macro, into their settings in clock_config.c). Pure.
 * @param call such as `BOARD_InitBootClocks` or `BOARD_BootClockFRO60M`
 * @param macros of the compiler's command line: cores of one device have different clocks
 * @returns undefined where they do not say it
 */
export function coreClockAfter(
  call: string,
  source: string,
  header: string,
  macros: Macros,
): number | undefined {
  const body = /\bvoid\s+BOARD_InitBootClocks\s*\(\s*void\s*\)\s*\{([^{}]{0,2000})\}/.exec(source)?.[1] ?? '';
  const inner = call === 'BOARD_InitBootClocks' ? /\b(BOARD_BootClock\w{1,40})\s*\(/.exec(body)?.[1] : call;
  if (inner === undefined) return undefined;
  const macro = `${inner.toUpperCase()}_CORE_CLOCK`;
  const seen = new Map(macros);
  preprocess(directivesOf(header), seen, () => undefined);
  const hertz = seen.get(macro) ?? settingOf(source);
  return hertz === undefined || hertz <= 0 ? undefined : hertz;
}

/** The core's clock in the settings of Config Tools, such as `{id: hclk.outFreq, value: 260 MHz}`. */
function settingOf(source: string): number | undefined {
  const [, megahertz] =
    /\{id: (?:Core_clock|hclk)\.outFreq, value: (\d{1,4}(?:\.\d{1,9})?) MHz\}/.exec(source) ?? [];
  return megahertz === undefined ? undefined : Number(megahertz) * 1e6;
}

/** The part that Config Tools' settings in a source name, such as `MCXC444VLH`. */
export function packageOf(source: string): string | undefined {
  return /\bpackage_id: ?(\w{4,40})/.exec(source)?.[1];
}
