/** A tensor as planes of rows and columns, which are shown one beside the other: an image's channels, or all of it. */
export interface TensorPlanes {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Elements from one plane, row or column to the next. */
  readonly planeStep: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** @param shape NHWC or flat; the last dimension of what is no image is its columns */
export function planesOf(shape: readonly number[]): TensorPlanes {
  const [n, h, w, c] = shape;
  if (shape.length === 4 && n === 1 && h! * w! > 1) {
    return { count: c!, height: h!, width: w!, planeStep: 1, rowStep: w! * c!, columnStep: c! };
  }
  const width = shape.at(-1) ?? 1;
  const height = shape.slice(0, -1).reduce((product, d) => product * d, 1);
  return { count: 1, height, width, planeStep: height * width, rowStep: width, columnStep: 1 };
}

/** A shape without the dimension of the one sample: 24 x 24 x 6. */
export function shapeText(shape: readonly number[]): string {
  const own = shape.length > 1 && shape[0] === 1 ? shape.slice(1) : shape;
  return own.join(' x ');
}
