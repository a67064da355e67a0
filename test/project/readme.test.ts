import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { noteFigures, projectFiles } from '../../extension/project/generate.ts';
import { glowport } from '../cli/support.ts';
import { png } from '../image/builders.ts';
import { isMissing, launchesOf, tasksOf } from './vscode/asVscode.ts';
import { type OpenProject, openProject } from './vscode/project.ts';

describe('a project’s README.md', () => {
  let project: OpenProject;
  before(async () => (project = await openProject()));
  after(() => project.remove());

  const inProject = (file: string): string => path.join(project.workspaceFolder, file);
  const text = (): string => readFileSync(inProject('README.md'), 'utf8');
  /** Commands of a section: its indented lines. */
  const commands = (section: string): string[] => {
    const part = text()
      .split(/^## /m)
      .find((p) => p.startsWith(`${section}\n`))!;
    return Array.from(part.matchAll(/^ {4}(\S.*)$/gm), (m) => m[1]!);
  };
  const runAll = (lines: readonly string[]): void => {
    for (const line of lines) {
      const [program = '', ...args] = line.split(' ');
      execFileSync(program, args, { cwd: project.workspaceFolder, stdio: 'pipe' });
    }
  };
  const builds = (): boolean => existsSync(inProject('build/tiny.elf'));
  const runs = async (): Promise<string> => {
    const [line = ''] = commands('Run');
    const { code, out, err } = await glowport(project.workspaceFolder, ...line.split(' ').slice(1));
    assert.equal(code, 0, err);
    return out;
  };

  it('has commands that build with CMake', function () {
    if (isMissing('cmake') || isMissing('ninja')) this.skip();
    runAll(commands('Build').slice(0, 2));
    assert.ok(builds());
    rmSync(inProject('build'), { recursive: true });
  });

  it('has commands that build with the compiler alone, and run on the simulated board', async () => {
    runAll(commands('Build').slice(2));
    assert.ok(builds());
    assert.match(await runs(), /Top1/);
  });

  it('has a command that replaces the test image', async () => {
    const before = readFileSync(inProject('source/test_image.inc'), 'utf8');
    const picture = inProject('picture.png');
    const rows = [0, 1, 2, 3].map((y) => [0, 1, 2, 3].map((x) => 64 * y + 16 * x));
    writeFileSync(picture, png({ width: 4, height: 4, depth: 8, colorType: 0, rows }));
    const [line = ''] = commands('Another test input');
    const args = line.replace('PICTURE', 'picture.png').split(' ').slice(1);
    const { code, err } = await glowport(project.workspaceFolder, ...args);
    assert.equal(code, 0, err);
    assert.notEqual(readFileSync(inProject('source/test_image.inc'), 'utf8'), before);
  });

  it('names the files that there are, tasks and debug configurations', () => {
    for (const { name } of launchesOf(project.files)) assert.ok(text().includes(`| ${name} |`), name);
    for (const { label } of tasksOf(project.files)) assert.ok(text().includes(`*${label}*`), label);
    for (const [, name = ''] of text().matchAll(/^\| `([^`*]+)`/gm))
      assert.ok(existsSync(inProject(name)), name);
  });

  it('tells what was measured, unless it is the user’s', async () => {
    const figures = { flashBytes: 1468, ramBytes: 1720, stackBytes: 504, cycles: 67_488, timeUs: 1408 };
    await noteFigures({ ...project.options, figures });
    assert.match(text(), /\| Flash \| 1,468 of 65,536 bytes \|/);
    assert.match(text(), /\| RAM \| 1,720 of 8,192 bytes, 504 of them reserved for the stack \|/);
    assert.match(text(), /\| Inference \| 1,408 us, 67,488 cycles at 48 MHz \|/);
    writeFileSync(inProject('README.md'), 'mine');
    await noteFigures({ ...project.options, figures });
    assert.equal(text(), 'mine');
  });

  it('takes a model’s name for text', () => {
    const modelName = 'a`](command:x) <img src=x>\n# *b* | c`` ``\u202e';
    const shown = String(projectFiles({ ...project.options, modelName }).get('README.md'));
    assert.match(shown, /network `a'\]\(command:x\) <img src=x>[^`\n]*` once/);
    assert.equal(shown.split('\n').length, String(project.files.get('README.md')).split('\n').length);
  });
});
