import { resetFunction } from '../../bundle/header.ts';
import { commentSafe } from '../../common/cComment.ts';
import { block, plus, textLines, writablePointerTo } from '../c/code.ts';
import type { Buffer } from '../values/step.ts';

/** A state as it stands in the function that resets it. */
export interface StateText {
  /** What it takes of the mutable memory, without what aligns it. */
  readonly bytes: number;
  readonly lines: readonly string[];
}

/** Numbers of an initial value in a line. */
const PER_LINE = 16;

/** @param initial q of each element @param offset of the state in the mutable memory */
export function stateText(
  name: string,
  initial: ArrayLike<number>,
  { layout }: Buffer,
  offset: number,
): StateText {
  const { type, bias, size, bytesPerElement } = layout;
  const stored = Array.from(initial, (q) => q + bias);
  const isSame = stored.every((v) => v === stored[0]);
  const rows = Array.from({ length: Math.ceil(size / PER_LINE) }, (_, k) =>
    stored.slice(k * PER_LINE, (k + 1) * PER_LINE),
  );
  return {
    bytes: size * bytesPerElement,
    lines: textLines([
      `/* ${commentSafe(name)} */`,
      block('', [
        ...(isSame
          ? []
          : [
              `static const ${type} initial[${size}] = {`,
              ...rows.map((row) => `  ${row.join(', ')},`),
              '};',
            ]),
        `${type} *const state = ${writablePointerTo(type, plus('mutableWeight', offset))};`,
        block(`for (uint32_t i = 0; i < ${size}; i++)`, [
          `state[i] = ${isSame ? stored[0]! : 'initial[i]'};`,
        ]),
      ]),
    ]),
  };
}

/** The function that gives all states their initial values. */
export function resetText(network: string, states: readonly StateText[]): string[] {
  if (states.length === 0) return [];
  return [
    '',
    `void ${resetFunction(network)}(uint8_t *mutableWeight) {`,
    ...states.flatMap((s) => s.lines),
    '}',
  ];
}
