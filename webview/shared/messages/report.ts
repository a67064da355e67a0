import type { ModelReport, RefusedReport, ReportFailure } from '../report.ts';
import type { Ready } from './protocol.ts';

/** What the page can be told about its surroundings. */
export interface ReportContext {
  /** False in an untrusted workspace: reading is allowed, porting is not. */
  readonly canPort: boolean;
  /** The file the report is about can be ported from here (not when the report has no file). */
  readonly hasFile: boolean;
}

export type ToReportPage =
  | { readonly type: 'report'; readonly report: ModelReport; readonly context: ReportContext }
  | { readonly type: 'refused'; readonly refused: RefusedReport }
  | { readonly type: 'failure'; readonly failure: ReportFailure }
  | { readonly type: 'busy'; readonly text: string };

export type FromReportPage =
  | Ready
  | { readonly type: 'port' }
  | { readonly type: 'validate' }
  | { readonly type: 'export' }
  | { readonly type: 'retry' }
  | { readonly type: 'showLog' };
