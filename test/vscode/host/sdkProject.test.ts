import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PortResult } from '../../../extension/workflow/port/port.ts';
import {
  answering,
  cleanWorkspace,
  errorsShown,
  eventually,
  inWorkspace,
  picking,
  services,
  writeConfig,
} from './support.ts';

const settings = () => vscode.workspace.getConfiguration('glowport');
/** An SDK of our own making for FRDM-KE16Z, laid by hostTests.ts. */
const sdk = process.env['GLOWPORT_OWN_SDK']!;

describe('Port Model to Board with an SDK set', () => {
  before(async () => {
    await services();
    await settings().update('sdk.path', sdk, true);
  });
  beforeEach(cleanWorkspace);
  after(async () => {
    await settings().update('sdk.path', undefined, true);
    await cleanWorkspace();
  });

  it('offers a new project on it, which also runs on the simulated board, and remembers it as auto', async () => {
    (await services()).selectedBoard.set('frdmke16z');
    let result: PortResult | undefined;
    const shown = await picking(['calibration', '0000_7.png', 'New Project on the SDK'], async () => {
      result = await vscode.commands.executeCommand<PortResult>('glowport.port');
    });
    const places = shown.at(-1)!.items.map((i) => i.label);
    assert.deepEqual(places, ['Simulated Board', 'New Project on the SDK', '', 'Build Only']);
    assert.match(shown.at(-1)!.items[1]!.detail!, new RegExp(`built on ${sdk}`));
    assert.equal(result?.run?.report.top1, 7);
    assert.equal(result.comparison?.match, true);
    const plan = readFileSync(path.join(result.project, '.glowport/build.json'), 'utf8');
    assert.equal((JSON.parse(plan) as { sdk: { root: string } }).sdk.root, sdk);
    const config = JSON.parse(readFileSync(inWorkspace('glowport.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(config['sdk'], 'auto');
    // and again: one Enter, on the SDK
    await picking(['Start'], async () => {
      result = await vscode.commands.executeCommand<PortResult>('glowport.port');
    });
    assert.equal(result.choices.sdk, 'auto');
    assert.equal(result.run?.report.top1, 7);
  });

  it('offers boards that an SDK alone describes, and builds for them', async () => {
    const { boards, selectedBoard } = await services();
    await settings().update('sdk.path', process.env['GLOWPORT_BOARD_SDK']!, true);
    await vscode.commands.executeCommand('glowport.boards.focus');
    const own = await eventually(() => boards.value.find((b) => b.name === 'FRDM-OWN1'), 'boards of the SDK');
    await picking(['FRDM-OWN1'], () => vscode.commands.executeCommand('glowport.selectBoard'));
    assert.equal(selectedBoard.value, own.id);
    let result: PortResult | undefined;
    const shown = await picking(['calibration', '0000_7.png', 'Build Only'], async () => {
      result = await vscode.commands.executeCommand<PortResult>('glowport.port');
    });
    assert.ok(!shown.at(-1)!.items.some((i) => i.label === 'Simulated Board'));
    assert.equal(result?.board.id, own.id);
    assert.ok(existsSync(result.elf));
    assert.equal(result.fit.find((f) => f.board.id === own.id)?.fit.basis, 'built');
    await settings().update('sdk.path', sdk, true);
  });

  it('builds for the simulated board without it when that is chosen', async () => {
    (await services()).selectedBoard.set('frdmke16z');
    let result: PortResult | undefined;
    await picking(['calibration', '0000_7.png', 'Simulated Board'], async () => {
      result = await vscode.commands.executeCommand<PortResult>('glowport.port');
    });
    assert.equal(result?.choices.sdk, undefined);
    assert.ok(existsSync(path.join(result!.project, 'bsp/startup.c')));
  });

  it('builds on it for the board behind a serial port, remembers the port, and offers to flash', async () => {
    const { selectedBoard, probes } = await services();
    selectedBoard.set('frdmke16z');
    probes.set([{ path: '/dev/ttyACM77', probe: 'OpenSDA', boardIds: ['frdmke16z'] }]);
    let result: PortResult | undefined;
    const messages = await answering([], () =>
      picking(['calibration', '0000_7.png', '/dev/ttyACM77'], async () => {
        result = await vscode.commands.executeCommand<PortResult>('glowport.port');
      }),
    );
    probes.set([]);
    assert.equal(result?.choices.port, '/dev/ttyACM77');
    assert.equal(result.run, undefined, 'it runs on no simulated board');
    assert.ok(readFileSync(path.join(result.project, 'CMakeLists.txt'), 'utf8').includes(sdk));
    assert.deepEqual(messages, [
      { message: 'Built mnist.elf for FRDM-KE16Z.', buttons: ['Flash', 'Show Firmware'] },
    ]);
    const config = JSON.parse(readFileSync(inWorkspace('glowport.json'), 'utf8')) as Record<string, unknown>;
    assert.deepEqual([config['port'], config['sdk'], config['run']], ['/dev/ttyACM77', 'auto', 'none']);
  });

  it('does not offer to simulate a board that is not simulated, and says why; nor an SDK that lacks it', async () => {
    (await services()).selectedBoard.set('evkmimxrt1060');
    const shown = await picking(['calibration', '0000_7.png'], () =>
      vscode.commands.executeCommand('glowport.port'),
    );
    const { placeholder, items } = shown.at(-1)!;
    assert.match(placeholder, /MIMXRT1060-EVK is not simulated, only boards with a Cortex-M0\+ are/);
    assert.deepEqual(
      items.map((i) => i.label),
      ['Set SDK Folder…', '', 'Build Only'],
    );
    assert.match(items[0]!.detail!, /does not have the board MIMXRT1060-EVK; it has frdmke16z/);
    assert.ok(!existsSync(inWorkspace('glowport.json')), 'who leaves is not remembered');
  });

  it('asks again where it runs when another board is chosen that is not simulated', async () => {
    await writeConfig();
    const shown = await picking(['Board', 'MIMXRT1060-EVK'], () =>
      vscode.commands.executeCommand('glowport.port'),
    );
    assert.match(shown.at(-1)!.placeholder, /MIMXRT1060-EVK is not simulated/);
  });

  it('Generate Project takes it as well', async () => {
    await writeConfig({ sdk: 'auto' });
    await vscode.commands.executeCommand('glowport.generate');
    const cmake = readFileSync(inWorkspace('glowport/mnist-frdmke16z/CMakeLists.txt'), 'utf8');
    assert.ok(cmake.includes(sdk));
  });
});

describe('Flash Board', () => {
  const tools = () => inWorkspace('tools');
  const said = () => inWorkspace('tools', 'said.txt');
  const path0 = process.env['PATH'];
  /** Stand-ins for flash tools: they write down what they were given. The real ones need a board. */
  function standIn(name: string, script = ''): void {
    mkdirSync(tools(), { recursive: true });
    writeFileSync(
      path.join(tools(), name),
      `#!/bin/sh\nprintf '%s\\n' ${name} "$@" > '${said()}'\n${script}\n`,
    );
    chmodSync(path.join(tools(), name), 0o755);
  }
  const given = () => readFileSync(said(), 'utf8').trim().split('\n');
  const flash = () => vscode.commands.executeCommand<string | undefined>('glowport.flash');

  before(async () => {
    await services();
    await settings().update('sdk.path', sdk, true);
    await cleanWorkspace();
    await writeConfig({ sdk: 'auto', out: 'glowport/mnist-frdmke16z' });
    await vscode.commands.executeCommand('glowport.generate');
    process.env['PATH'] = `${tools()}:${path0}`;
  });
  beforeEach(() => {
    rmSync(tools(), { recursive: true, force: true });
    standIn('pyocd');
    standIn('LinkServer');
  });
  after(async () => {
    process.env['PATH'] = path0;
    await settings().update('sdk.path', undefined, true);
    await cleanWorkspace();
  });

  it('builds, asks which of several tools, and gives it the firmware while the monitor has let its port go', async () => {
    const { ports } = await services();
    const events: string[] = [];
    const hold = ports.hold('/dev/ttyACM7', {
      name: 'serial monitor',
      yield: () => Promise.resolve(void events.push(existsSync(said()) ? 'too late' : 'let go')),
      resume: () => Promise.resolve(void events.push(existsSync(said()) ? 'taken back' : 'too early')),
    });
    const elf = inWorkspace('glowport/mnist-frdmke16z/build/mnist.elf');
    assert.ok(!existsSync(elf));
    try {
      let used: string | undefined;
      const [which] = await picking(['pyOCD'], async () => (used = await flash()));
      assert.equal(used, 'pyocd');
      const names = which!.items.map((i) => i.label);
      assert.ok(names.includes('LinkServer') && names.includes('pyOCD'));
    } finally {
      hold.dispose();
    }
    assert.deepEqual(given(), ['pyocd', 'flash', '--no-wait', '--target', 'mke16z64vlf4', elf]);
    assert.equal(readFileSync(elf).subarray(1, 4).toString(), 'ELF');
    assert.deepEqual(events, ['let go', 'taken back']);
    // the one used last comes first
    const [again] = await picking(['LinkServer'], flash);
    assert.equal(again!.items[0]!.label, 'pyOCD');
    assert.equal(given()[0], 'LinkServer');
  });

  it('is a button of what Build Project says', async () => {
    const shown = await picking(['pyOCD'], async () => {
      const messages = await answering(['Flash'], () => vscode.commands.executeCommand('glowport.build'));
      assert.deepEqual(messages[0]!.buttons, ['Flash']);
      await eventually(() => existsSync(said()) && given()[0] !== '', 'the flash tool was started');
    });
    assert.equal(shown.length, 1);
    assert.equal(given()[0], 'pyocd');
  });

  it('says in one sentence what is wrong, with a button that helps, and the monitor gets its port back', async () => {
    const { ports } = await services();
    let resumed = 0;
    const hold = ports.hold('/dev/ttyACM7', {
      name: 'serial monitor',
      yield: () => Promise.resolve(),
      resume: () => Promise.resolve(void resumed++),
    });
    const cases: [script: string, message: RegExp, button: string][] = [
      ['echo "No available debug probes are connected"; exit 1', /pyOCD found no debug probe\./, 'Try Again'],
      [
        'echo "Target type mke16z64vlf4 not recognized"; exit 1',
        /pyOCD does not know MKE16Z64VLF4 yet\./,
        'Install Pack…',
      ],
    ];
    for (const [script, message, button] of cases) {
      standIn('pyocd', script);
      const [shown, ...more] = await errorsShown(() => picking(['pyOCD'], flash));
      assert.equal(more.length, 0);
      assert.match(shown!.message, message);
      assert.deepEqual(shown!.buttons, [button, 'Show Log']);
    }
    hold.dispose();
    assert.equal(resumed, cases.length);
  });

  it('is cancelled at once and says nothing', async () => {
    standIn('pyocd', 'sleep 60');
    const real = vscode.window.withProgress;
    const cancelling = async (
      options: vscode.ProgressOptions,
      task: (p: vscode.Progress<unknown>, t: vscode.CancellationToken) => Thenable<unknown>,
    ) => {
      const source = new vscode.CancellationTokenSource();
      const done = Promise.resolve(task({ report: () => undefined }, source.token));
      if (options.title?.startsWith('Writing')) {
        await eventually(() => existsSync(said()) && given()[0] !== '', 'the flash tool was started');
        source.cancel();
      }
      return done;
    };
    Object.assign(vscode.window, { withProgress: cancelling });
    try {
      assert.deepEqual(await errorsShown(() => picking(['pyOCD'], flash)), []);
    } finally {
      Object.assign(vscode.window, { withProgress: real });
    }
    assert.equal(given()[0], 'pyocd');
  });

  it('warns before firmware made for the simulated board goes into a real one', async () => {
    const out = 'glowport/own';
    await writeConfig({ out });
    await vscode.commands.executeCommand('glowport.generate');
    const [warning] = await answering([], () => picking(['pyOCD'], flash));
    assert.match(warning!.message, /was built for the simulated FRDM-KE16Z/);
    assert.ok(!existsSync(said()));
    await answering(['Flash Anyway'], () => picking(['pyOCD'], flash));
    assert.equal(given().at(-1), inWorkspace(out, 'build/mnist.elf'));
  });
});
