import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { incOf, tinyBundle, tinyInput } from '../project/tinyBundle.ts';
import { until } from '../support/until.ts';

describe('building a project', () => {
  let folder: string;
  let project: string;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
    project = path.join(folder, 'p');
    const images = new Map([['image', incOf(tinyInput)]]);
    const board = findBoard('frdmke16z');
    await generateProject({
      board,
      bundle: await tinyBundle(),
      testData: images,
      weights: 'flash',
      outDir: project,
      stackBytes: 500,
    });
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the RAM that GNU size prints, and as flash what has to be written there', async () => {
    const { elf, size } = await buildProject(project);
    const printed = execFileSync('arm-none-eabi-size', [elf], { encoding: 'utf8' }).split('\n')[1]!.trim();
    const [, data, bss] = printed.split(/\s+/).map(Number);
    const image = path.join(folder, 'image.bin');
    // its flash begins at 0, as the image does
    execFileSync('arm-none-eabi-objcopy', ['-O', 'binary', elf, image]);
    const flashBytes = statSync(image).size;
    assert.deepEqual(size, { flashBytes, ramBytes: data! + bss!, stackBytes: 504 });
  });

  for (const tool of ['ninja', 'make', 'gcc'] as const) {
    it(`tells where in the sources an error is, whoever calls gcc: ${tool}`, async () => {
      const file = path.join(project, 'source/main.c');
      const right = readFileSync(file, 'utf8');
      const place = async (text: string): Promise<unknown> => {
        writeFileSync(file, text);
        const error = await buildProject(project, { with: tool }).catch((e: unknown) => e);
        assert.ok(error instanceof UserError);
        const [remedy] = error.remedies;
        assert.ok(remedy?.do === 'seeSource', remedy?.do);
        const [{ file: where, line, severity, text: said }] = remedy.messages;
        return [where, line, severity, /wrong/.test(said)];
      };
      try {
        const lines = right.split('\n').length;
        const expected = [realpathSync(file), lines, 'error', true];
        assert.deepEqual(await place(`${right}int x = wrong;\n`), expected);
      } finally {
        writeFileSync(file, right);
        rmSync(path.join(project, 'build'), { recursive: true });
      }
    });
  }

  it('does nothing when nothing changed, and compiles what did', async () => {
    const { elf } = await buildProject(project, { with: 'ninja' });
    const time = statSync(elf).mtimeMs;
    await buildProject(project, { with: 'ninja' });
    assert.equal(statSync(elf).mtimeMs, time);
    const inc = path.join(project, 'source', 'test_image.inc');
    writeFileSync(inc, readFileSync(inc, 'utf8').replace('0x', '0X'));
    await buildProject(project, { with: 'ninja' });
    assert.ok(statSync(elf).mtimeMs > time, 'main.c depends on the test image it includes');
  });

  it('builds a project that was moved with its build folder', async () => {
    await buildProject(project, { with: 'ninja' });
    const moved = path.join(folder, 'moved here');
    cpSync(project, moved, { recursive: true });
    const { elf } = await buildProject(moved, { with: 'ninja' });
    assert.ok(elf.startsWith(moved));
  });

  it('makes the same firmware with Ninja, with make and with gcc alone', async () => {
    const sizes = [];
    for (const way of ['ninja', 'make', 'gcc'] as const) {
      sizes.push((await buildProject(project, { with: way })).size);
    }
    assert.deepEqual(sizes[1], sizes[0]);
    assert.deepEqual(sizes[2], sizes[0]);
  });

  it('refuses a tool that is set to where it is not', async () => {
    const away = path.join(folder, 'away');
    await assert.rejects(buildProject(project, { paths: { cmake: away } }), { code: 'toolchain' });
    await assert.rejects(buildProject(project, { paths: { gcc: away } }), { code: 'toolchain' });
  });

  it('refuses a folder without a project, or with a damaged one', async () => {
    const empty = path.join(folder, 'empty');
    mkdirSync(path.join(empty, '.glowport'), { recursive: true });
    await assert.rejects(buildProject(empty), { code: 'input', message: /holds no GlowPort project/ });
    for (const text of ['', '{}', '[]', 'null', '{"name":"../x"}', '{"name":"x","sources":[1]}']) {
      writeFileSync(path.join(empty, '.glowport', 'build.json'), text);
      await assert.rejects(buildProject(empty), { code: 'input', message: /damaged/ });
    }
    const plan = readFileSync(path.join(project, '.glowport', 'build.json'), 'utf8');
    for (const flash of ['{"origin":0}', '{"origin":0,"size":1e12}', '{"origin":-4,"size":8}', '7']) {
      const text = plan.replace(/(?<="flash": )\{[^}]*\}/, flash);
      assert.notEqual(text, plan);
      writeFileSync(path.join(empty, '.glowport', 'build.json'), text);
      await assert.rejects(buildProject(empty), { code: 'input', message: /damaged/ }, flash);
    }
    assert.deepEqual(readdirSync(empty), ['.glowport']);
  });

  it('stops when cancelled and leaves no half-linked firmware', async () => {
    const fresh = path.join(folder, 'cancelled');
    cpSync(project, fresh, { recursive: true, filter: (f) => !f.endsWith('build') });
    for (const way of ['gcc', 'ninja'] as const) {
      const controller = new AbortController();
      const log = (): void => {
        controller.abort();
      };
      await assert.rejects(
        buildProject(fresh, { with: way, signal: controller.signal, log }),
        (e: unknown) => e instanceof UserError && e.code === 'cancelled',
      );
      const left = readdirSync(path.join(fresh, 'build')).filter((f) => f.includes('.elf'));
      assert.deepEqual(left, [], way);
    }
  });

  it('builds in a folder whose name CMake would read as syntax', async function () {
    if (process.platform === 'win32') this.skip();
    const odd = path.join(folder, 'a "b"; $c, 100% | \\d');
    cpSync(project, odd, { recursive: true, filter: (file) => path.basename(file) !== 'build' });
    const { elf, size } = await buildProject(odd);
    assert.ok(elf.startsWith(odd));
    assert.deepEqual(size, (await buildProject(project)).size);
  });

  it('ends all that CMake has started when cancelled, and no temporary file of it stays', async function () {
    if (process.platform === 'win32') this.skip();
    const pid = path.join(folder, 'pid');
    const temporary = path.join(folder, 'temporary');
    const cmake = path.join(folder, 'cmake');
    const script = `#!/bin/sh
touch "$TMPDIR/ccAbCdEf.s"; echo "$TMPDIR" > "${temporary}"
sleep 600 & echo $! > "${pid}.new"; mv "${pid}.new" "${pid}"; wait
`;
    writeFileSync(cmake, script, { mode: 0o755 });
    const cancel = new AbortController();
    const building = buildProject(project, { with: 'ninja', paths: { cmake }, signal: cancel.signal });
    await until(() => existsSync(pid));
    cancel.abort();
    await assert.rejects(building, { code: 'cancelled' });
    const isThere = (): boolean => {
      const state = `/proc/${readFileSync(pid, 'utf8').trim()}/stat`;
      if (!existsSync('/proc/self/stat')) return false; // no Linux: the rest of the test still holds
      return existsSync(state) && !/\) Z /.test(readFileSync(state, 'latin1'));
    };
    await until(() => !isThere());
    assert.ok(!existsSync(readFileSync(temporary, 'utf8').trim()));
  });

  it('says in a sentence that the disk is full', async () => {
    const cmake = path.join(folder, 'full-cmake');
    writeFileSync(
      cmake,
      '#!/bin/sh\necho "cc1.s: Fatal error: main.c.obj: No space left on device"; exit 1\n',
      {
        mode: 0o755,
      },
    );
    await assert.rejects(buildProject(project, { with: 'ninja', paths: { cmake } }), (e) => {
      return e instanceof UserError && e.code === 'input' && /^The disk is full: .*\.$/.test(e.message);
    });
  });

  it('with gcc alone: nothing goes on once a source has failed', async function () {
    if (process.platform === 'win32') this.skip();
    const gcc = path.join(folder, 'arm-none-eabi-gcc');
    const seen = path.join(folder, 'seen');
    const script = `#!/bin/sh
echo begins >> "${seen}"
case "$*" in *main.c*) echo "main.c:1: error: stop"; echo ended >> "${seen}"; exit 1;; esac
sleep 0.3; echo ended >> "${seen}"
`;
    writeFileSync(gcc, script, { mode: 0o755 });
    await assert.rejects(buildProject(project, { with: 'gcc', paths: { gcc } }), /error: stop\.$/);
    const lines = readFileSync(seen, 'utf8').trim().split('\n');
    assert.equal(lines.filter((l) => l === 'begins').length, lines.filter((l) => l === 'ended').length);
  });
});
