import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { resetFunction } from '../../extension/bundle/header.ts';
import { bareBoard } from '../../extension/simulator/boards/bareBoard.ts';
import { type CallResult, Machine } from '../../extension/simulator/machine/machine.ts';

const FLASH = 1 << 20;
const RAM = 0x20000000;
const RAM_BYTES = 1 << 20;
/** Weights lie behind the code. */
const WEIGHTS = 1 << 19;

/** Flags that generated C must survive without a word. */
export const WARNINGS = ['-Wall', '-Wextra', '-Werror'];
/** What a careful C project switches on beyond them. */
const CAREFUL = [
  ...['-Wconversion', '-Wsign-conversion', '-Wshadow', '-Wundef', '-Wstrict-prototypes'],
  ...['-Wcast-align=strict', '-Wcast-qual', '-Wredundant-decls'],
];

/**
 * Bundles compiled by the real gcc into one image on a bare simulated Cortex-M0+, each callable with inputs: what tests
 * compare with the interpreter, and benches measure.
 */
export class CompiledModels {
  readonly #machine = new Machine(bareBoard(FLASH, RAM_BYTES));
  #loaded: Bundle | undefined;

  constructor(bundles: readonly Bundle[], flags: readonly string[] = []) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
    try {
      for (const b of bundles) {
        writeFileSync(path.join(folder, `${b.name}.h`), b.header);
        writeFileSync(path.join(folder, `${b.name}.c`), b.source!);
      }
      const elf = path.join(folder, 'all.elf');
      execFileSync(
        'arm-none-eabi-gcc',
        [
          ...[
            '-mcpu=cortex-m0plus',
            '-mthumb',
            '-std=c99',
            '-Os',
            '-ffp-contract=off',
            ...WARNINGS,
            ...CAREFUL,
            ...flags,
          ],
          ...[
            '-nostartfiles',
            '-Wl,-Ttext=0x100',
            `-Wl,-Tbss=0x${RAM.toString(16)}`,
            `-Wl,-e,${bundles[0]!.name}`,
          ],
          ...['-o', elf, ...bundles.map((b) => path.join(folder, `${b.name}.c`)), '-lc_nano', '-lgcc'],
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      );
      this.#machine.load(readFileSync(elf));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /**
   * Runs one bundle: bytes of each input placeholder in, bytes of each output placeholder and the costs out.
   * @param goesOn whether it keeps the state of the run before, which was of the same bundle
   */
  run(
    b: Bundle,
    inputs: ReadonlyMap<string, Uint8Array>,
    goesOn = false,
  ): { outputs: Map<string, Uint8Array>; cost: CallResult } {
    const machine = this.#machine;
    if (this.#loaded !== b) {
      machine.writeMemory(WEIGHTS, b.weights);
      this.#loaded = b;
    }
    const mutable = RAM + 64;
    const activations = mutable + Math.ceil(b.mutableBytes / 8) * 8;
    // what other runs left behind must not matter
    if (!goesOn) machine.writeMemory(mutable, new Uint8Array(b.mutableBytes).fill(0x5a));
    if (!goesOn && b.stateBytes > 0) machine.call(resetFunction(b.name), [mutable]);
    machine.writeMemory(activations, new Uint8Array(b.activationBytes).fill(0xa5));
    for (const p of b.placeholders) {
      if (p.direction === 'input') machine.writeMemory(mutable + p.byteOffset, inputs.get(p.name)!);
    }
    const cost = machine.call(b.name, [WEIGHTS, mutable, activations]);
    const outputs = b.placeholders
      .filter((p) => p.direction === 'output')
      .map((p) => [p.name, machine.readMemory(mutable + p.byteOffset, p.byteSize)] as const);
    return { outputs: new Map(outputs), cost };
  }

  /** Cycles of each function since the call of this method. */
  profile(): () => ReadonlyMap<string, { cycles: number; inclusive: number; calls: number }> {
    this.#machine.startProfile();
    return () => this.#machine.profile!;
  }
}
