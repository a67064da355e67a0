import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unescaped } from '../../extension/common/escapes.ts';
import { UserError } from '../../extension/common/error.ts';
import { decoderOf, encoded } from '../../extension/serial/encoding.ts';
import { bytesOf, echoOf } from '../../extension/serial/sendable.ts';
import type { Sendable } from '../../webview/shared/sends.ts';

const line = (text: string, more: Partial<Sendable> = {}): Sendable => ({
  text,
  mode: 'text',
  lineEnding: 'none',
  ...more,
});
const bytes = (...values: number[]) => Buffer.from(values);
const refused = (of: () => unknown) => {
  try {
    of();
  } catch (e) {
    if (e instanceof UserError && e.code === 'usage') return e.message;
    throw e;
  }
  return assert.fail('nothing was refused');
};

describe('a line to send', () => {
  it('has its ending behind it, in text with escapes too, and none as hexadecimal', () => {
    const endings = { none: '', lf: '\n', cr: '\r', crlf: '\r\n' } as const;
    for (const [lineEnding, ending] of Object.entries(endings) as [keyof typeof endings, string][]) {
      assert.deepEqual(bytesOf(line('ab', { lineEnding }), 'utf-8'), Buffer.from(`ab${ending}`));
      assert.deepEqual(
        bytesOf(line('\\x02b', { lineEnding, mode: 'escaped' }), 'utf-8'),
        Buffer.from(`\x02b${ending}`),
      );
      assert.deepEqual(bytesOf(line('61 62', { lineEnding, mode: 'hex' }), 'utf-8'), Buffer.from('ab'));
    }
  });

  it('is taken as it is where it is text, backslashes too', () => {
    assert.deepEqual(bytesOf(line('C:\\new\\x41'), 'utf-8'), Buffer.from('C:\\new\\x41'));
  });

  it('takes any bytes as escapes, and a backslash that is none as itself', () => {
    const escaped = (text: string, encoding: 'utf-8' | 'latin-1' = 'utf-8') =>
      bytesOf(line(text, { mode: 'escaped' }), encoding);
    assert.deepEqual(
      escaped('\\n\\r\\t\\\\\\xff\\x0g\\q'),
      Buffer.concat([bytes(10, 13, 9, 92, 255), Buffer.from('\\x0g\\q')]),
    );
    assert.deepEqual(escaped('é\\xe9', 'latin-1'), bytes(0xe9, 0xe9));
    assert.deepEqual(escaped('é\\xe9'), bytes(0xc3, 0xa9, 0xe9));
    fc.assert(
      fc.property(fc.uint8Array(), (any) => {
        const text = [...any].map((b) => `\\x${b.toString(16).padStart(2, '0')}`).join('');
        assert.deepEqual([...unescaped(text)], [...any]);
      }),
    );
  });

  it('reads hexadecimal with and without what stands between, and its echo again', () => {
    const hex = (text: string) => bytesOf(line(text, { mode: 'hex' }), 'utf-8');
    for (const text of ['01 02 fF', '0102FF', '0x01, 0x02,0xff', '01;02;FF', ' 01  02\tff ']) {
      assert.deepEqual(hex(text), bytes(1, 2, 255), text);
    }
    assert.deepEqual(hex(''), bytes());
    fc.assert(
      fc.property(fc.uint8Array(), (any) => {
        assert.deepEqual([...hex(echoOf(any, 'hex', 'utf-8'))], [...any]);
      }),
    );
  });

  it('refuses what is no byte, naming it, and a line that is too long', () => {
    for (const [text, word] of [
      ['01 2', '2'],
      ['0x', '0x'],
      ['12 no', 'no'],
      ['0x1 02', '0x1'],
    ] as const) {
      assert.match(
        refused(() => bytesOf(line(text, { mode: 'hex' }), 'utf-8')),
        new RegExp(`^${word} is no byte`),
      );
    }
    assert.match(
      refused(() => bytesOf(line('x'.repeat(65_537)), 'utf-8')),
      /65537 bytes/,
    );
    assert.equal(bytesOf(line('x'.repeat(65_536)), 'utf-8').length, 65_536);
  });

  it('is echoed as the board reads it, without its ending', () => {
    assert.equal(echoOf(bytesOf(line('help', { lineEnding: 'crlf' }), 'utf-8'), 'text', 'utf-8'), 'help');
    assert.equal(echoOf(bytes(0xe9), 'text', 'latin-1'), 'é');
    assert.equal(echoOf(bytes(0xe9), 'text', 'utf-8'), '\ufffd');
  });
});

describe('Latin-1', () => {
  it('has a character for each byte, and gives the byte back', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const text = decoderOf('latin-1').push(all);
    assert.deepEqual(
      [...text].map((c) => c.codePointAt(0)),
      [...all],
    );
    assert.deepEqual([...encoded(text, 'latin-1')], [...all]);
  });

  it('refuses characters that it does not have', () => {
    assert.match(
      refused(() => encoded('5 €', 'latin-1')),
      /^Latin-1 has no character €/,
    );
    assert.match(
      refused(() => encoded('😀', 'latin-1')),
      /😀/,
    );
  });
});

describe('UTF-8', () => {
  it('is the same text however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, cut) => {
        const whole = encoded(text, 'utf-8');
        const decoder = decoderOf('utf-8');
        const at = cut % (whole.length + 1);
        assert.equal(
          decoder.push(whole.subarray(0, at)) + decoder.push(whole.subarray(at)) + decoder.end(),
          text,
        );
      }),
    );
  });
});
