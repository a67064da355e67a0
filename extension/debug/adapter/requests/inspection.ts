import type { DebugProtocol } from '@vscode/debugprotocol';
import { say } from '../../../common/errors/sentence.ts';
import type { Handlers } from '../dap/connection.ts';
import { disassemble } from '../disassembly.ts';
import type { Inspection } from '../inspection.ts';
import { readMemory, writeMemory } from '../memory.ts';
import { levelOf, THREAD } from '../run/frames.ts';

type InspectionRequest =
  | 'threads'
  | 'stackTrace'
  | 'scopes'
  | 'variables'
  | 'setVariable'
  | 'setExpression'
  | 'evaluate'
  | 'exceptionInfo'
  | 'readMemory'
  | 'writeMemory'
  | 'disassemble';

/** A line of the debug console that begins so is a command of GDB's. */
const COMMAND_SIGN = '>';

/** Requests about a board that stands. */
export function inspectionHandlers(inspection: () => Inspection): Pick<Handlers, InspectionRequest> {
  return {
    threads: () => ({ threads: [{ id: THREAD, name: inspection().target.board.name }] }),
    stackTrace: ({ startFrame, levels }) => inspection().target.frames.list(startFrame, levels),
    scopes: ({ frameId }) => ({ scopes: inspection().scopes.list(levelOf(frameId)) }),
    variables: async (given) => ({ variables: await inspection().scopes.variables(given) }),
    setVariable: (given) => inspection().scopes.assign(given),
    setExpression: async ({ expression, value, frameId }) => {
      const { values } = inspection().scopes;
      return values.told(await values.assign(await values.evaluate(expression, levelOf(frameId)), value));
    },
    evaluate: (given) => evaluate(inspection(), given),
    exceptionInfo: () => exceptionInfo(inspection()),
    readMemory: (given) => readMemory(inspection().target.gdb, given),
    writeMemory: async (given) => {
      const { target } = inspection();
      const bytesWritten = await writeMemory(target.gdb, given);
      inspection().changed();
      return { bytesWritten };
    },
    disassemble: async (given) => {
      const { gdb, board } = inspection().target;
      return { instructions: await disassemble(gdb, board.memory, given) };
    },
  };
}

async function evaluate(
  inspection: Inspection,
  { expression, frameId, context, format }: DebugProtocol.EvaluateArguments,
): Promise<DebugProtocol.EvaluateResponse['body']> {
  const text = expression.trim();
  if (context === 'repl' && text.startsWith(COMMAND_SIGN)) {
    const result = await inspection.command(text.slice(COMMAND_SIGN.length).trim(), levelOf(frameId));
    return { result, variablesReference: 0 };
  }
  const { values } = inspection.scopes;
  const value = await values.evaluate(text, levelOf(frameId), format?.hex);
  const { value: result, ...told } = await values.told(value);
  return { result, ...told };
}

function exceptionInfo({ stopped, inWords }: Inspection): DebugProtocol.ExceptionInfoResponse['body'] {
  const fault = stopped?.fault;
  if (!fault) throw new Error(inWords(say`There is no fault.`));
  return { exceptionId: 'HardFault', description: inWords(fault), breakMode: 'always' };
}
