import assert from 'node:assert/strict';
import { type BoardData, boards, dataRam, findBoard } from '../../extension/board/catalogue.ts';
import { builtFit, fitBoard, fitsAlone, kilobytes } from '../../extension/board/fit.ts';
import { stackNeed } from '../../extension/board/stack.ts';
import { estimateOverhead, firmwareOverhead } from '../../extension/board/overhead.ts';
import { english } from '../../extension/common/errors/sentence.ts';

const need = { flashBytes: 6000, ramBytes: 1600, stackBytes: 8, floatPlaceholders: false, cycles: 96_000 };

describe('board fit', () => {
  it('counts the firmware around the network', () => {
    const board = findBoard('frdmke16z');
    const overhead = firmwareOverhead(board);
    const fit = fitBoard(board, need);
    assert.equal(fit.fits, true);
    assert.deepEqual(fit.reasons, []);
    assert.deepEqual(fit.flash, { used: 6000 + overhead.flashBytes, total: 65536 });
    assert.deepEqual(fit.ram, {
      used: 1600 + overhead.ramBytes + stackNeed(board, overhead.stackBytes),
      total: 8192,
    });
    assert.equal(fit.timeUs, 2000);
  });

  it('is below 1.5 KB flash and 200 bytes RAM on our own board support', () => {
    for (const board of boards().filter((b) => b.bsp)) {
      const o = firmwareOverhead(board);
      assert.ok(o.flashBytes > 0 && o.flashBytes < 1536, board.id);
      assert.ok(o.ramBytes + o.stackBytes > 0 && o.ramBytes + o.stackBytes < 200, board.id);
    }
  });

  it("knows what NXP's SDK takes on each board, and says by how much a network is too large there", () => {
    for (const board of boards()) {
      const o = firmwareOverhead(board, 'sdk');
      assert.ok(o.flashBytes > 5000 && o.flashBytes < board.flash.size, board.id);
      assert.ok(o.ramBytes > 300 && o.ramBytes < 600 && o.stackBytes >= 180, board.id);
      if (board.bsp) assert.ok(o.flashBytes > 4 * firmwareOverhead(board).flashBytes, board.id);
      // a board without board support of our own has no other firmware
      else assert.deepEqual(firmwareOverhead(board, 'own'), o);
      const exact = {
        ...need,
        flashBytes: board.flash.size - o.flashBytes,
        ramBytes: board.ram[0]!.size - o.ramBytes - stackNeed(board, o.stackBytes),
      };
      assert.deepEqual(fitBoard(board, exact, 'sdk').reasons, [], board.id);
      const over = { ...exact, flashBytes: exact.flashBytes + 1, ramBytes: exact.ramBytes + 1234 };
      const reasons = fitBoard(board, over, 'sdk').reasons.map(english);
      assert.match(reasons[0]!, /^needs .* flash, has .* \(1 byte too much\)$/);
      const where = board.ram.length > 1 ? ` in ${dataRam(board).name}, where NXP's linker script keeps` : '';
      assert.match(reasons[1]!, /^needs .* RAM, has .* \(1234 bytes too much\)/);
      assert.ok(reasons[1]!.includes(`(1234 bytes too much)${where}`), reasons[1]);
    }
  });

  it('knows that semihosting takes more than the debug console, with a heap for printf', () => {
    for (const board of boards()) {
      const [uart, semihost] = (['sdk', 'semihost'] as const).map((p) => firmwareOverhead(board, p));
      assert.ok(semihost!.flashBytes > uart!.flashBytes + 3000, board.id);
      assert.ok(semihost!.ramBytes > uart!.ramBytes + 1536, board.id);
    }
    assert.match(
      fitBoard(findBoard('frdmke04z'), need, 'semihost').reasons.map(english).join(),
      /flash.*too much.*RAM/,
    );
  });

  it('says which of it is measured: all that was large enough to be built', () => {
    for (const board of boards()) {
      for (const platform of ['own', 'sdk', 'semihost'] as const) {
        const isMeasured = platform !== 'semihost' || board.id !== 'frdmke04z';
        const basis = isMeasured ? 'measured' : 'estimated';
        assert.equal(firmwareOverhead(board, platform).basis, basis, `${board.id} ${platform}`);
        const fitted = isMeasured ? 'predicted' : 'estimated';
        assert.equal(fitBoard(board, need, platform).basis, fitted, `${board.id} ${platform}`);
      }
    }
  });

  it('gives way to what was measured, once the firmware is built', () => {
    const predicted = fitBoard(findBoard('frdmke16z'), need);
    const built = builtFit(predicted, { flashBytes: 7384, ramBytes: 1860, timeUs: undefined });
    assert.deepEqual([built.basis, built.flash.used, built.ram.used], ['built', 7384, 1860]);
    assert.deepEqual([built.timeBasis, built.timeUs], ['predicted', predicted.timeUs], 'it has not run');
    const ran = builtFit(predicted, { flashBytes: 7384, ramBytes: 1860, timeUs: 1407 });
    assert.deepEqual([ran.timeBasis, ran.timeUs], ['measured', 1407]);
    // an estimate that was wrong
    const tooLarge = fitBoard(findBoard('frdmke16z'), { ...need, ramBytes: 1e6 });
    const { fits, reasons } = builtFit(tooLarge, { flashBytes: 1, ramBytes: 1, timeUs: undefined });
    assert.deepEqual([fits, reasons], [true, []]);
  });

  it('is estimated from boards like it where nobody has measured it: enough for each board of the catalogue', () => {
    for (const board of boards()) {
      const others = boards().filter((b) => b !== board);
      const isLike = (b: BoardData): boolean =>
        b.core === board.core && b.sdk.printfAdvanced === board.sdk.printfAdvanced;
      for (const platform of ['own', 'sdk', 'semihost'] as const) {
        const measured = board.overhead?.[platform];
        if (!measured) continue;
        const estimated = estimateOverhead(board, platform, others);
        for (const key of ['flashBytes', 'ramBytes', 'stackBytes', 'callerStackBytes'] as const) {
          const where = `${board.id} ${platform} ${key}: ${estimated[key]}, measured ${measured[key]}`;
          assert.ok(estimated[key] >= measured[key], where);
          if (others.some(isLike)) assert.ok(estimated[key] <= measured[key] * 1.3 + 16, where);
        }
      }
    }
    assert.equal(firmwareOverhead({ ...findBoard('frdmke16z'), overhead: {} }).basis, 'estimated');
    // a small board's PRINTF is a small one
    const ke16z = findBoard('frdmke16z');
    const small = { ...ke16z, sdk: { ...ke16z.sdk, printfAdvanced: false } };
    assert.ok(estimateOverhead(small, 'sdk', boards()).flashBytes < 7000);
    // a core that nobody has board support for is estimated from what there is
    assert.ok(estimateOverhead(findBoard('evkmimxrt1060'), 'own', boards()).flashBytes > 1383);
  });

  it('says "about" of a network that is too large by an estimate', () => {
    const board = { ...findBoard('frdmke04z'), overhead: {} };
    const { flashBytes } = firmwareOverhead(board);
    const { fits, reasons } = fitBoard(board, { ...need, flashBytes: 8192 - flashBytes + 700, ramBytes: 0 });
    assert.equal(fits, false);
    assert.deepEqual(reasons.map(english), ['needs about 8.7 KB flash, has 8 KB (about 700 bytes too much)']);
  });

  it('knows what fits even beside the smallest firmware', () => {
    const board = findBoard('frdmke04z');
    const largest = { ...need, flashBytes: 8192, ramBytes: 1024 };
    assert.equal(fitsAlone(board, largest), true);
    assert.equal(fitsAlone(board, { ...largest, flashBytes: 8193 }), false);
    assert.equal(fitsAlone(board, { ...largest, ramBytes: 1025 }), false);
    assert.equal(fitsAlone(board, { ...largest, floatPlaceholders: true }), false);
  });

  it('says by how many bytes a network is too large', () => {
    const board = findBoard('frdmke04z');
    const overhead = firmwareOverhead(board);
    const exact = {
      ...need,
      flashBytes: 8192 - overhead.flashBytes,
      ramBytes: 1024 - overhead.ramBytes - stackNeed(board, overhead.stackBytes),
    };
    assert.deepEqual(fitBoard(board, exact).reasons, []);
    assert.deepEqual(fitBoard(board, { ...exact, flashBytes: exact.flashBytes + 1 }).reasons.map(english), [
      'needs 8193 bytes of flash, has 8 KB (1 byte too much)',
    ]);
    assert.deepEqual(fitBoard(board, { ...exact, ramBytes: exact.ramBytes + 616 }).reasons.map(english), [
      'needs 1.6 KB RAM, has 1 KB (616 bytes too much)',
    ]);
    assert.equal(fitBoard(board, { ...exact, flashBytes: 1e6, ramBytes: 1e6 }).reasons.length, 2);
  });

  it('adds the stack of the inference to that of its caller', () => {
    const board = findBoard('frdmke02z40m');
    const o = firmwareOverhead(board);
    const small = fitBoard(board, need);
    assert.equal(small.ram.used, 1600 + o.ramBytes + stackNeed(board, o.stackBytes));
    const large = fitBoard(board, { ...need, stackBytes: 500 });
    assert.equal(large.ram.used, 1600 + o.ramBytes + stackNeed(board, o.callerStackBytes + 500));
    // nothing is known of it: some stack it takes
    const unknown = fitBoard(board, { ...need, stackBytes: undefined });
    assert.ok(unknown.ram.used > small.ram.used);
  });

  it('refuses float inputs and outputs on boards without FPU only', () => {
    for (const board of boards()) {
      const { reasons } = fitBoard(board, {
        ...need,
        flashBytes: 100,
        ramBytes: 100,
        floatPlaceholders: true,
      });
      assert.equal(reasons.length, board.fpu ? 0 : 1, board.id);
    }
  });

  it('predicts the times that AN13438 measured from its cycles, LPC845 with faster flash than the note', () => {
    const timeUs = (id: string): number => {
      const board = findBoard(id);
      return fitBoard(board, { ...need, cycles: board.an13438!.cycles }).timeUs!;
    };
    assert.equal(timeUs('frdmke16z'), 13_500);
    assert.ok(Math.abs(timeUs('frdmke02z40m') - 16_700) < 1);
    const lpc = findBoard('lpc845breakout');
    assert.ok(lpc.timing.cyclesFactor > 1 && lpc.timing.cyclesFactor < 1.7);
  });

  it('predicts the time on Cortex-M7 from cycles of its own', () => {
    const fit = fitBoard(findBoard('evkmimxrt1060'), { ...need, cycles: 600_000 });
    assert.equal(fit.timeUs, 1000);
    assert.match(fit.timeNote, /^Estimate, not measured/);
  });

  it('writes bytes as people do', () => {
    assert.deepEqual([0, 1024, 1640, 65536, 262144, 8 << 20].map(kilobytes), [
      '0 KB',
      '1 KB',
      '1.6 KB',
      '64 KB',
      '256 KB',
      '8 MB',
    ]);
  });
});
