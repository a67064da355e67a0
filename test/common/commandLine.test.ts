import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { commandLine, commandValue, type Shell, shellOf } from '../../extension/common/commandLine.ts';
import { english, say } from '../../extension/common/errors/sentence.ts';
import { cmdArguments, powershellWords } from '../support/shells.ts';

/** Names with a character that some shell reads as its own. */
const names = fc.array(
  fc.oneof(
    fc.string({ unit: fc.constantFrom('a', ...' $`"\'\\!*;&|<>(){}[]~#=%?^@,:-.’‘“é'), maxLength: 6 }),
    fc.constantFrom(
      '',
      '%PATH%',
      '%a%"b"%PATH%',
      '$(id)',
      "a\\'; id; '",
      'a\\',
      'a b\\',
      '!!',
      '-a.b',
      '’; id; ’',
      '=ls',
      '~',
    ),
  ),
  { minLength: 1, maxLength: 8 },
);

/** How each shell is started that may be installed; what it reads at its start is left out. */
const INSTALLED: readonly (readonly [program: string, shell: Shell, ...args: string[]])[] = [
  ['sh', 'posix', '-c'],
  ['bash', 'posix', '--norc', '-c'],
  ['dash', 'posix', '-c'],
  ['zsh', 'posix', '-f', '-c'],
  ['fish', 'posix', '--no-config', '-c'],
  ['tcsh', 'posix', '-f', '-c'],
  ['pwsh', 'powershell', '-NoProfile', '-Command'],
];

describe('common: command lines', () => {
  it('quote only what needs it, as each shell does', () => {
    const words = ['python', '--x=1', "/a b/it's.onnx", 'C:\\net.onnx'];
    assert.equal(commandLine(words, 'posix'), `python --x=1 '/a b/it'\\''s.onnx' 'C:'\\\\'net.onnx'`);
    assert.equal(commandLine(words, 'powershell'), `python '--x=1' '/a b/it''s.onnx' C:\\net.onnx`);
    assert.equal(commandLine(words, 'cmd'), `python "--x=1" "/a b/it's.onnx" C:\\net.onnx`);
    assert.equal(english(say`Run ${commandValue(['a', 'b c'], 'posix')}.`), "Run a 'b c'.");
  });

  for (const [program, shell, ...args] of INSTALLED) {
    it(`are what ${program} makes the same words of`, function () {
      if (process.platform === 'win32') this.skip();
      if (spawnSync(program, [...args, 'exit 0']).error) {
        console.log(`      skipped: ${program} is not installed`);
        this.skip();
      }
      fc.assert(
        fc.property(names, (words) => {
          const line = commandLine(['/usr/bin/printf', '%s\\0', ...words], shell)!;
          const printed = execFileSync(program, [...args, line], { encoding: 'utf8' });
          assert.deepEqual(printed.split('\0').slice(0, -1), words, line);
        }),
        { numRuns: 50, examples: [[["a\\'; id; '", 'a\\']]] },
      );
    });
  }

  it('are what cmd and a program of Windows make the same words of, whatever variables there are', () => {
    const variables = new Map(['PATH', 'A', ' ', '&', "'", '(', 'É'].map((name) => [name, '" & calc & "']));
    fc.assert(
      fc.property(names, (words) => {
        const line = commandLine(['python', ...words], 'cmd')!;
        assert.deepEqual(cmdArguments(line, variables), ['python', ...words], line);
      }),
      { numRuns: 2000 },
    );
  });

  it('are what PowerShell makes the same words of, the first a program', () => {
    fc.assert(
      fc.property(names, (words) => {
        const line = commandLine(words, 'powershell')!;
        assert.deepEqual(powershellWords(line), words, line);
      }),
      { numRuns: 2000 },
    );
  });

  it('are not given where a name would be keys to the terminal, or the shell is not known', () => {
    for (const key of ['\n', '\r', '\x03', '\x1b[201~', '\x7f', '\x9b', '\u202e']) {
      for (const shell of ['posix', 'powershell', 'cmd', 'other'] as const) {
        assert.equal(commandLine(['python', `a${key}id`], shell), undefined);
      }
    }
    assert.equal(commandLine(['python', 'a b'], 'other'), undefined);
    assert.equal(commandLine(['python', '-m', '/a/net.h5'], 'other'), 'python -m /a/net.h5');
  });

  it('know a shell by its program', () => {
    assert.equal(shellOf('/bin/zsh'), 'posix');
    assert.equal(shellOf('/usr/bin/fish'), 'posix');
    assert.equal(shellOf('C:\\Program Files\\PowerShell\\7\\pwsh.exe'), 'powershell');
    assert.equal(shellOf('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'), 'powershell');
    assert.equal(shellOf('C:\\Windows\\system32\\cmd.exe'), 'cmd');
    assert.equal(shellOf('C:\\Program Files\\Git\\bin\\bash.exe'), 'posix');
    assert.equal(shellOf('/usr/bin/nu'), 'other');
    assert.equal(shellOf(''), 'other');
  });
});
