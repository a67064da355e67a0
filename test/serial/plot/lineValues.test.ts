import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineValues } from '../../../extension/serial/plot/lineValues.ts';

/** What lines tell, one after the other. */
function read(...lines: string[]): Record<string, number>[] {
  const values = new LineValues();
  return lines.map((line) => Object.fromEntries(values.read(line).map(({ name, value }) => [name, value])));
}

const one = (line: string): Record<string, number> => read(line)[0]!;

describe('numbers in lines', () => {
  it('are taken by their names, however they are separated', () => {
    assert.deepEqual(one('temp: 23.5 C humidity: 40'), { temp: 23.5, humidity: 40 });
    assert.deepEqual(one('temp=23.5,humidity=40%'), { temp: 23.5, humidity: 40 });
    assert.deepEqual(one('a:1 b:-2.5e3\tc:.5'), { a: 1, b: -2500, c: 0.5 });
    assert.deepEqual(one('Inference time = 1234 (us)'), { 'Inference time': 1234 });
    assert.deepEqual(one('Top1 class = 7 '), { 'Top1 class': 7 });
    assert.deepEqual(one('x:0x1F y:-0x10'), { x: 31, y: -16 });
    assert.deepEqual(one('Temperatur °: 21°C'), { 'Temperatur °': 21 });
  });

  it('are taken of a vector, each by its place', () => {
    const xyz = { 'acc[0]': 1, 'acc[1]': -2, 'acc[2]': 9.81 };
    for (const line of ['acc: 1 -2 9.81', 'acc: 1, -2, 9.81', 'acc=1;-2;9.81'])
      assert.deepEqual(one(line), xyz);
  });

  it('are taken behind what a log writes in front of them', () => {
    assert.deepEqual(one('12:30:45.123 temp: 20'), { temp: 20 });
    assert.deepEqual(one('[INFO] adc: value=12'), { value: 12 });
    assert.deepEqual(one('I (1234) wifi: rssi=-60'), { rssi: -60 });
  });

  it('are taken without names: numbers and nothing else', () => {
    assert.deepEqual(one('1,2.5,-3'), { 'value 1': 1, 'value 2': 2.5, 'value 3': -3 });
    assert.deepEqual(one('1, 2,'), { 'value 1': 1, 'value 2': 2 });
    assert.deepEqual(one('  7  8 '), { 'value 1': 7, 'value 2': 8 });
    assert.deepEqual(one('-1.5'), { 'value 1': -1.5 });
    assert.deepEqual(one('1,nan,inf,4'), { 'value 1': 1, 'value 4': 4 });
  });

  it('get the names of a header right before them, as long as the columns are its', () => {
    assert.deepEqual(read('t,x', '1,2', '3,4', '5,6,7', '8,9', 'u,v', '1,1'), [
      {},
      { t: 1, x: 2 },
      { t: 3, x: 4 },
      { 'value 1': 5, 'value 2': 6, 'value 3': 7 },
      { t: 8, x: 9 },
      {},
      { u: 1, v: 1 },
    ]);
    assert.deepEqual(read('t;x', '1;ok', '1;2')[2], { t: 1, x: 2 });
    assert.deepEqual(read('Hello, world', 'and more', '1,2')[2], { 'value 1': 1, 'value 2': 2 });
  });

  it('are not seen in sentences, addresses, dates, times and versions', () => {
    for (const line of [
      ...[
        'Hello 3 worlds',
        'ip: 192.168.1.1',
        'date: 2024-01-02',
        'at=12:30',
        'v=1.2.3',
        '00:1A:2B:3C',
        'a1:22:33',
      ],
      ...['', ' ', ',', ':', '=', 'name:', 'name: x', '1:2', 'nan', '- 3', '1 2 x', '0x', '1e999'],
    ]) {
      assert.deepEqual(one(line), {}, line);
    }
  });

  it('come back as they were printed', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,15}$/);
    const value = fc.oneof(
      fc.integer(),
      fc
        .double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e20 })
        .map((v) => Number(v.toFixed(3))),
    );
    const text = (v: number): string => (Object.is(v, -0) ? '0' : String(v));
    const samples = fc.uniqueArray(fc.tuple(name, value), {
      minLength: 2,
      maxLength: 12,
      selector: ([n]) => n,
    });
    fc.assert(
      fc.property(
        samples,
        fc.constantFrom(':', ': ', '=', ' = '),
        fc.constantFrom(' ', ', ', ',', '\t', ';', '  '),
        (sample, sign, between) => {
          const expected = Object.fromEntries(sample.map(([n, v]) => [n, v + 0]));
          assert.deepEqual(one(sample.map(([n, v]) => `${n}${sign}${text(v)}`).join(between)), expected);
          if (between.trim() === '' && between !== '\t') return;
          const lines = [sample.map(([n]) => n).join(between), sample.map(([, v]) => text(v)).join(between)];
          assert.deepEqual(read(...lines)[1], expected);
        },
      ),
    );
  });

  it('of hostile lines are few, finite, and named in a bounded way that a CSV needs no quotes for', () => {
    const bits = fc.constantFrom(
      ...['a', '1', ':', '=', ',', ';', '\t', ' ', '.', '-', 'e', '0x', '"', '[', '=', 'ä', '\u{1f600}'],
    );
    fc.assert(
      fc.property(fc.array(fc.array(bits, { maxLength: 200 }), { maxLength: 4 }), (lines) => {
        const values = new LineValues();
        for (const line of lines) {
          const found = values.read(line.join(''));
          assert.ok(found.length <= 64);
          assert.equal(new Set(found.map(({ name }) => name)).size, found.length);
          for (const { name, value } of found) {
            assert.ok(Number.isFinite(value));
            assert.match(name, /^[\p{L}_][^",;\t\n]*$/u);
            assert.ok(name.length <= 60);
          }
        }
      }),
    );
  });
});
