import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_CLASSES, MAX_ELEMENTS, MAX_LINE, ReportParser } from '../../extension/inference/parse.ts';
import type { InferenceReport, PrintedOutput } from '../../extension/inference/report.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function parse(...chunks: (string | Uint8Array)[]): InferenceReport[] {
  const parser = new ReportParser();
  const reports = chunks.flatMap((c) => parser.push(typeof c === 'string' ? bytes(c) : c));
  const last = parser.end();
  return last ? [...reports, last] : reports;
}

function print(report: InferenceReport, ending = '\r\n'): string[] {
  return [
    ...(report.others ?? []).flatMap(({ name, values }) =>
      [...values].map(([i, value]) => `${name}[${i}]: ${value}${ending}`),
    ),
    ...report.confidences.flatMap((c) => [
      `class = ${c.classIndex}${ending}`,
      `Confidence = ${c.value}${ending}`,
    ]),
    `Top1 class = ${report.top1} ${ending}`,
    `Inference time = ${report.timeUs} (us)${ending}`,
  ];
}

/** Lines of an output with many numbers on each. */
function compactly(name: string, values: ReadonlyMap<number, number>, perLine: number): string[] {
  const list = [...values.values()];
  const lines: string[] = [];
  for (let i = 0; i < list.length; i += perLine) {
    lines.push(`${name}[${i}]: ${list.slice(i, i + perLine).join(' ')}\r\n`);
  }
  return lines;
}

const report = fc
  .record({
    values: fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 12 }),
    top1: fc.nat(11),
    timeUs: fc.nat(10_000_000),
  })
  .map(({ values, top1, timeUs }): InferenceReport => ({
    confidences: values.map((value, classIndex) => ({ classIndex, value })),
    top1,
    timeUs,
  }));

/** Names and sizes of a network's further outputs. */
const outputs = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('boxes', 'v_2', '_x9', 'A'), size: fc.integer({ min: 2, max: 5 }) }),
  { selector: (o) => o.name, minLength: 1, maxLength: 2 },
);

/** The reports of a network with further outputs, each with values of its own. */
function withOthers(
  reports: readonly InferenceReport[],
  shape: readonly { readonly name: string; readonly size: number }[],
): InferenceReport[] {
  return reports.map((r, n) => ({
    ...r,
    others: shape.map(({ name, size }) => ({
      name,
      values: new Map(Array.from({ length: size }, (_, i) => [i, 100 * n - 7 * i] as const)),
    })),
  }));
}

const byName = (list: readonly PrintedOutput[]): PrintedOutput[] =>
  [...list].sort((a, b) => (a.name < b.name ? -1 : 1));

/** What a terminal does not show as text: colours, cursor movements, fill characters, flow control, bells. */
const unseen = fc.constantFrom(
  ...[
    '\x1b[0m',
    '\x1b[m',
    '\x1b[1;32m',
    '\x1b[38:2::255:0:0m',
    '\x1b[38;5;208m',
    '\x1b[K',
    '\x1b[2J',
    '\x1b[H',
  ],
  ...['\x1b[?25l', '\x1b[2 q', '\0', '\0\0', '\x11', '\x13', '\x07', '\x7f'],
);

const ending = fc.constantFrom('\r\n', '\n', '\r', '\n\r');

/** Lines of anything that is not itself a line of a report. */
const noise = fc
  .uint8Array({ maxLength: 40 })
  .map((b) => Buffer.from(b.map((x) => (x === 10 || x === 13 ? 32 : x))).toString('latin1'))
  .filter((t) => !/class|confidence|inference/i.test(t));

