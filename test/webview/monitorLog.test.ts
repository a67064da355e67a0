import assert from 'node:assert/strict';
import { MonitorLog } from '../../extension/views/monitor/log.ts';
import { until } from '../support/until.ts';
import type { Found, LogUpdate, TextRow } from '../../webview/shared/messages/monitor.ts';

const utf8 = new TextEncoder();

function made(maxLines = 100) {
  const posted: (LogUpdate | Found)[] = [];
  const log = new MonitorLog(maxLines, (message) => posted.push(message));
  const updates = () => posted.filter((m): m is LogUpdate => m.type === 'log');
  return { log, posted, updates, last: () => updates().at(-1)! };
}

const follow = { hex: false, follow: true, from: 0, size: 10 };
/** Waits as long as a log lets pass between updates: until one whose page has drawn the first has sent the second. */
async function untilNextUpdate(): Promise<void> {
  const { log, updates } = made();
  log.setWindow(follow);
  log.drawn();
  log.push(utf8.encode('more\n'), 0);
  await until(() => updates().length === 2);
}

const texts = (update: LogUpdate) => update.rows?.map((r) => (r as TextRow).text);

describe('monitor log', () => {
  it('sends nothing to a page that shows no rows, and the newest rows to one that follows', async () => {
    const { log, updates, last } = made();
    log.push(utf8.encode('a\nb\nc\n'), 0);
    await untilNextUpdate();
    assert.equal(updates().length, 0);
    log.setWindow({ ...follow, size: 2 });
    assert.deepEqual(texts(last()), ['b', 'c']);
    assert.deepEqual([last().first, last().count, last().bytes], [0, 3, 6]);
  });

  it('waits until an update is drawn before it sends the next, which then holds all that came', async () => {
    const { log, updates, last } = made();
    log.setWindow(follow);
    for (let i = 0; i < 50; i++) log.push(utf8.encode(`line ${i}\n`), 0);
    await untilNextUpdate();
    assert.equal(updates().length, 1);
    log.drawn();
    await until(() => updates().length === 2);
    assert.equal(last().count, 50);
    assert.deepEqual(texts(last())?.at(-1), 'line 49');
  });

  it('says how many lines were dropped from view, and keeps numbering', async () => {
    const { log, updates, last } = made(20);
    for (let i = 0; i < 50; i++) log.push(utf8.encode(`line ${i}\n`), 0);
    log.setWindow({ ...follow, follow: false, from: 0, size: 5 });
    assert.equal(last().first, 30);
    assert.deepEqual(texts(last()), ['line 30', 'line 31', 'line 32', 'line 33', 'line 34']);
    assert.equal(updates().length, 1);
  });

  it('leaves out rows that the page has, while it looks at old ones', async () => {
    const { log, updates, last } = made();
    for (let i = 0; i < 30; i++) log.push(utf8.encode(`line ${i}\n`), 0);
    log.setWindow({ ...follow, follow: false, from: 3, size: 4 });
    assert.equal(texts(last())?.length, 4);
    log.drawn();
    log.push(utf8.encode('more\n'), 0);
    await until(() => updates().length === 2);
    assert.equal(last().count, 31);
    assert.equal(last().rows, undefined);
  });

  it('shows bytes as hexadecimal rows of 16, with their offsets', () => {
    const { log, last } = made();
    log.push(
      Uint8Array.from({ length: 40 }, (_, i) => i),
      0,
    );
    log.setWindow({ ...follow, hex: true });
    assert.equal(last().count, 3);
    assert.deepEqual(
      last().rows?.map((r) => r.n),
      [0, 1, 2],
    );
    const row = last().rows?.[2] as { hex: string; ascii: string };
    assert.equal(row.hex.trimEnd(), '20 21 22 23 24 25 26 27');
    assert.equal(row.ascii, ' !"#$%&\'');
  });

  it('steps through what is searched for and counts it with every update', async () => {
    const { log, posted, last } = made();
    log.push(utf8.encode('class = 1\nConfidence = 5\nclass = 2\n'), 0);
    const pattern = { text: 'class', isRegex: false, matchCase: false, wholeWord: false };
    log.search(pattern);
    log.setWindow(follow);
    assert.equal(last().search?.matches, 2);
    log.step(-1, 1);
    assert.deepEqual(posted.at(-1), { type: 'found', position: 1, matches: 2, line: 0 });
    log.step(0, 1);
    assert.deepEqual(posted.at(-1), { type: 'found', position: 2, matches: 2, line: 2 });
    log.search({ ...pattern, text: 'absent' });
    log.step(0, 1);
    assert.deepEqual(posted.at(-1), { type: 'found', position: 0, matches: 0 });
  });

  it('survives nonsense from a page', () => {
    const { log, last } = made();
    log.push(utf8.encode('a\n'), 0);
    for (const from of [NaN, -5, 1e99, '7' as unknown as number]) {
      for (const size of [NaN, -1, 1e12, {} as unknown as number]) {
        log.setWindow({ hex: false, follow: false, from, size });
        assert.ok((last().rows?.length ?? 0) <= 400);
      }
    }
  });
});
