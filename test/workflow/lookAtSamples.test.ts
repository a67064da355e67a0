import assert from 'node:assert/strict';
import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { UserError } from '../../extension/common/error.ts';
import { encodePng } from '../../extension/image/png.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { withChange } from '../../extension/workflow/choices/change.ts';
import { lookAtSamples } from '../../extension/workflow/data/lookAtSamples.ts';
import { npy } from '../data/npyBuilder.ts';
import { testFolder } from '../support/testFolder.ts';

const picture = (width: number, height: number): Uint8Array =>
  encodePng({ width, height, channels: 1, data: new Uint8Array(width * height) });

describe('samples are looked at as soon as they are chosen', () => {
  const folder = testFolder('look', 'each');
  const inputs = [{ name: 'x', shape: [1, 28, 28, 1] }];
  const look = (choices: PortChoices = DEFAULT_CHOICES, place = folder.path) =>
    lookAtSamples([place], inputs, choices, {});
  const refusal = async (...args: Parameters<typeof look>): Promise<UserError> => {
    const error: unknown = await look(...args).then(() => 'taken', (e: unknown) => e); // prettier-ignore
    assert.ok(error instanceof UserError, String(error));
    return error;
  };

  it('says the size they have, the one that is wanted, and of how many; to resize them helps', async () => {
    for (const name of ['a', 'b', 'c']) await folder.put(`${name}.png`, picture(64, 48));
    const error = await refusal();
    assert.equal(
      error.message,
      'Of 3 samples 3 cannot be used: a.png is 64 x 48 pixels, the model takes 28 x 28.',
    );
    assert.ok(error.remedies.some((r) => r.do === 'resizeImages'));
    const resized = await look(withChange(DEFAULT_CHOICES, { image: { resize: true } }));
    assert.equal(resized.length, 3);
  });

  it('finds the wrong ones behind those that are right, and pictures that are none', async () => {
    for (const name of ['a', 'b']) await folder.put(`${name}.png`, picture(28, 28));
    assert.equal((await look()).length, 2);
    await folder.put('c.png', picture(28, 27));
    assert.match((await refusal()).message, /^Of 3 samples 1 cannot be used: c\.png is 28 x 27 pixels/);
    await folder.put('d.png', 'no picture');
    assert.match((await refusal()).message, /^Of 4 samples 2 cannot be used: c\.png is 28 x 27/);
    const alone = await refusal(DEFAULT_CHOICES, path.join(folder.path, 'd.png'));
    assert.equal(alone.message, 'd.png is not a PNG, JPEG or BMP image.');
  });

  it('reads one picture whole: one whose pixels are damaged is found there', async () => {
    await folder.put('a.png', picture(28, 28).slice(0, 50));
    assert.match((await refusal()).message, /^a\.png is a damaged or unsupported PNG image/);
  });

  it('says what an empty folder, or one with other files, has', async () => {
    assert.match((await refusal()).message, /^There are no samples in /);
    for (const name of ['a.txt', 'b.txt']) await folder.put(name, 'text');
    assert.match((await refusal()).message, /, only files of other kinds \(a\.txt, b\.txt\)\.$/);
  });

  it('holds numbers to the shape of the input, whatever they are normalized with', async () => {
    await folder.put('a.npy', npy([2, 7], new Array<number>(14).fill(0)));
    assert.match((await refusal()).message, /holds 2x7 numbers; the model takes 1x28x28x1\.$/);
    await folder.put('a.npy', npy([2, 784], new Array<number>(1568).fill(0)));
    const measured = withChange(DEFAULT_CHOICES, { normalize: { from: 'samples' } });
    assert.equal((await look(measured)).length, 2);
  });

  it('is cancelled between samples', async () => {
    await mkdir(path.join(folder.path, 'in'));
    for (let i = 0; i < 20; i++) await folder.put(`in/${i}.png`, picture(28, 28));
    const abort = new AbortController();
    const hold = (): void => {
      abort.abort();
      // longer than a computation holds the event loop
      for (const until = performance.now() + 60; performance.now() < until;);
    };
    const looking = lookAtSamples([folder.path], inputs, DEFAULT_CHOICES, {
      signal: abort.signal,
      progress: hold,
    });
    await assert.rejects(looking, (e: unknown) => e instanceof UserError && e.code === 'cancelled');
  });
});
