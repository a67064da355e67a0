import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { Standing } from '../../target/standing.ts';

/** Every request that is answered: what it gives, and the answer's body, `unknown` where there is none. The protocol's own, and one of ours. */
export interface Requests {
  initialize: { given: P.InitializeRequestArguments; answer: P.Capabilities };
  launch: { given: P.LaunchRequestArguments; answer: unknown };
  configurationDone: { given: P.ConfigurationDoneArguments; answer: unknown };
  restart: { given: P.RestartArguments; answer: unknown };
  terminate: { given: P.TerminateArguments; answer: unknown };
  disconnect: { given: P.DisconnectArguments; answer: unknown };
  setBreakpoints: { given: P.SetBreakpointsArguments; answer: P.SetBreakpointsResponse['body'] };
  setFunctionBreakpoints: {
    given: P.SetFunctionBreakpointsArguments;
    answer: P.SetFunctionBreakpointsResponse['body'];
  };
  setInstructionBreakpoints: {
    given: P.SetInstructionBreakpointsArguments;
    answer: P.SetInstructionBreakpointsResponse['body'];
  };
  dataBreakpointInfo: { given: P.DataBreakpointInfoArguments; answer: P.DataBreakpointInfoResponse['body'] };
  setDataBreakpoints: { given: P.SetDataBreakpointsArguments; answer: P.SetDataBreakpointsResponse['body'] };
  continue: { given: P.ContinueArguments; answer: P.ContinueResponse['body'] };
  pause: { given: P.PauseArguments; answer: unknown };
  next: { given: P.NextArguments; answer: unknown };
  stepIn: { given: P.StepInArguments; answer: unknown };
  stepOut: { given: P.StepOutArguments; answer: unknown };
  stepBack: { given: P.StepBackArguments; answer: unknown };
  reverseContinue: { given: P.ReverseContinueArguments; answer: unknown };
  threads: { given: object; answer: P.ThreadsResponse['body'] };
  stackTrace: { given: P.StackTraceArguments; answer: P.StackTraceResponse['body'] };
  scopes: { given: P.ScopesArguments; answer: P.ScopesResponse['body'] };
  variables: { given: P.VariablesArguments; answer: P.VariablesResponse['body'] };
  setVariable: { given: P.SetVariableArguments; answer: P.SetVariableResponse['body'] };
  setExpression: { given: P.SetExpressionArguments; answer: P.SetExpressionResponse['body'] };
  evaluate: { given: P.EvaluateArguments; answer: P.EvaluateResponse['body'] };
  exceptionInfo: { given: P.ExceptionInfoArguments; answer: P.ExceptionInfoResponse['body'] };
  readMemory: { given: P.ReadMemoryArguments; answer: P.ReadMemoryResponse['body'] };
  writeMemory: { given: P.WriteMemoryArguments; answer: P.WriteMemoryResponse['body'] };
  disassemble: { given: P.DisassembleArguments; answer: P.DisassembleResponse['body'] };
  /** A command of the server's, as GDB's `monitor` gives it, also while the board runs. */
  glowportMonitor: { given: { readonly command: string }; answer: { readonly text: string } };
}

/** Every event that is sent, with its body. */
export interface Events {
  initialized: undefined;
  stopped: P.StoppedEvent['body'];
  continued: P.ContinuedEvent['body'];
  output: P.OutputEvent['body'];
  breakpoint: P.BreakpointEvent['body'];
  invalidated: P.InvalidatedEvent['body'];
  terminated: undefined;
  /** With each `stopped`. */
  glowportStopped: BoardStopped;
}

/** Where the board stands at a stop that the user sees. */
export interface BoardStopped extends Standing {
  /** Core cycles from the stop before; negative after it went back. */
  readonly cyclesSinceStop: number;
}
