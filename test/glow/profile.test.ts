import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { advice } from '../../extension/cli/remedies.ts';
import { UserError } from '../../extension/common/error.ts';
import { checkProfile } from '../../extension/glow/profile.ts';
import { defaultCacheFolder } from '../../extension/common/cacheFolder.ts';
import { keepProfile, ProfileKey, recallProfile } from '../../extension/glow/profileCache.ts';

const entry = (i: number): string =>
  `- NodeOutputName:  'value_${i}:0'\n  Min:             -${i}.5\n  Max:             ${i}\n  Histogram:       [ 1, 2, 3 ]\n`;
const entries = Array.from({ length: 12 }, (_, i) => entry(i));
const head = `---\nGlowToolsVersion: '2024-05-11'\n...\n---\nGraphPreLowerHash: 0xCA06AABDEA1136F4\n...\n---\n`;
const whole = `${head}${entries.join('')}...\n`;

const refusal = (text: string): string => {
  try {
    checkProfile(text);
  } catch (e) {
    assert.ok(e instanceof UserError && e.code === 'toolchain', String(e));
    return e.message;
  }
  return 'accepted';
};

describe('glow/profile', () => {
  it("a file of the user is named; GlowPort's own is none of Glow's", () => {
    const said = (text: string): UserError => {
      try {
        checkProfile(text, 'my.yaml');
      } catch (e) {
        assert.ok(e instanceof UserError && e.code === 'input', String(e));
        return e;
      }
      return assert.fail('accepted');
    };
    assert.match(said('').message, /^The profile my\.yaml is empty\.$/);
    assert.match(advice(said('').remedies), /Leave --profile out/);
    const own = whole.replace('0xCA06AABDEA1136F4', '123456789012345');
    assert.match(said(own).message, /^The profile my\.yaml is GlowPort's own/);
    assert.equal(checkProfile(whole, 'my.yaml'), 12);
  });

  it('a whole profile is taken', () => {
    assert.equal(checkProfile(whole), 12);
    assert.equal(checkProfile(whole.replaceAll('\n', '\r\n')), 12);
  });

  it('one cut anywhere is refused, after a whole entry too, where Glow says nothing', () => {
    for (let n = 0; n < entries.length; n++) {
      assert.match(
        refusal(head + entries.slice(0, n).join('')),
        /is cut short|holds no value/,
        `after ${n} entries`,
      );
    }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 5 }), (at) => {
        assert.notEqual(refusal(whole.slice(0, at)), 'accepted');
      }),
      { numRuns: 300 },
    );
  });

  it('empty, no YAML, without ranges, of no model, with aliases', () => {
    assert.match(refusal(''), /is empty/);
    assert.match(refusal(`${head}- [\n...\n`), /no valid YAML/);
    assert.match(
      refusal(whole.replace('Max:             3', 'Max:             -9')),
      /without a range \("value_3:0"\)/,
    );
    assert.match(refusal(whole.replace('Min:             -3.5', 'Min:             .nan')), /without a range/);
    assert.match(refusal(whole.replace(/GraphPreLowerHash.*/, 'Other: 1')), /does not say which model/);
    assert.match(refusal(`${head}- &a { NodeOutputName: x, Min: 0, Max: 1 }\n- *a\n...\n`), /aliases/);
    assert.match(refusal(`${head}...\n`), /holds no value/);
  });
});

describe('glow/profileCache', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-cache-'))));
  after(() => rm(folder, { recursive: true }));

  it('keys differ when any part or the border between parts does', () => {
    const key = (...parts: string[]): string => parts.reduce((k, p) => k.add(p), new ProfileKey()).digest();
    const keys = [key('ab', 'c'), key('a', 'bc'), key('abc'), key('ab', 'c', ''), key('c', 'ab')];
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(key('ab', 'c'), keys[0]);
  });

  it('gives back what it kept; what is damaged is measured again', async () => {
    assert.equal(await recallProfile(folder, 'none'), undefined);
    await keepProfile(folder, 'k', whole);
    assert.equal(await recallProfile(folder, 'k'), whole);
    await writeFile(path.join(folder, 'k.profile.yaml'), whole.slice(0, 300));
    assert.equal(await recallProfile(folder, 'k'), undefined);
    assert.deepEqual(await readdir(folder), []);
  });

  it('keeps 64 at most, and a folder that cannot be written is no error', async () => {
    for (let i = 0; i < 70; i++) await keepProfile(folder, `p${i}`, whole);
    assert.equal((await readdir(folder)).length, 64);
    await writeFile(path.join(folder, 'file'), '');
    await keepProfile(path.join(folder, 'file', 'under'), 'k', whole);
  });

  it('is where each system keeps such files', () => {
    assert.equal(defaultCacheFolder('linux', {}, '/home/j'), '/home/j/.cache/glowport');
    assert.equal(defaultCacheFolder('linux', { XDG_CACHE_HOME: '/c' }, '/home/j'), '/c/glowport');
    assert.equal(defaultCacheFolder('darwin', {}, '/Users/j'), '/Users/j/Library/Caches/glowport');
    assert.equal(defaultCacheFolder('win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\Users\\j'), 'C:\\L\\glowport');
  });
});
