import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { incOf, tinyBundle, tinyInput } from '../project/tinyBundle.ts';

describe('ELF reader', () => {
  let folder: string;
  const files: Record<string, { file: string; bytes: Uint8Array }> = {};

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
    const bundle = await tinyBundle();
    const images = new Map([['image', incOf(tinyInput)]]);
    await generateProject({
      board: findBoard('frdmke16z'),
      bundle,
      testData: images,
      weights: 'ram',
      outDir: folder,
    });
    const { elf } = await buildProject(folder, { with: 'gcc' });
    const object = path.join(folder, 'bundle', 'tiny.o');
    for (const [name, file] of [
      ['firmware', elf],
      ['object', object],
    ] as const) {
      files[name] = { file, bytes: new Uint8Array(readFileSync(file)) };
    }
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const printed = (tool: string, ...args: string[]): string[] =>
    execFileSync(`arm-none-eabi-${tool}`, args, { encoding: 'utf8' }).split('\n');

  for (const name of ['firmware', 'object']) {
    it(`reads the symbols of the ${name} as GNU nm does`, () => {
      const { file, bytes } = files[name]!;
      const nm = printed('nm', '--defined-only', '--special-syms', file)
        .map((line) => /^([0-9a-f]{8}) . (\S+)$/.exec(line))
        .filter((m) => m !== null)
        .map((m) => `${m[2]} ${m[1]}`);
      const ours = readElf(bytes)
        .symbols.filter((s) => s.defined && s.type !== 'file' && s.type !== 'section')
        .map((s) => `${s.name} ${s.address.toString(16).padStart(8, '0')}`);
      assert.deepEqual(ours.sort(), nm.sort());
    });

    it(`reads the sections of the ${name} as GNU readelf does`, () => {
      const { file, bytes } = files[name]!;
      const readelf = printed('readelf', '-SW', file)
        .map((line) =>
          /^\s*\[\s*\d+\] (\S+)\s+\S+\s+([0-9a-f]{8}) [0-9a-f]{6} ([0-9a-f]{6}) \S\S\s+(\S*)/.exec(line),
        )
        .filter((m) => m !== null)
        .map((m) => `${m[1]} ${m[2]} ${m[3]} ${/A/.test(m[4]!)}${/W/.test(m[4]!)}${/X/.test(m[4]!)}`);
      const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
      const ours = readElf(bytes)
        .sections.slice(1)
        .map(
          (s) =>
            `${s.name} ${hex(s.address, 8)} ${hex(s.size, 6)} ${s.allocated}${s.writable}${s.executable}`,
        );
      assert.ok(ours.length > 5);
      assert.deepEqual(ours, readelf);
    });
  }

  it('reads the segments of the firmware as GNU objcopy does', () => {
    const { file, bytes } = files.firmware!;
    const image = path.join(folder, 'image.bin');
    execFileSync('arm-none-eabi-objcopy', ['-O', 'binary', '--gap-fill', '0xff', file, image]);
    const expected = readFileSync(image);
    const ours = new Uint8Array(expected.length).fill(0xff);
    for (const s of readElf(bytes).segments) if (s.data.length > 0) ours.set(s.data, s.physicalAddress);
    assert.deepEqual(Buffer.from(ours), expected);
  });

  it('knows the processor from the attributes', () => {
    const { attributes, entry, machine } = readElf(files.firmware!.bytes);
    assert.equal(attributes.get(6), 12); // Tag_CPU_arch: v6S-M
    assert.equal(machine, 'arm');
    assert.equal(entry & 1, 1);
  });

  /** Only a UserError may come, and what is read must lie inside the file. */
  function survives(bytes: Uint8Array): void {
    try {
      const elf = readElf(bytes);
      for (const { data } of [...elf.segments, ...elf.sections]) assert.ok(data.length <= bytes.length);
      assert.ok(elf.symbols.length <= 200_000);
    } catch (e) {
      assert.ok(e instanceof UserError && e.code === 'input', String(e));
    }
  }

  it('refuses the file cut off at every length', () => {
    const { bytes } = files.object!;
    for (let length = 0; length < bytes.length; length++) survives(bytes.subarray(0, length));
    assert.throws(() => readElf(bytes.subarray(0, bytes.length - 1)), UserError);
  });

  it('survives changed bytes, most of all in its tables', () => {
    const { bytes } = files.object!;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const tables = view.getUint32(32, true);
    const place = fc.oneof(
      fc.nat(51),
      fc.integer({ min: tables, max: bytes.length - 1 }),
      fc.nat(bytes.length - 1),
    );
    const value = fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xff), fc.nat(255));
    fc.assert(
      fc.property(fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 12 }), (changes) => {
        const copy = bytes.slice();
        for (const [at, byte] of changes) copy[at] = byte;
        survives(copy);
      }),
      { numRuns: 3000 },
    );
  });

  it('answers soon to a file of nothing but symbol tables over each other, with names that do not end', () => {
    const count = 20_000;
    const bytes = new Uint8Array(52 + count * 40).fill(1);
    const view = new DataView(bytes.buffer);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
    view.setUint16(18, 40, true);
    view.setUint32(32, 52, true);
    view.setUint16(44, 0, true);
    view.setUint16(46, 40, true);
    view.setUint16(48, count, true);
    view.setUint16(50, 1, true);
    for (let i = 0; i < count; i++) {
      const at = 52 + i * 40;
      view.setUint32(at + 4, 2, true);
      view.setUint32(at + 16, 0, true);
      view.setUint32(at + 20, bytes.length, true);
      view.setUint32(at + 24, 1, true);
      view.setUint32(at + 36, 16, true);
    }
    survives(bytes);
  });

  it('survives files that are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        survives(noise);
        survives(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, ...noise]));
      }),
    );
  });
});
