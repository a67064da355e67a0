import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { UserError } from '../../extension/common/error.ts';
import {
  applyChanges,
  planChanges,
  planDiff,
  replacedFiles,
  revertChanges,
} from '../../extension/project/changeSet.ts';
import { mcuxpressoIdeProject } from '../../extension/project/mcuxpressoIde.ts';
import { type HostPort, portRequest } from '../../extension/project/portRequest.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { helloWorld, readTree, writeTree } from './mcuxpresso/projects.ts';
import { INIT, OLD_NETWORK, sdkPart, traitFiles, type TraitProject, TRAITS } from './mcuxpresso/traits.ts';
import { incOf, tinyBundle, tinyInput, tinyResult } from './tinyBundle.ts';

const FLAGS = [
  ...['-mcpu=cortex-m0plus', '-mthumb', '-Os', '-Wall', '-Werror', '-ffreestanding', '-ffunction-sections'],
  ...['-fdata-sections', '-fno-tree-loop-distribute-patterns', '-fno-common', '-Wno-unused-function'],
];

describe('project: traits of real projects', () => {
  let root: string;
  let bundle: Bundle;
  before(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'glowport traits '));
    bundle = await tinyBundle();
  });
  after(() => rm(root, { recursive: true, force: true }));

  async function lay(trait: TraitProject): Promise<string> {
    const folder = path.join(root, trait.options.name, trait.options.name);
    await writeTree(folder, traitFiles(trait));
    for (const object of trait.options.objects ?? []) {
      const file = path.join(folder, placeOf(object));
      await mkdir(path.dirname(file), { recursive: true });
      const input = object.includes('old_net') ? OLD_NETWORK : 'int other;\n';
      gcc(['-mcpu=cortex-m0plus', '-mthumb', '-x', 'c', '-', '-c', '-o', file], input);
    }
    return folder;
  }

  async function port(folder: string): Promise<HostPort> {
    const host = await mcuxpressoIdeProject(folder);
    assert.ok(host);
    const images = new Map([['image', incOf(tinyInput)]]);
    return portRequest(host, {
      board: findBoard(host.boardId ?? 'frdmke16z'),
      bundle,
      testData: images,
      weights: 'flash',
    });
  }

  for (const trait of TRAITS) {
    it(`${trait.title}: all of it compiles, links and runs, and a revert brings all back`, async () => {
      const folder = await lay(trait);
      const before = await readTree(folder);
      const { request, init, notes } = await port(folder);
      const plan = await planChanges(request);
      const own = replacedFiles(plan);
      if (own.length > 0) await assert.rejects(applyChanges(plan), /Files of your own .* would be replaced/);
      assert.deepEqual(await readTree(folder), before);
      await applyChanges(plan, { confirmOverwrite: () => Promise.resolve('overwrite') });

      const printsNothing = trait.leftOut?.includes('BOARD_InitDebugConsole()') ?? false;
      for (const configuration of trait.options.excluding ? ['Debug', 'Release'] : ['Debug']) {
        const elf = build(folder, configuration);
        if (printsNothing) continue;
        const machine = new Machine('frdmke16z');
        machine.load(new Uint8Array(await readFile(elf)));
        let text = '';
        machine.onUart = (byte) => (text += String.fromCharCode(byte));
        assert.equal(machine.run(), 'idle', machine.fault?.message);
        const printed = [...text.matchAll(/Confidence = (-?\d+)/g)].map((m) => Number(m[1]));
        assert.deepEqual(printed, tinyResult(tinyInput));
      }
      for (const what of trait.leftOut ?? [])
        assert.ok(
          notes.some((n) => n.includes(`${what} (`)),
          `${what}: ${notes.join()}`,
        );
      assert.deepEqual(init.leftOut.map((l) => l.what).sort(), [...(trait.leftOut ?? [])].sort());
      if (trait.calls) assert.deepEqual(init.calls, trait.calls);
      const after = await readTree(folder);
      for (const lines of trait.lines ?? [])
        assert.ok(after['source/main.c']?.includes(lines.join('\n')), after['source/main.c']);
      for (const file of trait.kept ?? []) assert.equal(after[file], before[file]);
      for (const file of trait.gone ?? []) assert.ok(notes.some((n) => n.startsWith(`${file} is not built`)));

      assert.equal(
        planDiff(await planChanges((await port(folder)).request)),
        '',
        'a second port changes nothing',
      );
      await revertChanges(folder);
      assert.deepEqual(await readTree(folder), before);
    });
  }

  describe('refuses in a sentence, and leaves nothing', () => {
    const hello = { 'source/hello_world.c': helloWorld(INIT) };
    const cases: [
      title: string,
      trait: Partial<TraitProject> & Pick<TraitProject, 'options'>,
      message: RegExp,
    ][] = [
      [
        'a project with a Makefile of its own',
        { options: { name: 'makefile', board: 'frdmke16z', ownMakefile: 'Release' }, files: hello },
        /built by a Makefile of its own \(configuration Release\)/,
      ],
      [
        'a project without an SDK',
        { options: { name: 'no_sdk' }, files: hello, without: Object.keys(sdkPart()) },
        /not made of NXP's SDK/,
      ],
      [
        'a timer that the rest of the project uses',
        {
          options: { name: 'used_timer', board: 'frdmke16z' },
          files: {
            ...hello,
            'source/ticks.h': 'extern volatile int ticks;\n',
            'source/ticks.c': 'volatile int ticks;\nvoid SysTick_Handler(void)\n{\n    ticks++;\n}\n',
            'source/blink.c': '#include "ticks.h"\nint blink(void)\n{\n    return ticks & 1;\n}\n',
          },
        },
        /source\/blink\.c in .* needs ticks of source\/ticks\.c/,
      ],
      [
        'a main file that the rest of the project calls',
        {
          options: { name: 'used_main', board: 'frdmke16z' },
          files: {
            'source/hello_world.c': `void appTick(void)\n{\n}\n${helloWorld(INIT)}`,
            'source/blink.c': 'void appTick(void);\nvoid blink(void)\n{\n    appTick();\n}\n',
          },
        },
        /needs appTick of source\/hello_world\.c/,
      ],
      [
        'a source folder that Eclipse links',
        { options: { name: 'linked_source', board: 'frdmke16z' }, files: hello, links: { source: 'common' } },
        /The folder source .* is a link to another place/,
      ],
      [
        'a pattern that leaves all main files out',
        { options: { name: 'pattern', board: 'frdmke16z', excluding: 'm*.c' }, files: hello },
        /Debug leaves source\/main\.c out of the build, by the pattern "m\*\.c"/,
      ],
    ];
    for (const [title, trait, message] of cases) {
      it(title, async () => {
        const folder = await lay({ title, files: {}, ...trait });
        const before = await readTree(folder);
        const refused = async (): Promise<unknown> => planChanges((await port(folder)).request);
        await assert.rejects(
          refused,
          (e) => e instanceof UserError && e.code === 'input' && message.test(e.message),
        );
        assert.deepEqual(await readTree(folder), before);
      });
    }
  });
});

