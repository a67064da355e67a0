import { svg } from '../../../webview/shared/pictures/svg.ts';
import { svgText } from '../../bundle/svgText.ts';
import { placedGraphSvg } from '../../bundle/graphSvg.ts';
import type { ModelReport } from '../../../webview/shared/report.ts';
import { csvRow, type CsvCell } from '../../common/csv.ts';
import { memorySvg } from './memorySvg.ts';

/** What a report can be exported as: everything, the layer table, the drawn graph, the memory map. */
export type ReportFormat = 'json' | 'csv' | 'graph-svg' | 'memory-svg';

/** Text of an export. */
export function exportReport(report: ModelReport, format: ReportFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, finite, 2)}\n`;
    case 'csv':
      return layersCsv(report);
    case 'graph-svg':
      return 'tooLarge' in report.graph ? message(report.graph.tooLarge) : placedGraphSvg(report.graph);
    case 'memory-svg':
      return memorySvg(report.model.name, report.memory, report.arena);
  }
}

/** Formats that have something in them for this report. */
export function exportFormats(report: ModelReport): ReportFormat[] {
  const formats: ReportFormat[] = ['json', 'csv'];
  if (!('tooLarge' in report.graph)) formats.push('graph-svg');
  if (report.memory.length > 0) formats.push('memory-svg');
  return formats;
}

/** JSON has no infinities: they become null by rule, so that every reader gets valid JSON. */
function finite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function message(text: string): string {
  return svgText(
    svg('svg', { viewBox: '0 0 560 60', width: 560, height: 60 }, [svg('text', { x: 16, y: 35 }, [text])]),
  );
}

/** The layer table as CSV, one line a layer. */
function layersCsv(report: ModelReport): string {
  const header = [
    'name',
    'operator',
    'input shape',
    'output shape',
    'type',
    'scale',
    'offset',
    'MACs',
    'parameters',
    'constant bytes',
    'code bytes',
    'predicted cycles',
    'measured cycles',
    'variant',
    'SQNR dB',
    'mean absolute error',
    'largest absolute error',
  ];
  const rows = report.layers.map((layer): CsvCell[] => [
    layer.name,
    layer.operator.replaceAll('\u00d7', 'x'),
    layer.inputShape.join('x'),
    layer.outputShape.join('x'),
    layer.quantization?.type ?? (report.model.compiler === 'glow' ? undefined : 'float32'),
    layer.quantization?.scale,
    layer.quantization?.offset,
    layer.macs,
    layer.parameters,
    layer.constantBytes,
    layer.codeBytes,
    layer.predictedCycles,
    layer.measuredCycles,
    layer.variant,
    layer.error?.sqnrDb,
    layer.error?.meanAbsolute,
    layer.error?.maxAbsolute,
  ]);
  return [header, ...rows].map((row) => `${csvRow(row)}\r\n`).join('');
}
