/** Programs that write firmware into a board's flash, the best one first: LinkServer is NXP's own and knows all boards. */
export const FLASH_TOOLS = ['linkserver', 'pyocd', 'openocd', 'jlink'] as const;
export type FlashTool = (typeof FLASH_TOOLS)[number];

export const FLASH_TOOL_NAMES: Readonly<Record<FlashTool, string>> = {
  linkserver: 'LinkServer',
  pyocd: 'pyOCD',
  openocd: 'OpenOCD',
  jlink: 'J-Link',
};

/** The tools that can write a board's flash, in the order of {@link FLASH_TOOLS}. */
export function flashToolsOf(board: {
  readonly flashTools: Readonly<Partial<Record<FlashTool, string>>>;
}): FlashTool[] {
  return FLASH_TOOLS.filter((tool) => board.flashTools[tool] !== undefined);
}
