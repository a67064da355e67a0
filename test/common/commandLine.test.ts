import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { commandLine, commandValue, shellOf } from '../../extension/common/commandLine.ts';
import { english, say } from '../../extension/common/errors/sentence.ts';

describe('common: command lines', () => {
  it('quote only what needs it, as each shell does', () => {
    const words = ['python', '--x=1', "/a b/it's.onnx", 'C:\\net.onnx'];
    assert.equal(commandLine(words, 'posix'), `python --x=1 '/a b/it'\\''s.onnx' 'C:\\net.onnx'`);
    assert.equal(commandLine(words, 'powershell'), `python '--x=1' '/a b/it''s.onnx' C:\\net.onnx`);
    assert.equal(commandLine(words, 'cmd'), `python "--x=1" "/a b/it's.onnx" C:\\net.onnx`);
    assert.equal(english(say`Run ${commandValue(['a', 'b c'], 'posix')}.`), "Run a 'b c'.");
  });

  it('are what a shell makes the same words of', function () {
    if (process.platform === 'win32') this.skip();
    const special = fc.constantFrom(...' $`"\'\\!*;&|<>(){}[]~#=%?^\n');
    const word = special.chain((c) => fc.string({ unit: fc.constantFrom('a', c), maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const line = commandLine(['printf', '%s\\0', ...words], 'posix');
        const printed = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
        assert.deepEqual(printed.split('\0').slice(0, -1), words);
      }),
      { numRuns: 50 },
    );
  });

  it('know a shell by its program', () => {
    assert.equal(shellOf('/bin/zsh'), 'posix');
    assert.equal(shellOf('C:\\Program Files\\PowerShell\\7\\pwsh.exe'), 'powershell');
    assert.equal(shellOf('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'), 'powershell');
    assert.equal(shellOf('C:\\Windows\\system32\\cmd.exe'), 'cmd');
    assert.equal(shellOf('C:\\Program Files\\Git\\bin\\bash.exe'), 'posix');
    assert.equal(shellOf(''), 'posix');
  });
});
