import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RGB } from '../../webview/shared/textStyle.ts';
import { PLAIN, applySgr } from '../../extension/serial/ansi.ts';
import { LineLog, plainText } from '../../extension/serial/lines.ts';

const utf8 = new TextEncoder();

/** All lines of a stream pushed in the given chunks. */
function linesOf(chunks: readonly (string | Uint8Array)[], options = {}): string[] {
  const log = new LineLog(options);
  for (const chunk of chunks) log.push(typeof chunk === 'string' ? utf8.encode(chunk) : chunk, 0);
  return log.slice(0, Infinity).map((l) => l.text);
}

/** The same bytes cut at the given places. */
function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.map((a) => a % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i]!, end));
}

describe('a log whose length changes', () => {
  it('keeps the newest lines, under the numbers that they had', () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ keep: fc.integer({ min: 1, max: 12 }) }),
      fc.constant({ clear: true }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const log = new LineLog({ maxLines: 5 });
        let kept: number[] = [];
        let [next, most] = [0, 5];
        for (const s of steps) {
          if ('push' in s) {
            for (let i = 0; i < s.push; i++) {
              log.push(utf8.encode(`${next}\n`), 0);
              kept.push(next++);
            }
          } else if ('keep' in s) log.setMaxLines((most = s.keep));
          else {
            log.clear();
            [kept, next] = [[], 0];
          }
          kept = kept.slice(-most);
          assert.deepEqual(
            log.slice(0, Infinity).map((l) => [l.number, l.text]),
            kept.map((n) => [n, String(n)]),
          );
          assert.equal(log.first, kept[0] ?? 0);
        }
      }),
    );
  });
});

/** Bytes as hostile as a UART's: text, line endings, escapes, halves of characters. */
const stream = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }).map((s) => utf8.encode(s)),
      fc
        .constantFrom('\n', '\r', '\r\n', '\n\r', '\r\r\n', '\0', '\x1b', '\x1b[', '\x1b[31m', '\x1b[0m')
        .map((s) => utf8.encode(s)),
      fc
        .constantFrom(
          '\x1b]0;title\x07',
          '\x1bP',
          '\x1b\\',
          '\x1b[?25l',
          '\x9b1m',
          '\u202e',
          '\x1b[38;2;1;2;3m',
          '7m',
        )
        .map((s) => utf8.encode(s)),
      fc.uint8Array({ maxLength: 8 }),
    ),
  )
  .map((parts) => Uint8Array.from(parts.flatMap((p) => [...p])));

