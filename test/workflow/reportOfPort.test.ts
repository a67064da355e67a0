import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { firmwareSize } from '../../extension/toolchain/size.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import type { MemoryBar, MemoryKind, ModelReport } from '../../webview/shared/report.ts';
import { exportFormats, exportReport } from '../../extension/workflow/report/export.ts';
import { firmwareMemory } from '../../extension/workflow/report/memory.ts';
import { reportOfPort } from '../../extension/workflow/port/reportOfPort.ts';
import { arenaPicture } from '../../webview/shared/pictures/arenaPicture.ts';
import { memoryPicture } from '../../webview/shared/pictures/memoryPicture.ts';
import type { SvgElement } from '../../webview/shared/pictures/svg.ts';

const example = path.join(productRoot, 'examples', 'mnist');

describe('report of a port', () => {
  let folder: string;
  let result: PortResult;
  let report: ModelReport;
  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-report-'));
    result = await port({
      ...DEFAULT_CHOICES,
      model: path.join(example, 'mnist.onnx'),
      samples: [path.join(example, 'samples')],
      board: 'frdmke16z',
      out: path.join(folder, 'out'),
    });
    report = await reportOfPort(result);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const bytesOf = (bar: MemoryBar, kind: MemoryKind): number =>
    bar.segments.filter((s) => s.kind === kind).reduce((n, s) => n + s.bytes, 0);

  it('maps all of flash and RAM: no gap, no overlap, the sizes of the ELF', () => {
    const board = findBoard('frdmke16z');
    const [flash, ram] = report.memory;
    assert.ok(flash && ram);
    for (const [bar, region] of [
      [flash, board.flash],
      [ram, board.ram[0]!],
    ] as const) {
      let at = region.origin;
      for (const segment of bar.segments) {
        assert.equal(segment.address, at);
        assert.ok(segment.bytes > 0);
        at += segment.bytes;
      }
      assert.equal(at, region.origin + region.size);
    }
    const size = firmwareSize(readElf(readFileSync(result.elf)), board.flash);
    assert.equal(flash.used, size.flashBytes);
    assert.equal(flash.used, result.firmware.flashBytes);
    // alignment between sections counts as used here
    assert.ok(ram.used >= size.ramBytes && ram.used < size.ramBytes + 64, `${ram.used} ${size.ramBytes}`);
  });

  it('finds the bundle in it', () => {
    const [flash, ram] = report.memory;
    const { bundle } = result;
    assert.equal(bytesOf(flash!, 'constants'), bundle.constantBytes);
    assert.equal(bytesOf(flash!, 'testImage'), 28 * 28);
    assert.equal(bytesOf(ram!, 'placeholders'), bundle.mutableBytes);
    assert.equal(bytesOf(ram!, 'arena'), bundle.activationBytes);
    const code = report.layers.reduce((n, l) => n + l.codeBytes!, 0);
    const inElf = bytesOf(flash!, 'modelCode');
    assert.ok(inElf >= code && inElf < code + 512, `${inElf} bytes of model code, layers have ${code}`);
    assert.equal(
      ram!.segments.find((s) => s.label === 'Stack, used')?.bytes,
      result.run!.simulation.stackBytes,
    );
  });

  it('follows the constants to RAM and the initial values to flash', () => {
    const elf = readElf(readFileSync(result.elf));
    const board = findBoard('frdmke16z');
    const origin = board.ram[0]!.origin;
    const moved = {
      ...elf,
      symbols: elf.symbols.map((s) => (s.name === 'constantWeight' ? { ...s, address: origin + 4096 } : s)),
      segments: [
        ...elf.segments,
        {
          virtualAddress: origin + 6000,
          physicalAddress: 0x8000,
          data: new Uint8Array(40),
          memorySize: 40,
          executable: false,
          writable: true,
        },
      ],
    };
    const [flash, ram] = firmwareMemory(moved, board, result.bundle, undefined);
    assert.equal(bytesOf(ram!, 'constants'), result.bundle.constantBytes);
    assert.equal(bytesOf(flash!, 'constants'), 0);
    assert.deepEqual(
      flash!.segments.filter((s) => s.kind === 'data').map((s) => [s.label, s.address, s.bytes]),
      [['Initial values of data', 0x8000, 40]],
    );
  });

  it('tells the cycles of every layer, as the simulated board counted them', () => {
    const cycles = report.layers.map((l) => l.measuredCycles);
    assert.ok(
      cycles.every((n) => n !== undefined && n > 0),
      String(cycles),
    );
    const inference = result.run!.cycles!;
    assert.ok(report.model.measuredCycles! <= inference);
    assert.ok(report.model.measuredCycles! > 0.9 * inference, 'layers are nearly all of an inference');
    assert.equal(report.model.timeUs, result.run!.report.timeUs);
  });

  it('tells which boards the network fits', () => {
    assert.equal(report.boards.length, boards().length);
    assert.ok(report.boards.find((b) => b.id === 'frdmke16z')!.fits);
  });

  it('exports the memory as SVG', () => {
    assert.deepEqual(exportFormats(report), ['json', 'csv', 'graph-svg', 'memory-svg']);
    assert.match(exportReport(report, 'memory-svg'), /Model constants/);
  });

  it('draws the activation memory', () => {
    const picture = arenaPicture(report.arena!, 600)!;
    assert.equal(numbers(picture.content).length > 20, true);
    assert.ok(numbers(picture.content).every(Number.isFinite));
  });
});

describe('memory picture', () => {
  it('takes the whole width, in order, whatever the sizes', () => {
    const kinds: readonly MemoryKind[] = ['firmware', 'modelCode', 'free', 'arena', 'free', 'stack'];
    const bars = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(...kinds)), {
        minLength: 1,
        maxLength: 25,
      })
      .map((list): MemoryBar => {
        let address = 0x20000000;
        const segments = list.map(([bytes, kind]) => {
          const segment = { label: `a ${kind}`, kind, address, bytes, note: undefined };
          address += bytes;
          return segment;
        });
        const used = segments.filter((s) => s.kind !== 'free').reduce((n, s) => n + s.bytes, 0);
        return { name: 'RAM', origin: 0x20000000, size: address - 0x20000000, used, segments };
      });
    fc.assert(
      fc.property(bars, fc.integer({ min: 150, max: 1600 }), (bar, width) => {
        const picture = memoryPicture(bar, width);
        assert.ok(numbers(picture.content).every(Number.isFinite));
        const areas = withClass(picture.content, 'area').map((e) => e.attributes);
        assert.equal(areas.length, bar.segments.length);
        let x = 0;
        for (const area of areas) {
          assert.ok(Math.abs(Number(area['x']) - x) < 1e-6);
          x += Number(area['width']);
        }
        assert.ok(Math.abs(x - width) < 1e-6);
      }),
    );
  });
});

function withClass(element: SvgElement, name: string): SvgElement[] {
  const own = element.attributes['class'] === name ? [element] : [];
  return [...own, ...element.children.flatMap((c) => (typeof c === 'string' ? [] : withClass(c, name)))];
}

function numbers(element: SvgElement): number[] {
  const own = Object.values(element.attributes).filter((v) => typeof v === 'number');
  return [...own, ...element.children.flatMap((c) => (typeof c === 'string' ? [] : numbers(c)))];
}
