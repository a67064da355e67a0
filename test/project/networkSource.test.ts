import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BUILD_PLAN_FILE } from '../../extension/board/buildPlan.ts';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { UserError } from '../../extension/common/error.ts';
import { type ProjectOptions, generateProject, projectFiles } from '../../extension/project/generate.ts';
import { openSdk, requireBoard, type SdkBoard } from '../../extension/sdk/discover.ts';
import { ReportParser } from '../../extension/inference/parse.ts';
import { type BuildTool, buildProject } from '../../extension/toolchain/build.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { layOwnSdk, ownSdk } from '../support/ownSdk.ts';
import { runFirmware } from '../support/runFirmware.ts';
import { incOf, tinyBundle, tinyInput, tinyResult } from './tinyBundle.ts';

const board = findBoard('frdmke16z');
const images = new Map([['image', incOf(tinyInput)]]);

/** The network in a generated project: compiled there from NAME.c, or linked as Glow's object. */
describe('the network of a project', () => {
  let bundle: Bundle;
  let folder: string;
  let sdk: SdkBoard;
  before(async () => {
    bundle = await tinyBundle();
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport test '));
    sdk = await requireBoard(
      await openSdk(await layOwnSdk(path.join(folder, 'sdk'), ownSdk('package'))),
      board,
    );
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A new project of the tiny network. */
  async function project(change: Partial<ProjectOptions> = {}): Promise<string> {
    const outDir = mkdtempSync(path.join(folder, 'p-'));
    await generateProject({ board, bundle, testData: images, weights: 'flash', outDir, ...change });
    return outDir;
  }

  /** Confidences that the project's firmware prints, and the firmware. */
  async function confidences(outDir: string, way: BuildTool): Promise<{ elf: Buffer; values: number[] }> {
    const built = await buildProject(outDir, { with: way, warningsAsErrors: true });
    const elf = readFileSync(built.elf);
    const [report] = new ReportParser().push(Buffer.from(runFirmware(board.id, new Uint8Array(elf))));
    return { elf, values: report!.confidences.map((c) => c.value) };
  }

  function replace(file: string, what: string, by: string): void {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(what), what);
    writeFileSync(file, text.replace(what, by));
  }

  for (const on of ['our board support', "NXP's SDK"]) {
    for (const way of ['ninja', 'make', 'gcc'] as const) {
      it(`on ${on}, built by ${way}: a constant changed in NAME.c is another firmware and another result`, async () => {
        const outDir = await project(on === "NXP's SDK" ? { sdk } : {});
        const before = await confidences(outDir, way);
        assert.deepEqual(before.values, tinyResult(tinyInput));
        replace(path.join(outDir, 'source/tiny.c'), 'sum[i] = 0;', 'sum[i] = 5;');
        const after = await confidences(outDir, way);
        assert.notDeepEqual(after.elf, before.elf);
        assert.deepEqual(
          after.values,
          tinyResult(tinyInput).map((v) => v + 5),
        );
      });
    }
  }

  it('names an error, and with warnings as errors a warning, in NAME.c', async () => {
    const outDir = await project();
    replace(path.join(outDir, 'source/tiny.c'), 'sum[i] = 0;', 'int unused; sum[i] = 0;');
    for (const way of ['ninja', 'gcc'] as const) {
      await buildProject(outDir, { with: way });
      await assert.rejects(
        buildProject(outDir, { with: way, warningsAsErrors: true }),
        (e: unknown) => e instanceof UserError && /tiny\.c:\d+:\d+: error: unused variable/.test(e.message),
      );
    }
  });

  it('is compiled as the object in bundle/ was: each function has its code, byte for byte', async () => {
    for (const way of ['ninja', 'gcc'] as const) {
      const outDir = await project();
      const { elf } = await buildProject(outDir, { with: way });
      const code = (file: string) => {
        const { sections, symbols } = readElf(new Uint8Array(readFileSync(file)));
        const symbol = symbols.find((s) => s.name === 'tiny' && s.type === 'function')!;
        const section = sections[symbol.section!]!;
        // an object's sections are not placed yet; bit 0 of the address says Thumb
        const start = (symbol.address & ~1) - section.address;
        return section.data.subarray(start, start + symbol.size);
      };
      const own = code(path.join(outDir, 'bundle/tiny.o'));
      assert.ok(own.length > 40);
      assert.deepEqual(code(elf), own, way);
    }
  });

  describe('as Glow gives it', () => {
    const glow = (): Bundle => ({ ...bundle, source: undefined });

    it('is the object in bundle/, and a new one is linked', async () => {
      const other = await tinyBundle('tiny', 'sum[i] = 7;');
      for (const way of ['ninja', 'make', 'gcc'] as const) {
        for (const change of [{}, { sdk }]) {
          const outDir = await project({ ...change, bundle: glow() });
          assert.deepEqual((await confidences(outDir, way)).values, tinyResult(tinyInput));
          const object = path.join(outDir, 'bundle/tiny.o');
          const { mtimeMs } = statSync(object);
          writeFileSync(object, other.object!);
          // a file system may count in steps that are longer than a build
          utimesSync(object, new Date(), new Date(mtimeMs + 10_000));
          assert.deepEqual(
            (await confidences(outDir, way)).values,
            tinyResult(tinyInput).map((v) => v + 7),
          );
        }
      }
    });
  });

  it('of an earlier GlowPort is linked as its plan says', async () => {
    const outDir = await project();
    const file = path.join(outDir, BUILD_PLAN_FILE);
    const plan = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(path.join(outDir, 'source/tiny.o'), bundle.object!);
    writeFileSync(file, JSON.stringify({ ...plan, network: undefined, object: 'source/tiny.o' }));
    rmSync(path.join(outDir, 'source/tiny.c'));
    assert.deepEqual((await confidences(outDir, 'gcc')).values, tinyResult(tinyInput));
  });

  it('stands once: no two files of a project are equal, whatever it is for', () => {
    const drawing = { dot: 'digraph {}', svg: '<svg/>' };
    const header = bundle.header.replace(/(CONSTANT_MEM_SIZE\s+)\d+/, '$10');
    const bare = { ...bundle, header, constantBytes: 0, weights: new Uint8Array() };
    for (const b of boards()) {
      // an SDK that has what this board's main() calls
      const functions = new Set(b.init.calls.map((call) => call.slice(0, call.indexOf('('))));
      const its = { ...sdk, functions };
      for (const of of [bundle, bare, { ...bundle, source: undefined }]) {
        for (const weights of ['flash', 'ram'] as const) {
          for (const change of [
            ...(b.bsp ? [{}] : []),
            { sdk: its },
            { sdk: its, console: 'semihost' as const },
          ]) {
            const files = projectFiles({
              ...{ board: b, bundle: of, drawing, testData: images, weights, outDir: '', ...change },
            });
            const names = new Map<string, string>();
            for (const [name, contents] of files) {
              const key = Buffer.from(contents as string).toString('latin1');
              assert.equal(names.get(key), undefined, `${b.id}: ${name} is ${names.get(key)}`);
              names.set(key, name);
            }
          }
        }
      }
    }
  });
});
