import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { standalonePlan } from '../../../extension/board/buildPlan.ts';
import { boards, findBoard } from '../../../extension/board/catalogue.ts';
import { vscodeFiles } from '../../../extension/project/vscode/vscodeFiles.ts';
import { filled, isMissing, type Launch, launchesOf, runTask, type Task, tasksOf } from './asVscode.ts';

describe('project: VS Code files', () => {
  let root: string;
  let home: string;
  let project: string;
  before(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'glowport-vscode-')));
    home = path.join(root, 'home');
    // a name that Tcl would run, if it read it
    project = path.join(root, 'a} ; exec touch ran; {b $x [y] "z');
    for (const folder of [home, path.join(project, 'build'), path.join(project, 'interface')])
      mkdirSync(folder, { recursive: true });
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  /** Files of a project on NXP's SDK, which real boards are flashed and debugged from. */
  const filesOf = (id: string): Map<string, string> => {
    const board = findBoard(id);
    const plan = standalonePlan(board, 'net', { sources: [], included: [] }, { object: 'net.o' });
    const sdk = {
      root: '/sdk',
      cmsis: '',
      sources: [],
      includeDirs: [],
      linkerScript: '',
      vectorChecksum: false,
    };
    return vscodeFiles({ board, plan: { ...plan, sdk } });
  };
  const tasksIn = (id: string): Task[] => tasksOf(filesOf(id));
  const launchesIn = (id: string): Launch[] => launchesOf(filesOf(id));
  const places = () => ({ workspaceFolder: project, userHome: home });
  const run = (task: Task) => runTask(task, places());
  const ran = (): boolean =>
    [root, home, project, path.join(project, 'build')].some((folder) => existsSync(path.join(folder, 'ran')));

  it('start nothing in the project’s folder, and name no file of it that they did not write', () => {
    for (const { id } of boards()) {
      for (const { label, args, options } of tasksIn(id)) {
        assert.equal(options.cwd, '${userHome}', label);
        assert.ok(!args.some((arg) => arg.includes('preset')), label);
      }
      for (const { type, cwd, debuggerArgs } of launchesIn(id).filter((l) => l.type === 'cortex-debug')) {
        assert.deepEqual([cwd, debuggerArgs], ['${userHome}', ['-iex', 'set auto-load no']], type);
      }
    }
  });

  it('configure and build with CMake whatever a planted CMakeUserPresets.json says', function () {
    if (isMissing('cmake') || isMissing('ninja')) {
      console.log('      skipped: CMake and Ninja are not installed');
      return this.skip();
    }
    const plain = project;
    project = path.join(root, 'plain'); // CMake takes no such names
    try {
      mkdirSync(project);
      writeFileSync(path.join(project, 'CMakeLists.txt'), 'cmake_minimum_required(VERSION 3.20)\nproject(p LANGUAGES NONE)\nadd_custom_target(all_of_it ALL COMMAND cmake -E touch built)\n'); // prettier-ignore
      writeFileSync(path.join(project, 'toolchain.cmake'), '');
      writeFileSync(
        path.join(project, 'CMakeUserPresets.json'),
        '{"version": 3, "configurePresets": [{"name": "default"}]}',
      );
      const [configure, build] = tasksIn('frdmke16z');
      for (const task of [configure!, build!]) {
        const { status, stderr } = run(task);
        assert.equal(status, 0, stderr);
      }
      assert.ok(existsSync(path.join(project, 'build', 'built')));
    } finally {
      project = plain;
    }
  });

  it('let gdb run no script that lies in the project, even where the user lets it load from everywhere', function () {
    if (isMissing('gdb')) {
      console.log('      skipped: gdb is not installed (apt-get install gdb)');
      return this.skip();
    }
    const elf = path.join(project, 'build', 'net.elf');
    const made = spawnSync('gcc', ['-x', 'c', '-', '-o', elf], { input: 'int main(void) { return 0; }' });
    if (made.status !== 0) return this.skip();
    writeFileSync(path.join(home, '.gdbinit'), 'set auto-load safe-path /\nset history size 77\n');
    for (const script of [path.join(project, '.gdbinit'), `${elf}-gdb.gdb`])
      writeFileSync(script, `shell touch '${root}/ran'\n`);
    const gdb = (cwd: string, args: readonly string[]): string =>
      spawnSync('gdb', ['-q', '--interpreter=mi2', ...args, '-batch', elf], {
        cwd,
        env: { ...process.env, HOME: home },
        encoding: 'utf8',
        timeout: 60_000,
      }).stdout;
    for (const { cwd, debuggerArgs } of launchesIn('frdmke16z').filter((l) => l.debuggerArgs)) {
      assert.match(
        gdb(filled(cwd!, places()), debuggerArgs!),
        /history size",value="77"/,
        'the user’s own settings count',
      );
      assert.ok(!ran());
    }
    gdb(project, []);
    assert.ok(ran(), 'without them it does');
    rmSync(path.join(root, 'ran'));
  });

  it('let OpenOCD run no planted interface/cmsis-dap.cfg, nor a folder’s name', function () {
    if (isMissing('openocd')) {
      console.log('      skipped: OpenOCD is not installed (apt-get install openocd)');
      return this.skip();
    }
    writeFileSync(path.join(project, 'interface', 'cmsis-dap.cfg'), `exec touch {${root}/ran}\n`);
    writeFileSync(path.join(project, 'openocd.cfg'), `exec touch {${root}/ran}\n`);
    writeFileSync(path.join(project, 'build', 'net.elf'), '');
    const { stderr } = run(tasksIn('frdmk32l2b').find((t) => t.command === 'openocd')!);
    assert.match(stderr, /unable to find a matching CMSIS-DAP device/);
    assert.ok(!ran());
  });
});
