/** First letters of NXP's part numbers and the families that the board picker groups by; the first that fits counts. */
const FAMILIES: readonly (readonly [string, string])[] = [
  ['MKE', 'Kinetis E'],
  ['MKL', 'Kinetis L'],
  ['MKM', 'Kinetis M'],
  ['MKV', 'Kinetis V'],
  ['MKW', 'Kinetis W'],
  ['KW', 'Kinetis W'],
  ['K32L', 'K32 L'],
  ['K32W', 'K32 W'],
  ['MCXA', 'MCX A'],
  ['MCXC', 'MCX C'],
  ['MCXE', 'MCX E'],
  ['MCXN', 'MCX N'],
  ['MCXW', 'MCX W'],
  ['LPC8', 'LPC800'],
  ['LPC51', 'LPC51U'],
  ['LPC55', 'LPC5500'],
  ['RW', 'RW61x'],
  ['MIMXRT', 'i.MX RT'],
];

/** The family of a part such as `MCXC444VLH`; `Other` where its first letters are none that are known here. */
export function familyOf(part: string): string {
  return FAMILIES.find(([letters]) => part.startsWith(letters))?.[1] ?? 'Other';
}

/** i.MX 7, 8 and 9: their Cortex-M runs beside Linux, which loads its program. */
export function isApplicationProcessor(part: string): boolean {
  return /^M(IMX|CIMX)[789]/.test(part);
}

/** Digital signal controllers: their 56800 core is not Arm's. */
export function isSignalController(part: string): boolean {
  return part.startsWith('MC56F');
}
