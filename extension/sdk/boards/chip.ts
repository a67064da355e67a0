/** What Kconfig of SDK 24.12 and newer calls a part's processor. */
export interface ChipNames {
  /** As LinkServer and Config Tools have it, such as `MCXW716CxxxA`. */
  readonly device: string | undefined;
  readonly jlink: string | undefined;
}

/** Reads a device's Kconfig.chip. Pure. */
export function chipNames(kconfig: string, part: string): ChipNames {
  const selected = new RegExp(
    `^[ \\t]*config MCUX_HW_DEVICE_PART_${part}\\n(?:[ \\t]*bool[^\\n]{0,200}\\n)?[ \\t]*select MCUX_HW_DEVICE_ID_(\\w{1,60})`,
    'm',
  ).exec(kconfig.replace(/\r\n?/g, '\n'))?.[1];
  const of = (symbol: string): string | undefined =>
    new RegExp(
      `^config ${symbol}[ \\t]*\\n[ \\t]*string[ \\t]*\\n((?:[ \\t]*default[^\\n]{0,200}\\n){1,50})`,
      'm',
    )
      .exec(kconfig)?.[1]
      ?.split('\n')
      .map((line) => /default "([\w.-]{1,60})" if MCUX_HW_DEVICE_ID_(\w{1,60})/.exec(line))
      .find((match) => match?.[2] === selected)?.[1];
  return selected === undefined
    ? { device: undefined, jlink: undefined }
    : { device: of('MCUX_HW_DEVICE_ID'), jlink: of('MCUX_TOOLCHAIN_JLINK_CPU_IDENTIFIER') };
}
