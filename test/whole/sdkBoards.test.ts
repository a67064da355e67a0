import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CORE_NAMES } from '../../extension/board/board.ts';
import { type BoardData, boards } from '../../extension/board/catalogue.ts';
import { firmwareOverhead } from '../../extension/board/overhead.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { sdkBoards } from '../../extension/sdk/boards/sdkBoards.ts';
import { requireBoard, type Sdk } from '../../extension/sdk/discover.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { compileObject } from '../../extension/toolchain/compile.ts';
import { incOf, tinyBundle, tinyInput } from '../project/tinyBundle.ts';
import { sdkForTests } from '../support/sdk.ts';
import { boardsInTable, type TriedBoard, writeTable } from '../support/triedBoards.ts';

/** A package or a small workspace has fewer. */
const LEAST_OF_A_REPOSITORY = 20;

describe("boards that only NXP's SDK describes, whole", function () {
  // the SDK has some fifty
  this.timeout(60 * 60e3);
  let sdk: Sdk;
  let folder: string;
  before(async function () {
    const found = await sdkForTests();
    if (!found) this.skip();
    sdk = found;
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-sdk-boards-'));
  });
  after(() => (folder ? rm(folder, { recursive: true, force: true }) : undefined));

  /** Builds the firmware around a network of a few bytes; what it takes, and what compilers said. */
  async function build(board: BoardData): Promise<{ tried: TriedBoard; warnings: string[] }> {
    const bundle = await tinyBundle();
    const { cpuFlags } = board.compile;
    const object = await compileObject(
      { name: bundle.name, source: bundle.source!, header: bundle.header },
      { cpuFlags },
    );
    const outDir = path.join(folder, board.id);
    const images = new Map([['image', incOf(tinyInput)]]);
    const files = await requireBoard(sdk, board);
    await generateProject({
      board,
      bundle: { ...bundle, object },
      testData: images,
      weights: 'flash',
      outDir,
      sdk: files,
    });
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const { size } = await buildProject(outDir, { warningsAsErrors: true, log });
    const { flashBytes, ramBytes } = size;
    return {
      tried: { name: board.name, core: CORE_NAMES[board.core], flashBytes, ramBytes },
      warnings: lines.filter((line) => /\bwarning:/.test(line) && line.includes(`${folder}/`)),
    };
  }

  it('are built for, each without a warning in our files and within what was estimated', async function () {
    const { boards: read } = await sdkBoards(sdk, new Set(boards().map((b) => b.id)));
    const tried: TriedBoard[] = [];
    const failed: string[] = [];
    for (const board of read) {
      try {
        const { tried: built, warnings } = await build(board);
        assert.deepEqual(warnings, []);
        const { flashBytes } = firmwareOverhead(board, 'sdk');
        assert.ok(
          built.flashBytes <= flashBytes + 2048,
          `about ${flashBytes} B of flash were estimated, it takes ${built.flashBytes}`,
        );
        tried.push(built);
      } catch (e) {
        failed.push(`${board.id}: ${e instanceof Error ? e.message : String(e)}`);
      }
    }
    assert.deepEqual(failed, []);
    if (sdk.layout !== 'package') assert.ok(tried.length >= LEAST_OF_A_REPOSITORY, `${tried.length} boards`);
    const release = sdk.version ?? 'unknown';
    if (process.env['GLOWPORT_WRITE_DOCS']) await writeTable(release, tried);
    const inTable = new Set(await boardsInTable(release));
    // a release that nobody has tried has no column
    if (inTable.size > 0)
      assert.deepEqual(
        tried.map((b) => b.name).filter((name) => !inTable.has(name)),
        [],
      );
  });
});
