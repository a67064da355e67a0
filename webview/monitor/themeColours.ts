import { parseColour, type Rgb } from './colour.ts';

/** The theme's colour of a name without `--vscode-`; undefined when it has none. */
export function themeColour(name: string): Rgb | undefined {
  return parseColour(getComputedStyle(document.documentElement).getPropertyValue(`--vscode-${name}`));
}

/** What text and drawings stand on. */
export function ground(): { readonly text: Rgb; readonly background: Rgb } {
  const dark = !document.body.matches('.vscode-light, .vscode-high-contrast-light');
  const gray = (v: number): Rgb => ({ r: v, g: v, b: v });
  return {
    text: themeColour('foreground') ?? gray(dark ? 204 : 51),
    background: themeColour('panel-background') ?? themeColour('editor-background') ?? gray(dark ? 24 : 255),
  };
}
