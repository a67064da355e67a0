import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ownBuildFolder } from '../../extension/toolchain/buildFolder.ts';

describe('toolchain: build folder', () => {
  let root: string;
  let project: string;
  let build: string;
  const usual = { ...process.env };
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'glowport-build-test-')));
    project = path.join(root, 'project');
    build = path.join(project, 'build');
    mkdirSync(project);
    process.env['XDG_CACHE_HOME'] = path.join(root, 'cache');
  });
  afterEach(() => {
    if (usual['XDG_CACHE_HOME'] === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = usual['XDG_CACHE_HOME'];
    rmSync(root, { recursive: true, force: true });
  });

  const put = (name: string, text = ''): void => {
    mkdirSync(path.dirname(path.join(build, name)), { recursive: true });
    writeFileSync(path.join(build, name), text);
  };
  const left = (): string[] => readdirSync(build).filter((name) => name !== '.glowport');
  const OURS = 'CMAKE_HOME_DIRECTORY:INTERNAL=/x\nGLOWPORT_WARNINGS_AS_ERRORS:BOOL=OFF\n';

  it('that was made here is kept with all in it', async function () {
    if (process.platform === 'win32') this.skip(); // the cache is elsewhere there
    assert.equal(await ownBuildFolder(project, 'net'), build);
    put('build.ninja', 'rule');
    put('notes.txt', 'mine');
    await ownBuildFolder(project, 'net');
    assert.deepEqual(left(), ['build.ninja', 'notes.txt']);
  });

  it('that came with the project is made anew: nothing in it is run', async () => {
    put('CMakeCache.txt', OURS);
    put('build.ninja', 'rule evil');
    put('.glowport', '0'.repeat(64));
    await ownBuildFolder(project, 'net');
    assert.deepEqual(left(), []);
    put('gcc/source_main.c.o');
    put('net.elf');
    rmSync(path.join(build, '.glowport'), { force: true });
    await ownBuildFolder(project, 'net');
    assert.deepEqual(left(), []);
  });

  it('that was moved or copied with its mark, or is another user’s, is made anew', async () => {
    await ownBuildFolder(project, 'net');
    put('CMakeCache.txt', OURS);
    const copy = path.join(root, 'copy');
    cpSync(project, copy, { recursive: true });
    await ownBuildFolder(copy, 'net');
    assert.ok(!existsSync(path.join(copy, 'build', 'CMakeCache.txt')));
    process.env['XDG_CACHE_HOME'] = path.join(root, 'of another user');
    await ownBuildFolder(project, 'net');
    assert.deepEqual(left(), process.platform === 'win32' ? ['CMakeCache.txt'] : []);
  });

  it('of another project, or with files of others, is refused and stays as it is', async () => {
    for (const [name, text] of [
      ['CMakeCache.txt', 'CMAKE_HOME_DIRECTORY:INTERNAL=/mine\n'],
      ['notes.txt', 'mine'],
      ['CMakeFiles/3.25.1/CMakeSystem.cmake', 'execute_process(COMMAND touch ran)'],
    ] as const) {
      put(name, text);
      await assert.rejects(
        ownBuildFolder(project, 'net'),
        /build holds files that are not of a build by GlowPort\.$/,
      );
      assert.equal(readFileSync(path.join(build, name), 'utf8'), text);
      rmSync(build, { recursive: true });
    }
  });

  it('that is a link out of the project is refused, and one in an old build is not followed', async function () {
    if (process.platform === 'win32') this.skip(); // links need a permission there
    const outside = path.join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'CMakeCache.txt'), OURS);
    symlinkSync(outside, build);
    await assert.rejects(
      ownBuildFolder(project, 'net'),
      /build in .*project leads out of that folder by a link/,
    );
    rmSync(build);
    put('CMakeCache.txt', OURS);
    symlinkSync(outside, path.join(build, 'CMakeFiles'));
    await ownBuildFolder(project, 'net');
    assert.deepEqual(left(), []);
    assert.deepEqual(readdirSync(outside), ['CMakeCache.txt']);
    rmSync(build, { recursive: true });
    writeFileSync(build, '');
    await assert.rejects(ownBuildFolder(project, 'net'), /a file of that name is in the way/);
  });

  it('is made anew each time where no key can be kept', async function () {
    if (process.platform === 'win32') this.skip(); // the cache is elsewhere there
    writeFileSync(path.join(root, 'file'), '');
    process.env['XDG_CACHE_HOME'] = path.join(root, 'file');
    await ownBuildFolder(project, 'net');
    put('CMakeCache.txt', OURS);
    await ownBuildFolder(project, 'net');
    assert.deepEqual(left(), []);
  });
});
