import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { encodePng } from '../../../extension/image/png.ts';
import type { AnyPortResult } from '../../../extension/workflow/port/portCompiled.ts';
import { tfliteTwin, unreadTflite } from '../../glow/tfliteTwin.ts';
import { cleanWorkspace, errorsShown, inWorkspace, picking, services, writeConfig } from './support.ts';

/** Glow as the setting takes it: the stand-ins of test/glow, as a command. */
const glow = JSON.stringify([
  process.execPath,
  path.join(process.env['GLOWPORT_STAND_IN'] ?? '', '{tool}.mjs'),
]);

describe('a model that GlowPort does not read, with Glow (stand-ins)', () => {
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('glowport').update(key, value, vscode.ConfigurationTarget.Workspace);
  const config = { model: 'net.tflite', board: 'frdmke16z', samples: [], input: 'digit.png' };
  before(async () => {
    await services();
    await cleanWorkspace();
    writeFileSync(
      inWorkspace('net.tflite'),
      unreadTflite(readFileSync(process.env['GLOWPORT_TFLITE'] ?? '')),
    );
    writeFileSync(inWorkspace('twin.onnx'), tfliteTwin());
    const data = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) % 256);
    writeFileSync(inWorkspace('digit.png'), encodePng({ width: 10, height: 10, channels: 1, data }));
    process.env['STAND_IN_TFLITE'] = inWorkspace('twin.onnx');
    await writeConfig(config);
  });
  after(async () => {
    delete process.env['STAND_IN_TFLITE'];
    for (const key of ['glow.path', 'compiler']) await set(key, undefined);
    await cleanWorkspace();
  });

  it('is refused where only the built-in compiler may take it', async () => {
    await set('compiler', 'builtin');
    const model = vscode.Uri.file(inWorkspace('net.tflite'));
    const port = () => vscode.commands.executeCommand('glowport.port', model);
    const [shown] = await errorsShown(() => picking(['Start', 'Simulated Board'], port));
    await set('compiler', undefined);
    assert.match(shown!.message, /net\.tflite: The model has an operator that is not supported: L2_POOL_2D/);
  });

  it('is ported as it is: no samples are asked for, the monitor has its result, and no verdict', async () => {
    await set('glow.path', glow);
    const result = await vscode.commands.executeCommand<AnyPortResult>('glowport.runSimulated');
    assert.deepEqual([result.kind, result.compiler, result.comparison], ['compiled', 'glow', undefined]);
    assert.equal(result.run?.report.confidences.length, 5);
    assert.match(result.insteadBecause!, /L2_POOL_2D/);
    assert.equal((await services()).lastResult.value, result);
  });

  it('Compile Bundle takes it, too', async () => {
    await vscode.commands.executeCommand('glowport.compile');
    assert.match(vscode.window.activeTextEditor!.document.getText(), /NET_MUTABLE_MEM_SIZE/);
  });
});
