import type { Board } from '../board/board.ts';
import type { ElfFile } from './elf.ts';

/** Tags of "Build Attributes for the Arm Architecture". */
const TAG = { cpuArch: 6, armIsaUse: 8, thumbIsaUse: 9, vfpArguments: 28 } as const;
/** Values of Tag_CPU_arch that code for a core has: ARMv6-M and ARMv6S-M, ARMv8-M Mainline, ARMv7E-M. */
const ARCHITECTURES: Readonly<Record<Board['core'], readonly number[]>> = {
  'cortex-m0plus': [11, 12],
  'cortex-m33': [17],
  'cortex-m7': [13],
};

/** Tag_CPU_arch of an object; 0 when it says none. */
export function architectureOf({ attributes }: ElfFile): number {
  return Number(attributes.get(TAG.cpuArch) ?? 0);
}

/** Whether an object is of the architecture of a core, by what it says of itself. */
export function isForCore(elf: ElfFile, core: Board['core']): boolean {
  return ARCHITECTURES[core].includes(architectureOf(elf));
}

/** Whether all of an object's code is Thumb code, the only kind that a Cortex-M runs. */
export function isThumbCode({ attributes, symbols }: ElfFile): boolean {
  const hasArm = (attributes.get(TAG.armIsaUse) ?? 0) !== 0 || symbols.some((s) => /^\$a(\.|$)/.test(s.name));
  return !hasArm && (attributes.get(TAG.thumbIsaUse) ?? 0) !== 0;
}

/** Whether an object passes floats in FPU registers, as -mfloat-abi=hard does. */
export function passesFloatsInRegisters({ attributes }: ElfFile): boolean {
  return attributes.get(TAG.vfpArguments) === 1;
}
