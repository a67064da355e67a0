import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { findGlow, parseGlowSetting, requireGlow } from '../../extension/glow/find.ts';
import type { Surroundings } from '../../extension/toolchain/find.ts';

/** A computer with these files; folders follow from them. */
function computer(
  platform: NodeJS.Platform,
  files: readonly string[],
  env: Record<string, string> = {},
): Surroundings {
  const slash = platform === 'win32' ? '\\' : '/';
  return {
    platform,
    env,
    home: platform === 'win32' ? 'C:\\Users\\Jürgen K' : '/home/j',
    isFile: (file) => files.includes(file),
    list: (folder) => [
      ...new Set(
        files
          .filter((f) => f.startsWith(folder + slash))
          .map((f) => f.slice(folder.length + 1).split(slash)[0]!),
      ),
    ],
    osRelease: () => '',
  };
}
const both = (folder: string, ending = ''): string[] =>
  ['image-classifier', 'model-compiler'].map((t) => `${folder}${t}${ending}`);

describe('glow/find', () => {
  it('PATH, then where NXP installs it, newest first; .exe on Windows', () => {
    assert.equal(findGlow(undefined, computer('linux', [])), undefined);
    const linux = computer('linux', both('/opt/tools/'), { PATH: '/usr/bin:/opt/tools' });
    assert.deepEqual(findGlow(undefined, linux)?.commands['model-compiler'], ['/opt/tools/model-compiler']);
    const installed = [
      ...both('C:\\nxp\\Glow-2.9\\bin\\', '.exe'),
      ...both('C:\\nxp\\Glow-2.10\\bin\\', '.exe'),
    ];
    assert.equal(findGlow(undefined, computer('win32', installed))?.where, 'C:\\nxp\\Glow-2.10\\bin');
    const toolkit = both('C:\\nxp\\eIQ_Toolkit_v1.2.0\\bin\\glow\\', '.exe');
    assert.deepEqual(findGlow(undefined, computer('win32', toolkit))?.commands['image-classifier'], [
      toolkit[0],
    ]);
    const inPath = computer('win32', [...installed, ...both('D:\\Mein Glow ü\\', '.exe')], {
      Path: 'D:\\Mein Glow ü',
    });
    assert.equal(findGlow(undefined, inPath)?.where, 'D:\\Mein Glow ü');
  });

  it('half an installation in PATH is none', () => {
    const half = computer('linux', ['/a/image-classifier', ...both('/b/')], { PATH: '/a:/b' });
    assert.equal(findGlow(undefined, half)?.where, '/b');
  });

  it('a folder, its bin, or one of the executables', () => {
    const around = computer('linux', both('/glow/bin/'));
    for (const place of ['/glow', '/glow/bin', '/glow/bin/model-compiler']) {
      assert.equal(findGlow(place, around)?.where, '/glow/bin', place);
    }
    const refusal = (place: string, files: string[]): string => {
      try {
        findGlow(place, computer('linux', files));
      } catch (e) {
        assert.ok(e instanceof UserError && e.code === 'toolchain');
        return e.message;
      }
      return 'found';
    };
    assert.match(refusal('/nowhere', []), /no image-classifier and model-compiler in \/nowhere\.$/);
    assert.match(
      refusal('/glow', ['/glow/model-compiler']),
      /\/glow holds Glow's model-compiler, but no image-classifier/,
    );
  });

  it('a command takes the tool at its end or where it says', () => {
    const wsl = findGlow(['wsl', '--'], computer('win32', []))!;
    assert.deepEqual(wsl.commands['image-classifier'], ['wsl', '--', 'image-classifier']);
    const at = findGlow(['docker', 'run', 'glow:1', '/opt/{tool}', '-x'], computer('linux', []))!;
    assert.deepEqual(at.commands['model-compiler'], ['docker', 'run', 'glow:1', '/opt/model-compiler', '-x']);
  });

  it('text of a setting is a path or a JSON array of words', () => {
    assert.equal(parseGlowSetting('  ', '/home/j'), undefined);
    const windows = computer('win32', []);
    assert.equal(parseGlowSetting('C:\\nxp\\Glow', 'C:\\a', windows), 'C:\\nxp\\Glow');
    assert.deepEqual(parseGlowSetting('["wsl"]', '/home/j'), ['wsl']);
    for (const bad of ['[wsl]', '[]', '[""]', '[1]', '["a", {"b": 1}]', `[${'"a",'.repeat(70)}"a"]`]) {
      assert.throws(
        () => parseGlowSetting(bad, '/home/j'),
        (e) => e instanceof UserError && e.code === 'usage',
        bad,
      );
    }
  });

  it('relative paths are full ones before a tool runs in a folder of its own', () => {
    const parse = (text: string) => parseGlowSetting(text, '/home/j', computer('linux', []));
    assert.equal(parse('tools/glow'), '/home/j/tools/glow');
    assert.equal(parse('../glow/'), '/home/glow');
    assert.equal(parse('glow'), '/home/j/glow');
    assert.equal(parse('/opt/glow'), '/opt/glow');
    assert.deepEqual(parse('["./glow.sh", "./x"]'), ['/home/j/glow.sh', './x']);
    assert.deepEqual(parse('["bin/{tool}", "{folder}"]'), ['/home/j/bin/{tool}', '{folder}']);
    // what is looked for in PATH, what is whole already, what is in the working folder
    for (const program of ['docker', '/usr/bin/docker', '{folder}/run']) {
      assert.deepEqual(parse(JSON.stringify([program])), [program]);
    }
    const windows = (text: string) => parseGlowSetting(text, 'D:\\work', computer('win32', []));
    assert.equal(windows('tools/glow'), 'D:\\work\\tools\\glow');
    assert.deepEqual(windows('["..\\\\glow.cmd"]'), ['D:\\glow.cmd']);
    assert.deepEqual(windows('["./glow.cmd"]'), ['D:\\work\\glow.cmd']);
  });

  it('says how to get it when it is nowhere', () => {
    assert.throws(() => requireGlow(undefined, computer('win32', [])), /not on this computer/);
  });
});
