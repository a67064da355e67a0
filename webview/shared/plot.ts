/** How much of a plot is shown: the last so many samples (lines of numbers), or seconds. */
export interface PlotSpan {
  readonly unit: 'samples' | 'seconds';
  readonly length: number;
}

/** What a page wants to draw. */
export interface PlotRequest {
  readonly span: PlotSpan;
  /** As many as can be told apart: pixels, say. */
  readonly columns: number;
  /** Number of the sample behind the last one; undefined for the newest, however many come. */
  readonly end: number | undefined;
}

/** A part of a plot, in columns of one sample or more. */
export interface PlotWindow {
  /** Its samples are from..to-1. */
  readonly from: number;
  readonly to: number;
  /** The first sample of each column, and when it came in milliseconds since 1970. */
  readonly samples: Float64Array;
  readonly times: Float64Array;
  readonly series: readonly PlotSeries[];
}

export interface PlotSeries {
  readonly name: string;
  /** The newest number, also when it is not in the window. */
  readonly last: number;
  /** Smallest and greatest number of each column; NaN where the series has none there. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Most samples or seconds of a span. */
const MAX_SPAN = 1_000_000;

/** A request from a page; undefined when it is none. */
export function checkedRequest(given: PlotRequest | undefined): PlotRequest | undefined {
  const span = given?.span;
  const length = Number(span?.length);
  if (!given || !span || !(length > 0 && length <= MAX_SPAN)) return undefined;
  const end = Number.isSafeInteger(given.end) ? given.end : undefined;
  const unit = span.unit === 'seconds' ? 'seconds' : 'samples';
  return { span: { unit, length }, columns: Number(given.columns) || 1, end };
}
