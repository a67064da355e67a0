import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { UserError } from '../../extension/common/error.ts';
import {
  applyChanges,
  type ChangeRequest,
  changedFiles,
  planChanges,
  planDiff,
  revertChanges,
} from '../../extension/project/changeSet.ts';
import { mcuxpressoIdeProject } from '../../extension/project/mcuxpressoIde.ts';
import {
  attributeOf,
  descendants,
  parseXml,
  type XmlElement,
} from '../../extension/project/mcuxpressoIde/xml.ts';
import { noteDefines } from '../../extension/project/noteDefines.ts';
import { portRequest } from '../../extension/project/portRequest.ts';
import {
  cproject,
  type CprojectOptions,
  dotProject,
  helloWorld,
  readTree,
  writeTree,
} from './mcuxpresso/projects.ts';
import { incOf, tinyBundle, tinyInput } from './tinyBundle.ts';

const kinetis = ['BOARD_InitBootPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()'];
const object = '"${workspace_loc:/${ProjName}/source/tiny.o}"';

/** The user says yes. */
const asked = { confirmOverwrite: () => Promise.resolve('overwrite' as const) };

interface Example {
  readonly title: string;
  readonly options: CprojectOptions;
  readonly files?: Readonly<Record<string, string>>;
}

const examples: Example[] = [
  { title: 'hello_world in C', options: { name: 'frdmke16z_hello_world', board: 'frdmke16z' } },
  {
    title: 'a C++ project',
    options: { name: 'cpp_hello', board: 'frdmk32l2b', cpp: true, library: 'newlibnano.semihost' },
  },
  {
    title: 'a project with spaces and an ampersand in its name',
    options: { name: 'My hello & co', board: 'frdmke02z40m', indent: '  ' },
  },
  {
    title: 'Windows line endings',
    options: { name: 'crlf', board: 'lpc845breakout', newline: '\r\n' },
    files: {
      'source/hello_world.c': helloWorld([
        'CLOCK_Select(BOARD_DEBUG_USART_CLK_ATTACH)',
        'BOARD_InitBootPins()',
        'BOARD_BootClockFRO30M()',
        'BOARD_InitDebugConsole()',
      ]).replace(/\n/g, '\r\n'),
    },
  },
  {
    title: 'an old IDE, whose options have no values',
    options: { name: 'old', board: 'frdmkv11z', old: true, library: undefined, noUserObjects: true },
  },
  {
    title: 'a project ported by hand, as the note says',
    options: {
      name: 'by_hand',
      board: 'frdmke16z',
      library: 'newlib.nohost',
      objects: [object],
      excluding: 'hello_world.c',
      defines: ['CPU_MKE16Z64VLF4', ...noteDefines(findBoard('frdmke16z'))],
    },
  },
  {
    title: "the SDK's glow_lenet_mnist on an i.MX RT",
    options: {
      name: 'evkmimxrt1060_glow_lenet_mnist',
      board: 'evkmimxrt1060',
      core: 'cm7',
      objects: ['"${workspace_loc:/${ProjName}/source/lenet_mnist.o}"'],
      library: 'newlib.nohost',
    },
    files: {
      'source/hello_world.c': '',
      'source/main.c': helloWorld(
        ['BOARD_ConfigMPU()', 'BOARD_InitBootPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()'],
        ['board.h', 'lenet_mnist.h', 'fsl_debug_console.h', 'timer.h'],
      ),
      'source/timer.c': 'int msTicks;\n',
      'source/lenet_mnist.o': '\x7fELF\0\0',
    },
  },
  {
    title: 'a project that leaves main.c out',
    options: { name: 'left_out', board: 'frdmke16z', excluding: 'main.c|other.c' },
  },
  { title: 'a project without source entries', options: { name: 'all', board: 'frdmke16z', folders: [] } },
  {
    title: 'a project that does not build its source folder',
    options: { name: 'odd', board: 'frdmke16z', folders: ['startup', 'drivers'] },
  },
];