describe('inference/parse', () => {
  it('of networks without confidences: a class that they name themselves, and outputs that are none', () => {
    assert.deepEqual(parse('Top1 class = 7 \r\nInference time = 20 (us)\r\n'), [
      { confidences: [], top1: 7, timeUs: 20 },
    ]);
    const pixels = 'y[0]: 2\r\ny[1]: 0\r\nInference time = 20 (us)\r\n';
    const others = [{ name: 'y', values: new Map([[0, 2], [1, 0]]) }]; // prettier-ignore
    const one = { confidences: [], top1: undefined, timeUs: 20, others };
    assert.deepEqual(parse(pixels, pixels), [one, one]);
    // the end of a report whose beginning was not heard
    assert.deepEqual(parse('Inference time = 20 (us)\r\n'), []);
  });

  it('of networks that print real numbers, many numbers on a line, or a reconstruction error', () => {
    const of = (others: readonly PrintedOutput[], more: object = {}) => [
      { confidences: [], top1: undefined, timeUs: 20, others, ...more },
    ];
    const time = 'Inference time = 20 (us)\r\n';
    const values = new Map([[0, -5], [1, 7]]); // prettier-ignore
    const reals = new Map([[0, '-0.045'], [1, '23.450']]); // prettier-ignore
    assert.deepEqual(
      parse(`t[0]: -5 = -0.045\r\nt[1]: 7 = 23.450\r\n${time}`),
      of([{ name: 't', values, reals }]),
    );
    const map = [{ name: 'map', values: new Map(Array.from({ length: 35 }, (_, i) => [i, i - 9])) }];
    const text = compactly('map', map[0]!.values, 16).join('');
    assert.deepEqual(parse(`${text}${time}`), of(map));
    assert.deepEqual(
      parse(`${text}Reconstruction error = 123 (threshold 456): normal\r\n${time}`),
      of(map, { reconstruction: { error: 123, threshold: 456, isAnomalous: false } }),
    );
    assert.deepEqual(
      parse(`${text}Reconstruction error = 457 (threshold 456): anomalous\r\n${time}`),
      of(map, { reconstruction: { error: 457, threshold: 456, isAnomalous: true } }),
    );
    assert.deepEqual(
      parse(`${text}Reconstruction error = 9\r\n${time}`),
      of(map, { reconstruction: { error: 9, threshold: undefined, isAnomalous: undefined } }),
    );
    // what is no list of numbers is no line of an output
    assert.deepEqual(parse(`t[0]: 1 - 2\r\nt[0]: 1 2 = 3\r\n${time}`), []);
  });

  it('reads the firmware text of the design', () => {
    const text =
      'class = 0\r\nConfidence = -128\r\nclass = 1\r\nConfidence = 93\r\nTop1 class = 1 \r\nInference time = 13500 (us)\r\n';
    assert.deepEqual(parse(text), [
      {
        confidences: [
          { classIndex: 0, value: -128 },
          { classIndex: 1, value: 93 },
        ],
        top1: 1,
        timeUs: 13500,
      },
    ]);
  });

  it('reads older firmware: fractions, milliseconds, only the best class', () => {
    assert.deepEqual(
      parse('class = 9\r\nConfidence = 0.993\r\nTop1 class = 9\r\nInference time = 13 (ms)\r\n'),
      [{ confidences: [{ classIndex: 9, value: 0.993 }], top1: 9, timeUs: 13000 }],
    );
    assert.deepEqual(parse('Top1 class = 9 (truck)\r\nConfidence = 0.979\r\nInference = 1.25 (ms)\r\n'), [
      { confidences: [{ classIndex: 9, value: 0.979 }], top1: 9, timeUs: 1250 },
    ]);
  });

  it('gives the same reports for any chunks and line ending', () => {
    fc.assert(
      fc.property(
        fc.array(report, { maxLength: 4 }),
        ending,
        fc.array(fc.nat(30), { maxLength: 200 }),
        fc.option(outputs),
        (plain, eol, cuts, shape) => {
          const reports = shape ? withOthers(plain, shape) : plain;
          const all = bytes(reports.flatMap((r) => print(r, eol)).join(''));
          const chunks: Uint8Array[] = [];
          let at = 0;
          for (const cut of cuts) chunks.push(all.subarray(at, (at += cut)));
          chunks.push(all.subarray(at));
          assert.deepEqual(parse(...chunks), reports);
        },
      ),
    );
  });

  it('reads the same whatever stands between its characters that a terminal does not show', () => {
    fc.assert(
      fc.property(
        fc.array(report, { maxLength: 3 }),
        fc.array(fc.record({ at: fc.nat(), what: unseen }), { maxLength: 12 }),
        (reports, inserted) => {
          const text = [...reports.flatMap((r) => print(r)).join('')];
          const places = text.map(() => '');
          // one a place: two of them could make a third
          for (const { at, what } of inserted) if (places.length > 0) places[at % places.length] = what;
          assert.deepEqual(parse(text.map((char, i) => places[i]! + char).join('')), reports);
        },
      ),
      { numRuns: 1000 },
    );
    assert.equal(
      parse('\x1b[32mclass = 0\x1b[0m\r\n\x1b[33mConfidence = 9\x1b[0m\0\r\n\x1b[1mTop1 class = 0\x1b[0m\r\n')
        .length,
      1,
    );
  });

  it('skips noise between lines', () => {
    fc.assert(
      fc.property(report, fc.array(noise, { minLength: 30, maxLength: 30 }), (r, lines) => {
        const text = print(r).map((line, i) => `${lines[i] ?? ''}\r\n${line}`);
        assert.deepEqual(parse(text.join('')), [r]);
      }),
    );
  });

  describe('forgets what a reset cut off', () => {
    const wholes = fc.array(report, { minLength: 2, maxLength: 4 });
    const cuts = fc.array(fc.record({ at: fc.nat(), lineEnds: fc.boolean() }), {
      minLength: 4,
      maxLength: 4,
    });
    /** All reports but the last are cut somewhere; the last one heard has to be it, with nothing of theirs. */
    const lastIsWhole = (
      reports: InferenceReport[],
      cutAt: readonly { readonly at: number; readonly lineEnds: boolean }[],
      text: (r: InferenceReport) => string,
      from = 0,
    ): void => {
      const last = reports.at(-1)!;
      const heads = reports.slice(0, -1).map((r, i) => {
        const all = text(r);
        const { at, lineEnds } = cutAt[i]!;
        return all.slice(0, at % all.length) + (lineEnds ? '\r\n' : '');
      });
      const heard = heads.join('') + text(last);
      const found = parse(heard.slice(from % (heads[0]!.length + 1))).at(-1)!;
      // a name with the rest of a cut line in front of it is nobody's
      const names = new Set(last.others?.map((o) => o.name));
      const others = found.others?.filter((o) => names.has(o.name));
      assert.deepEqual(others ? { ...found, others: byName(others) } : found, {
        ...last,
        ...(last.others ? { others: byName(last.others) } : {}),
      });
    };

    it('wherever it cuts, and wherever one began to listen', () => {
      const printed = (r: InferenceReport): string => print(r).join('');
      fc.assert(
        fc.property(wholes, cuts, fc.nat(), (reports, cutAt, from) => {
          lastIsWhole(reports, cutAt, printed, from);
        }),
        { numRuns: 2000 },
      );
    });

    it('of firmware that prints further outputs', () => {
      const printed = (r: InferenceReport): string => print(r).join('');
      fc.assert(
        fc.property(wholes, cuts, fc.nat(), outputs, (reports, cutAt, from, shape) => {
          lastIsWhole(withOthers(reports, shape), cutAt, printed, from);
        }),
        { numRuns: 2000 },
      );
    });

    const large = fc.uniqueArray(
      fc.record({ name: fc.constantFrom('map', 'b_1', '_y'), size: fc.integer({ min: 17, max: 70 }) }),
      { selector: (o) => o.name, minLength: 1, maxLength: 2 },
    );

    it('of firmware that prints large outputs, many numbers on a line', () => {
      const printed = (r: InferenceReport): string =>
        [
          ...r.others!.flatMap(({ name, values }) => compactly(name, values, 16)),
          ...print({ ...r, others: [] }),
        ].join('');
      fc.assert(
        fc.property(wholes, cuts, fc.nat(), large, (reports, cutAt, from, shape) => {
          lastIsWhole(withOthers(reports, shape), cutAt, printed, from);
        }),
        { numRuns: 2000 },
      );
    });

    it('of firmware without classes: outputs alone, with real numbers, or with a reconstruction error', () => {
      const end = (r: InferenceReport): string => `Inference time = ${r.timeUs} (us)\r\n`;
      const alone = (r: InferenceReport): string =>
        [...r.others!.flatMap(({ name, values }) => compactly(name, values, 7)), end(r)].join('');
      const withReals = (r: InferenceReport): string =>
        r
          .others!.flatMap(({ name, values, reals }) =>
            [...values].map(([i, value]) => `${name}[${i}]: ${value} = ${reals!.get(i)}\r\n`),
          )
          .join('') + end(r);
      const anomaly = (r: InferenceReport): string => {
        const { error, threshold, isAnomalous } = r.reconstruction!;
        const outputs = r.others!.flatMap(({ name, values }) => compactly(name, values, 16)).join('');
        const verdict = isAnomalous ? 'anomalous' : 'normal';
        return `${outputs}Reconstruction error = ${error} (threshold ${threshold}): ${verdict}\r\n${end(r)}`;
      };
      fc.assert(
        fc.property(wholes, cuts, fc.nat(), large, (reports, cutAt, from, shape) => {
          const plain = withOthers(reports, shape).map((r) => ({ ...r, confidences: [], top1: undefined }));
          lastIsWhole(plain, cutAt, alone, from);
          const real = plain.map((r) => ({
            ...r,
            others: r.others!.map((o) => ({
              ...o,
              reals: new Map([...o.values].map(([i, v]) => [i, (v / 8).toFixed(3)])),
            })),
          }));
          lastIsWhole(real, cutAt, withReals, from);
          const errors = plain.map((r, i) => ({
            ...r,
            reconstruction: { error: 10 * i + 3, threshold: 12, isAnomalous: 10 * i + 3 > 12 },
          }));
          lastIsWhole(errors, cutAt, anomaly, from);
        }),
        { numRuns: 2000 },
      );
    });

    it('of firmware that prints in colours, also in the middle of a colour', () => {
      const printed = (r: InferenceReport): string =>
        print(r, '')
          .map((line) => `\x1b[1;32m${line}\x1b[0m\r\n`)
          .join('');
      fc.assert(
        fc.property(wholes, cuts, fc.nat(), (reports, cutAt, from) => {
          lastIsWhole(reports, cutAt, printed, from);
        }),
        { numRuns: 2000 },
      );
    });

    it('of firmware of which only the numbers have colours', () => {
      const printed = (r: InferenceReport): string =>
        print(r)
          .join('')
          .replace(/-?\d+(?= ?(\(us\))?\r)/g, '\x1b[33m$&\x1b[0m');
      fc.assert(
        fc.property(wholes, cuts, fc.nat(), (reports, cutAt, from) => {
          lastIsWhole(reports, cutAt, printed, from);
        }),
        { numRuns: 2000 },
      );
    });

    it('of firmware whose classes begin elsewhere', () => {
      fc.assert(
        fc.property(wholes, cuts, fc.nat({ max: 3 }), (reports, cutAt, first) => {
          const text = (r: InferenceReport): string => print(r).join('');
          const shifted = reports.map((r) => ({
            ...r,
            confidences: r.confidences.map((c) => ({ ...c, classIndex: c.classIndex + first })),
          }));
          lastIsWhole(shifted, cutAt, text);
        }),
        { numRuns: 2000 },
      );
    });

    it('of firmware that prints the best class only', () => {
      fc.assert(
        fc.property(
          wholes,
          cuts,
          fc.constantFrom('', ' (truck)', ' (a cat, or two)'),
          (reports, cutAt, label) => {
            const best = reports.map((r) => ({
              ...r,
              confidences: [{ classIndex: r.top1!, value: r.confidences[0]!.value }],
            }));
            lastIsWhole(
              best,
              cutAt,
              ({ confidences: [c], top1, timeUs }) =>
                `Top1 class = ${top1}${label}\r\nConfidence = ${c!.value}\r\nInference = ${timeUs} (us)\r\n`,
            );
          },
        ),
        { numRuns: 2000 },
      );
    });

    it('between Top1 and the time, whatever comes then', () => {
      const head = 'class = 3\r\nConfidence = 1\r\nTop1 class = 3\r\n';
      const time = 'Inference time = 7 (us)\r\n';
      const of = (classIndex: number, value: number) => [
        { confidences: [{ classIndex, value }], top1: classIndex, timeUs: 7 },
      ];
      assert.deepEqual(parse(`${head}class = 5\r\nConfidence = 2\r\nTop1 class = 5\r\n${time}`), of(5, 2));
      assert.deepEqual(parse(`${head}Top1 class = 5\r\nConfidence = 2\r\n${time}`), of(5, 2));
      assert.deepEqual(parse(`${head}Top1 class = 5\r\n${time}`), [{ confidences: [], top1: 5, timeUs: 7 }]);
    });
  });

  it('never throws and stays small whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        parse(...chunks);
      }),
    );
    const fragment = fc.constantFrom(
      'class = ',
      'Top1 ',
      'Confidence = ',
      'Inference time = ',
      '-1',
      '0.5',
      '99999999999',
      ' (us)',
      '\r',
      '\n',
      '\0',
      '\xff',
      '1e999',
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 200 }), (parts) => {
        for (const r of parse(parts.join(''))) {
          assert.ok(r.timeUs === undefined || Number.isSafeInteger(r.timeUs) || r.timeUs > 1e15);
        }
      }),
    );
  });

  it('drops lines that do not end, and reads the next', () => {
    const long = 'x'.repeat(10 * 1024 * 1024);
    const good = 'class = 0\nConfidence = 1\nTop1 class = 0\nInference time = 5 (us)\n';
    assert.equal(parse(`${long}class = 3\n${good}`).length, 1);
    assert.equal(parse(`${' '.repeat(MAX_LINE)}class = 0\nConfidence = 1\n`).length, 0);
  });

  it('bounds the number of classes', () => {
    const flood = Array.from({ length: 3 * MAX_CLASSES }, (_, i) => `class = ${i}\nConfidence = 1\n`).join(
      '',
    );
    const [r] = parse(`${flood}Top1 class = 0\nInference time = 5 (us)\n`);
    assert.equal(r?.confidences.length, MAX_CLASSES);
  });

  it('bounds the number of elements of all outputs', () => {
    const parser = new ReportParser();
    const numbers = ' 1'.repeat(100);
    for (let i = 0; i < 2 * MAX_ELEMENTS; i += 100) parser.push(bytes(`a${i % 3}[${i}]:${numbers}\n`));
    const [r] = parser.push(bytes('Inference time = 5 (us)\n'));
    assert.equal(
      r!.others!.reduce((n, { values }) => n + values.size, 0),
      MAX_ELEMENTS,
    );
  });

  it('reports at the end what states no time, or has no last line ending', () => {
    const r = parse('class = 0\nConfidence = 1\nTop1 class = 0');
    assert.deepEqual(r, [{ confidences: [{ classIndex: 0, value: 1 }], top1: 0, timeUs: undefined }]);
    assert.equal(parse('class = 0\nConfidence = 1\nTop1 class = 0\nInference time = 7 (us)')[0]?.timeUs, 7);
    assert.deepEqual(parse('class = 0\nConfidence = 1\n'), []);
  });

  it('does not take a reference class for a class', () => {
    const text = 'Top1 class = 4\r\nRef class = 4\r\nConfidence = 0.98\r\nInference = 3 (ms)\r\n';
    assert.deepEqual(parse(text), [{ confidences: [{ classIndex: 4, value: 0.98 }], top1: 4, timeUs: 3000 }]);
  });
});
