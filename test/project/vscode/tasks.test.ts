import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runFirmware } from '../../support/runFirmware.ts';
import { isMissing, problemsIn, runTask, type Task, tasksOf } from './asVscode.ts';
import { type OpenProject, openProject } from './project.ts';

describe('project: tasks of VS Code', () => {
  let project: OpenProject;
  let tasks: Task[];
  before(async () => {
    project = await openProject();
    tasks = tasksOf(project.files);
  });
  after(() => project.remove());

  const inProject = (file: string): string => path.join(project.workspaceFolder, file);
  const task = (label: string): Task => tasks.find((t) => t.label === label)!;
  /** Runs a task behind that which it depends on. */
  const run = (label: string): { readonly status: number | null; readonly output: string } => {
    const { dependsOn } = task(label);
    if (dependsOn !== undefined) {
      const first = run(dependsOn);
      if (first.status !== 0) return first;
    }
    const { status, stdout, stderr } = runTask(task(label), project);
    return { status, output: stdout + stderr };
  };

  for (const [label, needed] of [
    ['Build', ['cmake', 'ninja']],
    ['Build without CMake', ['sh']],
  ] as const) {
    describe(label, () => {
      before(function () {
        if (!needed.some(isMissing)) return;
        console.log(`      skipped: ${needed.join(' or ')} is not installed`);
        this.skip();
      });

      it('makes firmware that runs, and its other formats', () => {
        const { status, output } = run(label);
        assert.equal(status, 0, output);
        assert.deepEqual(problemsIn(output, task(label), project), []);
        for (const ending of ['hex', 'bin', 'srec']) assert.ok(existsSync(inProject(`build/tiny.${ending}`)));
        const elf = new Uint8Array(readFileSync(inProject('build/tiny.elf')));
        assert.match(runFirmware('frdmke16z', elf), /Top1 class = 2/);
      });

      it('shows errors, warnings and what the linker misses where they are in the sources', () => {
        const main = inProject('source/main.c');
        const timer = inProject('source/timer.c');
        const lineOf = (text: string): number =>
          readFileSync(main, 'utf8')
            .split('\n')
            .findIndex((line) => line.includes(text)) + 1;
        const problems = () => problemsIn(run(label).output, task(label), project);
        for (const file of [main, timer]) copyFileSync(file, `${file}.right`);
        try {
          appendFileSync(main, 'int wrong = nothing;\nstatic int unused(void) { return 0; }\n');
          const compiled = problems().filter((p) => p.file === main);
          const [error, warning] = ['error', 'warning'].map((s) => compiled.find((p) => p.severity === s));
          assert.deepEqual([error?.line, error?.column], [lineOf('int wrong'), 13]);
          assert.match(error!.text, /nothing/);
          assert.equal(warning?.line, lineOf('static int unused'));

          const right = readFileSync(`${main}.right`, 'utf8');
          writeFileSync(main, right.replace('int main(void)\n{', 'void nowhere(void);\n$&\n    nowhere();'));
          const missed = problems().find((p) => p.text.startsWith('undefined reference'));
          const { file, line, severity } = missed!;
          assert.deepEqual([file, line, severity], [main, lineOf('    nowhere();'), 'error']);

          copyFileSync(`${main}.right`, main);
          appendFileSync(main, 'void init_timer(void) {}\n');
          const doubled = problems().find((p) => p.text.startsWith('multiple definition'));
          assert.ok([main, timer].includes(doubled?.file ?? ''), JSON.stringify(doubled));
        } finally {
          for (const file of [main, timer]) copyFileSync(`${file}.right`, file);
        }
      });

      it('is undone by Clean', function () {
        if (isMissing('cmake')) this.skip();
        assert.equal(run('Clean').status, 0);
        assert.ok(!existsSync(inProject('build')));
        assert.equal(run('Clean').status, 0, 'and again');
      });
    });
  }
});
