import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import type { ElfFile } from '../../extension/toolchain/elf.ts';
import { firmwareImages } from '../../extension/toolchain/images.ts';
import { incOf, tinyBundle, tinyInput } from '../project/tinyBundle.ts';

/* What drives of debug probes take: written by us where gcc alone builds, by objcopy where CMake does; objcopy reads both. */

describe('firmware in other formats', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport images '));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const objcopy = (...args: string[]): Buffer => {
    const out = path.join(folder, 'objcopied');
    execFileSync('arm-none-eabi-objcopy', [...args, out], { cwd: folder });
    return readFileSync(out);
  };
  const asBinary = (format: string, file: string): Buffer =>
    objcopy('-I', format, '-O', 'binary', '--gap-fill', '0xFF', file);

  for (const id of ['frdmke16z', 'lpc845breakout']) {
    it(`of ${id} hold what the ELF file does, by either way of building`, async () => {
      const outDir = path.join(folder, id);
      const images = new Map([['image', incOf(tinyInput)]]);
      const board = findBoard(id);
      await generateProject({ board, bundle: await tinyBundle(), testData: images, weights: 'ram', outDir });
      for (const way of ['gcc', 'ninja'] as const) {
        const built = await buildProject(outDir, { with: way });
        const [hex, bin, srec] = built.images as [string, string, string];
        assert.deepEqual(
          built.images.map((file) => path.basename(file)),
          ['tiny.hex', 'tiny.bin', 'tiny.srec'],
        );
        const image = objcopy('-O', 'binary', '--gap-fill', '0xFF', built.elf);
        assert.equal(image.length, built.size.flashBytes);
        assert.ok(readFileSync(bin).equals(image), way);
        assert.ok(asBinary('ihex', hex).equals(image), way);
        assert.ok(asBinary('srec', srec).equals(image), way);
        built.images.forEach((file) => {
          rmSync(file);
        });
        rmSync(built.elf);
      }
    });
  }

  it('are written at high addresses, across borders of 64 KB, with gaps, and not what lies elsewhere', () => {
    const data = (n: number, from: number): Uint8Array =>
      Uint8Array.from({ length: n }, (_, i) => (from + i) & 255);
    const segment = (physicalAddress: number, bytes: Uint8Array) => ({
      ...{ virtualAddress: physicalAddress, physicalAddress, data: bytes, memorySize: bytes.length },
      ...{ executable: true, writable: false },
    });
    const elf: ElfFile = {
      ...{
        kind: 'executable',
        machine: 'arm',
        entry: 0x60002001,
        sections: [],
        symbols: [],
        attributes: new Map(),
      },
      segments: [
        segment(0x6000fff9, data(77, 3)),
        segment(0x60000000, data(512, 1)),
        segment(0x20000000, data(4, 0)),
        segment(0x60002000, data(0, 0)),
      ],
    };
    const images = firmwareImages(elf, { origin: 0x60000000, size: 0x100000 }, 'x'.repeat(300));
    const expected = Buffer.alloc(0xfff9 + 77, 0xff);
    expected.set(data(512, 1));
    expected.set(data(77, 3), 0xfff9);
    assert.ok(Buffer.from(images.bin).equals(expected));
    for (const [format, name] of [
      ['ihex', 'hex'],
      ['srec', 'srec'],
    ] as const) {
      const file = path.join(folder, `high.${name}`);
      writeFileSync(file, images[name]);
      assert.ok(asBinary(format, file).equals(expected), name);
      const start = execFileSync('arm-none-eabi-objdump', ['-b', format, '-f', file], { encoding: 'utf8' });
      assert.match(start, /start address 0x60002001/);
    }
  });
});