describe('serial line log', () => {
  it('ends a line at CR LF, LF, CR, LF CR and CR CR LF', () => {
    assert.deepEqual(linesOf(['a\r\nb\nc\rd\n\re\r\r\nf']), ['a', 'b', 'c', 'd', 'e', 'f']);
    assert.deepEqual(linesOf(['a\r\n\r\nb\n\nc\n\r\n\rd']), ['a', '', 'b', '', 'c', '', 'd']);
  });

  it('shows a line before its ending has come, and the same line after', () => {
    const log = new LineLog();
    log.push(utf8.encode('Top1 cl'), 5);
    assert.deepEqual(
      log.slice(0, 9).map((l) => [l.number, l.text, l.timeMs]),
      [[0, 'Top1 cl', 5]],
    );
    assert.equal(log.closed, 0);
    log.push(utf8.encode('ass = 7\r'), 6);
    log.push(utf8.encode('\n'), 7);
    assert.deepEqual(
      log.slice(0, 9).map((l) => [l.number, l.text, l.timeMs]),
      [[0, 'Top1 class = 7', 5]],
    );
  });

  it('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat()), fc.integer({ min: 2, max: 40 }), (bytes, at, maxLineLength) => {
        const whole = new LineLog({ maxLineLength });
        whole.push(bytes, 0);
        const parts = new LineLog({ maxLineLength });
        for (const chunk of cut(bytes, at)) parts.push(chunk, 0);
        assert.deepEqual(parts.slice(0, Infinity), whole.slice(0, Infinity));
      }),
    );
  });

  it('never shows a control character, an escape, a bidirectional control or a half character', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: 2, max: 40 }), (bytes, maxLineLength) => {
        const log = new LineLog({ maxLineLength });
        log.push(bytes, 0);
        log.end(0);
        for (const line of log.slice(0, Infinity)) {
          // eslint-disable-next-line no-control-regex
          assert.doesNotMatch(line.text, /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
          assert.doesNotMatch(line.text, /\p{Surrogate}/u);
          assert.ok(line.text.length <= maxLineLength);
          if (line.runs)
            assert.equal(
              line.runs.reduce((n, r) => n + r.length, 0),
              line.text.length,
            );
        }
      }),
    );
  });

  it('loses no printable text: lines joined are the text that came', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '😀', '\n', ' ', '\t') });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (input, maxLineLength) => {
        const log = new LineLog({ maxLineLength });
        log.push(utf8.encode(`${input}\n`), 0);
        assert.equal(plainText(log.slice(0, Infinity)), `${input}\n`);
      }),
    );
  });

  it('keeps the newest lines, numbers them for ever and counts the dropped', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 50 }), (total, maxLines) => {
        const log = new LineLog({ maxLines });
        for (let i = 0; i < total; i++) log.push(utf8.encode(`line ${i}\n`), i);
        const kept = log.slice(0, Infinity);
        assert.equal(log.first, Math.max(0, total - maxLines));
        assert.equal(log.count, total);
        assert.deepEqual(
          kept.map((l) => l.text),
          Array.from({ length: Math.min(total, maxLines) }, (_, i) => `line ${i + log.first}`),
        );
        assert.ok(kept.every((l) => l.text === `line ${l.number}` && l.timeMs === l.number));
      }),
    );
  });

  it('bounds 10 MB without a line ending', () => {
    const log = new LineLog({ maxLines: 100, maxLineLength: 1000 });
    const chunk = new Uint8Array(1 << 16).fill(0x78);
    for (let sent = 0; sent < 10 << 20; sent += chunk.length) log.push(chunk, 0);
    assert.equal(log.count, Math.ceil((10 << 20) / 1000));
    const kept = log.slice(0, Infinity);
    assert.equal(kept.length, 101); // 100 closed ones and the open one
    assert.ok(kept.every((l) => l.text.length <= 1000));
    assert.ok(kept.slice(0, -1).every((l) => l.continues));
  });

  it('does not add an empty line when the ending comes just at the length limit', () => {
    assert.deepEqual(linesOf(['abcd\nefgh', '\r\n', 'i'], { maxLineLength: 4 }), ['abcd', 'efgh', 'i']);
  });

  it('shows NUL and other controls as their pictures and keeps tabs', () => {
    assert.deepEqual(linesOf(['a\0b\x01\x7f\tc']), ['a␀b␁␡\tc']);
  });

  it('shows U+FFFD for what is not UTF-8 and joins characters cut in the middle', () => {
    assert.deepEqual(linesOf([Uint8Array.of(0x61, 0xff, 0x62, 0xc3), Uint8Array.of(0x28)]), [
      'a\ufffdb\ufffd(',
    ]);
    assert.deepEqual(linesOf([Uint8Array.of(0xf0, 0x9f), Uint8Array.of(0x98), Uint8Array.of(0x80)]), ['😀']);
    const log = new LineLog();
    log.push(Uint8Array.of(0x41, 0xe2, 0x82), 0);
    log.end(0);
    assert.deepEqual(
      log.slice(0, 9).map((l) => l.text),
      ['A\ufffd'],
    );
  });

  it('names bidirectional controls instead of obeying them', () => {
    assert.deepEqual(linesOf(['a\u202eb\u2028c']), ['a[U+202E]b[U+2028]c']);
  });

  it('drops every escape sequence but SGR', () => {
    const dropped = [
      '\x1b[2J',
      '\x1b[10;20H',
      '\x1b[?1049h',
      '\x1b[>c',
      '\x1b]0;evil title\x07',
      '\x1b]8;;http://x\x1b\\',
    ];
    for (const escape of [
      ...dropped,
      '\x1bc',
      '\x1b(B',
      '\x1bP1$r\x1b\\',
      '\x1b[6n',
      '\x1b_payload\x1b\\',
      '\x1b[1;2!p',
    ]) {
      const log = new LineLog();
      log.push(utf8.encode(`a${escape}b`), 0);
      assert.deepEqual(
        log.slice(0, 9).map((l) => [l.text, l.runs]),
        [['ab', undefined]],
        JSON.stringify(escape),
      );
    }
  });

  it('lets no unterminated sequence swallow more than its line', () => {
    assert.deepEqual(linesOf(['\x1b]0;never ended\nnext']), ['', 'next']);
    assert.deepEqual(linesOf(['\x1b[31\nnext']), ['', 'next']);
    assert.ok(
      linesOf([`\x1b]${'x'.repeat(10_000)}seen`])
        .at(-1)
        ?.endsWith('xseen'),
    );
  });

  it('keeps colours as runs, across chunks and lines', () => {
    const log = new LineLog();
    log.push(utf8.encode('ok \x1b[3'), 0);
    log.push(utf8.encode('1mred\nstill\x1b[0m plain'), 0);
    const red = { fg: 1 };
    assert.deepEqual(
      log.slice(0, 9).map((l) => [l.text, l.runs]),
      [
        [
          'ok red',
          [
            { length: 3, style: PLAIN },
            { length: 3, style: red },
          ],
        ],
        [
          'still plain',
          [
            { length: 5, style: red },
            { length: 6, style: PLAIN },
          ],
        ],
      ],
    );
  });

  it('starts anew after clear, in the middle of whatever it was', () => {
    const log = new LineLog();
    log.push(utf8.encode('old\nhalf\x1b[3'), 0);
    const generation = log.generation;
    log.clear();
    assert.equal(log.count, 0);
    assert.notEqual(log.generation, generation);
    log.push(utf8.encode('2mnew\n'), 0);
    assert.deepEqual(log.slice(0, 9), [
      {
        number: 0,
        timeMs: 0,
        text: 'new',
        runs: [{ length: 3, style: { fg: 2 } }],
        continues: false,
        isNote: false,
      },
    ]);
  });
});

