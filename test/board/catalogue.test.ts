import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { advice } from '../../extension/cli/remedies.ts';
import { boards, consoleRegisters, findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';

const folder = path.join(productRoot, 'templates', 'boards');
const files = readdirSync(folder).filter((f) => f !== 'schema.json');

describe('board catalogue', () => {
  const validate = new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync(path.join(folder, 'schema.json'), 'utf8')) as object,
  );

  it('has these boards', () => {
    assert.deepEqual(
      boards()
        .map((b) => b.id)
        .sort(),
      [
        'evkbimxrt1050',
        'evkmimxrt1060',
        'evkmimxrt1064',
        'evkmimxrt1160',
        'evkmimxrt1170',
        'frdmk32l2b',
        'frdmke02z40m',
        'frdmke04z',
        'frdmke15z',
        'frdmke16z',
        'frdmke17z',
        'frdmkv11z',
        'frdmmcxc242',
        'frdmmcxc444',
        'lpc845breakout',
        'lpcxpresso860max',
      ],
    );
  });

  for (const file of files) {
    it(`${file} follows the schema and is named after its id`, () => {
      const data = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { id: string };
      assert.ok(validate(data), JSON.stringify(validate.errors, null, 2));
      assert.equal(file, `${data.id}.json`);
    });
  }

  it('is refused by the schema when a fact is missing or of the wrong kind', () => {
    const good = JSON.parse(readFileSync(path.join(folder, 'frdmke16z.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    for (const key of Object.keys(good)) {
      const bad = Object.fromEntries(Object.entries(good).filter(([k]) => k !== key));
      const isOptional = ['an13438', 'overhead', 'bsp', 'notFlashedBy'].includes(key);
      assert.equal(validate(bad), isOptional, `without ${key}`);
    }
    assert.equal(validate({ ...good, overhead: { own: { flashBytes: 1383 } } }), false);
    assert.equal(validate({ ...good, extra: 1 }), false);
    assert.equal(validate({ ...good, init: { ...(good.init as object), calls: ['system("x")'] } }), false);
  });

  it('names every register its boot code uses, and no other', () => {
    for (const { id, bsp } of boards()) {
      if (!bsp) continue;
      const steps = [...bsp.watchdog, ...bsp.pins, ...bsp.clock, ...bsp.console];
      const used = steps.flatMap((s) => s.write ?? s.set ?? s.clear ?? s.poll ?? []);
      if (bsp.clockSelect) used.push(bsp.clockSelect.register);
      if (bsp.flashAccess) used.push(bsp.flashAccess.register);
      assert.deepEqual([...new Set(used)].sort(), Object.keys(bsp.registers).sort(), id);
    }
  });

  it('sets each console to its baud rate within 2 %', () => {
    for (const board of boards()) {
      const { id, bsp } = board;
      if (!bsp) continue;
      const console = consoleRegisters(board);
      const value = (name: string): number =>
        bsp.console.findLast((s) => (s.write ?? s.set)?.endsWith(name))?.value ?? 0;
      const divisor = {
        // fsl_uart: 16 samples a bit, fine adjust in 1/32 where the part has C4
        uart: () => 16 * (value('_BDL') + (value('_C4') & 31) / 32),
        lpuart: () => (((value('_BAUD') >>> 24) & 31) + 1) * (value('_BAUD') & 0x1fff),
        miniusart: () => (value('_OSR') + 1) * (value('_BRG') + 1),
      }[console.type]();
      const error = Math.abs(console.clockHz / divisor / console.baudRate - 1);
      assert.ok(error < 0.02, `${id}: ${console.clockHz / divisor} baud`);
    }
  });

  it('finds a board by id or name in any spelling', () => {
    for (const text of ['frdmke16z', 'FRDM-KE16Z', 'frdm_ke16z', ' FRDM KE16Z ']) {
      assert.equal(findBoard(text).id, 'frdmke16z');
    }
    assert.equal(findBoard('IMXRT1050-EVKB').id, 'evkbimxrt1050');
  });

  it('takes a part of a name that only one board has', () => {
    for (const [part, id] of [
      ['KE16Z', 'frdmke16z'],
      ['ke-16', 'frdmke16z'],
      ['rt1060', 'evkmimxrt1060'],
      ['LPC860MAX', 'lpcxpresso860max'],
      ['1050', 'evkbimxrt1050'],
      ['LPC845', 'lpc845breakout'],
    ] as const) {
      assert.equal(findBoard(part).id, id, part);
    }
    // every board by its part number as it is printed on the chip
    for (const board of boards()) assert.equal(findBoard(board.partNumber).id, board.id);
  });

  it('suggests all boards that a part of a name may mean', () => {
    const refused = (part: string): UserError => {
      try {
        findBoard(part);
      } catch (e) {
        assert.ok(e instanceof UserError && e.code === 'board');
        return e;
      }
      throw new Error(`${part} was taken`);
    };
    assert.equal(refused('KE0').message, '"KE0" is a part of several boards\' names.');
    const meant = (part: string): readonly string[] => {
      const [remedy] = refused(part).remedies;
      return remedy?.do === 'chooseBoard' ? [...(remedy.near ?? [])].sort() : [];
    };
    assert.deepEqual(meant('KE0'), ['frdmke02z40m', 'frdmke04z']);
    assert.ok(meant('frdm').includes('frdmkv11z'));
    // too short to mean one
    assert.match(refused('K').message, /^There is no board "K"/);
    assert.match(refused('').message, /^There is no board ""/);
  });

  it('suggests the nearest boards for an unknown one', () => {
    assert.throws(
      () => findBoard('frdm-ke18z'),
      (e: unknown) =>
        e instanceof UserError && e.code === 'board' && /^Did you mean .*frdmke1/.test(advice(e.remedies)),
    );
    assert.throws(
      () => findBoard('x'.repeat(100_000)),
      (e: unknown) => e instanceof UserError && e.message.length < 100,
    );
  });
});
