import { addressText, bytesText } from '../format.ts';
import type { MemoryBar, MemorySegment } from '../report.ts';
import { coordinate, svg, textWidth, type Picture, type SvgElement } from './svg.ts';

/** Size of the text in pictures of memory, in pixels. */
export const TEXT = 11;
const OVERVIEW = { y: 18, height: 12 };
const DETAIL = { y: 52, height: 44 };
/** Width of a stretch of free memory in the enlarged bar: its size stands in it, but is not to scale. */
const BREAK = 58;
const LABEL_ROW = 16;

/**
 * One memory: above in true proportions, below its used part enlarged (free stretches cut short) with labels, joined by
 * the areas that correspond. Segments too narrow for their label get it below, on a leader line.
 */
export function memoryPicture(bar: MemoryBar, width: number): Picture {
  const detail = detailSegments(bar, width);
  const overviewX = (address: number): number => ((address - bar.origin) / bar.size) * width;
  const parts: SvgElement[] = [
    svg('text', { class: 'address', x: 0, y: 11, 'font-size': TEXT }, [addressText(bar.origin)]),
    svg('text', { class: 'address', x: width, y: 11, 'font-size': TEXT, 'text-anchor': 'end' }, [
      addressText(bar.origin + bar.size - 1),
    ]),
    svg('rect', { class: 'segment free', x: 0, y: OVERVIEW.y, width, height: OVERVIEW.height }),
  ];
  for (const segment of bar.segments) {
    if (segment.kind === 'free') continue;
    const x = overviewX(segment.address);
    const w = Math.max(1, overviewX(segment.address + segment.bytes) - x);
    parts.push(
      svg('rect', {
        class: `segment solid ${segment.kind}`,
        x: Math.min(x, width - w),
        y: OVERVIEW.y,
        width: w,
        height: OVERVIEW.height,
      }),
    );
  }
  for (const cluster of clusters(detail)) {
    const left = overviewX(cluster[0]!.segment.address);
    const last = cluster.at(-1)!;
    const right = Math.max(left + 1, overviewX(last.segment.address + last.segment.bytes));
    parts.push(
      svg('path', {
        class: 'magnify',
        d: `M${coordinate(left)} ${OVERVIEW.y + OVERVIEW.height}H${coordinate(right)}L${coordinate(last.x + last.width)} ${DETAIL.y}H${coordinate(cluster[0]!.x)}Z`,
      }),
    );
  }
  const outside: { readonly x: number; readonly text: string }[] = [];
  for (const { segment, x, width: w } of detail) {
    parts.push(
      svg('g', { class: `segment ${segment.kind}` }, [
        svg('rect', { class: 'area', x, y: DETAIL.y, width: w, height: DETAIL.height }),
        segment.kind === 'free'
          ? undefined
          : svg('rect', { class: 'edge', x, y: DETAIL.y, width: w, height: 3 }),
        svg('title', {}, [segmentText(segment)]),
      ]),
    );
    const inner = w - 12;
    const bytes = bytesText(segment.bytes);
    if (Math.max(textWidth(segment.label, TEXT), textWidth(bytes, TEXT)) <= inner) {
      parts.push(
        svg('text', { class: 'label', x: x + 6, y: DETAIL.y + 19, 'font-size': TEXT }, [segment.label]),
        svg('text', { class: 'bytes', x: x + 6, y: DETAIL.y + 34, 'font-size': TEXT }, [bytes]),
      );
    } else outside.push({ x: x + w / 2, text: `${segment.label}, ${bytes}` });
  }
  const { content, rows } = leaderLabels(outside, width);
  parts.push(...content);
  return {
    width,
    height: DETAIL.y + DETAIL.height + 4 + (rows > 0 ? rows * LABEL_ROW + 6 : 0),
    content: svg('g', { class: 'memory' }, parts),
  };
}

function segmentText(segment: MemorySegment): string {
  const note = segment.note === undefined ? '' : `. ${segment.note}`;
  return `${segment.label}: ${segment.bytes.toLocaleString('en-US')} bytes at ${addressText(segment.address)}${note}`;
}

interface Placed {
  readonly segment: MemorySegment;
  readonly x: number;
  readonly width: number;
}

/** The enlarged bar: used segments share the width by their sizes, free ones take a fixed width. */
function detailSegments(bar: MemoryBar, width: number): Placed[] {
  const free = bar.segments.filter((s) => s.kind === 'free').length;
  const breakWidth =
    bar.used === 0 ? width / Math.max(1, free) : Math.min(BREAK, (width * 0.4) / Math.max(1, free));
  const room = width - free * breakWidth;
  let x = 0;
  return bar.segments.map((segment) => {
    const w = segment.kind === 'free' ? breakWidth : (segment.bytes / Math.max(1, bar.used)) * room;
    const placed = { segment, x, width: w };
    x += w;
    return placed;
  });
}

/** Runs of used segments between free ones. */
function clusters(placed: readonly Placed[]): Placed[][] {
  const result: Placed[][] = [];
  let open: Placed[] | undefined;
  for (const p of placed) {
    if (p.segment.kind === 'free') open = undefined;
    else if (open) open.push(p);
    else result.push((open = [p]));
  }
  return result;
}

/**
 * Labels below the bar. From right to left each takes the first row whose labels all start right of its end, so that leader
 * lines pass beside labels; one that would leave the picture at the right is set left of its line. Labels have a halo, for
 * the crossings that remain.
 */
function leaderLabels(
  labels: readonly { readonly x: number; readonly text: string }[],
  width: number,
): { content: SvgElement[]; rows: number } {
  const top = DETAIL.y + DETAIL.height;
  const lines: SvgElement[] = [];
  const texts: SvgElement[] = [];
  const rowStart: number[] = [];
  for (const { x, text } of [...labels].sort((a, b) => b.x - a.x)) {
    const w = textWidth(text, TEXT) + 10;
    const flipped = x + w > width;
    const left = flipped ? Math.max(0, x - w) : x;
    const right = flipped ? x : x + w;
    let row = rowStart.findIndex((start) => right <= start);
    if (row < 0) row = rowStart.length;
    rowStart[row] = left;
    const y = top + 6 + (row + 1) * LABEL_ROW - 5;
    lines.push(svg('path', { class: 'leader', d: `M${coordinate(x)} ${top}V${y - 4}h${flipped ? -4 : 4}` }));
    const place = flipped ? { x: x - 7, 'text-anchor': 'end' } : { x: x + 7 };
    texts.push(svg('text', { class: 'label outside', y, 'font-size': TEXT, ...place }, [text]));
  }
  return { content: [...lines, ...texts], rows: rowStart.length };
}
