import assert from 'node:assert/strict';
import path from 'node:path';
import { buttonsFor } from '../../extension/commands/buttons.ts';
import { type ErrorCode, type Help, UserError } from '../../extension/common/error.ts';
import { english, say } from '../../extension/common/errors/sentence.ts';
import { readBounded } from '../../extension/common/files.ts';
import { openSdk } from '../../extension/sdk/discover.ts';
import { toolPath } from '../../extension/toolchain/find.ts';
import { savedModel } from '../../extension/model/formats/savedModel.ts';
import { notRead, readFormatOf } from '../../extension/model/formats/table.ts';

const titles = (error: UserError): string[] => buttonsFor(error, 'posix').map((b) => english(b.title));
const withHelp = (code: ErrorCode, ...help: Help[]): UserError => new UserError(code, say`It failed.`, help);

async function refusal(work: () => unknown): Promise<UserError> {
  try {
    await work();
  } catch (e) {
    if (e instanceof UserError) return e;
    throw e;
  }
  throw new Error('nothing was refused');
}

describe('buttons of a failure', () => {
  it('are those of its remedies, each once', () => {
    assert.deepEqual(
      titles(withHelp('board', { do: 'reuseInput' }, { do: 'chooseBoard', which: 'fitting' })),
      ['Reuse the Input’s Memory', 'Choose Another Board'],
    );
    assert.deepEqual(titles(withHelp('board', { do: 'buildOnSdk' }, { do: 'getSdk' })), ['Set SDK Folder…']);
    assert.deepEqual(titles(withHelp('device', { do: 'connectProbe', board: 'X' })), ['Try Again']);
    const flash = (able: string[]): string[] =>
      titles(withHelp('toolchain', { do: 'installFlashTool', able, wanted: false }));
    assert.deepEqual(flash(['LinkServer', 'pyOCD']), ['Get LinkServer…']);
    assert.deepEqual(flash(['pyOCD']), ['Check Tools']);
  });

  it('without one are what helps with most failures of the kind', () => {
    const usual = (code: ErrorCode): string[] => titles(withHelp(code, say`Look again.`));
    assert.deepEqual(usual('toolchain'), ['Check Tools']);
    assert.deepEqual(usual('model'), ['Inspect Model']);
    assert.deepEqual(usual('board'), ['Choose Another Board']);
    assert.deepEqual(usual('device'), ['Open Serial Monitor']);
    for (const code of ['usage', 'input', 'firmware'] as const) assert.deepEqual(usual(code), []);
  });

  it('do not depend on a message: of a folder called SDK, or names that sound like a remedy', async () => {
    const folder = path.join(path.sep, 'SDK', 'not installed', 'debug probe');
    assert.deepEqual(titles(await refusal(() => readBounded(folder, 1, say`model file`))), []);
    assert.deepEqual(titles(await refusal(() => toolPath('gcc', { gcc: folder }))), ['Open Settings']);
    assert.deepEqual(titles(await refusal(() => openSdk(folder))), ['Set SDK Folder…']);
  });

  it('copy and type commands quoted for the shell of the terminal', async () => {
    const error = notRead('my net', savedModel);
    const [copy] = buttonsFor(error, 'powershell');
    assert.deepEqual(copy?.does, {
      copy: "python -m tf2onnx.convert --saved-model 'my net' --output 'my net.onnx' --opset 13",
    });
    const hostile = notRead('a\x03id\n', savedModel);
    assert.deepEqual(buttonsFor(hostile, 'posix'), [], 'nothing to copy that a terminal would take for keys');
    const statement = await refusal(() => readFormatOf('a\x7f.pt', new Uint8Array()));
    assert.deepEqual(buttonsFor(statement, 'posix'), []);
    const pack = withHelp('toolchain', { do: 'installPack', command: ['pyocd', 'pack', 'install', 'a b'] });
    assert.deepEqual(buttonsFor(pack, 'posix')[0]?.does, { type: "pyocd pack install 'a b'" });
  });
});
