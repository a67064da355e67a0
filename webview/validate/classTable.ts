import '../report/table.css';
import { h } from '../dom.ts';
import { scrollFrame } from '../scrollFrame.ts';
import { wordsOf } from '../hint.ts';
import { t } from '../l10n.ts';
import { integer, NONE, percentOf } from '../format.ts';
import type { ClassFigures, Confusion } from '../shared/validation.ts';
import { type Sort, type SortColumn, SortHeads } from '../sorting.ts';

interface ClassRow extends ClassFigures {
  readonly name: string;
}

interface ClassColumn extends SortColumn<ClassRow> {
  readonly text: (row: ClassRow) => string;
}

/** Precision, recall and F1 of each class; the head cells sort. @param sort what was chosen before */
export function classTable(
  { classes, perClass }: Confusion,
  sort: Sort | undefined,
  onSort: (sort: Sort) => void,
): HTMLElement {
  const rows = perClass.map((figures, i): ClassRow => ({ ...figures, name: classes[i]! }));
  const columns = classColumns();
  const body = h('tbody');
  const heads = new SortHeads(columns, sort, (changed) => {
    arrange();
    onSort(changed);
  });
  const elements = rows.map((row) =>
    h(
      'tr',
      {},
      ...columns.map((column, i) =>
        i === 0
          ? h('th', { scope: 'row', class: column.id }, row.name)
          : h('td', { class: `${column.id} numeric` }, column.text(row)),
      ),
    ),
  );
  const arrange = (): void => {
    const fragment = document.createDocumentFragment();
    for (const i of heads.placesOf(rows)) fragment.append(elements[i]!);
    body.replaceChildren(fragment);
  };
  arrange();
  return scrollFrame(
    t('Class by class'),
    h('table', { class: 'plain classes' }, h('thead', {}, h('tr', {}, ...heads.cells)), body),
  );
}

function classColumns(): ClassColumn[] {
  const share = (id: 'precision' | 'recall' | 'f1', title: string, hint: string): ClassColumn => ({
    ...{ id, title, hint, numeric: true },
    key: (row) => row[id],
    text: (row) => {
      const value = row[id];
      return value === undefined ? NONE : percentOf(value, 1);
    },
  });
  return [
    {
      ...{ id: 'class', title: t('Class'), numeric: false },
      // as the network counts them
      key: (_row, i) => i,
      text: (row) => row.name,
    },
    {
      ...{ id: 'samples', title: t('Samples'), hint: t('With this label'), numeric: true },
      key: (row) => row.samples,
      text: (row) => integer(row.samples),
    },
    share('precision', t('Precision'), wordsOf('precision')),
    share('recall', t('Recall'), wordsOf('recall')),
    share('f1', t('F1'), wordsOf('f1')),
  ];
}
