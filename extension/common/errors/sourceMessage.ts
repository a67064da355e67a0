/** What a compiler or linker says about a place in a source file. */
export interface SourceMessage {
  /** As the tool names it, or absolute where that was found. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; 1 where the tool names none. */
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly text: string;
}
