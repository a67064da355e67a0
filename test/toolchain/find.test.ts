import assert from 'node:assert/strict';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { english } from '../../extension/common/errors/sentence.ts';
import {
  doctor,
  findTool,
  installCommand,
  parseVersion,
  toolPath,
  type Surroundings,
  waysToInstall,
} from '../../extension/toolchain/find.ts';

/** A computer that has just these files. */
function computer(
  platform: NodeJS.Platform,
  files: readonly string[],
  env: Record<string, string> = {},
  osRelease = '',
): Surroundings {
  const p = platform === 'win32' ? path.win32 : path.posix;
  return {
    platform,
    env,
    home: platform === 'win32' ? 'C:\\Users\\ada' : '/home/ada',
    isFile: (file) => files.includes(file),
    list: (folder) => [
      ...new Set(
        files
          .filter((f) => f.startsWith(folder + p.sep))
          .map((f) => f.slice(folder.length + 1).split(p.sep)[0]!),
      ),
    ],
    osRelease: () => osRelease,
  };
}

describe('finding tools', () => {
  it('takes the first in PATH, and ignores relative folders there', () => {
    const files = ['/a/cmake', '/b/cmake', 'cmake', './cmake'];
    assert.equal(toolPath('cmake', {}, computer('linux', files, { PATH: '.::/x:/b:/a' })), '/b/cmake');
    assert.equal(toolPath('cmake', {}, computer('linux', ['cmake'], { PATH: ':.' })), undefined);
  });

  it('takes what is set, as executable or folder, before PATH', () => {
    const gcc = '/t/bin/arm-none-eabi-gcc';
    const around = computer('linux', [gcc, '/b/arm-none-eabi-gcc'], { PATH: '/b' });
    for (const set of [gcc, '/t/bin', '/t']) assert.equal(toolPath('gcc', { gcc: set }, around), gcc);
    assert.throws(
      () => toolPath('gcc', { gcc: '/nowhere' }, around),
      (e: unknown) => e instanceof UserError && e.code === 'toolchain' && e.message.includes('/nowhere'),
    );
  });

  it('takes ~ for the home folder, as a setting may have it', () => {
    const gcc = '/home/ada/arm/bin/arm-none-eabi-gcc';
    assert.equal(toolPath('gcc', { gcc: '~/arm' }, computer('linux', [gcc])), gcc);
    const windows = 'C:\\Users\\ada\\arm\\bin\\arm-none-eabi-gcc.exe';
    assert.equal(toolPath('gcc', { gcc: '~\\arm' }, computer('win32', [windows])), windows);
    assert.throws(() => toolPath('gcc', { gcc: '~ada/arm' }, computer('linux', [gcc])));
  });

  const usual: [NodeJS.Platform, string[], string][] = [
    [
      'linux',
      [
        '/opt/arm-gnu-toolchain-9.3/bin/arm-none-eabi-gcc',
        '/opt/arm-gnu-toolchain-13.2/bin/arm-none-eabi-gcc',
      ],
      '/opt/arm-gnu-toolchain-13.2/bin/arm-none-eabi-gcc',
    ],
    [
      'linux',
      ['/home/ada/.mcuxpressotools/arm-gnu-toolchain-13.2.Rel1/bin/arm-none-eabi-gcc'],
      '/home/ada/.mcuxpressotools/arm-gnu-toolchain-13.2.Rel1/bin/arm-none-eabi-gcc',
    ],
    [
      'darwin',
      ['/Applications/ArmGNUToolchain/13.2.Rel1/arm-none-eabi/bin/arm-none-eabi-gcc'],
      '/Applications/ArmGNUToolchain/13.2.Rel1/arm-none-eabi/bin/arm-none-eabi-gcc',
    ],
    [
      'win32',
      ['C:\\Program Files (x86)\\Arm GNU Toolchain arm-none-eabi\\12.2 rel1\\bin\\arm-none-eabi-gcc.exe'],
      'C:\\Program Files (x86)\\Arm GNU Toolchain arm-none-eabi\\12.2 rel1\\bin\\arm-none-eabi-gcc.exe',
    ],
  ];
  for (const [platform, files, expected] of usual) {
    it(`looks in the usual folders of ${platform}: ${expected}`, () => {
      const env = {
        PATH: '',
        'ProgramFiles(x86)': 'C:\\Program Files (x86)',
        ProgramFiles: 'C:\\Program Files',
      };
      assert.equal(toolPath('gcc', {}, computer(platform, files, env)), expected);
    });
  }

  it('knows CMake beside its installer', () => {
    const exe = 'C:\\Program Files\\CMake\\bin\\cmake.exe';
    assert.equal(toolPath('cmake', {}, computer('win32', [exe], { ProgramFiles: 'C:\\Program Files' })), exe);
    const app = '/Applications/CMake.app/Contents/bin/cmake';
    assert.equal(toolPath('cmake', {}, computer('darwin', [app])), app);
  });

  it('finds GDB by either name, from the system first, else beside the compiler', () => {
    const own = '/opt/arm-gnu-toolchain-13.2/bin/arm-none-eabi-gdb';
    assert.equal(toolPath('gdb', {}, computer('linux', [own])), own);
    assert.equal(
      toolPath('gdb', {}, computer('linux', [own, '/usr/bin/gdb-multiarch'])),
      '/usr/bin/gdb-multiarch',
    );
    const set = '/own/bin/arm-none-eabi-gdb';
    for (const gcc of ['/own', '/own/bin', '/own/bin/arm-none-eabi-gcc']) {
      const around = computer('linux', ['/own/bin/arm-none-eabi-gcc', set, '/usr/bin/gdb-multiarch']);
      assert.equal(toolPath('gdb', { gcc }, around), set, 'the one of the compiler that was chosen');
    }
    const without = computer('linux', ['/own/bin/arm-none-eabi-gcc', '/usr/bin/gdb-multiarch']);
    assert.equal(toolPath('gdb', { gcc: '/own' }, without), '/usr/bin/gdb-multiarch');
  });

  it('gives no command for what no command installs', () => {
    const on = (release: string) => waysToInstall('gdb', computer('linux', [], {}, release));
    assert.match(on('ID=debian\n').install!, /apt-get install gdb-multiarch/);
    for (const release of ['ID=fedora\n', 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n']) {
      const { install, remedies } = on(release);
      assert.equal(install, undefined);
      assert.match(JSON.stringify(remedies), /Arm GNU Toolchain/);
    }
  });

  it('reads versions as the tools print them', () => {
    const printed: [string, string | undefined][] = [
      ['arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205', '12.2.1'],
      ['arm-none-eabi-gcc (Arm GNU Toolchain 13.2.rel1 (Build arm-13.7)) 13.2.1 20231009', '13.2.1'],
      ['arm-none-eabi-gcc (GNU Arm Embedded Toolchain 10.3-2021.10) 10.3.1 20210824 (release)', '10.3.1'],
      ['cmake version 3.25.1\n\nCMake suite maintained by Kitware', '3.25.1'],
      ['1.11.1', '1.11.1'],
      ['GNU Make 4.3', '4.3'],
      ['what?', undefined],
      ['', undefined],
    ];
    for (const [output, version] of printed) assert.equal(parseVersion(output), version, output);
    assert.equal(parseVersion(`${'9.'.repeat(100_000)}1`), undefined);
  });

  it('gives the install command of the system at hand', () => {
    const on = (release: string): string => installCommand('gcc', computer('linux', [], {}, release));
    assert.match(on('ID=debian\n'), /apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi/);
    assert.match(on('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n'), /apt-get/);
    assert.match(on('ID=fedora\n'), /dnf install arm-none-eabi-gcc-cs arm-none-eabi-newlib/);
    assert.match(on('ID=manjaro\nID_LIKE=arch\n'), /pacman/);
    assert.match(on('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n'), /zypper/);
    assert.match(installCommand('gcc', computer('darwin', [])), /brew/);
    assert.match(installCommand('gcc', computer('win32', [])), /winget/);
  });
});

describe('doctor', () => {
  it('finds what this machine has, with versions', async () => {
    const lines = await doctor();
    assert.deepEqual(
      lines.map((l) => l.tool),
      ['gcc', 'newlib', 'cmake', 'ninja', 'make', 'gdb', 'node'],
    );
    const gcc = lines[0]!;
    assert.equal(gcc.state, 'ok');
    assert.ok(path.isAbsolute(gcc.path!));
    assert.match(gcc.version!, /^\d+\.\d+/);
    assert.equal(gcc.install, undefined);
    assert.equal(lines[1]!.state, 'ok');
    assert.equal(lines.at(-1)!.version, process.versions.node);
  });

  it('counts a wrong setting as missing, and says which one, not how to install what may be there', async () => {
    const lines = await doctor({ gcc: '/nowhere', ninja: '/nowhere' });
    const [gcc] = lines;
    assert.deepEqual([gcc!.tool, gcc!.state, gcc!.required], ['gcc', 'missing', true]);
    assert.equal(gcc!.install, undefined);
    assert.equal(english(gcc!.note!), 'There is no arm-none-eabi-gcc at /nowhere.');
    assert.deepEqual(gcc!.remedies, [{ do: 'correctToolPlace', of: 'toolchain' }]);
    assert.equal(lines.find((l) => l.tool === 'ninja')!.state, 'missing');
    assert.equal(
      lines.some((l) => l.tool === 'newlib'),
      false,
      'newlib cannot be judged without gcc',
    );
  });

  it('asks a tool for its version', async () => {
    const found = await findTool('gcc');
    assert.ok(found?.version);
  });
});
