import './requirements.css';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { RequirementVerdict } from '../shared/validation.ts';

/** What was required, each with a check or a cross, and what was found. */
export function requirementList(verdicts: readonly RequirementVerdict[]): HTMLElement | undefined {
  if (verdicts.length === 0) return undefined;
  return h(
    'ul',
    { class: 'requirements', 'aria-label': t('Requirements') },
    ...verdicts.map(({ text, isMet, found }) =>
      h(
        'li',
        { class: isMet ? 'good' : 'bad' },
        icon(isMet ? 'check' : 'close'),
        h('span', { class: 'visually-hidden' }, isMet ? t('met:') : t('not met:')),
        h('span', {}, text),
        h('span', { class: 'found' }, found === undefined ? t('nothing tells it') : t('is {0}', found)),
      ),
    ),
  );
}
