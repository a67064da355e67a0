import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineLog } from '../../../extension/serial/lines.ts';
import { ExpressionThread } from '../../../extension/serial/search/expressionThread.ts';
import { FilteredLog } from '../../../extension/serial/search/filteredLog.ts';
import { finderOf } from '../../../extension/serial/search/finder.ts';
import { LogSearch } from '../../../extension/serial/search/logSearch.ts';
import type { LineSource } from '../../../extension/serial/search/lineSource.ts';
import type { LinePattern } from '../../../webview/shared/linePattern.ts';
import { until } from '../../support/until.ts';

const utf8 = new TextEncoder();
const literal = (text: string, matchCase = false): LinePattern => ({
  text,
  matchCase,
  isRegex: false,
  wholeWord: false,
});
const regex = (text: string): LinePattern => ({ ...literal(text), isRegex: true });

describe('serial log search', () => {
  const threads: ExpressionThread[] = [];
  afterEach(() => {
    for (const thread of threads.splice(0)) thread.dispose();
  });

  function thread(limitMs?: number): ExpressionThread {
    const made = new ExpressionThread(limitMs);
    threads.push(made);
    return made;
  }

  function search(log: LineSource, pattern: LinePattern, more = (): void => undefined): LogSearch {
    return new LogSearch(log, finderOf(pattern, thread()), more);
  }

  function stepped(of: LogSearch, from: number, direction: 1 | -1): Promise<number> {
    return new Promise((done) => of.step(from, direction, ({ index }) => done(index)));
  }

  it('finds what a search from scratch finds, while the log grows, drops lines and is cleared', () => {
    const word = fc.constantFrom('class', 'Class', 'top', 'x', '');
    const step = fc.oneof(
      word.map((w) => `${w} 1\n`),
      fc.constant('clear'),
    );
    const query = fc.constantFrom('class', 'Class', 'top', 'x', '[', '1');
    fc.assert(
      fc.property(fc.array(step), query, fc.boolean(), fc.boolean(), (steps, text, matchCase, invert) => {
        const log = new LineLog({ maxLines: 5 });
        const found = search(log, literal(text, matchCase));
        const shown = new FilteredLog(
          log,
          finderOf(literal(text, matchCase), thread()),
          invert,
          () => undefined,
        );
        for (const s of steps) {
          if (s === 'clear') log.clear();
          else log.push(utf8.encode(s), 0);
          const fold = (t: string): string => (matchCase ? t : t.toLowerCase());
          const lines = log.slice(0, log.closed);
          const has = (t: string): boolean => fold(t).includes(fold(text));
          const expected = lines.filter((l) => has(l.text)).map((l) => l.number);
          assert.deepEqual(found.lines(), expected);
          shown.advance();
          const kept = lines.filter((l) => has(l.text) !== invert).map((l) => l.text);
          assert.deepEqual(
            shown.slice(0, Infinity).map((l) => l.text),
            kept,
          );
          assert.deepEqual(
            shown.slice(0, Infinity).map((l) => l.number),
            kept.map((_, i) => shown.first + i),
          );
        }
      }),
    );
  });

  it('steps forwards and backwards and around the ends', async () => {
    const log = new LineLog();
    log.push(utf8.encode('hit\nmiss\nhit\nmiss\n'), 0);
    const found = search(log, literal('HIT'));
    assert.equal(await stepped(found, -1, 1), 0);
    assert.equal(await stepped(found, 0, 1), 1);
    assert.equal(await stepped(found, 2, 1), 0);
    assert.equal(await stepped(found, 2, -1), 0);
    assert.equal(await stepped(found, 0, -1), 1);
    assert.equal(await stepped(search(log, literal('absent')), 0, 1), -1);
  });

  it('finds expressions in a thread, all of a large log before it steps', async () => {
    const log = new LineLog();
    for (let i = 0; i < 3000; i++) log.push(utf8.encode(`adc ${i} = ${i % 7}\n`), 0);
    const found = search(log, regex('^adc (\\d+) = 3$'));
    assert.equal(await stepped(found, -1, -1), found.count - 1);
    assert.deepEqual(
      found.lines(),
      Array.from({ length: 3000 }, (_, i) => i).filter((i) => i % 7 === 3),
    );
    log.push(utf8.encode('adc 9999 = 3\n'), 0);
    assert.equal(await stepped(found, 3000 - 1, 1), found.count - 1);
    assert.equal(found.lines().at(-1), 3000);
  });

  it('tells where in a line it is: whole words, in this case or any, also after letters of two units', async () => {
    const log = new LineLog();
    log.push(utf8.encode('\u{1f600} Class class_1 (class)\n'), 0);
    const places = async (pattern: LinePattern): Promise<readonly number[] | undefined> => {
      const found = search(log, pattern);
      await stepped(found, -1, 1);
      return found.placesIn(0, 1).get(0);
    };
    assert.deepEqual(await places(literal('class')), [3, 8, 9, 14, 18, 23]);
    assert.deepEqual(await places(literal('class', true)), [9, 14, 18, 23]);
    assert.deepEqual(await places({ ...literal('class'), wholeWord: true }), [3, 8, 18, 23]);
    assert.deepEqual(await places({ ...literal('(class)'), wholeWord: true }), [17, 24]);
    assert.deepEqual(await places({ ...regex('cl.ss|a'), wholeWord: true }), [3, 8, 18, 23]);
    assert.deepEqual(await places(regex('x*')), [], 'found everywhere, and nowhere to be marked');
    assert.deepEqual(await places(regex('^.')), [0, 2]);
  });

  it('gives an expression up that does not come to an end, and goes on with the next', async () => {
    const log = new LineLog();
    log.push(utf8.encode(`${'a'.repeat(1000)}!\nplain\n`), 0);
    const one = thread(100);
    const slow = new LogSearch(log, finderOf(regex('^(a+)+$'), one), () => undefined);
    assert.equal(await stepped(slow, -1, 1), -1);
    assert.equal(slow.problem, 'tooSlow');
    const next = new LogSearch(log, finderOf(regex('^pl'), one), () => undefined);
    assert.equal(await stepped(next, -1, 1), 0);
    assert.deepEqual([next.lines(), next.problem], [[1], undefined]);
  });

  it('leaves an expression at once that nobody wants any more', async () => {
    const log = new LineLog();
    log.push(utf8.encode(`${'a'.repeat(1000)}!\nplain\n`), 0);
    const one = thread(3_600_000);
    const slow = new LogSearch(log, finderOf(regex('^(a+)+$'), one), () => assert.fail('nobody asks'));
    slow.lines();
    slow.drop();
    one.drop();
    const next = new LogSearch(log, finderOf(regex('^pl'), one), () => undefined);
    assert.equal(await stepped(next, -1, 1), 0);
  });

  it('says of what is no expression that it is none', async () => {
    const log = new LineLog();
    log.push(utf8.encode('a\n'), 0);
    for (const text of ['(a', '[', 'a{2,1}', '\\']) {
      const found = search(log, regex(text));
      assert.equal(await stepped(found, -1, 1), -1);
      assert.equal(found.problem, 'invalid', text);
    }
  });

  it('filters by an expression while the log is cleared and fills again', async () => {
    const log = new LineLog();
    const shown = new FilteredLog(log, finderOf(regex('^b'), thread()), false, () => shown.advance());
    log.push(utf8.encode('a1\nb1\n'), 0);
    shown.advance();
    log.clear();
    log.push(utf8.encode('b2\na2\nb3\n'), 0);
    shown.advance();
    await until(() => shown.count === 2);
    assert.deepEqual(
      shown.slice(0, 9).map((l) => l.text),
      ['b2', 'b3'],
    );
  });
});
