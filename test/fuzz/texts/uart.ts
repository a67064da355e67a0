import assert from 'node:assert/strict';
import { MAX_CLASSES, ReportParser } from '../../../extension/inference/parse.ts';
import type { InferenceReport } from '../../../extension/inference/report.ts';
import { LineLog } from '../../../extension/serial/lines.ts';
import { LineValues } from '../../../extension/serial/plot/lineValues.ts';
import { ExpressionThread } from '../../../extension/serial/search/expressionThread.ts';
import { finderOf } from '../../../extension/serial/search/finder.ts';
import { LogSearch } from '../../../extension/serial/search/logSearch.ts';
import { Random } from '../../support/random.ts';
import { type Target, texts } from '../driver/targets.ts';

/** Lines and characters a log of the fuzzer keeps: few, so that both bounds are met. */
const BOUNDS = { maxLines: 50, maxLineLength: 80 };
/** Largest piece that bytes come in. */
const MOST_BYTES = 40;

/** Controls but the tab, and what turns a line around. */
// eslint-disable-next-line no-control-regex -- that is what these are
const DRIVES = /[\0-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

const own =
  'class = 0\r\nConfidence = -93\r\nclass = 1\r\nConfidence = 97\r\nTop1 class = 1\r\nInference time = 1407 (us)\r\n';
const named =
  'boxes[0]: -5 = 23.45\r\nmap[0]: 1 2 -3 4\r\nmap[4]: 5\r\nReconstruction error = 7 (threshold 9): normal\r\nInference time = 3 (us)\r\n';
const older = 'Top1 class = 7 (seven)\n    Confidence = 0.993\nInference = 13.5 ms\n';
const coloured =
  '\x1b[2J\x1b[1;32mclass = 0\x1b[0m\r\0Confidence = 3\n\x1b]0;board\x07Top1 class = 0\x1b[38;5;12m\nInference time = 2 (s)\n';
const tokens = [
  ...[
    '\x1b[',
    '\x1b[31m',
    '\x1b]0;',
    '\x07',
    '\x9b',
    '\x1b',
    '\0',
    '\r',
    '\n',
    '\r\n',
    'class = ',
    'Top1 class = ',
  ],
  ...[
    'Confidence = ',
    'map[2]: 1 2',
    ' (threshold ',
    'Reconstruction error = ',
    'Inference time = ',
    ' (us)',
    '%',
    '-1e308',
    '65536',
    'ref ',
    '\u00e9',
    '\u2028',
    '\ud83d\ude00',
  ],
];

/** What a board prints: reports and the monitor's lines are the same however the bytes are cut. */
export function uartTargets(): Target[] {
  const corpus = texts(own, own + own, named, named + own, older, coloured, coloured + own + older);
  return [
    { name: 'inference reports', corpus, tokens, check: checkReports },
    { name: 'monitor lines', corpus, tokens, check: checkLines },
  ];
}

function checkReports(bytes: Uint8Array): void {
  const whole = reportsOf([bytes]);
  assert.deepEqual(reportsOf(cut(bytes)), whole, 'the same in pieces');
  for (const { confidences, timeUs, top1, others = [] } of whole) {
    assert.ok(others.every((o) => [...o.values.values()].every((v) => !Number.isNaN(v))));
    assert.ok(confidences.length <= MAX_CLASSES);
    assert.ok(confidences.every((c) => Number.isSafeInteger(c.classIndex)));
    assert.ok(timeUs === undefined || Number.isFinite(timeUs));
    assert.ok(top1 === undefined || Number.isSafeInteger(top1));
  }
}

function reportsOf(chunks: readonly Uint8Array[]): InferenceReport[] {
  const parser = new ReportParser();
  const reports = chunks.flatMap((chunk) => parser.push(chunk));
  const last = parser.end();
  return last ? [...reports, last] : reports;
}

function checkLines(bytes: Uint8Array): void {
  const whole = logOf([bytes]);
  const pieces = logOf(cut(bytes));
  const lines = whole.slice(whole.first, whole.count);
  assert.deepEqual(pieces.slice(pieces.first, pieces.count), lines, 'the same in pieces');
  assert.ok(lines.length <= BOUNDS.maxLines, `${lines.length} lines`);
  for (const { text, runs } of lines) {
    assert.ok(text.length <= BOUNDS.maxLineLength, `a line of ${text.length}`);
    assert.doesNotMatch(text, DRIVES, 'what drives a terminal');
    const styled = runs?.reduce((n, r) => n + r.length, 0) ?? 0;
    assert.ok(styled <= text.length, `styles of ${styled} characters for ${text.length}`);
  }
  const pattern = { text: 'class', isRegex: false, matchCase: false, wholeWord: false };
  const search = new LogSearch(whole, finderOf(pattern, new ExpressionThread()), () => undefined);
  assert.ok(search.lines().every((n) => n >= whole.first && n < whole.count));
  const values = new LineValues();
  for (const { text } of lines) assert.ok(values.read(text).every(({ value }) => Number.isFinite(value)));
}

function logOf(chunks: readonly Uint8Array[]): LineLog {
  const log = new LineLog(BOUNDS);
  for (const chunk of chunks) log.push(chunk, 0);
  log.end(0);
  return log;
}

/** Pieces whose sizes depend on the bytes alone. */
function cut(bytes: Uint8Array): Uint8Array[] {
  const random = new Random(bytes.length);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + random.int(0, random.bool() ? 2 : MOST_BYTES);
    chunks.push(bytes.subarray(at, end));
    at = end;
  }
  return chunks;
}
