import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvRow, fieldsOf } from '../../extension/common/csv.ts';

describe('a row of a CSV file', () => {
  it('gives back what it was given, read as the files of others are', () => {
    const text = fc.string().map((s) => s.trim().replace(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.integer()), { minLength: 1 }), (cells) => {
        const back = fieldsOf(csvRow(cells), ',');
        const isFormula = (cell: string | number): boolean =>
          typeof cell === 'string' && /^[=+\-@]/.test(cell);
        assert.deepEqual(
          back,
          cells.map((cell) => (isFormula(cell) ? `'${cell}` : String(cell))),
        );
      }),
    );
  });

  it('has numbers plain, several with blanks between them, and nothing for what is not known or no number', () => {
    assert.equal(csvRow([-1.5, [1, -2], undefined, Infinity, NaN, []]), '-1.5,1 -2,,,,');
  });

  it('lets no text be a formula, however it begins', () => {
    for (const formula of ['=1+1', '+1', '-2', '@SUM(A1)', '\t=1', '\r=1']) {
      assert.match(csvRow([formula]), /^"?'/, formula);
    }
  });
});
