import type { BoardData } from '../../board/catalogue.ts';

/**
 * What flash tools call a board's device, as board_runner.cmake hands it to them: LinkServer and J-Link. Pure.
 * @param names what the file takes from Kconfig
 * @param core folder name of the core that is built for, such as `cm33_core0`; empty where there is one
 */
export function runnerNames(
  text: string,
  names: { readonly device: string; readonly jlink: string },
  core: string,
): BoardData['flashTools'] {
  const plain = text.replace(/^[ \t]*#[^\n]*$/gm, '');
  const known = new Map([
    ['CONFIG_MCUX_HW_DEVICE_ID', names.device],
    ['CONFIG_MCUX_TOOLCHAIN_JLINK_CPU_IDENTIFIER', names.jlink],
    ['core_id', core],
  ]);
  const tools: Partial<Record<'linkserver' | 'jlink', string>> = {};
  let branch: 'none' | 'this' | 'other' = 'none';
  for (const line of plain.split(/\r?\n/)) {
    const condition = /^\s*(?:else)?if\s*\(\s*\$\{core_id\}\s+STREQUAL\s+"?(\w{1,40})"?\s*\)/i.exec(line);
    if (condition) branch = condition[1] === core ? 'this' : 'other';
    else if (/^\s*endif\b/i.test(line)) branch = 'none';
    const said = /^\s*board_runner_args\(\s*(linkserver|jlink)\s+"--device=([^"]{1,120})"\s*\)/.exec(line);
    if (!said || branch === 'other') continue;
    const name = said[2]!.replace(
      /\$\{(\w{1,60})\}/g,
      (whole, variable: string) => known.get(variable) ?? whole,
    );
    // a name that another variable is part of is not known, and nothing else than a name is taken
    if (/^[\w:.+-]{2,80}$/.test(name)) tools[said[1] as 'linkserver' | 'jlink'] = name;
  }
  return tools;
}
