import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../extension/cli/exit.ts';
import { cproject, helloProject, readTree, writeTree } from '../project/mcuxpresso/projects.ts';
import { calibration, glowport, model, sample, temporaryFolder } from './support.ts';

describe('cli: into an MCUXpresso project', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let project: string;
  let original: Record<string, string>;
  const run = (...args: string[]): ReturnType<typeof glowport> => glowport(folder.path, 'into', ...args);

  before(async () => {
    folder = await temporaryFolder();
    const { code, err } = await glowport(
      folder.path,
      'compile',
      model,
      '--board',
      'frdmke16z',
      '--samples',
      calibration,
      '--out',
      'bundle',
    );
    assert.equal(code, 0, err);
  });
  after(() => folder.dispose());
  beforeEach(async () => {
    project = path.join(folder.path, 'my hello');
    await writeTree(project, helloProject('my hello'));
    original = await readTree(project);
  });

  it('shows, does, does nothing the second time, and takes back', async () => {
    const args = [project, '--bundle', 'bundle', '--input', sample];
    const dry = await run(...args, '--dry-run');
    assert.equal(dry.code, 0, dry.err);
    assert.match(dry.out, /^\+.*source\/mnist\.o/m);
    assert.match(dry.out, /^\+ {4}BOARD_InitBootPins\(\);$/m);
    assert.match(
      dry.err,
      /MCUXpresso IDE project for FRDM-KE16Z; init calls from its own example\nwould change: /,
    );
    assert.deepEqual(await readTree(project), original);

    const done = await run(...args);
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /changed: \.cproject, .*source\/main\.c/);
    const after = await readTree(project);
    assert.ok(after['source/mnist.o'] && after['source/test_image.inc']);
    const again = await run(...args, '--json');
    assert.equal(again.code, 0, again.err);
    const result = JSON.parse(again.out) as { changed: string[]; diff: string; board: string; kind: string };
    assert.deepEqual(
      [result.changed, result.diff, result.board, result.kind],
      [[], '', 'frdmke16z', 'mcuxpresso-ide'],
    );
    assert.deepEqual(await readTree(project), after);

    const back = await run(project, '--revert', '--dry-run');
    assert.match(back.out, /^-.*source\/mnist\.o/m);
    assert.deepEqual(await readTree(project), after);
    const reverted = await run(project, '--revert');
    assert.equal(reverted.code, 0, reverted.err);
    assert.deepEqual(await readTree(project), original);
  });

  it("compiles what glowport.json remembers for the project's own board", async () => {
    await writeFile(
      path.join(folder.path, 'glowport.json'),
      JSON.stringify({ model, board: 'frdmk32l2b', samples: [calibration], input: sample }),
    );
    const { code, err } = await run(project);
    assert.equal(code, 0, err);
    assert.match(await readFile(path.join(project, 'source', 'main.c'), 'utf8'), /Board: FRDM-KE16Z/);
    assert.equal((await run(project, '--revert')).code, 0);
    assert.deepEqual(await readTree(project), original);
  });

  it('goes into the project that glowport.json remembers when none is named', async () => {
    const config = path.join(folder.path, 'glowport.json');
    const remembered = { model, board: 'frdmk32l2b', samples: [calibration], input: sample };
    await writeFile(config, JSON.stringify({ ...remembered, into: 'my hello' }));
    const { code, err } = await run();
    assert.equal(code, 0, err);
    assert.match(await readFile(path.join(project, 'source', 'main.c'), 'utf8'), /Board: FRDM-KE16Z/);
    assert.equal((await run('--revert')).code, 0);
    assert.deepEqual(await readTree(project), original);
    await writeFile(config, JSON.stringify(remembered));
    const none = await run();
    assert.equal(none.code, EXIT.usage);
    assert.match(none.err, /No project was given, and glowport\.json here remembers none/);
  });

  it('replaces files of your own only with --overwrite, says each, and brings them back', async () => {
    await writeTree(project, { 'source/timer.c': 'int my;\n', 'source/main.c': 'int my_main;\n' });
    const own = await readTree(project);
    const args = [project, '--bundle', 'bundle', '--input', sample];
    const dry = await run(...args, '--dry-run');
    assert.equal(dry.code, 0, dry.err);
    for (const file of ['main.c', 'timer.c'])
      assert.match(
        dry.err,
        new RegExp(`^would replace your own source/${file}: --overwrite permits it$`, 'm'),
      );
    const refused = await run(...args);
    assert.equal(refused.code, EXIT.input);
    assert.match(refused.err, /Files of your own in .* would be replaced: source\/main\.c, source\/timer\.c/);
    assert.match(refused.err, /--overwrite/);
    assert.deepEqual(await readTree(project), own);
    const done = await run(...args, '--overwrite');
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /^replaced your own source\/timer\.c: --revert brings it back$/m);
    const again = await run(...args);
    assert.equal(again.code, 0, again.err);
    assert.match(again.out, /nothing to change/);
    assert.equal((await run(project, '--revert')).code, 0);
    assert.deepEqual(await readTree(project), own);
    for (const file of ['main.c', 'timer.c']) await rm(path.join(project, 'source', file));
  });

  it('refuses a bundle that is too large for the board, before anything is changed', async () => {
    await writeFile(path.join(project, '.cproject'), cproject({ name: 'small', board: 'frdmke04z' }));
    const before = await readTree(project);
    for (const more of [[], ['--dry-run']]) {
      const r = await run(project, '--bundle', 'bundle', '--input', sample, ...more);
      assert.equal(r.code, EXIT.board, r.err);
      assert.match(r.err, /mnist does not fit FRDM-KE04Z on NXP's SDK: it needs .* KB flash/);
      assert.doesNotMatch(r.err, /--sdk/, 'the project is on the SDK');
    }
    assert.deepEqual(await readTree(project), before);
  });

  it('refuses in a sentence', async () => {
    const cases: [args: string[], code: number, message: RegExp][] = [
      [[folder.path], EXIT.input, /holds no MCUXpresso project/],
      [['nowhere'], EXIT.input, /no project folder/],
      [[project, '--revert'], EXIT.input, /Nothing was ported/],
      [[project, '--bundle', 'bundle'], EXIT.usage, /No test data/],
      [
        [project, '--bundle', 'bundle', '--input', sample, '--board', 'evkmimxrt1060'],
        EXIT.board,
        /another processor/,
      ],
      [[project, '--bundle', 'nothing', '--input', sample], EXIT.input, /no bundle/],
    ];
    for (const [args, code, message] of cases) {
      const r = await run(...args);
      assert.equal(r.code, code, args.join(' ') + r.err);
      assert.match(r.err, message);
      assert.equal(
        r.err
          .trim()
          .split('\n')
          .filter((l) => l.startsWith('glowport:')).length,
        1,
      );
      assert.deepEqual(await readTree(project), original);
    }
    await writeFile(path.join(project, '.cproject'), cproject({ name: 'x', board: 'twrk70' }));
    const unknown = await run(project, '--bundle', 'bundle', '--input', sample);
    assert.equal(unknown.code, EXIT.board);
    assert.match(unknown.err, /does not say which board .*"twrk70"/);
  });
});
