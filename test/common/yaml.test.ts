import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { yamlDocuments } from '../../extension/common/yaml.ts';

function values(text: string): unknown {
  const documents = yamlDocuments(text);
  return typeof documents === 'string' ? documents : documents.map((d) => d.toJS() as unknown);
}

describe('YAML', () => {
  it('is read as its own library reads it, lists of numbers among the rest', () => {
    const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const item = fc.oneof({ weight: 9, arbitrary: number.map(String) }, fc.constantFrom('', ' ', 'e', '1 2', '-', '.', '[1]', '"a"')); // prettier-ignore
    const list = fc.tuple(fc.array(item), fc.constantFrom(', ', ',\n      ', ','));
    fc.assert(
      fc.property(fc.array(list), fc.constantFrom('', ' # more', '...\n---', '}'), (lists, end) => {
        const entries = lists.map(
          ([items, comma], i) => `  - Name: n${i}\n    List: [ ${items.join(comma)} ]\n`,
        );
        const text = `---\nHash: 1\n...\n---\n${entries.join('')}${end}\n`;
        const expected = parseAllDocuments(text, { uniqueKeys: false });
        assert.ok(Array.isArray(expected));
        const isValid = expected.every((d) => d.errors.length === 0);
        assert.deepEqual(values(text), isValid ? expected.map((d) => d.toJS() as unknown) : 'invalid');
      }),
    );
  });

  it('is refused where it is nested beyond what a call stack holds, and never warns on the console', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['? ', ''],
      ['- ', ''],
      ['{a: ', '}'],
    ] as const) {
      const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
      assert.equal(values(deep), 'invalid', open);
    }
    const warnings: unknown[] = [];
    const listener = (warning: unknown): void => void warnings.push(warning);
    process.on('warning', listener);
    try {
      assert.ok(Array.isArray(values('? [a, b]\n: 1\n')));
      await new Promise((resolve) => setImmediate(resolve)); // they come later
    } finally {
      process.off('warning', listener);
    }
    assert.deepEqual(warnings, []);
  });

  it('ends at the first error, and is read for seconds at most', () => {
    assert.equal(values(`a: [${','.repeat(100_000)}]`), 'invalid');
    assert.equal(values('}'.repeat(100_000)), 'invalid');
    assert.equal(values(`${'\n'.repeat(100_000)}]`), 'invalid');
    assert.equal(values('k: 1\n'.repeat(300_000)), 'too large');
    assert.equal(values(' '.repeat(20_000_000)), 'too large');
    const [{ a: list } = {}] = values(`a: [${'1,'.repeat(600_000)}2]\n`) as { a?: number[] }[];
    assert.equal(list?.length, 600_001);
    assert.deepEqual(values('a: !numbers 7'), [{ a: [] }], 'a tag that only the reader itself uses');
  });
});
