import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { findBoard } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { UserError } from '../../extension/common/error.ts';
import {
  applyChanges,
  type ChangeRequest,
  planChanges,
  planDiff,
  revertChanges,
} from '../../extension/project/changeSet.ts';
import { boardInit } from '../../extension/project/helloWorld.ts';
import type { HostProject } from '../../extension/project/hostProject.ts';
import { type CmakeOracle, mcuxpressoVscodeProject } from '../../extension/project/mcuxpressoVscode.ts';
import { readListing } from '../../extension/project/mcuxpressoVscode/listing.ts';
import { parseCmake } from '../../extension/project/mcuxpressoVscode/cmake.ts';
import { portRequest } from '../../extension/project/portRequest.ts';
import { unifiedDiff } from '../../extension/project/unifiedDiff.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { cmakeSources } from '../../extension/toolchain/cmakeSources.ts';
import { classicProject, componentProject } from './mcuxpresso/cmakeProjects.ts';
import { CMAKE_TRAITS } from './mcuxpresso/cmakeTraits.ts';
import { readTree, writeTree } from './mcuxpresso/projects.ts';
import { incOf, tinyBundle, tinyInput, tinyResult } from './tinyBundle.ts';

const board = findBoard('frdmke16z');

describe('project: MCUXpresso for VS Code', () => {
  let root: string;
  let bundle: Bundle;
  before(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'glowport vscode '));
    bundle = await tinyBundle();
  });
  after(() => rm(root, { recursive: true, force: true }));

  async function request(folder: string, of: Bundle = bundle, oracle?: CmakeOracle): Promise<ChangeRequest> {
    const host = await mcuxpressoVscodeProject(folder, oracle);
    assert.ok(host);
    const images = new Map([['image', incOf(tinyInput)]]);
    return (await portRequest(host, { board, bundle: of, testData: images, weights: 'flash' })).request;
  }

  const styles = [
    {
      title: 'SDK 2.x',
      kind: 'sdk-2-cmake',
      make: classicProject,
      file: 'armgcc/CMakeLists.txt',
      from: 'armgcc',
    },
    { title: 'SDK 24.12', kind: 'sdk-24-cmake', make: componentProject, file: 'CMakeLists.txt', from: '.' },
  ] as const;

  for (const { title, kind, make, file, from } of styles) {
    for (const newline of ['\n', '\r\n'] as const) {
      describe(`${title}${newline === '\n' ? '' : ' with Windows line endings'}`, () => {
        let folder: string;
        let sdk: string;
        let before: Record<string, string>;
        beforeEach(async () => {
          folder = path.join(root, 'hello world');
          sdk = path.join(root, 'sdk');
          await rm(folder, { recursive: true, force: true });
          const made = make(bundle, newline);
          await writeTree(folder, made.project);
          await writeTree(sdk, made.sdk);
          before = await readTree(folder);
        });

        it('is known for what it is', async () => {
          const host = await mcuxpressoVscodeProject(path.join(folder, from));
          assert.equal(host?.kind, kind);
          assert.equal(host.folder, folder);
          if (kind === 'sdk-2-cmake') assert.deepEqual([host.boardId, host.core], ['frdmke16z', 'cm0plus']);
          const code = await host.code();
          const { calls, from: source } = boardInit(board, code.example, code);
          assert.equal(source, 'example');
          assert.deepEqual(calls, [
            'BOARD_InitBootPins()',
            'BOARD_InitBootClocks()',
            'BOARD_InitDebugConsole()',
          ]);
        });

        it('changes one block, shown first', async () => {
          const plan = await planChanges(await request(folder));
          const diff = planDiff(plan);
          assert.deepEqual(await readTree(folder), before);
          const copy = path.join(root, 'patched');
          await cp(folder, copy, { recursive: true });
          const patch = spawnSync('patch', ['-p1', '--binary', '--no-backup-if-mismatch'], {
            cwd: copy,
            input: diff,
            encoding: 'utf8',
          });
          assert.equal(patch.status, 0, patch.stdout + patch.stderr);
          await applyChanges(plan);
          const after = await readTree(folder);
          for (const [name, text] of Object.entries(await readTree(copy)))
            assert.equal(after[name], text, name);
          await rm(copy, { recursive: true });
          for (const name of Object.keys(before))
            if (name !== file) assert.equal(after[name], before[name], name);
          const hunks = diff.split('--- ').find((d) => d.startsWith(`a/${file}`))!;
          const removed = hunks.split('\n').filter((l) => /^-[^-]/.test(l));
          assert.deepEqual(removed, [], 'only lines added');
          assert.equal(/[^\r]\n/.test(after[file]!.slice(4)), newline === '\n');
          assert.equal(after[file]!.match(/GlowPort/g)!.length, 2);
        });

        it('changes nothing when applied again, another network takes the place, a revert brings all back', async () => {
          await applyChanges(await planChanges(await request(folder)));
          const once = await readTree(folder);
          const again = await planChanges(await request(folder));
          assert.equal(planDiff(again), '');
          await applyChanges(again);
          assert.deepEqual(await readTree(folder), once);
          await applyChanges(await planChanges(await request(folder, await tinyBundle('other'))));
          const other = await readTree(folder);
          assert.doesNotMatch(other[file]!, /tiny/);
          assert.ok(other['source/other.o'] && !other['source/tiny.o']);
          await revertChanges(folder);
          assert.deepEqual(await readTree(folder), before);
        });

        it('builds without a warning by CMake, and the firmware prints what the network gives', async () => {
          await applyChanges(await planChanges(await request(folder)));
          await checkBuilt(folder, sdk, kind);
        });
      });
    }
  }

  /** Builds the ported project by CMake, and runs it on the simulated board. */
  async function checkBuilt(folder: string, sdk: string, kind: HostProject['kind']): Promise<void> {
    const build = path.join(folder, 'build');
    const cmake = (...args: string[]): void => {
      const { status, stdout, stderr } = spawnSync('cmake', args, { encoding: 'utf8' });
      assert.equal(status, 0, stdout + stderr);
      assert.doesNotMatch(stdout + stderr, /warning/i);
    };
    cmake(
      ...[
        '-S',
        path.join(folder, kind === 'sdk-2-cmake' ? 'armgcc' : '.'),
        '-B',
        build,
        '-G',
        'Ninja',
        '-Wno-dev',
      ],
      ...['-DCMAKE_BUILD_TYPE=Debug', `-DSdkRootDirPath=${sdk}`, '-DCMAKE_SYSTEM_NAME=Generic'],
      ...['-DCMAKE_C_COMPILER=arm-none-eabi-gcc', '-DCMAKE_ASM_COMPILER=arm-none-eabi-gcc'],
      ...['-DCMAKE_C_COMPILER_WORKS=1', ...(kind === 'sdk-2-cmake' ? ['-DCMAKE_CXX_COMPILER_WORKS=1'] : [])],
    );
    cmake('--build', build);
    const machine = new Machine('frdmke16z');
    const name = kind === 'sdk-2-cmake' ? 'hello_world.elf' : 'app.elf';
    machine.load(new Uint8Array(await readFile(path.join(build, name))));
    let text = '';
    machine.onUart = (byte) => (text += String.fromCharCode(byte));
    assert.equal(machine.run(), 'idle', machine.fault?.message);
    const printed = [...text.matchAll(/Confidence = (-?\d+)/g)].map((m) => Number(m[1]));
    assert.deepEqual(printed, tinyResult(tinyInput));
  }

  for (const { title, style, needsCmake = false, make } of CMAKE_TRAITS) {
    it(`finds main() in ${title}, and one is left`, async () => {
      const folder = path.join(root, 'trait');
      const sdk = path.join(root, 'trait sdk');
      for (const place of [folder, sdk]) await rm(place, { recursive: true, force: true });
      const made = make(bundle);
      await writeTree(folder, made.project);
      await writeTree(sdk, made.sdk);
      const before = await readTree(folder);
      if (needsCmake) await assert.rejects(request(folder), /does not tell which source has the main\(\)/);
      const oracle: CmakeOracle = { compiledSources: (place) => cmakeSources(place, { sdkRoot: sdk }) };
      await applyChanges(await planChanges(await request(folder, bundle, needsCmake ? oracle : undefined)));
      await checkBuilt(folder, sdk, style);
      await rm(path.join(folder, 'build'), { recursive: true });
      await revertChanges(folder);
      assert.deepEqual(await readTree(folder), before);
    });
  }

  it('keeps what the user adds to CMakeLists.txt, below and above the block', async () => {
    const folder = path.join(root, 'mine');
    await writeTree(folder, componentProject(bundle).project);
    const before = await readTree(folder);
    await applyChanges(await planChanges(await request(folder)));
    const file = path.join(folder, 'CMakeLists.txt');
    await writeFile(file, `# above\n${await readFile(file, 'utf8')}\n# below\n`);
    await applyChanges(await planChanges(await request(folder, await tinyBundle('other'))));
    const text = await readFile(file, 'utf8');
    assert.match(text, /^# above\n[\s\S]*other[\s\S]*\n# below\n$/);
    assert.doesNotMatch(text, /tiny/);
    await assert.rejects(revertChanges(folder), /would be lost: CMakeLists\.txt/);
    await revertChanges(folder, { overwrite: true });
    assert.deepEqual(await readTree(folder), before);
  });

  it('refuses a block without an end, and files that are not CMake', async () => {
    const folder = path.join(root, 'broken');
    const { project } = classicProject(bundle);
    const cmake = project['armgcc/CMakeLists.txt']!;
    const cases: [string, RegExp][] = [
      [`${cmake}# >>> GlowPort: x\n`, /lost its end/],
      [
        cmake.slice(0, cmake.indexOf('add_executable') + 40),
        /not a CMake file: a (string|command) does not end in line \d+/,
      ],
      [`${cmake}\n#[[ mcux`, /a bracket does not end/],
      [`${cmake}\n%%%`, /something else than a command/],
    ];
    for (const [text, message] of cases) {
      await writeTree(folder, { ...project, 'armgcc/CMakeLists.txt': text });
      await assert.rejects(
        request(folder).then(planChanges),
        (e: unknown) => e instanceof UserError && message.test(e.message),
        text.slice(-40),
      );
    }
    await writeTree(folder, { 'armgcc/CMakeLists.txt': 'project(x)\nadd_executable(x x.c)\n' });
    assert.equal(await mcuxpressoVscodeProject(folder), undefined, 'a CMake project of something else');
  });
});