/** Where an entry of Other objects lies in the project. */
function placeOf(object: string): string {
  return /([\w/]+\.o)\}?"$/.exec(object)![1]!;
}

/** Compiles and links all that CDT builds in a configuration; the ELF file lies beside the project. */
function build(folder: string, configuration: string): string {
  const script = path.join(import.meta.dirname, 'mcuxpresso/managedBuild.py');
  const { status, stdout, stderr } = spawnSync('python3', [script, folder, configuration], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const { sources, folders, defines, objects } = JSON.parse(stdout) as Record<
    'sources' | 'folders' | 'defines' | 'objects',
    string[]
  >;
  const elf = path.join(path.dirname(folder), `${configuration}.elf`);
  const linked = objects.map((o) => path.join(folder, placeOf(o)));
  gcc([
    ...FLAGS,
    ...defines.map((d) => `-D${d}`),
    ...folders.map((f) => `-I${f}`),
    ...sources,
    ...linked,
    ...[
      '-nostartfiles',
      '--specs=nano.specs',
      '--specs=nosys.specs',
      '-Wl,--gc-sections',
      '-Wl,--no-warn-rwx-segments',
    ],
    ...['-T', path.join(folder, '../sdk/linker.ld'), '-o', elf],
  ]);
  return elf;
}

function gcc(args: readonly string[], input?: string): void {
  const { status, stderr } = spawnSync('arm-none-eabi-gcc', args, {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });
  assert.equal(status, 0, stderr);
}
