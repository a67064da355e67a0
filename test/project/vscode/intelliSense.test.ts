import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildProject } from '../../../extension/toolchain/build.ts';
import { filled, isMissing } from './asVscode.ts';
import { type OpenProject, openProject } from './project.ts';

interface Entry {
  readonly directory: string;
  readonly file: string;
  readonly command?: string;
  readonly arguments?: readonly string[];
}

describe('project: IntelliSense', () => {
  let project: OpenProject;
  before(async () => (project = await openProject()));
  after(() => project.remove());

  const sources = (): string[] =>
    [...project.files.keys()]
      .filter((name) => name.endsWith('.c'))
      .map((name) => path.join(project.workspaceFolder, name))
      .sort();

  /** What Microsoft's C/C++ is told to read. */
  function database(): Entry[] {
    const text = String(project.files.get('.vscode/c_cpp_properties.json'));
    const { configurations } = JSON.parse(text) as { configurations: { compileCommands: string }[] };
    const file = filled(configurations[0]!.compileCommands, project);
    return JSON.parse(readFileSync(file, 'utf8')) as Entry[];
  }

  /** Errors that clangd has in a source: as an editor starts it, in the project's folder. */
  function clangdErrors(source: string): string[] {
    const { stderr } = spawnSync('clangd', [`--check=${source}`], {
      cwd: project.workspaceFolder,
      encoding: 'utf8',
    });
    assert.match(stderr, /All checks completed/);
    return stderr.split('\n').filter((line) => line.startsWith('E['));
  }

  for (const tool of ['ninja', 'gcc'] as const) {
    describe(`after a build by ${tool}`, () => {
      before(async function () {
        if (tool === 'ninja' && (isMissing('cmake') || isMissing('ninja'))) {
          console.log('      skipped: CMake and Ninja are not installed');
          this.skip();
        }
        await buildProject(project.workspaceFolder, { with: tool });
      });

      it('has a command for each source, which compiles it', () => {
        const entries = database();
        assert.deepEqual(entries.map(({ file }) => file).sort(), sources());
        for (const { directory, file, command, arguments: args } of entries) {
          const { status, stderr } = args
            ? spawnSync(args[0]!, args.slice(1), { cwd: directory, encoding: 'utf8' })
            : spawnSync('sh', ['-c', command!], { cwd: directory, encoding: 'utf8' });
          assert.equal(status, 0, `${file}: ${stderr}`);
        }
      });

      it('shows no error in any source to users of clangd', function () {
        if (isMissing('clangd')) {
          console.log('      skipped: clangd is not installed (apt-get install clangd)');
          this.skip();
        }
        for (const source of sources()) assert.deepEqual(clangdErrors(source), [], source);
      });
    });
  }

  it('knows the project’s own headers before the first build, too', function () {
    if (isMissing('clangd')) this.skip();
    rmSync(path.join(project.workspaceFolder, 'build'), { recursive: true, force: true });
    for (const source of sources()) {
      // where the C library is, only the compiler knows
      const errors = clangdErrors(source).filter((line) => !/'stdlib\.h' file not found/.test(line));
      assert.deepEqual(errors, [], source);
    }
  });

  it('works anew in a folder that was moved with its build', async () => {
    await buildProject(project.workspaceFolder, { with: 'gcc' });
    const moved = path.join(path.dirname(project.workspaceFolder), 'moved');
    cpSync(project.workspaceFolder, moved, { recursive: true });
    await buildProject(moved, { with: 'gcc' });
    const text = readFileSync(path.join(moved, 'build/compile_commands.json'), 'utf8');
    assert.ok(!text.includes(`${project.workspaceFolder}/`));
  });

  it('names no folder of this computer in what is not built', () => {
    for (const [name, contents] of project.files) {
      if (name.startsWith('bundle/')) continue;
      assert.ok(!String(contents).includes(project.workspaceFolder), name);
    }
  });
});
