import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { anyOf, english, rendered, say, someOf } from '../../extension/common/errors/sentence.ts';

describe('common: sentences', () => {
  it('are a template and its values, plain data that crosses to other threads', () => {
    const sentence = say`Input '${'x'}' has ${2} dimensions: ${say`at most ${[1, 2]} are read`}.`;
    assert.equal(sentence.template, "Input '{0}' has {1} dimensions: {2}.");
    assert.equal(english(sentence), "Input 'x' has 2 dimensions: at most 1, 2 are read.");
    assert.deepEqual(structuredClone(sentence), sentence);
    assert.equal(english(say`\`${'a'}\` and $HOME`), '`a` and $HOME');
  });

  it('are translated with all that is inside, each on its own', () => {
    const german: Readonly<Record<string, string>> = {
      '{0} needs {1}.': '{1} braucht {0}.',
      '{0} bytes': '{0} Byte',
      '{0} or {1}': '{0} oder {1}',
      '{0} and {1} more': '{0} und {1} mehr',
      '{0}, {1}': '{0}, {1}',
    };
    const translate = (template: string, ...values: string[]): string =>
      german[template]!.replace(/\{(\d)\}/g, (_, i: string) => values[Number(i)]!);
    assert.equal(rendered(say`${'flash'} needs ${say`${8} bytes`}.`, translate), '8 Byte braucht flash.');
    assert.equal(
      rendered(say`${anyOf(['a', 'b', 'c'])} needs ${someOf(['x', 'y', 'z'], 1)}.`, translate),
      'x und 2 mehr braucht a oder b oder c.',
    );
    assert.deepEqual(someOf(['x'], 1), ['x'], 'all of a list that is short');
  });

  it('never take a value for a place', () => {
    assert.equal(english(say`${'{1}'} is ${'{0}'}`), '{1} is {0}');
  });

  it('show what comes from files as one line of bounded length, whoever says them', () => {
    const evil = 'a\u001b[31m\n\u202eb\ud800';
    const error = new UserError('model', say`Node '${evil}' (${[evil, say`in ${evil}`]}).`, []);
    assert.equal(error.message, "Node 'a?[31m??b?' (a?[31m??b?, in a?[31m??b?).");
    const long = english(say`'${'n'.repeat(100_000)}', [${new Array<number>(100_000).fill(1)}]`);
    assert.match(long, /^'n{400} …', \[(1, )+1?,? …\]$/);
    assert.ok(long.length < 900);
  });

  it('leave the way foreign text is shown to who shows it', () => {
    const shown = (text: string): string => text.replaceAll('](', '] (');
    const sentence = say`${'[a](command:x)'} in ${['[b](x)']}`;
    assert.equal(
      rendered(sentence, (t, ...v) => `${t}: ${v.join(' | ')}`, shown),
      '{0} in {1}: [a] (command:x) | [b] (x)',
    );
  });
});

describe('common: errors', () => {
  it('take a sentence for advice that is the same everywhere', () => {
    const error = new UserError('input', say`It is damaged.`, [say`Save it again.`, { do: 'checkTools' }]);
    assert.deepEqual(error.remedies, [{ do: 'advice', sentence: say`Save it again.` }, { do: 'checkTools' }]);
    assert.deepEqual(new UserError('input', say`It is damaged.`, say`Save it again.`).remedies, [
      { do: 'advice', sentence: say`Save it again.` },
    ]);
    assert.deepEqual(new UserError('input', say`It is damaged.`, { do: 'portModel' }).remedies, [
      { do: 'portModel' },
    ]);
  });
});
