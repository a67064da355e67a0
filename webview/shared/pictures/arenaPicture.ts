import { bytesText } from '../format.ts';
import type { Arena } from '../report.ts';
import { TEXT } from './memoryPicture.ts';
import { coordinate, fitText, svg, textWidth, type Picture, type SvgElement } from './svg.ts';

const STEP_HEIGHT = 24;
const MAX_STEPS = 200;

/**
 * Which buffer lies where in the activation memory (left to right, in bytes) while which layers run (top to bottom).
 * Undefined when there are no buffers, or more layers than a picture can show.
 */
export function arenaPicture(arena: Arena, width: number): Picture | undefined {
  if (arena.buffers.length === 0 || arena.bytes <= 0 || arena.steps.length > MAX_STEPS) return undefined;
  const nameWidth = Math.min(width * 0.3, Math.max(60, ...arena.steps.map((s) => textWidth(s, TEXT) + 12)));
  const scale = (width - nameWidth - 1) / arena.bytes;
  const top = 18;
  const height = top + arena.steps.length * STEP_HEIGHT + 4;
  const parts: SvgElement[] = [
    svg('text', { class: 'address', x: nameWidth, y: 11, 'font-size': TEXT }, ['0']),
    svg('text', { class: 'address', x: width, y: 11, 'font-size': TEXT, 'text-anchor': 'end' }, [
      bytesText(arena.bytes),
    ]),
  ];
  arena.steps.forEach((step, i) => {
    const y = top + i * STEP_HEIGHT;
    parts.push(
      svg('path', { class: 'rule', d: `M0 ${y + 0.5}H${coordinate(width)}` }),
      svg('text', { class: 'label', x: 0, y: y + 16, 'font-size': TEXT }, [
        fitText(step, TEXT, nameWidth - 8),
      ]),
    );
  });
  const lastStep = arena.steps.length - 1;
  // an operator working in place writes over what it reads: the longer-lived buffer is drawn over the other
  const buffers = [...arena.buffers].sort((p, q) => p.first - q.first || p.last - q.last);
  buffers.forEach((buffer, i) => {
    const end = Math.min(buffer.last, lastStep);
    const x = nameWidth + buffer.offset * scale;
    const w = Math.max(1, buffer.bytes * scale);
    const y = top + buffer.first * STEP_HEIGHT + 2;
    const h = (end - buffer.first + 1) * STEP_HEIGHT - 4;
    const covered = buffers
      .slice(i + 1)
      .filter((b) => b.first <= buffer.last && b.offset <= buffer.offset)
      .reduce((bytes, b) => Math.max(bytes, b.offset + b.bytes - buffer.offset), 0);
    const textX = x + Math.min(covered * scale, w) + 7;
    const text = fitText(`${buffer.name}, ${bytesText(buffer.bytes)}`, TEXT, x + w - textX - 3);
    const from = arena.steps[buffer.first] ?? '';
    const to = arena.steps[end] ?? '';
    parts.push(
      svg('g', { class: 'segment arena' }, [
        // areas are translucent, rules would show through
        svg('rect', { class: 'paper', x, y, width: w, height: h }),
        svg('rect', { class: 'area', x, y, width: w, height: h }),
        svg('rect', { class: 'edge', x, y, width: 3, height: h }),
        svg('title', {}, [
          `${buffer.name}: ${buffer.bytes.toLocaleString('en-US')} bytes at offset ${buffer.offset}, from ${from} to ${to}`,
        ]),
      ]),
    );
    if (text !== '') {
      parts.push(svg('text', { class: 'label', x: textX, y: y + h / 2 + 4, 'font-size': TEXT }, [text]));
    }
  });
  return { width, height, content: svg('g', { class: 'memory' }, parts) };
}
