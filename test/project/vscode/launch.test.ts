import assert from 'node:assert/strict';
import { boards } from '../../../extension/board/catalogue.ts';
import { runCommandLine } from '../../../extension/cli/program.ts';
import { isSimulated } from '../../../extension/simulator/boards/boards.ts';
import { buildProject } from '../../../extension/toolchain/build.ts';
import { productRoot } from '../../../extension/common/resources.ts';
import { standalonePlan } from '../../../extension/board/buildPlan.ts';
import { vscodeFiles } from '../../../extension/project/vscode/vscodeFiles.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listening } from '../../cli/support.ts';
import { Gdb } from '../../debug/gdb.ts';
import { until } from '../../support/until.ts';
import { filled, type Launch, launchesOf, tasksOf } from './asVscode.ts';
import { type OpenProject, openProject } from './project.ts';

describe('project: launch configurations of VS Code', () => {
  let project: OpenProject;
  let launches: Launch[];
  before(async () => {
    project = await openProject();
    launches = launchesOf(project.files);
  });
  after(() => project.remove());

  const launch = (type: string): Launch => launches.find((l) => l.type === type)!;

  it('are on simulated boards where there is one, on real ones with the SDK’s firmware alone', () => {
    for (const board of boards()) {
      const plan = standalonePlan(board, 'net', { sources: [], included: [] }, { object: 'net.o' });
      const sdk = {
        root: '',
        cmsis: '',
        sources: [],
        includeDirs: [],
        linkerScript: '',
        vectorChecksum: false,
      };
      for (const [made, isForBoard] of [
        [plan, false],
        [{ ...plan, sdk }, true],
      ] as const) {
        const files = vscodeFiles({ board, plan: made });
        const types = launchesOf(files).map(({ type, servertype }) =>
          `${type} ${String(servertype ?? '')}`.trim(),
        );
        assert.equal(types.includes('gdbtarget'), isSimulated(board), board.id);
        assert.equal(types.includes('mcuxpresso-debug'), isForBoard, board.id);
        assert.equal(
          types.includes('cortex-debug pyocd'),
          isForBoard && 'pyocd' in board.flashTools,
          board.id,
        );
        const labels = tasksOf(files).map(({ label }) => label);
        const asked = [
          ...launchesOf(files).map(({ preLaunchTask }) => preLaunchTask),
          ...tasksOf(files).map(({ dependsOn }) => dependsOn),
        ];
        for (const label of asked) assert.ok(label === undefined || labels.includes(label), label);
        assert.equal(new Set(labels).size, labels.length);
      }
    }
  });

  it('hold together with GlowPort’s command line and GDB: a server, its port, what they tell GDB', async function () {
    await buildProject(project.workspaceFolder, { with: 'gcc' });
    const { server, serverParameters, serverPortRegExp } = launch('gdbtarget').target as {
      server: string;
      serverParameters: string[];
      serverPortRegExp: string;
    };
    assert.equal(server, 'glowport');
    const { terminal, said } = listening();
    const cancel = new AbortController();
    const args = serverParameters.map((arg) => filled(arg, project));
    const ended = runCommandLine(args, terminal, cancel.signal);
    try {
      const [line = '', port] = await until(() => new RegExp(serverPortRegExp).exec(said().err));
      assert.match(line, /\d+$/);
      const task = tasksOf(project.files).find(
        ({ label }) => label === launch('cortex-debug').preLaunchTask,
      )!;
      const { background } = task.problemMatcher as unknown as { background: { endsPattern: string } };
      assert.match(said().err, new RegExp(background.endsPattern));
      assert.deepEqual(
        [task.command, ...task.args.slice(0, -2)],
        [server, ...serverParameters],
        'the same server, at a port',
      );
      assert.equal(launch('cortex-debug').gdbTarget, `localhost:${task.args.at(-1)!}`);

      const gdb = await Gdb.attach(filled('${workspaceFolder}/build/tiny.elf', project), Number(port));
      if (!gdb) return this.skip();
      const { overrideLaunchCommands, overrideResetCommands } = launch('cortex-debug') as unknown as Record<
        string,
        string[]
      >;
      for (const command of overrideLaunchCommands!) await gdb.ask(command);
      assert.match(await gdb.ask('info symbol $pc'), /Reset/);
      for (const command of launch('gdbtarget').initCommands as string[]) await gdb.ask(command);
      assert.match(await gdb.ask('continue'), /main \(\)/);
      for (const command of overrideResetCommands!) await gdb.ask(command);
      assert.match(await gdb.ask('info symbol $pc'), /Reset/);
      await gdb.end();
    } finally {
      cancel.abort();
      await ended;
    }
  });

  it('recommend this extension by its name', () => {
    const { publisher, name } = JSON.parse(
      readFileSync(path.join(productRoot, 'package.json'), 'utf8'),
    ) as Record<string, string>;
    const text = String(project.files.get('.vscode/extensions.json'));
    const { recommendations } = JSON.parse(text) as { recommendations: string[] };
    assert.ok(recommendations.includes(`${publisher}.${name}`));
  });
});
