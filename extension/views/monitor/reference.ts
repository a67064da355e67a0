import { type PortDescription, simulatedBoardOf } from '../../serial/port.ts';
import type { InferenceReport } from '../../inference/report.ts';
import type { Answer } from '../../../webview/shared/task.ts';
import type { Closeness } from '../../workflow/compare/closeness.ts';
import { type Expected, hasAllOf } from '../../workflow/compare/compare.ts';
import type { FirmwareResult } from '../../workflow/port/result.ts';

/** What the PC knows about the network a board runs; plain data, so that it survives a reload of the window. */
export interface Reference {
  readonly boardId: string;
  /** The firmware, for the simulated board. */
  readonly elf: string;
  readonly labels: readonly string[];
  /** How the board prints a confidence: real = scale * (q - offset), or thousandths of a float. */
  readonly output: {
    readonly type: 'int8' | 'int16' | 'int32' | 'index32' | 'float32';
    readonly scale: number;
    readonly offset: number;
  };
  /** What the firmware says of its first output; undefined of a port by an earlier GlowPort. */
  readonly answer?: Answer | undefined;
  /** The PC's results for the test data in the firmware; undefined when they are not known. */
  readonly pc: Expected | undefined;
  /** How near the quantized network stays to the float one over the samples; undefined when that is not known. */
  readonly closeness?: Closeness | undefined;
}

/** What a finished port tells about the network on its board. */
export function referenceOf(result: FirmwareResult): Reference {
  const { board, bundle, elf, labels, pc, check, answer } = result;
  const { type, scale, offset } = pc?.output ?? bundle.placeholders.find((p) => p.direction === 'output')!;
  return {
    boardId: board.id,
    elf,
    labels,
    output: { type, scale, offset },
    answer,
    pc: pc?.expected,
    closeness: check?.closeness,
  };
}

/** The networks on boards, one a board, in the order they were ported. */
export class References {
  readonly #byBoard: Map<string, Reference>;

  readonly #changed: (all: readonly Reference[]) => void;

  /** @param changed told of all of them when there is another one */
  constructor(
    kept: readonly Reference[] = [],
    changed: (all: readonly Reference[]) => void = () => undefined,
  ) {
    this.#changed = changed;
    this.#byBoard = new Map(kept.map((r) => [r.boardId, r]));
  }

  get all(): readonly Reference[] {
    return [...this.#byBoard.values()];
  }

  /** The one ported last. */
  get newest(): Reference | undefined {
    return this.all.at(-1);
  }

  get(boardId: string): Reference | undefined {
    return this.#byBoard.get(boardId);
  }

  add(reference: Reference): void {
    this.#byBoard.delete(reference.boardId);
    this.#byBoard.set(reference.boardId, reference);
    this.#changed(this.all);
  }

  /**
   * The network behind a port: of the simulated board, or of the board that a real port probably is and that prints what the
   * report has.
   */
  behind(
    port: PortDescription,
    report: InferenceReport,
    selectedBoard: string | undefined,
  ): Reference | undefined {
    const simulated = simulatedBoardOf(port.id);
    if (simulated !== undefined) return this.get(simulated);
    return [selectedBoard, ...port.boardIds, this.newest?.boardId]
      .map((id) => this.get(id ?? ''))
      .find((r) => r && (!r.pc || hasAllOf(report, r.pc)));
  }
}
