/** A board of the catalogue, as templates/boards/*.json states it (validated by templates/boards/schema.json). */
export interface Board {
  /** The SDK's folder name, such as `frdmke16z`. */
  readonly id: string;
  /** NXP's name, such as `FRDM-KE16Z`. */
  readonly name: string;
  /** Product family the board picker groups by, such as `Kinetis E`. */
  readonly family: string;
  readonly core: 'cortex-m0plus' | 'cortex-m7';
  /** Cores without an FPU take fully quantized models only. */
  readonly fpu: boolean;
  readonly coreClockHz: number;
  readonly flash: MemoryRegion;
  /** RAM regions; the first holds .data, .bss, heap and stack. */
  readonly ram: readonly MemoryRegion[];
  readonly console: { readonly name: string; readonly baudRate: number };
  /** True when extension/simulator has this board. */
  readonly simulated: boolean;
}

export interface MemoryRegion {
  readonly name: string;
  readonly origin: number;
  /** Bytes. */
  readonly size: number;
}
