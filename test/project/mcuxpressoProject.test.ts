import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { type GeneratedProject, generateProject } from '../../extension/project/generate.ts';
import { openSdk, requireBoard } from '../../extension/sdk/discover.ts';
import { readCache } from '../../extension/toolchain/buildFolder.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { toolPath } from '../../extension/toolchain/find.ts';
import { layOwnSdk, ownSdk } from '../support/ownSdk.ts';
import { incOf, tinyBundle, tinyInput } from './tinyBundle.ts';

interface Presets {
  version: number;
  configurePresets: { name: string; inherits?: string }[];
  include?: string[];
}

/** A project on the SDK in the hands of NXP's own tools, as far as these are public: what they read, and what they run. */
describe("project: for NXP's tools", () => {
  let root: string;
  let project: string;
  let toolchain: string;
  let generated: GeneratedProject;
  before(async function () {
    const gcc = toolPath('gcc');
    if (!gcc || !toolPath('cmake') || !toolPath('ninja')) {
      console.log('      skipped: arm-none-eabi-gcc, CMake and Ninja are not all installed');
      return this.skip();
    }
    root = mkdtempSync(path.join(os.tmpdir(), 'glowport nxp '));
    project = path.join(root, 'my project');
    const board = findBoard('frdmke16z');
    const sdk = await openSdk(await layOwnSdk(path.join(root, 'sdk'), ownSdk('package')));
    generated = await generateProject({
      board,
      bundle: await tinyBundle(),
      testData: new Map([['image', incOf(tinyInput)]]),
      weights: 'flash',
      outDir: project,
      sdk: await requireBoard(sdk, board),
    });
    // where a toolchain of MCUXpresso's installer would be, which is not in PATH
    toolchain = path.join(root, 'arm gcc');
    mkdirSync(path.join(toolchain, 'bin'), { recursive: true });
    symlinkSync(gcc, path.join(toolchain, 'bin', 'arm-none-eabi-gcc'));
  });
  after(() => (root ? rmSync(root, { recursive: true, force: true }) : undefined));

  const text = (name: string): string => readFileSync(path.join(project, name), 'utf8');
  const json = <T>(name: string): T => JSON.parse(text(name)) as T;
  const write = (name: string, value: unknown): void =>
    writeFileSync(path.join(project, name), JSON.stringify(value));
  const run = (command: string, ...args: string[]): string => {
    const env = { ...process.env, GLOWPORT_TOOLCHAIN_DIR: undefined, ARMGCC_DIR: undefined };
    const done = spawnSync(command, args, { cwd: project, env, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    return done.stdout;
  };
  const segments = (): unknown => {
    const elf = readElf(new Uint8Array(readFileSync(path.join(project, 'build', `${tinyName()}.elf`))));
    return elf.segments.map((s) => ({ ...s, data: Buffer.from(s.data) }));
  };
  const tinyName = (): string => json<{ name: string }>('.glowport/build.json').name;

  it('is one of MCUXpresso for VS Code: a CMake project whose toolchain is not chosen yet', () => {
    for (const name of ['.vscode/mcuxpresso-tools.json', 'CMakePresets.json', 'Makefile'])
      assert.ok(generated.files.includes(name), name);
    assert.deepEqual(json('.vscode/mcuxpresso-tools.json'), {
      version: '25.3',
      toolchainPath: '',
      linkedProjects: [],
      trustZoneType: 'none',
      multicoreType: 'none',
      projectType: 'cmake-freestanding',
      projectName: tinyName(),
    });
    const { recommendations } = json<{ recommendations: string[] }>('.vscode/extensions.json');
    assert.ok(recommendations.includes('NXPSemiconductors.mcuxpresso'));
    const { configurations } = json<{ configurations: Record<string, unknown>[] }>('.vscode/launch.json');
    const debug = configurations.find(({ type }) => type === 'mcuxpresso-debug')!;
    assert.deepEqual(debug['executable'], { elf: `\${workspaceFolder}/build/${tinyName()}.elf` });
    assert.ok(!('preLaunchTask' in debug) && debug['skipBuildBeforeDebug'] === false, 'it builds by itself');
  });

  it('is configured and built by its presets, as they are and as the extension changes them; by make, too', async () => {
    run('cmake', '--preset', 'default');
    run('cmake', '--build', '--preset', 'default');
    const built = segments();
    run('make', 'clean');

    // it puts paths of its computer into a file of its own, which is included and inherited from
    write('mcux_include.json', {
      version: 5,
      configurePresets: [
        {
          name: 'default-env',
          hidden: true,
          environment: {
            ARMGCC_DIR: toolchain,
            MCUX_VENV_PATH: '/nowhere',
            PATH: '$env{MCUX_VENV_PATH}${pathListSep}$penv{PATH}',
          },
        },
      ],
    });
    const presets = json<Presets>('CMakePresets.json');
    presets.configurePresets[0]!.inherits = 'default-env';
    write('CMakePresets.json', { ...presets, include: ['mcux_include.json'] });
    run('cmake', '--preset', 'default');
    const compiler = (await readCache(path.join(project, 'build'))).get('CMAKE_C_COMPILER');
    assert.equal(compiler, path.join(toolchain, 'bin', 'arm-none-eabi-gcc'));

    run('make');
    assert.deepEqual(segments(), built);
    assert.match(run('make'), /no work to do/);
  });
});