describe('project: MCUXpresso IDE', () => {
  let root: string;
  let bundle: Bundle;
  before(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'glowport-ide-'));
    bundle = await tinyBundle();
  });
  after(() => rm(root, { recursive: true, force: true }));

  async function write(example: Example): Promise<string> {
    const { options } = example;
    const folder = path.join(root, options.name);
    await rm(folder, { recursive: true, force: true });
    await writeTree(folder, {
      '.cproject': cproject(options),
      '.project': dotProject(options.name, options.cpp ?? false, options.newline),
      'source/hello_world.c': helloWorld(kinetis),
      'board/board.c': 'int board;\n',
      'tool.sh': '#!/bin/sh\n',
      ...example.files,
    });
    if (example.files?.['source/hello_world.c'] === '') await rm(path.join(folder, 'source/hello_world.c'));
    return folder;
  }

  async function request(folder: string, of: Bundle = bundle): Promise<ChangeRequest> {
    const host = await mcuxpressoIdeProject(folder);
    assert.ok(host);
    const board = findBoard(host.boardId!);
    const images = new Map([['image', incOf(tinyInput)]]);
    return (await portRequest(host, { board, bundle: of, testData: images, weights: 'flash' })).request;
  }

  for (const example of examples) {
    describe(example.title, () => {
      let folder: string;
      let before: Record<string, string>;
      beforeEach(async () => {
        folder = await write(example);
        before = await readTree(folder);
      });

      it('shows in a dry run what it will do, and does that', async () => {
        const plan = await planChanges(await request(folder));
        const diff = planDiff(plan);
        assert.deepEqual(await readTree(folder), before, 'a dry run changes nothing');
        const copy = path.join(root, 'patched');
        await cp(folder, copy, { recursive: true });
        // patch takes the texts; what it is told of binary files it skips
        const patched = spawnSync('patch', ['-p1', '--binary', '--no-backup-if-mismatch'], {
          cwd: copy,
          input: diff,
          encoding: 'utf8',
        });
        assert.equal(patched.status, 0, patched.stdout + patched.stderr);
        await applyChanges(plan, asked);
        const after = await readTree(folder);
        const byPatch = await readTree(copy);
        for (const name of Object.keys(byPatch)) assert.equal(byPatch[name], after[name], name);
        assert.match(diff, /^Binary file source\/tiny\.o: \d+ bytes \(new\)$/m);
        await rm(copy, { recursive: true });
      });

      it('builds the network into Debug and Release, and leaves all else byte for byte', async () => {
        await applyChanges(await planChanges(await request(folder)), asked);
        const text = await readFile(path.join(folder, '.cproject'), 'utf8');
        const old = before['.cproject']!.slice(4);
        assert.equal(text.includes('\r\n'), old.includes('\r\n'));
        assert.doesNotMatch(text.replace(/\r\n/g, ''), example.options.newline ? /[\r\n]/ : /\r/);
        checkPorted(text, example.options);
        onlyIntended(old, text);
        checkByExpat(old, text, example.options);
        for (const file of [
          'main.c',
          'timer.c',
          'timer.h',
          'tiny.h',
          'tiny.o',
          'tiny.weights.txt',
          'test_image.inc',
          'glow_bundle_utils.c',
        ]) {
          assert.ok((await readFile(path.join(folder, 'source', file))).length > 0, file);
        }
      });

      it('changes nothing when applied again', async () => {
        await applyChanges(await planChanges(await request(folder)), asked);
        const once = await readTree(folder);
        const again = await planChanges(await request(folder));
        assert.equal(planDiff(again), '');
        assert.deepEqual(await applyChanges(again), { changed: [], kept: [] });
        assert.deepEqual(await readTree(folder), once);
      });

      it('is what it was after a revert', async () => {
        const { changed } = await applyChanges(await planChanges(await request(folder)), asked);
        assert.notDeepEqual(await readTree(folder), before);
        assert.deepEqual((await revertChanges(folder)).sort(), changed.sort());
        assert.deepEqual(await readTree(folder), before);
        await assert.rejects(revertChanges(folder), /Nothing was ported/);
      });
    });
  }

  describe('over time', () => {
    let folder: string;
    let before: Record<string, string>;
    beforeEach(async () => {
      folder = await write(examples[0]!);
      before = await readTree(folder);
      await applyChanges(await planChanges(await request(folder)), asked);
    });

    it('replaces an earlier network by another one', async () => {
      const other = await tinyBundle('other');
      await applyChanges(await planChanges(await request(folder, other)));
      const tree = await readTree(folder);
      assert.ok(tree['source/other.o'] && !tree['source/tiny.o'] && !tree['source/tiny.h']);
      assert.doesNotMatch(tree['.cproject']!, /tiny/);
      await revertChanges(folder);
      assert.deepEqual(await readTree(folder), before);
    });

    it('asks before it writes over an edited main.c', async () => {
      const main = path.join(folder, 'source/main.c');
      await writeFile(main, 'int main(void) { return 1; }\n');
      const plan = await planChanges(await request(folder));
      assert.deepEqual(changedFiles(plan), ['source/main.c']);
      await assert.rejects(applyChanges(plan), /edited since the last port.*source\/main\.c/);
      const { kept } = await applyChanges(plan, { confirmOverwrite: () => Promise.resolve('keep') });
      assert.deepEqual(kept, ['source/main.c']);
      assert.match(await readFile(main, 'utf8'), /return 1/);
      await assert.rejects(revertChanges(folder), /would be lost: source\/main\.c/);
      await applyChanges(plan, { confirmOverwrite: () => Promise.resolve('overwrite') });
      await revertChanges(folder);
      assert.deepEqual(await readTree(folder), before);
    });

    it("keeps the user's own changes of .cproject, and does not lose them in a revert unasked", async () => {
      const file = path.join(folder, '.cproject');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        text
          .replace('description="Debug build"', 'description="Mine"')
          .replace(object.replace(/"/g, '&quot;'), 'x.o'),
      );
      await applyChanges(await planChanges(await request(folder)), asked);
      const merged = await readFile(file, 'utf8');
      assert.match(merged, /description="Mine"/);
      checkPorted(merged, examples[0]!.options);
      await assert.rejects(revertChanges(folder), /would be lost: \.cproject/);
      await revertChanges(folder, { overwrite: true });
      assert.deepEqual(await readTree(folder), before);
    });

    it('refuses a revert from a damaged copy, and leaves the project', async () => {
      const now = await readTree(folder);
      await writeFile(path.join(folder, '.glowport/into/.cproject.bak'), 'x');
      await assert.rejects(revertChanges(folder), /copy of the original \.cproject .* is damaged/);
      assert.equal((await readTree(folder))['.cproject'], now['.cproject']);
    });

    it('refuses a record that leads out of the project', async () => {
      const file = path.join(folder, '.glowport/into/record.json');
      for (const evil of ['../evil', '/etc/evil', 'a/../../evil', 'a\\..\\evil', '']) {
        const record = { version: 1, folders: [], files: [{ path: evil, original: null, written: null }] };
        await writeFile(file, JSON.stringify(record));
        await assert.rejects(revertChanges(folder, { overwrite: true }), /record\.json is damaged/);
      }
    });
  });

  it('puts all back when a file cannot be written', async () => {
    const folder = await write(examples[0]!);
    await mkdir(path.join(folder, 'source/tiny.weights.txt'));
    await writeFile(path.join(folder, 'source/tiny.weights.txt/x'), '');
    const before = await readTree(folder);
    await assert.rejects(request(folder).then(planChanges), /is a link or folder/);
    assert.deepEqual(await readTree(folder), before);
    await rm(path.join(folder, 'source/tiny.weights.txt'), { recursive: true });
    const plan = await planChanges(await request(folder));
    await mkdir(path.join(folder, 'source/timer.h'));
    await assert.rejects(applyChanges(plan), UserError);
    await rm(path.join(folder, 'source/timer.h'), { recursive: true });
    const intact = await readTree(folder);
    for (const name of Object.keys(intact)) assert.equal(intact[name], before[name] ?? intact[name]);
    assert.equal(intact['.cproject'], before['.cproject']);
    assert.ok(!intact['source/main.c'] && !intact['.glowport']);
  });

  it('follows no link out of the project', async () => {
    const folder = await write(examples[0]!);
    const outside = path.join(root, 'outside');
    await cp(path.join(folder, 'source'), outside, { recursive: true });
    await rm(path.join(folder, 'source'), { recursive: true });
    await symlink(outside, path.join(folder, 'source'));
    const before = await readTree(outside);
    await assert.rejects(request(folder).then(planChanges), /source\/.* leads out of that folder by a link/);
    assert.deepEqual(await readTree(outside), before);
  });

  describe('refuses in a sentence, and leaves nothing', () => {
    const cases: [title: string, text: () => string, message: RegExp][] = [
      [
        'another Eclipse IDE',
        () => cproject(examples[0]!.options).replaceAll('com.crt.', 'fr.ac6.'),
        /not a project of MCUXpresso IDE/,
      ],
      ['a library', () => cproject({ name: 'lib', artefact: 'staticLib' }), /builds a library/],
      ['another XML file', () => '<project/>', /not a project of MCUXpresso IDE/],
      [
        'a file cut off',
        () => cproject(examples[0]!.options).slice(0, 9000),
        /not well-formed XML: .* in line \d+/,
      ],
      ['crossed tags', () => '<cproject><a></cproject></a>', /not well-formed/],
      ['a document type', () => '<!DOCTYPE x [<!ENTITY a "b">]><cproject/>', /document type/],
      ['an unknown reference', () => '<cproject a="&evil;"/>', /reference/],
      ['an attribute twice', () => '<cproject a="1" a="2"/>', /twice/],
      ['an endless nest', () => '<a>'.repeat(5000), /too deep/],
      ['nothing', () => '', /not well-formed/],
    ];
    for (const [title, text, message] of cases) {
      it(title, async () => {
        const folder = await write(examples[0]!);
        await writeFile(path.join(folder, '.cproject'), text());
        const before = await readTree(folder);
        await assert.rejects(request(folder), (e: unknown) => {
          assert.ok(e instanceof UserError && e.code === 'input');
          assert.match(e.message, message);
          return true;
        });
        assert.deepEqual(await readTree(folder), before);
      });
    }
    it('a folder without .cproject, by saying so', async () => {
      assert.equal(await mcuxpressoIdeProject(root), undefined);
    });
  });
});

