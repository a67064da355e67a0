/** A board of the catalogue, as templates/boards/*.json states it (validated by templates/boards/schema.json). */
export interface Board {
  /** The SDK's folder name, such as `frdmke16z`. */
  readonly id: string;
  /** NXP's name, such as `FRDM-KE16Z`. */
  readonly name: string;
  /** Product family the board picker groups by, such as `Kinetis E`. */
  readonly family: string;
  readonly core: 'cortex-m0plus' | 'cortex-m33' | 'cortex-m7';
  /** Cores without an FPU take fully quantized models only. */
  readonly fpu: boolean;
  readonly coreClockHz: number;
  readonly flash: MemoryRegion;
  /** RAM regions; the first holds .data, .bss, heap and stack. */
  readonly ram: readonly MemoryRegion[];
  readonly console: { readonly name: string; readonly baudRate: number };
}

/** What Arm calls each core. */
export const CORE_NAMES: Readonly<Record<Board['core'], string>> = {
  'cortex-m0plus': 'Cortex-M0+',
  'cortex-m33': 'Cortex-M33',
  'cortex-m7': 'Cortex-M7',
};

export interface MemoryRegion {
  readonly name: string;
  readonly origin: number;
  /** Bytes. */
  readonly size: number;
}

/** What firmware is built on: our own board support, or NXP's SDK with its debug console or with semihosting. */
export type Platform = 'own' | 'sdk' | 'semihost';

/** What the firmware takes of a board's memories before there is a network in it. */
export interface Overhead {
  /** From the start of flash to the end of the firmware's own code, with gaps that nothing can use. */
  readonly flashBytes: number;
  /** Variables. */
  readonly ramBytes: number;
  /** Deepest stack while no inference runs and no interrupt comes. */
  readonly stackBytes: number;
  /** Stack in use at the moment main() calls the network. */
  readonly callerStackBytes: number;
}
