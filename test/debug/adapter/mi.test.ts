import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandLine } from '../../../extension/debug/adapter/mi/command.ts';
import { Lines } from '../../../extension/debug/adapter/mi/lines.ts';
import { parseRecord } from '../../../extension/debug/adapter/mi/parse.ts';
import {
  listOf,
  type MiTuple,
  type MiValue,
  numberOf,
  textOf,
  tupleOf,
  tuplesOf,
} from '../../../extension/debug/adapter/mi/value.ts';
import '../../support/seed.ts';

/** Writes a value as GDB does. */
function written(value: MiValue): string {
  if (typeof value === 'string') return text(value);
  if (value instanceof Map) return `{${results(value as MiTuple)}}`;
  return `[${(value as readonly MiValue[]).map(written).join(',')}]`;
}

function results(tuple: MiTuple): string {
  return [...tuple].map(([name, value]) => `${name}=${written(value)}`).join(',');
}

/** A string as GDB writes it: what is no ASCII by its bytes in octal. */
function text(value: string): string {
  const bytes = [...Buffer.from(value)].map((byte) => {
    if (byte === 10) return '\\n';
    if (byte === 9) return '\\t';
    if (byte === 34 || byte === 92) return `\\${String.fromCharCode(byte)}`;
    return byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  });
  return `"${bytes.join('')}"`;
}

const name = fc.stringMatching(/^[a-z][a-z-]{0,12}$/);
const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });
const { tuple: anyTuple } = fc.letrec<{ value: MiValue; tuple: MiTuple }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, anyText, tie('tuple'), fc.array(tie('value'), { maxLength: 4 })),
  tuple: fc
    .uniqueArray(fc.tuple(name, tie('value')), { selector: ([n]) => n, maxLength: 4 })
    .map((entries) => new Map(entries)),
}));

describe("debug: GDB's machine interface", () => {
  it('reads back whatever is written as GDB writes it', () => {
    fc.assert(
      fc.property(fc.nat(), anyTuple, anyText, (token, tuple, stream) => {
        const tail = tuple.size > 0 ? `,${results(tuple)}` : '';
        assert.deepEqual(parseRecord(`${token}^done${tail}`), {
          kind: 'result',
          token,
          class: 'done',
          results: tuple,
        });
        assert.deepEqual(parseRecord(`*stopped${tail}`), { kind: 'exec', class: 'stopped', results: tuple });
        assert.deepEqual(parseRecord(`~${text(stream)}`), { kind: 'console', text: stream });
      }),
    );
  });

  it('takes any other text for none, in a time that grows with its length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), anyTuple, (junk, tuple) => {
        const line = `*stopped,${results(tuple)}`;
        parseRecord(junk);
        parseRecord(line.slice(0, junk.length) + junk + line.slice(junk.length));
      }),
    );
    assert.equal(parseRecord(`^done,a=${'['.repeat(100_000)}`), undefined);
    assert.equal(parseRecord(`~"${'\\'.repeat(1_000_001)}`), undefined);
    assert.equal(parseRecord('what a program prints'), undefined);
  });

  it('reads what GDB 13 has said', () => {
    const stop = parseRecord(
      '*stopped,reason="breakpoint-hit",disp="keep",bkptno="1",frame={addr="0x0000111e",func="mnist",args=[{name="x",value="\\"\\\\260?\\""}],line="2202"},thread-id="1",stopped-threads="all"',
    );
    assert.equal(stop?.kind, 'exec');
    const frame = tupleOf(stop.results, 'frame')!;
    assert.equal(numberOf(frame, 'line'), 2202);
    assert.equal(textOf(tuplesOf(frame, 'args')[0]!, 'value'), '"\\260?"');
    const list = parseRecord('15^done,stack=[frame={level="0"},frame={level="1"}],names=["r0",""]');
    assert.equal(list?.kind, 'result');
    assert.deepEqual(
      tuplesOf(list.results, 'stack').map((f) => numberOf(f, 'level')),
      [0, 1],
    );
    assert.deepEqual(listOf(list.results, 'names'), ['r0', '']);
    assert.deepEqual(parseRecord('(gdb) '), { kind: 'prompt' });
    assert.deepEqual(parseRecord('^exit'), {
      kind: 'result',
      token: undefined,
      class: 'exit',
      results: new Map(),
    });
    assert.equal(numberOf(list.results, 'stack'), undefined);
  });

  it('writes commands of one line, in which an argument is one argument', () => {
    assert.equal(commandLine('-break-insert', ['-t', 'main']), '-break-insert -t main');
    assert.equal(commandLine('-x', ['a "b" \\ c\nd', '']), '-x "a \\"b\\" \\\\ c\\nd" ""');
    fc.assert(
      fc.property(anyText, (argument) => {
        const line = commandLine('-x', [argument]);
        assert.ok(!/[\n\r\0]/.test(line));
        if (/^-x "/.test(line)) {
          const read = parseRecord(`~${line.slice(3)}`);
          assert.deepEqual(read, { kind: 'console', text: argument.replaceAll('\0', '') });
        }
      }),
    );
  });

  it('makes the same lines of bytes, however they come in pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zä€]{0,10}$/), { maxLength: 10 }),
        fc.array(fc.nat(20)),
        (texts, cuts) => {
          const got: string[] = [];
          const lines = new Lines(
            (line) => got.push(line),
            () => assert.fail(),
          );
          let bytes = Buffer.from(texts.map((t) => `${t}\n`).join(''));
          for (const cut of cuts) {
            lines.push(bytes.subarray(0, cut));
            bytes = bytes.subarray(cut);
          }
          lines.push(bytes);
          assert.deepEqual(got, texts);
        },
      ),
    );
  });

  it('gives a line without end up', () => {
    let endless = 0;
    const lines = new Lines(
      () => assert.fail(),
      () => endless++,
    );
    const piece = Buffer.alloc(1 << 20, 97);
    for (let i = 0; i < 33; i++) lines.push(piece);
    assert.equal(endless, 1);
  });
});
