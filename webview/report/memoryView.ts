import './table.css';
import './memoryView.css';
import { addressText } from '../shared/format.ts';
import { arenaPicture } from '../shared/pictures/arenaPicture.ts';
import { memoryPicture } from '../shared/pictures/memoryPicture.ts';
import type { Picture } from '../shared/pictures/svg.ts';
import type { MemoryBar, ModelReport } from '../shared/report.ts';
import { h, svg } from '../dom.ts';
import { term } from '../hint.ts';
import { t } from '../l10n.ts';
import { bytes, integer, percent, percentOf } from '../format.ts';
import { drawAtWidth, pictureElement } from '../svgPicture.ts';

/** Flash and RAM as pictures with a table each, and the activation memory layer by layer. */
export function memoryView(report: ModelReport): HTMLElement {
  return h('div', { class: 'memory-view' }, ...report.memory.map(memorySection), arenaSection(report));
}

function memorySection(bar: MemoryBar): HTMLElement {
  const free = bar.size - bar.used;
  const summary = t(
    '{0} of {1} used ({2}), {3} free',
    bytes(bar.used),
    bytes(bar.size),
    percent(bar.used / bar.size),
    bytes(free),
  );
  return h(
    'section',
    {},
    h('h2', {}, bar.name, ' ', h('span', { class: 'quiet' }, summary)),
    picture(t('{0}: {1}', bar.name, summary), (width) => memoryPicture(bar, width)),
    h(
      'table',
      { class: 'plain', 'aria-label': t('Segments of {0}', bar.name) },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, t('Segment')),
          h('th', { scope: 'col' }, t('Address')),
          h('th', { scope: 'col', class: 'numeric' }, t('Bytes')),
          h('th', { scope: 'col', class: 'numeric' }, t('Share')),
        ),
      ),
      h(
        'tbody',
        {},
        ...bar.segments.map((segment) =>
          h(
            'tr',
            { title: segment.note },
            h('td', {}, h('span', { class: `swatch ${segment.kind}`, 'aria-hidden': 'true' }), segment.label),
            h('td', { class: 'mono' }, addressText(segment.address)),
            h('td', { class: 'numeric' }, integer(segment.bytes)),
            h('td', { class: 'numeric' }, percentOf(segment.bytes, bar.size)),
          ),
        ),
      ),
    ),
  );
}

function arenaSection({ arena }: ModelReport): HTMLElement | false {
  if (!arena || arena.buffers.length === 0) return false;
  const sum = arena.buffers.reduce((n, b) => n + b.bytes, 0);
  return h(
    'section',
    {},
    h(
      'h2',
      {},
      term('arena', arena.hasPlaceholders ? t('Memory of the network') : t('Activation memory')),
      ' ',
      h(
        'span',
        { class: 'quiet' },
        t('{0} hold buffers of {1}, because lifetimes do not overlap', bytes(arena.bytes), bytes(sum)),
      ),
    ),
    picture(t('Buffers of the activation memory, layer by layer'), (width) => arenaPicture(arena, width)),
  );
}

function picture(label: string, draw: (width: number) => Picture | undefined): HTMLElement {
  const box = h('div', { class: 'picture' });
  drawAtWidth(box, (width) => {
    const drawn = draw(width);
    if (!drawn) return h('p', { class: 'quiet' }, t('Too many layers to draw.'));
    const { height, content } = drawn;
    return svg(
      'svg',
      { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
      pictureElement(content),
    );
  });
  return box;
}
