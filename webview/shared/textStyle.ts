/** How a run of terminal text looks: the host reads it from escape sequences, the page paints it. */

/** A colour of a run of text: 0-255 is the terminal palette, RGB + 0xRRGGBB a 24-bit colour. */
export type Colour = number;
export const RGB = 0x1000000;

export interface Style {
  readonly fg?: Colour;
  readonly bg?: Colour;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
  readonly inverse?: true;
}
