import * as vscode from 'vscode';
import type { RefusedReport } from '../../../webview/shared/report.ts';
import { placeGraph } from '../../bundle/graphDrawing.ts';
import { errorOf } from '../../common/error.ts';
import type { TaskOutput } from '../../workflow/tasks/tasks.ts';
import { sketchDrawing } from '../../workflow/report/sketchDrawing.ts';
import { adviceOf } from '../remedies.ts';
import { inWords, told } from '../words.ts';

/** How many nodes are listed; more than are drawn. */
const MOST_LISTED = 500;

/** What the report shows of a model that is refused. */
export function refusedReport(
  { sketch, refusal }: Extract<TaskOutput<'lookAtModel'>, { readonly sketch: unknown }>,
  file: { readonly name: string; readonly bytes: number },
): RefusedReport {
  const problems = refusal.problems.slice(0, MOST_LISTED).map(({ node, label, why, needed }) => ({
    node,
    label: inWords(label, vscode.l10n.t),
    why: inWords(why, vscode.l10n.t),
    needed: needed.map((remedy) => inWords(adviceOf(remedy), vscode.l10n.t)).join(' '),
  }));
  // all are shown here
  const remedies = refusal.remedies.filter((remedy) => remedy.do !== 'showProblems');
  return {
    model: { name: sketch.name, file: file.name, fileBytes: file.bytes },
    ...told(errorOf({ ...refusal, remedies }), vscode.l10n.t),
    problems,
    problemCount: refusal.problems.length,
    graph: placeGraph(sketchDrawing(sketch, problems)),
  };
}
