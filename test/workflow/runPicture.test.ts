import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { filesOf } from '../../extension/workflow/data/testInput.ts';
import { UserError } from '../../extension/common/error.ts';
import { decodeImage } from '../../extension/image/decode.ts';
import type { Image } from '../../extension/image/image.ts';
import { compare } from '../../extension/workflow/compare/compare.ts';
import { runPicture } from '../../extension/workflow/port/runPicture.ts';
import { portDigits, type PortedDigits } from '../webview/portedDigits.ts';

const failsWith = (code: string) => (e: unknown) => e instanceof UserError && e.code === code;

describe('workflow/runPicture', () => {
  let digits: PortedDigits;
  let seven: Image;
  before(async () => {
    digits = await portDigits();
    seven = decodeImage(await readFile(filesOf(digits.result.input)[0]!), 'seven.png');
  });
  after(() => digits?.remove());

  it('prints for the test image what the port printed', async () => {
    const { report, expected } = await runPicture(digits.result, seven);
    assert.deepEqual(report, digits.result.run!.report);
    assert.deepEqual(expected, digits.result.pc.expected);
  });

  it('runs another picture in the same firmware, as the PC computes it', async () => {
    const negative = { ...seven, data: seven.data.map((v) => 255 - v) };
    const { report, expected } = await runPicture(digits.result, negative);
    assert.notDeepEqual(report.confidences, digits.result.run!.report.confidences);
    assert.equal(compare(report, expected!).match, true);
  });

  it('runs where nothing on this computer computes the network', async () => {
    const { report, expected } = await runPicture({ ...digits.result, graph: undefined }, seven);
    assert.deepEqual(report, digits.result.run!.report);
    assert.equal(expected, undefined);
  });

  it('says when the firmware is gone, and when it was cancelled', async () => {
    const gone = { ...digits.result, elf: `${digits.result.elf}.gone` };
    await assert.rejects(runPicture(gone, seven), failsWith('input'));
    const signal = AbortSignal.abort();
    await assert.rejects(runPicture(digits.result, seven, { signal }), failsWith('cancelled'));
  });
});
