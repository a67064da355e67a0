import { UserError } from '../../../common/error.ts';
import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { damaged } from '../../import/refusal.ts';
import type { TfliteModel, TfliteOperator, TfliteSubgraph } from './model.ts';
import type { TfliteTensor } from './tensor.ts';

/** Operators that are no nodes of a network, but say what its variables are. */
export const VARIABLE_OPERATORS = ['ASSIGN_VARIABLE', 'CALL_ONCE', 'VAR_HANDLE'] as const;

/** What a network keeps in a variable from one inference to the next. Tensors go by their indices. */
export interface Variable {
  /** The tensor that reads it first. */
  readonly state: number;
  /** What it becomes at the end of an inference; undefined where it stays as it is. */
  readonly written: number | undefined;
  /** What it is at first; zeros where undefined. */
  readonly initial: TfliteTensor | undefined;
}

/** A network whose variables are tensors like others. */
export interface PlainNetwork {
  readonly network: TfliteSubgraph;
  readonly variables: readonly Variable[];
}

/** What is known of a variable while operators run. */
interface Running {
  state: number | undefined;
  /** What it is now, where that is not the state. */
  current: number | undefined;
}

/**
 * The first subgraph of a model without VAR_HANDLE, CALL_ONCE and ASSIGN_VARIABLE: what a variable holds when an inference begins is
 * the tensor that reads it first; every READ_VARIABLE behind reads a tensor, that or what was assigned last.
 *
 * @throws UserError 'model' where a variable is used in another way
 */
export function withoutVariables({ subgraphs }: TfliteModel): PlainNetwork {
  const network = subgraphs[0]!;
  const initial = initialValues(subgraphs, network);
  const handles = new Map<number, string>();
  const running = new Map<string, Running>();
  const operators: TfliteOperator[] = [];
  const tensors = [...network.tensors];
  for (const [index, operator] of network.operators.entries()) {
    const place = say`Operator ${index}, ${operator.type},`;
    switch (operator.type) {
      case 'CALL_ONCE':
        break;
      case 'VAR_HANDLE':
        handles.set(operator.outputs[0] ?? -1, keyOf(operator));
        break;
      case 'READ_VARIABLE': {
        const variable = variableOf(operator, handles, running, place);
        const [output] = operator.outputs;
        if (output === undefined) throw damaged(say`${place} has no output`);
        const from = variable.current ?? (variable.state ??= stateOf(output, network, tensors));
        if (from !== output) {
          requireAlike(tensors[output]!, tensors[from]!);
          operators.push({ ...operator, inputs: [from] });
        }
        break;
      }
      case 'ASSIGN_VARIABLE': {
        const value = operator.inputs[1] ?? -1;
        if (value < 0) throw damaged(say`${place} has no value`);
        variableOf(operator, handles, running, place).current = value;
        break;
      }
      default:
        operators.push(operator);
    }
  }
  const variables = [...running].flatMap(([key, { state, current }]): Variable[] =>
    state === undefined ? [] : [{ state, written: current, initial: initial.get(key) }],
  );
  const states = new Set<number>();
  for (const variable of variables) {
    const { state } = variable;
    if (states.has(state)) throw damaged(say`Two variables are read into tensor ${state}`);
    states.add(state);
    checkVariable(variable, tensors, network.inputs);
  }
  return { network: { ...network, operators, tensors }, variables };
}

/**
 * The tensor of a variable's state: the one that reads it first. An output has to be computed: then one more like it, of which the
 * output is a copy.
 * @param tensors the network's, to which it may be added
 */
function stateOf(read: number, { inputs, outputs }: TfliteSubgraph, tensors: TfliteTensor[]): number {
  const isGiven = tensors[read]!.data !== undefined || inputs.includes(read);
  if (isGiven || !outputs.includes(read)) return read;
  return tensors.push({ ...tensors[read]!, index: tensors.length }) - 1;
}

function variableOf(
  { inputs }: TfliteOperator,
  handles: ReadonlyMap<number, string>,
  running: Map<string, Running>,
  place: Sentence,
): Running {
  const key = handles.get(inputs[0] ?? -1);
  if (key === undefined) throw damaged(say`${place} names no variable`);
  const known = running.get(key) ?? { state: undefined, current: undefined };
  running.set(key, known);
  return known;
}

/** What tells a variable: two handles of the same name are one. */
function keyOf({ options }: TfliteOperator<'VAR_HANDLE'>): string {
  return JSON.stringify([options.container, options.sharedName]);
}

/** What subgraphs that run once assign to variables. */
function initialValues(
  subgraphs: readonly TfliteSubgraph[],
  network: TfliteSubgraph,
): ReadonlyMap<string, TfliteTensor> {
  const values = new Map<string, TfliteTensor>();
  for (const { type, options } of network.operators) {
    if (type !== 'CALL_ONCE') continue;
    const called = subgraphs[options.subgraph];
    if (!called || called === network)
      throw damaged(say`The model calls subgraph ${options.subgraph} of ${subgraphs.length}`);
    const handles = new Map<number, string>();
    for (const operator of called.operators) {
      if (operator.type === 'VAR_HANDLE') handles.set(operator.outputs[0] ?? -1, keyOf(operator));
      else {
        const key = handles.get(operator.inputs[0] ?? -1);
        const value = called.tensors[operator.inputs[1] ?? -1];
        if (operator.type !== 'ASSIGN_VARIABLE' || key === undefined || !value?.data)
          throw computed(operator.type);
        values.set(key, value);
      }
    }
  }
  return values;
}

function computed(operator: string): UserError {
  return new UserError(
    'model',
    say`The model computes the first values of its variables, with ${operator}; only constants are read.`,
    say`Build the model with constant first values.`,
  );
}

/** What is written, and what is there at first, has the shape and the type of what is read. */
function checkVariable(
  { state, written, initial }: Variable,
  tensors: readonly TfliteTensor[],
  inputs: readonly number[],
): void {
  const read = tensors[state]!;
  if (read.data || inputs.includes(state))
    throw damaged(say`A variable is read into tensor ${state}, which is given`);
  for (const other of [written === undefined ? undefined : tensors[written]!, initial]) {
    if (other) requireAlike(read, other);
  }
}

/** Whoever reads a variable reads it as what it is. */
function requireAlike(read: TfliteTensor, is: TfliteTensor): void {
  if (is.type === read.type && is.shape.join() === read.shape.join()) return;
  throw damaged(say`A variable is read as ${read.type} [${read.shape}], but gets ${is.type} [${is.shape}]`);
}