/** What the note's section 5 asks for is there once, in both configurations. */
function checkPorted(text: string, { cpp = false, library, board }: CprojectOptions): void {
  const root = parseXml(text, '.cproject');
  const configurations = [...descendants(root)].filter((e) => e.name === 'configuration');
  assert.equal(configurations.length, 2);
  const ids = [...descendants(root)].filter((e) => e.name === 'option').map((e) => attributeOf(e, 'id'));
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  for (const configuration of configurations) {
    const options = [...descendants(configuration)].filter((e) => e.name === 'option');
    const of = (superClass: string): XmlElement => {
      const found = options.filter((o) => attributeOf(o, 'superClass') === superClass);
      assert.equal(found.length, 1, superClass);
      return found[0]!;
    };
    const values = (superClass: string): (string | undefined)[] => {
      const option = of(superClass);
      assert.notEqual(attributeOf(option, 'IS_VALUE_EMPTY'), 'true');
      return option.children.map((c) => attributeOf(c, 'value'));
    };
    const objects = values(cpp ? 'gnu.cpp.link.option.userobjs' : 'gnu.c.link.option.userobjs');
    assert.equal(objects.filter((o) => o === object).length, 1);
    assert.equal(
      attributeOf(of(cpp ? 'gnu.cpp.link.option.userobjs' : 'gnu.c.link.option.userobjs'), 'valueType'),
      'userObjs',
    );
    const family = library?.startsWith('newlibnano') ? 'newlibnano' : 'newlib';
    assert.equal(
      attributeOf(of(`com.crt.advproject.link.${cpp ? 'cpp' : 'gcc'}.hdrlib`), 'value'),
      `com.crt.advproject.${cpp ? 'cpp' : 'gcc'}.link.hdrlib.${family}.nohost`,
    );
    for (const superClass of [
      'gnu.c.compiler.option.preprocessor.def.symbols',
      ...(cpp ? ['gnu.cpp.compiler.option.preprocessor.def'] : []),
    ]) {
      const defines = values(superClass);
      for (const define of noteDefines(findBoard(board!))) {
        assert.equal(defines.filter((d) => d!.split('=')[0] === define.split('=')[0]).length, 1, define);
        assert.ok(defines.includes(define), define);
      }
      assert.ok(!defines.includes('__REDLIB__'));
      assert.ok(
        defines.some((d) => d === 'DEBUG' || d === 'NDEBUG'),
        'its own macros stay',
      );
    }
    const entries = [...descendants(configuration)].filter((e) => e.name === 'entry');
    const source = entries.find((e) => attributeOf(e, 'name') === 'source' || attributeOf(e, 'name') === '');
    assert.ok(source, 'source/ is built');
    assert.doesNotMatch(attributeOf(source, 'excluding') ?? '', /(^|\||\/)main\.c/);
  }
}

