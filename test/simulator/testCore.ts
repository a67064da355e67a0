import assert from 'node:assert/strict';
import { Bus } from '../../extension/simulator/machine/bus.ts';
import { Clock } from '../../extension/simulator/machine/clock.ts';
import { Armv6mCore } from '../../extension/simulator/cores/armv6m/core.ts';
import { PeripheralSpace } from '../../extension/simulator/machine/peripheralSpace.ts';
import type { ElfFile } from '../../extension/toolchain/elf.ts';

/** A core with 256 KB flash at 0 and 256 KB RAM at 0x20000000, taken apart for tests. */
export class TestCore {
  readonly clock = new Clock();
  readonly bus = new Bus(
    [
      { name: 'flash', origin: 0, size: 0x40000, kind: 'flash' },
      { name: 'RAM', origin: 0x20000000, size: 0x40000, kind: 'ram' },
    ],
    this.clock,
    new PeripheralSpace([{ origin: 0x40000000, size: 0x1000 }], [], []),
  );
  readonly core = new Armv6mCore(this.bus, this.clock, 16);
  readonly nvic = this.core.nvic;
  readonly systemControl = this.core.systemControl;
  #elf: ElfFile | undefined;

  load(elf: ElfFile): void {
    this.#elf = elf;
    for (const { physicalAddress, data } of elf.segments) this.write(physicalAddress, data);
  }

  symbol(name: string): number {
    const found = this.#elf?.symbols.find((s) => s.name === name);
    assert.ok(found, `no symbol ${name}`);
    return found.address;
  }

  write(address: number, bytes: Uint8Array): void {
    const memory = this.bus.memoryAt(address);
    assert.ok(memory);
    memory.bytes.set(bytes, address - memory.origin);
  }

  writeWord(address: number, value: number): void {
    this.write(address, Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
  }

  writeHalfwords(address: number, halfwords: readonly number[]): void {
    this.write(address, Uint8Array.from(halfwords.flatMap((h) => [h & 255, h >>> 8])));
  }

  bytes(address: number, length: number): Uint8Array {
    const memory = this.bus.memoryAt(address);
    assert.ok(memory);
    return memory.bytes.slice(address - memory.origin, address - memory.origin + length);
  }

  word(address: number): number {
    return Buffer.from(this.bytes(address, 4)).readUInt32LE();
  }

  setRegisters(values: readonly number[]): void {
    values.forEach((value, i) => {
      this.core.registers[i] = value;
    });
  }

  /** Runs from an address until BX LR. */
  runFunction(address: number, cycles = 100_000): void {
    this.core.prepareCall(address, this.core.registers[13]!);
    const limit = this.clock.now + cycles;
    let stop = this.core.run(limit);
    while (stop === 'waiting') stop = this.core.run(limit);
    assert.equal(stop, 'returned');
  }
}
