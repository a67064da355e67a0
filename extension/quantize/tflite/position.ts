import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteLowering } from './lowering.ts';

/** ARG_MAX and ARG_MIN along a constant axis: the first of several extremes. */
export function position(of: 'max' | 'min') {
  return (lowering: TfliteLowering, node: TfliteNode): void => {
    const x = lowering.operand(node, 0);
    const rank = x.shape.length;
    const given = lowering.integers(node, 1)[0]!;
    const axis = given < 0 ? given + rank : given;
    const perm = [...x.shape.map((_, k) => k).filter((k) => k !== axis), axis];
    const y = lowering.positions(node, x.shape[axis]!);
    const rows = lowering.inner(node, 'rows', { ...x, shape: perm.map((k) => x.shape[k]!) });
    if (axis !== rank - 1) lowering.emit(node, [x], rows, { kind: 'transpose', perm });
    lowering.emit(node, [axis === rank - 1 ? x : rows], y, { kind: 'position', of, among: 'first' });
  };
}
