import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { patchImage, readImage } from '../../extension/simulator/firmware/image.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildElf } from './assemble.ts';
import { buildFirmware } from './firmware.ts';

const board = 'frdmk32l2b';

/** Runs an image and returns what it printed. */
function printed(firmware: Uint8Array): string {
  const machine = new Machine(board);
  let text = '';
  machine.onUart = (byte) => (text += String.fromCharCode(byte));
  machine.load(firmware);
  machine.checkBootable();
  assert.equal(machine.run(10e6), 'idle', machine.fault?.message);
  return text;
}

function refuses(firmware: Uint8Array, message: RegExp, id = board): void {
  assert.throws(
    () => {
      const machine = new Machine(id);
      machine.load(firmware);
      machine.checkBootable();
    },
    (error: unknown) => {
      assert.ok(error instanceof UserError, String(error));
      assert.equal(error.code, 'input');
      assert.match(error.message, message);
      assert.ok(error.remedies.length > 0);
      return true;
    },
  );
}

describe('simulator: firmware images', () => {
  let elf: Uint8Array;
  let hex: Buffer;
  let bin: Buffer;
  before(() => {
    elf = buildFirmware(
      board,
      `const char text[8] = "flash\\n"; char data[8] = "data\\n"; char zeros[8];
       int main(void) { init(); print(text); print(data); print(zeros); return 0; }`,
    );
    const directory = mkdtempSync(path.join(tmpdir(), 'glowport-image-'));
    writeFileSync(path.join(directory, 'a.elf'), elf);
    for (const format of ['ihex', 'binary']) {
      const { status } = spawnSync('arm-none-eabi-objcopy', ['-O', format, 'a.elf', `a.${format}`], {
        cwd: directory,
      });
      assert.equal(status, 0);
    }
    hex = readFileSync(path.join(directory, 'a.ihex'));
    bin = readFileSync(path.join(directory, 'a.binary'));
    rmSync(directory, { recursive: true });
  });

  it('ELF, Intel HEX and raw binary of one firmware run alike', () => {
    for (const firmware of [elf, hex, bin]) assert.equal(printed(firmware), 'flash\ndata\n');
    assert.deepEqual(
      [elf, hex, bin].map((f) => readImage(f).format),
      ['elf', 'hex', 'bin'],
    );
  });

  it('patches a symbol in flash and the initial value of one in RAM', () => {
    const image = patchImage(readImage(elf), [
      { symbol: 'text', bytes: Buffer.from('FLASH\n\0') },
      { symbol: 'data', bytes: Buffer.from('Data!\n\0') },
    ]);
    const machine = new Machine(board);
    let text = '';
    machine.onUart = (byte) => (text += String.fromCharCode(byte));
    machine.load(image);
    machine.run(10e6);
    assert.equal(text, 'FLASH\nData!\n');
    assert.equal(printed(elf), 'flash\ndata\n', 'the original is untouched');
  });

  it('refuses patches that cannot be', () => {
    const image = readImage(elf);
    const patch = (symbol: string, length: number, message: RegExp): void => {
      assert.throws(() => patchImage(image, [{ symbol, bytes: new Uint8Array(length) }]), message);
    };
    patch('nothere', 1, /no symbol "nothere"/);
    patch('text', 9, /"text" has 8 bytes in the firmware, the data for it 9/);
    patch('zeros', 8, /no stored bytes/);
  });

  it('refuses what does not fit, naming by how much', () => {
    refuses(
      new Uint8Array(0x2001),
      /ends 1 bytes past the flash of the FRDM-KE04Z \(8192 bytes\)/,
      'frdmke04z',
    );
    refuses(elf, /stack pointer in RAM/, 'lpc845breakout');
  });

  it('refuses what is no firmware', () => {
    refuses(new Uint8Array(0), /empty/);
    refuses(new Uint8Array(1000), /no vector table for the FRDM-K32L2B at 0x00000000/);
    refuses(Buffer.from('hello world, this is text'), /no vector table/);
    const other = Buffer.from(elf);
    other.writeUInt16LE(62, 18);
    refuses(other, /another processor \(ELF machine 62/);
    const object = Buffer.from(elf);
    object.writeUInt16LE(1, 16);
    refuses(object, /not a linked firmware/);
    refuses(buildElf({ 'a.S': '.word 0x1000, 0' }), /no vector table/);
  });

  it('refuses damaged Intel HEX, naming the line', () => {
    const lines = hex.toString().trim().split('\r\n');
    const change = (edit: (lines: string[]) => void): Buffer => {
      const copy = [...lines];
      edit(copy);
      return Buffer.from(copy.join('\n'));
    };
    refuses(
      change((l) => l.pop()),
      /end record is missing/,
    );
    refuses(
      change((l) => (l[2] = l[2]!.slice(0, -2))),
      /line 3: it announces/,
    );
    refuses(
      change((l) => (l[2] = `${l[2]!.slice(0, 9)}${l[2]![9] === '0' ? '1' : '0'}${l[2]!.slice(10)}`)),
      /line 3: its checksum/,
    );
    refuses(
      change((l) => (l[2] = 'hello')),
      /line 3: it is not a record/,
    );
    refuses(
      change((l) => l.push(':00000001FF')),
      /something after the end record/,
    );
    refuses(Buffer.from(':00000001FF\n'), /holds no data/);
    refuses(Buffer.from(':0400000601020304EC\n:00000001FF\n'), /record type 6 does not exist/);
  });

  it('ends with one sentence for every way an ELF file can be cut off or damaged', () => {
    const attempt = (bytes: Uint8Array): void => {
      try {
        const machine = new Machine(board);
        machine.load(bytes);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    };
    for (let length = 0; length < elf.length; length += 97) attempt(elf.subarray(0, length));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        (edits) => {
          const copy = Uint8Array.from(elf);
          // headers mostly: that is where damage hurts
          for (const [at, value] of edits) copy[at % 2 ? at % 200 : at % copy.length] = value;
          attempt(copy);
        },
      ),
      { numRuns: 300 },
    );
  });
});
