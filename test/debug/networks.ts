import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { resetFunction } from '../../extension/bundle/header.ts';
import type { PcNetwork } from '../../extension/debug/network/debuggedNetwork.ts';
import { NetworkWatch } from '../../extension/debug/network/networkWatch.ts';
import type { Running, Stop } from '../../extension/debug/target/stop.ts';
import { Debuggee } from '../../extension/debug/target/debuggee.ts';
import { Runner } from '../../extension/debug/runner.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import type { QuantizedGraph } from '../../extension/quantize/quantizedGraph.ts';
import { bareBoard } from '../../extension/simulator/boards/bareBoard.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { readElf } from '../../extension/toolchain/elf.ts';

const FLASH = 2 << 20;
const RAM_BYTES = 1 << 20;

/**
 * A program that runs each network some times, without a board around it, in whatever was in RAM.
 * @param flags of gcc, behind -Os
 */
export function networksFirmware(
  bundles: readonly Bundle[],
  flags: readonly string[] = [],
  inferences = 1,
): Uint8Array {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
  try {
    const calls = bundles.flatMap(({ name, stateBytes }, i) => [
      ...(stateBytes > 0 ? [`  ${resetFunction(name)}(mutable);`] : []),
      `  for (volatile int k = 0; k < ${inferences}; k++) ${name}(w${i}, mutable, activations);`,
    ]);
    const most = (of: (b: Bundle) => number): number => Math.max(8, ...bundles.map(of));
    writeFileSync(
      path.join(folder, 'main.c'),
      [
        '#include <stdint.h>',
        ...bundles.map((b) => `int ${b.name}(const uint8_t *, uint8_t *, uint8_t *);`),
        ...bundles.map((b) => `void ${resetFunction(b.name)}(uint8_t *);`),
        ...bundles.map(
          ({ weights }, i) =>
            `__attribute__((aligned(16))) const uint8_t w${i}[] = {${[...weights, 0].join()}};`,
        ),
        `__attribute__((aligned(16))) uint8_t mutable[${most((b) => b.mutableBytes)}];`,
        `__attribute__((aligned(16))) uint8_t activations[${most((b) => b.activationBytes)}];`,
        'int main(void) {',
        ...calls,
        '  for (;;) {}',
        '}',
        `__attribute__((section(".vectors"), used)) static const void *vectors[2] = {(void *)${0x20000000 + RAM_BYTES}u, (void *)main};`,
      ].join('\n'),
    );
    for (const b of bundles) {
      writeFileSync(path.join(folder, `${b.name}.h`), b.header);
      writeFileSync(path.join(folder, `${b.name}.c`), b.source!);
    }
    const elf = path.join(folder, 'all.elf');
    const sources = ['main.c', ...bundles.map((b) => `${b.name}.c`)].map((f) => path.join(folder, f));
    execFileSync(
      'arm-none-eabi-gcc',
      [
        ...['-mcpu=cortex-m0plus', '-mthumb', '-std=c99', '-Os', '-ffp-contract=off', ...flags],
        ...['-nostartfiles', '-Wl,--section-start=.vectors=0', '-Wl,-Ttext=0x100', '-Wl,-Tbss=0x20000000'],
        ...['-Wl,-e,main', '-o', elf, ...sources, '-lc_nano', '-lgcc'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    return readFileSync(elf);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The interpreter as the PC's network. */
export function pcOf(quantized: QuantizedGraph): Promise<PcNetwork> {
  return Promise.resolve((inputs, states) =>
    Promise.resolve(
      interpret(quantized, inputs, new Map([...states].map(([name, s]) => [name, Int32Array.from(s)]))),
    ),
  );
}

/** A bare board under a debugger that knows one of its networks. */
export function watched(
  firmware: Uint8Array,
  bundle: Bundle,
  quantized: QuantizedGraph,
): {
  readonly debuggee: Debuggee;
  readonly watch: NetworkWatch;
  readonly run: (running: Running) => Promise<Stop>;
} {
  const machine = new Machine(bareBoard(FLASH, RAM_BYTES));
  machine.load(firmware);
  const debuggee = new Debuggee(machine, () => undefined);
  const watch = NetworkWatch.of(machine, readElf(firmware), { ...bundle, pc: () => pcOf(quantized) });
  debuggee.observer = watch;
  const runner = new Runner(debuggee);
  return { debuggee, watch, run: (running) => runner.run(running) };
}

/** Runs to where the network is entered, and gives it its inputs there. */
export async function enter(
  { debuggee, run }: Pick<ReturnType<typeof watched>, 'debuggee' | 'run'>,
  { name, placeholders }: Bundle,
  inputs: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  debuggee.breakpoints = new Set([debuggee.machine.symbol(name).address & ~1]);
  await run(debuggee.continue());
  debuggee.breakpoints = new Set();
  const mutable = debuggee.readRegister(1);
  for (const p of placeholders) {
    if (p.direction !== 'input') continue;
    debuggee.change({ kind: 'memory', address: mutable + p.byteOffset, bytes: inputs.get(p.name)! });
  }
}
