import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { english } from '../../extension/common/errors/sentence.ts';
import { startGdbServer, type GdbServer } from '../../extension/debug/server.ts';
import { debuggedNetwork } from '../../extension/workflow/debug/debuggedNetwork.ts';
import { projectOf } from '../../extension/workflow/debug/projectOf.ts';
import { glowport, mnist } from '../cli/support.ts';
import { testFolder } from '../support/testFolder.ts';
import { Gdb } from './gdb.ts';

const boardId = 'frdmke16z';

describe('debug: GDB on the network of the example', () => {
  const folder = testFolder('gdb-network');
  let elf = '';
  let server: GdbServer | undefined;
  let gdb: Gdb | undefined;
  let told = '';

  before(async () => {
    const project = path.join(folder.path, 'project');
    elf = path.join(project, 'build', 'mnist.elf');
    const config = path.join(mnist, 'glowport.json');
    const options = ['--config', config, '--board', boardId, '--out', project, '--no-save', '--run', 'none'];
    const ported = await glowport(folder.path, 'port', ...options);
    assert.equal(ported.code, 0, ported.err);
  });
  beforeEach(async function () {
    told = '';
    server = await startGdbServer({
      boardId,
      firmware: await readFile(elf),
      onUart: () => undefined,
      tell: (sentence) => (told += english(sentence)),
      network: await debuggedNetwork((await projectOf(elf))!),
    });
    gdb = await Gdb.attach(elf, server.port);
    if (!gdb) this.skip();
  });
  afterEach(async () => {
    await gdb?.end();
    await server?.close();
    gdb = server = undefined;
  });

  it('lists the layers, shows tensors, and finds no difference where there is none', async () => {
    const session = gdb!;
    assert.match(await session.ask('monitor differ'), /does not stop/);
    assert.match(await session.ask('monitor layers'), /1 +\S+ +mnist_\S+ .*not written yet/);
    assert.match(await session.ask('monitor tensor 1'), /not written yet/);
    assert.match(await session.ask('monitor tensor nothing'), /monitor layers/);
    assert.match(await session.ask('monitor differ on'), /first differ/);
    const stopped = await session.ask('continue');
    assert.match(stopped, /The inference has ended, and the tensors of all \d+ layers are the PC's\./);
    assert.match(stopped, /SIGTRAP/);
    assert.match(await session.ask('info symbol $pc'), /^mnist/);
    const layers = await session.ask('monitor layers');
    const { layers: all } = await debuggedNetwork((await projectOf(elf))!);
    assert.equal((layers.match(/(there|overwritten), the PC's/g) ?? []).length, all.length, layers);
    assert.match(layers, /\d,\d{3}/, 'cycles');
    const last = await session.ask(`monitor tensor ${all.at(-1)!.name}`);
    assert.match(last, /^Layer \d+, \S+: 10; scale \S+, offset -?\d+; equal to the PC's\n-?\d+( -?\d+){9}\n/);
    await session.ask('monitor differ off');
    await session.ask('tbreak printResult');
    assert.match(await session.ask('continue'), /printResult/);
  });

  it('stops where an activation was made wrong, names it, and again after going back', async () => {
    const session = gdb!;
    const network = await debuggedNetwork((await projectOf(elf))!);
    const [, second] = network.layers;
    await session.ask('monitor differ on');
    await session.ask('tbreak *mnist');
    await session.ask('continue');
    const base = `((unsigned char *)${await session.value('$r2', '%u')})`;
    await session.ask(`tbreak ${network.layers[2]!.symbol}`);
    await session.ask('continue');
    const place = `${base}[${second!.output!.byteOffset} + 7]`;
    assert.equal(second!.output!.memory, 'activations');
    await session.ask(`set var ${place} = ${place} ^ 1`);
    const named = new RegExp(
      `Layer 2, ${second!.name}, differs from the PC's: element \\[[\\d, ]+\\] is -?\\d+, on the PC -?\\d+; 1 of \\d+ elements differ\\.`,
    );
    assert.match(await session.ask('continue'), named);
    const tensor = await session.ask('monitor tensor 2');
    assert.match(tensor, /1 of \d+ differ \(board\/PC\)/);
    assert.equal((tensor.match(/-?\d+\/-?\d+/g) ?? []).length, 1);
    await session.ask('reverse-stepi');
    assert.match(await session.ask('continue'), named);
    assert.match(told, named);
    // the layers behind it differ for that reason: one stop at the end
    assert.match(await session.ask('continue'), /The inference has ended\. Layer 2/);
  });

  it('computes anew what the PC has when the input was changed', async () => {
    const session = gdb!;
    await session.ask('tbreak *mnist');
    await session.ask('continue');
    const input = `((signed char *)${await session.value('$r1', '%u')})`;
    for (let i = 0; i < 784; i += 9) await session.ask(`set var ${input}[${i}] = ${(i % 255) - 127}`);
    await session.ask('monitor differ on');
    assert.match(await session.ask('continue'), /all \d+ layers are the PC's/);
  });
});
