import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv } from 'ajv';
import { findBoard } from '../../extension/board/catalogue.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { calibration, model, sample } from '../cli/support.ts';
import { layOwnSdk, ownSdk } from '../support/ownSdk.ts';
import { ProductCopy } from '../support/productCopy.ts';

/* docs/architecture.md: "A board: one JSON file". Here boards are added that nobody has, and the product is asked for them. */

type BoardFile = Record<string, unknown>;

/** A board of the catalogue as its file states it. */
async function boardFile(id: string, without: readonly string[]): Promise<BoardFile> {
  const file = path.join(productRoot, 'templates', 'boards', `${id}.json`);
  const facts = Object.entries(JSON.parse(await readFile(file, 'utf8')) as BoardFile);
  return Object.fromEntries(facts.filter(([key]) => !without.includes(key)));
}

interface Row {
  readonly id: string;
  readonly simulated: boolean;
  readonly fits?: boolean;
  readonly basis?: string;
}

describe('a made-up board', () => {
  let copy: ProductCopy;
  before(async () => {
    copy = await ProductCopy.make();
  });
  after(() => copy.dispose());

  async function add(board: BoardFile): Promise<void> {
    const schema = path.join(productRoot, 'templates', 'boards', 'schema.json');
    const follows = new Ajv().compile(JSON.parse(await readFile(schema, 'utf8')) as object);
    assert.ok(follows(board), JSON.stringify(follows.errors));
    await copy.addFile(`templates/boards/${String(board['id'])}.json`, JSON.stringify(board));
  }

  async function rowOf(id: string, ...args: string[]): Promise<Row> {
    const rows = JSON.parse(await copy.run('boards', '--json', ...args)) as Row[];
    return rows.find((row) => row.id === id)!;
  }

  describe('of one JSON file', () => {
    const id = 'frdmkx99z';
    const changes = { id, name: 'FRDM-KX99Z', partNumber: 'MKX99Z12', processor: 'MKX99Z12xxx4' };
    const flashBytes = 12 * 1024;
    /** The SDK's paths as they would be for this board. */
    const renamed = <T>(sdk: T): T =>
      JSON.parse(
        JSON.stringify(sdk)
          .replaceAll('frdmke16z', id)
          .replaceAll(/MKE16Z(4|64)/g, 'MKX99Z$1'),
      ) as T;
    let sdk: string;

    before(async () => {
      const file = await boardFile('frdmke16z', ['overhead', 'bsp', 'an13438']);
      const flash = { ...(file['flash'] as object), size: flashBytes };
      await add({ ...file, ...changes, flash, sdk: renamed(file['sdk']) });
      const like = findBoard('frdmke16z');
      const board = {
        ...like,
        ...changes,
        flash: { ...like.flash, size: flashBytes },
        sdk: renamed(like.sdk),
      };
      sdk = await layOwnSdk(path.join(copy.work, 'sdk'), ownSdk('package', board));
    });

    it('is listed, and not simulated', async () => {
      assert.match(
        await copy.run('boards'),
        /^frdmkx99z +FRDM-KX99Z +Kinetis E +cortex-m0plus +48 +12 KB.* no$/m,
      );
    });

    it('is fitted by an estimate, which is called one', async () => {
      const row = await rowOf(id, '--model', model);
      assert.deepEqual([row.simulated, row.fits, row.basis], [false, false, 'estimated']);
      const table = await copy.run('boards', '--model', model);
      assert.match(table, /^FRDM-KX99Z +about [\d,]+ of 12,288 +about [\d,]+ of 8,192 /m);
      assert.match(
        table,
        /^FRDM-KX99Z .* no: needs about [\d.]+ KB flash, has 12 KB \(about \d+ bytes too much\)$/m,
      );
      assert.match(table, /^FRDM-KE16Z +about \d[\d,]* of 65,536 +about \d/m);
    });

    it('is compiled for, and a project for it is generated and built', async () => {
      await copy.run('compile', model, '--board', id, '--samples', calibration, '--out', 'bundle');
      await copy.run(
        'generate',
        'bundle',
        '--board',
        id,
        '--input',
        sample,
        '--sdk',
        sdk,
        '--out',
        'project',
      );
      await copy.run('build', 'project');
    });

    it('is ported to: what the estimate has no room for, the build may find room for', async () => {
      const port = ['port', model, '--board', id, '--samples', calibration, '--sdk', sdk, '--no-save'];
      const ported = JSON.parse(await copy.run(...port, '--run', 'none', '--json')) as Record<string, number>;
      assert.ok(ported['flashBytes']! > 5000 && ported['flashBytes']! < flashBytes);
      const simulated = await copy.glowport(...port);
      assert.match(simulated.err, /FRDM-KX99Z cannot be simulated/);
    });
  });

  it('is simulated with one description and one line more, and runs firmware on its own board support', async () => {
    const id = 'frdmkx88z';
    const file = await boardFile('frdmk32l2b', ['overhead', 'an13438']);
    const changes = { id, name: 'FRDM-KX88Z', partNumber: 'MKX88Z', coreClockHz: 32_000_000 };
    // memory and peripherals elsewhere, and a clock status that asks for what no other part has
    const text = JSON.stringify({ ...file, ...changes })
      .replaceAll('"0x400', '"0x500')
      .replaceAll('"0x1FFFE000"', '"0x20004000"')
      .replace('"mask":"0x0C","equals":"0x00"', '"mask":"0x90","equals":"0x90"');
    await add(JSON.parse(text) as BoardFile);
    assert.equal((await rowOf(id)).simulated, false);

    await copy.addFile(
      'extension/simulator/mcus/mkx88z.ts',
      `import type { Mcu } from '../machine/mcu.ts';

export const MKX88Z: Mcu = {
  partNumber: 'MKX88Z',
  peripherals: [{ origin: 0x50000000, size: 0x100000 }],
  registers: [
    { name: 'MCG_S', address: 0x50064006, width: 8, always: 0x10, sets: [{ bits: 0x80, while: { register: 0x50064000, mask: 2 } }] },
  ],
  uarts: {
    LPUART0: { fifo: 1, gate: { name: 'SIM_SCGC5[LPUART0]', address: 0x50048038, mask: 1 << 20, whenOff: 'fault' } },
  },
  sysTickDivider: 16,
};
`,
    );
    await copy.addLine('extension/simulator/mcus/all.ts', `export { MKX88Z } from './mkx88z.ts';`);
    assert.equal((await rowOf(id)).simulated, true);
    const port = ['port', model, '--board', id, '--samples', calibration, '--input', sample];
    const { board, match, top1, cycles, timeUs } = JSON.parse(await copy.run(...port, '--json')) as Record<
      string,
      unknown
    >;
    assert.deepEqual({ board, match, top1 }, { board: id, match: true, top1: 7 });
    assert.ok(Math.abs(Number(timeUs) - Number(cycles) / 32) < 50, `${timeUs} us of ${cycles} cycles`);
  });
});
