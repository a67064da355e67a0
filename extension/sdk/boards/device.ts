import type { Board } from '../../board/board.ts';
import { definedBy, type Directive } from './directives.ts';

/** A processor that fsl_device_registers.h knows. */
export interface DeviceCore {
  /** Macro that selects it, such as `CPU_MIMXRT1176DVMAA_cm7`. */
  readonly macro: string;
  /** The part without its core, such as `MIMXRT1176DVMAA`. */
  readonly part: string;
  /** What follows the part, such as `_cm7`; empty where there is one core. */
  readonly suffix: string;
  /** Its header without the ending, such as `MIMXRT1176_cm7`; startup and system files are named by it. */
  readonly header: string;
}

/** Most parts that are read of one device. */
const MAX_PARTS = 200;

/** All parts and cores of a fsl_device_registers.h. Pure. */
export function deviceCores(text: string): DeviceCore[] {
  const cores: DeviceCore[] = [];
  let macros: string[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').replace(/\\\n/g, ' ').split('\n')) {
    if (/^\s*#\s*(if|elif)\b/.test(line)) {
      macros = Array.from(line.matchAll(/\bdefined\s?\(\s?(CPU_\w{1,60})\s?\)/g), (m) => m[1]!);
    }
    const header = /^\s*#\s*include\s+"(\w{1,60})\.h"/.exec(line)?.[1];
    if (header === undefined) continue;
    for (const macro of macros) {
      const [, part, suffix] = /^CPU_([A-Za-z0-9]+)((?:_cm\w+)?)$/.exec(macro) ?? [];
      if (part !== undefined && cores.length < MAX_PARTS)
        cores.push({ macro, part, suffix: suffix!, header });
    }
  }
  return cores;
}

/** Cores that start first, where a part has several; a Cortex-M4 is none of ours. */
const BOOT_ORDER = ['', '_cm33_core0', '_cm33', '_cm7', '_cm4', '_cm0plus'];

/** The core of a part that its boot ROM starts; undefined where the device has no such part. */
export function bootCore(cores: readonly DeviceCore[], part: string): DeviceCore | undefined {
  const rank = (core: DeviceCore): number => {
    const at = BOOT_ORDER.indexOf(core.suffix);
    return at < 0 ? BOOT_ORDER.length : at;
  };
  return cores.filter((c) => c.part === part).sort((a, b) => rank(a) - rank(b))[0];
}

/** What a core is and can do. */
export interface CoreFacts {
  readonly core: Board['core'];
  readonly fpu: boolean;
  readonly dsp: boolean;
}

/** CMSIS's header of each core that some board of the SDK has. */
const CMSIS_HEADERS = {
  'core_cm0plus.h': 'cortex-m0plus',
  'core_cm33.h': 'cortex-m33',
  'core_cm7.h': 'cortex-m7',
  'core_cm4.h': 'Cortex-M4',
} as const;

/**
 * The core of a device's header, by the header of CMSIS that it includes and the macros that this asks of it. Pure.
 * @returns the facts, or the name of a core that GlowPort has no compiler target for; undefined where it says nothing
 */
export function coreFacts(header: readonly Directive[]): CoreFacts | 'Cortex-M4' | undefined {
  const included = header
    .filter((d) => d.kind === 'include')
    .map((d) => CMSIS_HEADERS[d.text.replace(/^"|"[^"]*$/g, '') as keyof typeof CMSIS_HEADERS]);
  const core = included.find((c) => c !== undefined);
  if (core === undefined || core === 'Cortex-M4') return core;
  const macros = definedBy(header);
  const has = (macro: string): boolean => (macros.get(macro) ?? 0) > 0;
  const fpu = core !== 'cortex-m0plus' && has('__FPU_PRESENT');
  return { core, fpu, dsp: core === 'cortex-m7' || has('__DSP_PRESENT') };
}

/** gcc's flags for a core, as the SDK's own CMake files have them. */
export function cpuFlags({ core, fpu, dsp }: CoreFacts): string[] {
  const cpu = core === 'cortex-m33' && !dsp ? 'cortex-m33+nodsp' : core;
  const unit = core === 'cortex-m7' ? 'fpv5-d16' : 'fpv5-sp-d16';
  return [`-mcpu=${cpu}`, '-mthumb', ...(fpu ? ['-mfloat-abi=hard', `-mfpu=${unit}`] : ['-mfloat-abi=soft'])];
}

/**
 * Whether a file of a device is for a part: the x in `MKE17Z512xxx9` stand for any letter, and a shorter name for all that
 * begin with it. Pure.
 */
export function isForPart(stem: string, part: string): boolean {
  if (stem.length > part.length) return false;
  return [...stem].every((letter, i) => letter === 'x' || letter.toUpperCase() === part[i]!.toUpperCase());
}
