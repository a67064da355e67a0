/** Terminal colours made readable on the theme's background. Pure: no DOM. */

export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** Contrast of text that WCAG 2.1 asks for (1.4.3), and VS Code's terminal keeps by default. */
export const MINIMUM_CONTRAST = 4.5;

/** Parses `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(…)` and `rgba(…)`, as themes and computed styles write them. */
export function parseColour(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const long = hex.length === 3 ? [...hex].map((c) => c + c).join('') : hex;
    const at = (i: number) => parseInt(long.slice(i, i + 2), 16);
    return { r: at(0), g: at(2), b: at(4) };
  }
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text.trim());
  if (!parts) return undefined;
  return { r: Number(parts[1]), g: Number(parts[2]), b: Number(parts[3]) };
}

/** Colours 16 to 255 of the xterm palette: a 6 x 6 x 6 cube, then 24 grays. */
export function paletteColour(index: number): Rgb {
  if (index >= 232) {
    const gray = 8 + 10 * (index - 232);
    return { r: gray, g: gray, b: gray };
  }
  const level = (n: number) => (n === 0 ? 0 : 55 + 40 * n);
  const i = index - 16;
  return { r: level(Math.floor(i / 36)), g: level(Math.floor(i / 6) % 6), b: level(i % 6) };
}

/** Relative luminance, WCAG 2.1. */
export function luminance({ r, g, b }: Rgb): number {
  const linear = (channel: number) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Contrast ratio of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** The colour nearest to `text`, on its way to white or black, that can be read on `background`. */
export function readable(text: Rgb, background: Rgb, ratio = MINIMUM_CONTRAST): Rgb {
  if (contrast(text, background) >= ratio) return text;
  const ends: Rgb[] = [
    { r: 255, g: 255, b: 255 },
    { r: 0, g: 0, b: 0 },
  ];
  const end = ends.sort((a, b) => contrast(b, background) - contrast(a, background))[0]!;
  for (let step = 1; step < 20; step++) {
    const mixed = mix(text, end, step / 20);
    if (contrast(mixed, background) >= ratio) return mixed;
  }
  return end;
}

/** `a` with a share of `b` in it. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (x: number, y: number) => Math.round(x + (y - x) * share);
  return { r: channel(a.r, b.r), g: channel(a.g, b.g), b: channel(a.b, b.b) };
}

export function cssColour({ r, g, b }: Rgb): string {
  return `rgb(${r}, ${g}, ${b})`;
}
