import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineLog } from '../../extension/serial/lines.ts';
import { LogSearch } from '../../extension/serial/search.ts';

const utf8 = new TextEncoder();

describe('serial log search', () => {
  it('finds what a search from scratch finds, while the log grows, drops lines and is cleared', () => {
    const word = fc.constantFrom('class', 'Class', 'top', 'x', '');
    const step = fc.oneof(
      word.map((w) => `${w} 1\n`),
      fc.constant('clear'),
    );
    fc.assert(
      fc.property(fc.array(step), word, fc.boolean(), (steps, query, matchCase) => {
        const log = new LineLog({ maxLines: 5 });
        const search = new LogSearch(log, query, matchCase);
        for (const s of steps) {
          if (s === 'clear') log.clear();
          else log.push(utf8.encode(s), 0);
          const fold = (t: string) => (matchCase ? t : t.toLowerCase());
          const expected = log
            .slice(0, log.closed)
            .filter((l) => query !== '' && fold(l.text).includes(fold(query)))
            .map((l) => l.number);
          assert.deepEqual([...search.matches()], expected);
        }
      }),
    );
  });

  it('steps forwards and backwards and around the ends', () => {
    const log = new LineLog();
    log.push(utf8.encode('hit\nmiss\nhit\nmiss\n'), 0);
    const search = new LogSearch(log, 'HIT', false);
    assert.equal(search.step(-1, 1), 0);
    assert.equal(search.step(0, 1), 1);
    assert.equal(search.step(2, 1), 0);
    assert.equal(search.step(2, -1), 0);
    assert.equal(search.step(0, -1), 1);
    assert.equal(new LogSearch(log, 'absent', false).step(0, 1), -1);
  });
});
