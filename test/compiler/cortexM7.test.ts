import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import type { QuantizedGraph } from '../../extension/quantize/quantizedGraph.ts';
import { WARNINGS } from '../support/compiledModel.ts';
import { fromBytes, quantizeInputs, toBytes } from '../support/quantized.ts';
import { Random } from '../support/random.ts';
import { GraphMaker, KINDS, randomInputs } from '../support/randomGraph.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

/*
 * The i.MX RT boards are not simulated, so their code is checked on QEMU's Cortex-M7 (-M mps2-an500): the same flags, hard
 * float included, and every output byte as the interpreter has it.
 */
const cpuFlags = findBoard('evkmimxrt1060').compile.cpuFlags;

interface Case {
  readonly bundle: Bundle;
  readonly quantized: QuantizedGraph;
  /** Per run: bytes of the mutable memory with the inputs in it, and what the interpreter makes of them. */
  readonly runs: readonly { readonly mutable: Uint8Array; readonly expected: Map<string, number[]> }[];
}

function makeCase(name: string, seed: number, floatPlaceholders: boolean): Case {
  const r = new Random(seed);
  const maker = new GraphMaker(r);
  const values = [maker.image()];
  values.push(maker.append(KINDS[seed % KINDS.length]!, values[0]!));
  if (r.bool()) values.push(maker.append(r.pick(KINDS), values.at(-1)!));
  const graph = maker.finish([values.at(-1)!]);
  const samples = Array.from({ length: 3 }, () => randomInputs(graph, r));
  const options = { ...DEFAULT_QUANTIZE_OPTIONS, floatPlaceholders, channelwise: r.bool() };
  const quantized = quantize(graph, profile(graph, samples), options);
  const bundle = compileBundle(quantized, {
    name,
    target: targetFor('cortex-m7', r.bool() ? 20000 : 0),
  });
  const runs = Array.from({ length: 2 }, () => {
    const inputs = quantizeInputs(quantized, randomInputs(graph, r));
    const mutable = new Uint8Array(bundle.mutableBytes).fill(0x5a);
    for (const p of bundle.placeholders) {
      if (p.direction === 'input') mutable.set(toBytes(inputs.get(p.name)!, p.type), p.byteOffset);
    }
    const results = interpret(quantized, inputs);
    const outputs = bundle.placeholders.filter((p) => p.direction === 'output');
    return { mutable, expected: new Map(outputs.map((p) => [p.name, Array.from(results.get(p.name)!)])) };
  });
  return { bundle, quantized, runs };
}

/** A program that runs every case and writes each mutable memory to standard output through semihosting. */
function driver(cases: readonly Case[]): string {
  const bytes = (b: Uint8Array): string => (b.length === 0 ? '0' : Array.from(b).join(','));
  const align = '__attribute__((aligned(64)))';
  const activations = Math.max(8, ...cases.map((c) => c.bundle.activationBytes));
  return `
#include <stdint.h>
${cases.map((c) => `int ${c.bundle.name}(uint8_t *, uint8_t *, uint8_t *);`).join('\n')}
${cases
  .map(
    (c) =>
      `${align} static const uint8_t weights_${c.bundle.name}[] = {${bytes(c.bundle.weights)}};\n` +
      c.runs
        .map((r, i) => `${align} static uint8_t ${c.bundle.name}_${i}[] = {${bytes(r.mutable)}};`)
        .join('\n'),
  )
  .join('\n')}
${align} static uint8_t activations[${activations}];
static int call(int operation, const void *arguments)
{
    register int r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = arguments;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}
static void write_out(int handle, const void *data, uint32_t size)
{
    uint32_t block[3] = {(uint32_t)handle, (uint32_t)data, size};
    (void)call(5, block);
}
void reset(void)
{
    *(volatile uint32_t *)0xE000ED88 |= 0xFU << 20; /* CPACR: FPU on */
    __asm volatile("dsb\\n isb");
    static const char name[] = ":tt";
    uint32_t open[3] = {(uint32_t)name, 4, 3};
    int handle = call(1, open);
${cases
  .flatMap((c) =>
    c.runs.map(
      (_, i) =>
        `    for (uint32_t i = 0; i < sizeof activations; i++) activations[i] = 0xa5;\n` +
        `    if (${c.bundle.name}((uint8_t *)weights_${c.bundle.name}, ${c.bundle.name}_${i}, activations)) for (;;) {}\n` +
        `    write_out(handle, ${c.bundle.name}_${i}, sizeof ${c.bundle.name}_${i});`,
    ),
  )
  .join('\n')}
    (void)call(0x18, (const void *)0x20026);
    for (;;) {}
}
__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20400000, reset};
`;
}

describe('compiled C on a Cortex-M7 with hard float (QEMU) equals the interpreter bit for bit', function () {
  let folder: string;
  before(function () {
    if (spawnSync('qemu-system-arm', ['--version']).error) {
      console.log('      qemu-system-arm is not installed: skipped (apt-get install qemu-system-arm)');
      this.skip();
    }
    folder = mkdtempSync(path.join(tmpdir(), 'glowport-m7-'));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  for (const floatPlaceholders of [false, true]) {
    it(`every kind of layer, ${floatPlaceholders ? 'float32' : 'int8'} placeholders`, () => {
      const cases = Array.from({ length: KINDS.length * 2 }, (_, i) =>
        makeCase(`net${i}`, 7000 + i, floatPlaceholders),
      );
      writeFileSync(path.join(folder, 'driver.c'), driver(cases));
      for (const { bundle } of cases) {
        writeFileSync(path.join(folder, `${bundle.name}.h`), bundle.header);
        writeFileSync(path.join(folder, `${bundle.name}.c`), bundle.source!);
      }
      const elf = path.join(folder, 'all.elf');
      const sources = cases.map((c) => path.join(folder, `${c.bundle.name}.c`));
      execFileSync(
        'arm-none-eabi-gcc',
        [
          ...cpuFlags,
          ...['-std=gnu99', '-Os', '-ffp-contract=off', ...WARNINGS, '-nostartfiles', '--specs=nano.specs'],
          ...['-Wl,--section-start=.vectors=0', '-Wl,-Ttext=0x400', '-Wl,-Tdata=0x20000000', '-Wl,-e,reset'],
          ...['-o', elf, path.join(folder, 'driver.c'), ...sources],
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      );
      const qemu = spawnSync(
        'qemu-system-arm',
        ['-M', 'mps2-an500', '-nographic', '-monitor', 'none', '-serial', 'none',
          '-semihosting-config', 'enable=on,target=native', '-kernel', elf], // prettier-ignore
        { maxBuffer: 1 << 26, timeout: 60_000 },
      );
      assert.equal(qemu.status, 0, qemu.stderr.toString());
      let at = 0;
      for (const { bundle, runs } of cases) {
        for (const run of runs) {
          const memory = qemu.stdout.subarray(at, at + run.mutable.length);
          at += run.mutable.length;
          for (const p of bundle.placeholders) {
            if (p.direction === 'input') continue;
            const got = fromBytes(memory.subarray(p.byteOffset, p.byteOffset + p.byteSize), p.type);
            assert.deepEqual(got, run.expected.get(p.name), `${bundle.name}: ${p.name}`);
          }
        }
      }
      assert.equal(at, qemu.stdout.length);
    });
  }
});