/** The same by a parser that is not ours: all nodes but the intended ones are equal, and those say what the note asks for. */
function checkByExpat(before: string, after: string, { cpp = false, board }: CprojectOptions): void {
  const script = path.join(import.meta.dirname, 'mcuxpresso/cprojectOracle.py');
  const input = JSON.stringify({ before, after });
  const { status, stdout, stderr } = spawnSync('python3', [script], { input, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { rest, options } = JSON.parse(stdout) as {
    rest: [unknown[], unknown[]];
    options: Record<string, Record<string, unknown[]>>;
  };
  assert.ok(rest[0].length > 40, 'most of the file is compared');
  assert.deepEqual(rest[1], rest[0]);
  assert.deepEqual(Object.keys(options), ['Debug', 'Release']);
  for (const values of Object.values(options)) {
    assert.ok(values[`gnu.${cpp ? 'cpp' : 'c'}.link.option.userobjs`]!.includes(object));
    const library = values[`com.crt.advproject.link.${cpp ? 'cpp' : 'gcc'}.hdrlib`]!;
    assert.match(String(library), /^com\.crt\.advproject\.\w+\.link\.hdrlib\.newlib(nano)?\.nohost$/);
    const defines = values['gnu.c.compiler.option.preprocessor.def.symbols']!;
    for (const define of noteDefines(findBoard(board!))) assert.ok(defines.includes(define), define);
  }
}

/** Every line that is not one of the intended kinds is where it was. */
function onlyIntended(before: string, after: string): void {
  const kinds =
    /userobjs|preprocessor\.def|listOptionValue|\.hdrlib|\.specs|option\.flags\.crt|<entry |<\/?sourceEntries>|^\s*<\/option>/;
  const rest = (text: string): string =>
    text
      .split('\n')
      .filter((line) => !kinds.test(line))
      .join('\n');
  assert.equal(rest(after), rest(before));
  const listed = (text: string): string[] =>
    text
      .split('\n')
      .filter((l) => /listOptionValue/.test(l) && !/DEBUGCONSOLE|PRINTF|REDLIB|lenet_mnist\.o/.test(l));
  // the old network's object, which only the old main.c called
  assert.doesNotMatch(after, /lenet_mnist\.o/);
  const kept = new Set(listed(after));
  for (const line of listed(before)) assert.ok(kept.has(line), line);
}
