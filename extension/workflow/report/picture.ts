import { coordinate, fitText, svg, svgText, textWidth, type SvgElement } from '../../bundle/svg.ts';
import type { Arena, MemoryBar, MemorySegment } from './report.ts';

/** A picture and the size it takes; drawn for one width, so that text keeps its size in every column. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly content: SvgElement;
}

const TEXT = 11;
const OVERVIEW = { y: 18, height: 12 };
const DETAIL = { y: 52, height: 44 };
/** Width of a stretch of free memory in the enlarged bar: its size stands in it, but is not to scale. */
const BREAK = 58;
const LABEL_ROW = 16;

/** Bytes as people read them: exact up to 9,999, then in KB (1,024 bytes) or MB with one decimal. */
export function bytesText(bytes: number): string {
  if (bytes < 10_000) return `${bytes.toLocaleString('en-US')} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}

/** An address with all eight digits. */
export function addressText(address: number): string {
  return `0x${address.toString(16).padStart(8, '0').toUpperCase()}`;
}

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

const STANDALONE_STYLE = `
text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #3b3b3b; }
.heading { font-weight: 600; } .outside { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; } .address, .bytes { fill: #6b6b6b; } .paper { fill: #ffffff; }
.segment { --c: #1a85ff; } .modelCode { --c: #388a34; } .constants { --c: #652d90; } .placeholders { --c: #0e7490; }
.testImage { --c: #bc05bc; } .arena { --c: #bf8803; } .data { --c: #6b6b6b; } .heap { --c: #a0a0a0; } .stack { --c: #e51400; }
.area { fill: var(--c); fill-opacity: 0.22; } .edge, .solid { fill: var(--c); }
.free .area, rect.free { fill: #f3f3f3; stroke: #c8c8c8; fill-opacity: 1; }
.magnify { fill: #8c8c8c; fill-opacity: 0.12; } .leader, .rule { fill: none; stroke: #a8a8a8; }
@media (prefers-color-scheme: dark) {
text { fill: #cccccc; } .address, .bytes { fill: #9d9d9d; } .paper { fill: #1e1e1e; } .outside { stroke: #1e1e1e; }
.segment { --c: #3794ff; } .modelCode { --c: #89d185; } .constants { --c: #b180d7; } .placeholders { --c: #4fb6d0; }
.testImage { --c: #d670d6; } .arena { --c: #cca700; } .data { --c: #9d9d9d; } .heap { --c: #6b6b6b; } .stack { --c: #f14c4c; }
.free .area, rect.free { fill: #252526; stroke: #4a4a4a; } .leader, .rule { stroke: #6b6b6b; }
}
`;

/** All memories of a report, and the activation memory, below each other as a self-contained SVG file. */
export function memorySvg(name: string, bars: readonly MemoryBar[], arena: Arena | undefined): string {
  const width = 900;
  const margin = 16;
  const sections: SvgElement[] = [];
  let y = margin;
  const add = (heading: string, picture: Picture): void => {
    sections.push(
      svg('text', { class: 'heading', x: margin, y: y + 13, 'font-size': 13 }, [heading]),
      svg('g', { transform: `translate(${margin} ${y + 26})` }, [picture.content]),
    );
    y += 26 + picture.height + 20;
  };
  for (const bar of bars) {
    add(
      `${bar.name}: ${bytesText(bar.used)} of ${bytesText(bar.size)} used`,
      memoryPicture(bar, width - 2 * margin),
    );
  }
  const activations = arena && arenaPicture(arena, width - 2 * margin);
  if (activations) add('Activation memory, layer by layer', activations);
  return svgText(
    svg('svg', { viewBox: `0 0 ${width} ${coordinate(y)}`, width, height: y, role: 'img' }, [
      svg('title', {}, [`Memory of ${name}`]),
      svg('style', {}, [STANDALONE_STYLE]),
      svg('rect', { class: 'paper', width, height: y }),
      ...sections,
    ]),
  );
}
