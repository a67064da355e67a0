import assert from 'node:assert/strict';
import { hitCondition } from '../../../extension/debug/adapter/breakpoints/hitCondition.ts';
import { logParts } from '../../../extension/debug/adapter/breakpoints/logMessage.ts';
import { isWatchExpression, watchExpression } from '../../../extension/debug/adapter/breakpoints/wanted.ts';
import { addressIn, childExpression } from '../../../extension/debug/adapter/variables/path.ts';

describe('debug: breakpoints and expressions of the adapter', () => {
  it('counts hits as they are written', () => {
    const cases = {
      '3': '>= 3',
      ' 3 ': '>= 3',
      '==3': '== 3',
      '=3': '== 3',
      '> 2': '> 2',
      '<=4': '<= 4',
      '%5': '% 5 == 0',
    };
    for (const [text, condition] of Object.entries(cases)) {
      assert.equal(hitCondition(text, '$hits'), `++$hits ${condition}`);
    }
    for (const text of ['', 'x', '3x', '!=3', '-1', '%0', '1e3', '9999999999']) {
      assert.throws(() => hitCondition(text, '$hits'), /is no count of hits/);
    }
  });

  it('takes expressions out of log messages', () => {
    assert.deepEqual(logParts('i is {i}, of {table[{0}]}.'), [
      { text: 'i is ' },
      { expression: 'i' },
      { text: ', of ' },
      { expression: 'table[{0}]' },
      { text: '.' },
    ]);
    assert.deepEqual(logParts('an open { brace }}'), [
      { text: 'an open ' },
      { expression: ' brace ' },
      { text: '}' },
    ]);
    assert.deepEqual(logParts('{ never closed'), [{ text: '{ never closed' }]);
    assert.deepEqual(logParts(''), []);
    assert.equal(logParts('{'.repeat(50_000)).length, 1);
  });

  it('watches places, and nothing else that a client gives', () => {
    const typed = watchExpression(0x20000010, { type: 'volatile struct point [3]' });
    assert.equal(typed, '{volatile struct point [3]} 0x20000010');
    assert.ok(isWatchExpression(typed));
    assert.ok(isWatchExpression(watchExpression(0, { bytes: 4 })));
    for (const text of [
      'x',
      '{int} f()',
      '{int} 0x0 + f()',
      '{int} 0x123456789',
      '{struct {int a;}} 0x0',
      '',
    ]) {
      assert.ok(!isWatchExpression(text), text);
    }
  });

  it('writes the expression of a part as C has it', () => {
    const child = (expression: string, type: string, name: string) =>
      childExpression({ expression, type }, name);
    assert.equal(child('a', 'int [3]', '2'), 'a[2]');
    assert.equal(child('p', 'struct s *', 'x'), 'p->x');
    assert.equal(child('s', 'struct s', 'x'), 's.x');
    assert.equal(child('p->x', 'int *', '*p->x'), '*(p->x)');
    assert.equal(child('s', 'struct s', '<anonymous union>'), 's');
    assert.equal(addressIn('0x1ffffa00 <activations> "\\260"'), '0x1ffffa00');
    assert.equal(addressIn('(int *) 0x10'), '0x10');
    assert.equal(addressIn('128'), undefined);
  });
});