describe('what was sent, in the serial line log', () => {
  it('stands on a line of its own, with its special characters shown, and is no text of the board', () => {
    const log = new LineLog({ maxLineLength: 8 });
    log.push(utf8.encode('half'), 1);
    log.sent('a\tb\x03\n', 2);
    log.sent('0123456789', 3);
    log.push(utf8.encode('\x1b[31m'), 4);
    log.sent('in between', 5);
    log.push(utf8.encode('red\n'), 6);
    const lines = log.slice(0, Infinity);
    assert.deepEqual(
      lines.map((l) => [l.text, l.isNote, l.isSent]),
      [
        ['half', false, undefined],
        ['→ a\tb␃␊', true, true],
        ['→ 01234567', true, true],
        ['→ in betwe', true, true],
        ['red', false, undefined],
      ],
    );
    assert.deepEqual(lines[4]!.runs, [{ length: 3, style: { fg: 1 } }]);
    assert.equal(plainText(lines), 'half\nred\n');
  });
});

describe('the encoding of a serial line log', () => {
  it('holds from where it changes: half a character before is none', () => {
    const log = new LineLog();
    log.push(Uint8Array.of(0xc3), 0);
    log.setEncoding('latin-1', 0);
    log.push(Uint8Array.of(0xa9, 0xe9, 10), 0);
    log.setEncoding('utf-8', 0);
    log.push(utf8.encode('é\n'), 0);
    assert.deepEqual(
      log.slice(0, Infinity).map((l) => l.text),
      ['\ufffd©é', 'é'],
    );
  });

  it('takes the bytes of Latin-1 that are control functions as such', () => {
    const log = new LineLog();
    log.setEncoding('latin-1', 0);
    log.push(Uint8Array.of(0x9b, 0x33, 0x31, 0x6d, 0x61, 10), 0);
    assert.deepEqual(
      log.slice(0, Infinity).map((l) => [l.text, l.runs]),
      [['a', [{ length: 1, style: { fg: 1 } }]]],
    );
  });
});

describe('remarks in the serial line log', () => {
  it('stand on a line of their own and are no text of the board', () => {
    const log = new LineLog();
    log.push(utf8.encode('a\nhalf'), 1);
    log.note('unplugged', 2);
    log.push(utf8.encode(' a line\n'), 3);
    assert.deepEqual(
      log.slice(0, 9).map((l) => [l.text, l.timeMs, l.isNote]),
      [
        ['a', 1, false],
        ['half', 1, false],
        ['unplugged', 2, true],
        [' a line', 3, false],
      ],
    );
    assert.equal(plainText(log.slice(0, 9)), 'a\nhalf\n a line\n');
  });
});

describe('SGR', () => {
  const after = (parameters: string, before = PLAIN) => applySgr(before, parameters);

  it('knows the sixteen colours, the palette and 24 bits in every notation', () => {
    assert.deepEqual(after('31'), { fg: 1 });
    assert.deepEqual(after('97;104'), { fg: 15, bg: 12 });
    assert.deepEqual(after('38;5;208'), { fg: 208 });
    assert.deepEqual(after('48:5:9'), { bg: 9 });
    assert.deepEqual(after('38;2;16;32;48;1'), { fg: RGB + 0x102030, bold: true });
    assert.deepEqual(after('38:2::16:32:48'), { fg: RGB + 0x102030 });
    assert.deepEqual(after('38:2:16:32:48'), { fg: RGB + 0x102030 });
  });

  it('takes attributes back one by one and all at once', () => {
    const all = after('1;2;3;4;7;9;31;41');
    assert.deepEqual(all, {
      bold: true,
      dim: true,
      italic: true,
      underline: true,
      inverse: true,
      strike: true,
      fg: 1,
      bg: 1,
    });
    assert.equal(after('22;23;24;27;29;39;49', all), PLAIN);
    assert.equal(after('0', all), PLAIN);
    assert.equal(after('', all), PLAIN);
  });

  it('never throws and never invents a colour', () => {
    const parameters = fc.string({ unit: fc.constantFrom('0', '2', '3', '5', '8', '9', ';', ':') });
    fc.assert(
      fc.property(parameters, (p) => {
        const { fg = 0, bg = 0 } = after(p);
        for (const colour of [fg, bg]) {
          assert.ok(Number.isInteger(colour) && colour >= 0);
          assert.ok(colour <= 255 || (colour >= RGB && colour <= RGB + 0xffffff));
        }
      }),
    );
  });
});
