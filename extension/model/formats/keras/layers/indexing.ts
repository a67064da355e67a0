import { say } from '../../../../common/errors/sentence.ts';
import { type Index, indexed } from '../../../import/indexed.ts';
import type { Operand } from '../../../import/operand.ts';
import type { KerasContext } from '../context.ts';
import { field, isList, type Json, text } from '../json.ts';

/** x[...] of constant numbers: one index, or a list of them. */
export function getItem(ctx: KerasContext): Operand {
  const given = field(ctx.node.config, 'indices');
  const list = isList(given) ? given : [given ?? null];
  return indexed(
    ctx,
    ctx.input,
    list.map((json) => indexOf(ctx, json)),
  );
}

/** Keras 2 writes a slice as an object of its numbers, Keras 3 as one of the class `__slice__`; None is a new axis. */
function indexOf(ctx: KerasContext, json: Json): Index {
  if (json === null) return 'new';
  if (typeof json === 'number') return { at: json };
  const type = text(json, 'class_name');
  if (type === '__ellipsis__') return 'ellipsis';
  const slice = type === '__slice__' ? field(json, 'config') : json;
  const numberOf = (name: string): number | undefined => {
    const value = field(slice, name);
    if (value !== undefined && !Number.isInteger(value))
      ctx.refuse(say`is cut at something that is no number`);
    return value as number | undefined;
  };
  const isKnown = type === '__slice__' || ['start', 'stop', 'step'].some((name) => hasField(json, name));
  if (!isKnown) ctx.refuse(say`is cut by something else than numbers and slices`);
  return { start: numberOf('start'), stop: numberOf('stop'), step: numberOf('step') ?? 1 };
}

function hasField(json: Json, name: string): boolean {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name);
}
