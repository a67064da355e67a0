import type { DebugProtocol } from '@vscode/debugprotocol';
import { isWatchExpression, type WantedBreakpoint } from '../breakpoints/wanted.ts';
import type { Handlers } from '../dap/connection.ts';
import type { Inspection } from '../inspection.ts';
import { addressOf } from '../memory.ts';
import type { Target } from '../target.ts';
import { watchable } from '../variables/watchable.ts';

type BreakpointRequest =
  | 'setBreakpoints'
  | 'setFunctionBreakpoints'
  | 'setInstructionBreakpoints'
  | 'dataBreakpointInfo'
  | 'setDataBreakpoints';

/** Requests about breakpoints of all kinds. */
export function breakpointHandlers(
  target: () => Target,
  inspection: () => Inspection,
): Pick<Handlers, BreakpointRequest> {
  const update = async (group: string, wanted: readonly WantedBreakpoint[]) => ({
    breakpoints: await target().breakpoints.update(group, wanted),
  });
  return {
    setBreakpoints: ({ source, breakpoints = [] }) => {
      const file = source.path ?? '';
      const wanted = breakpoints.map((one) => ({
        kind: 'source' as const,
        file,
        line: one.line,
        ...extras(one),
      }));
      return update(`file:${file}`, wanted);
    },
    setFunctionBreakpoints: ({ breakpoints }) =>
      update(
        'functions',
        breakpoints.map((one) => ({ kind: 'function', name: one.name, ...extras(one) })),
      ),
    setInstructionBreakpoints: ({ breakpoints }) =>
      update(
        'instructions',
        breakpoints.map((one) => ({
          kind: 'instruction',
          address: addressOf(one.instructionReference, one.offset),
          ...extras(one),
        })),
      ),
    dataBreakpointInfo: (given) => watchable(inspection().scopes, given),
    setDataBreakpoints: ({ breakpoints }) =>
      update(
        'data',
        breakpoints
          .filter(({ dataId }) => isWatchExpression(dataId))
          .map((one) => ({
            kind: 'data',
            expression: one.dataId,
            access: one.accessType ?? 'write',
            ...extras(one),
          })),
      ),
  };
}

type Extras = Pick<DebugProtocol.SourceBreakpoint, 'condition' | 'hitCondition' | 'logMessage'>;

function extras({ condition, hitCondition, logMessage }: Extras): Extras {
  return {
    ...(condition ? { condition } : {}),
    ...(hitCondition ? { hitCondition } : {}),
    ...(logMessage ? { logMessage } : {}),
  };
}