describe('project: CMake files', () => {
  it('finds commands and arguments as cmake-language says', () => {
    const text = 'a(b "c d" [=[e]]=] # f\n (g;h) "\\"i\\\nj") #[[ k(l) ]]\nM ()\n';
    const commands = parseCmake(text, 'x');
    assert.deepEqual(
      commands.map((c) => [c.name, c.args.map((a) => a.text)]),
      [
        ['a', ['b', 'c d', 'e]', 'g', 'h', '"ij']],
        ['m', []],
      ],
    );
    assert.equal(text.slice(commands[1]!.start, commands[1]!.end), 'M ()');
  });

  it('reads or refuses anything, in bounded time', () => {
    const piece = fc.constantFrom(
      'a(',
      ')',
      '"',
      '\\',
      '#',
      '[[',
      ']]',
      '#[[',
      '\n',
      ' ',
      'x',
      '${y}',
      ';',
      '(',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          parseCmake(pieces.join(''), 'x');
        } catch (e) {
          assert.ok(e instanceof UserError, String(e));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('project: CMake files of others', () => {
  it('take bounded work, and what is not looked at any more is said', async () => {
    const code = Array.from({ length: 5000 }, (_, i) => `/p/src/${'a'.repeat(40)}${i}.c`);
    const files = { code, read: () => Promise.resolve(undefined) };
    for (const text of [
      'file(GLOB_RECURSE x src/*a*a*b*.c)\n'.repeat(20_000),
      `file(GLOB_RECURSE x ${'src/*a*b.c '.repeat(50_000)})\n`,
      `mcux_add_source(SOURCES ${'src/*a*b.c '.repeat(50_000)})\n`,
      `set(x aaaaaaaaaaaa)\n${'set(x "${x};${x}")\n'.repeat(13)}${'set(y ${x})\n'.repeat(19_000)}`,
      `file(GLOB s src/*.c)\n${'target_sources(t PRIVATE ${s})\n'.repeat(15_000)}`,
    ]) {
      const { isPartial, sources } = await readListing('/p/CMakeLists.txt', text, 'CMakeLists.txt', files);
      assert.ok(isPartial, text.slice(0, 60));
      assert.ok(sources.length < 1_000_000);
    }
  });
});

describe('project: unified diffs', () => {
  it('turn one text into the other by patch', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-diff-'));
    const line = fc.constantFrom('a\n', 'b\n', 'c\n', 'd e\r\n', '\n');
    const text = fc
      .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('', 'end'))
      .map(([l, end]) => l.join('') + end);
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        const diff = unifiedDiff('f', before, after);
        if (before === after) return assert.equal(diff, '');
        await writeFile(path.join(folder, 'f'), before);
        const { status, stdout } = spawnSync('patch', ['-p1', '--binary', '--no-backup-if-mismatch', '-F0'], {
          cwd: folder,
          input: diff,
          encoding: 'utf8',
        });
        assert.equal(status, 0, stdout + diff);
        const patched = await readFile(path.join(folder, 'f'), 'utf8').catch(() => '');
        assert.equal(patched, after, diff);
      }),
      { numRuns: 60 },
    );
    await rm(folder, { recursive: true });
  });
});
