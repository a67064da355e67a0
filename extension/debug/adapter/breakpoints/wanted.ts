import type { DebugProtocol } from '@vscode/debugprotocol';

interface Common {
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly logMessage?: string | undefined;
}

/** A breakpoint that the client wants, wherever it is set. */
export type WantedBreakpoint = Common &
  (
    | { readonly kind: 'source'; readonly file: string; readonly line: number }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'instruction'; readonly address: number }
    | {
        readonly kind: 'data';
        /** An expression of a constant address, as {@link watchExpression} makes it. */
        readonly expression: string;
        readonly access: DebugProtocol.DataBreakpointAccessType;
      }
  );

/** What GDB watches for a value of a type, or for bytes, at an address. */
export function watchExpression(
  address: number,
  of: { readonly type: string } | { readonly bytes: number },
): string {
  const type = 'type' in of ? of.type : `unsigned char [${of.bytes}]`;
  return `{${type}} 0x${address.toString(16)}`;
}

/** Whether an expression is one that {@link watchExpression} has made: clients keep them, and give them again. */
export function isWatchExpression(text: string): boolean {
  return /^\{[\w *[\]()]{1,200}\} 0x[0-9a-f]{1,8}$/.test(text);
}
