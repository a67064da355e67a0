import { UserError } from '../../extension/common/error.ts';
import { say } from '../../extension/common/errors/sentence.ts';
import { latin1 } from '../../extension/model/formats/bytes.ts';
import type { ImportOptions, ReadFormat } from '../../extension/model/formats/format.ts';
import { NO_CLAMP } from '../../extension/model/graph.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { checkedElements, checkNames, checkOutputNames } from '../../extension/model/import/checks.ts';
import { OperatorContext } from '../../extension/model/import/context.ts';
import { Dimensions } from '../../extension/model/import/dimensions.ts';
import { liveNodes } from '../../extension/model/import/fileNode.ts';
import type { FileNode } from '../../extension/model/import/fileNode.ts';
import { GraphImport } from '../../extension/model/import/graphImport.ts';
import { importNetwork } from '../../extension/model/import/importNetwork.ts';
import { linear } from '../../extension/model/import/linear.ts';
import type { Operand } from '../../extension/model/import/operand.ts';
import { placeWindow } from '../../extension/model/import/placeWindow.ts';

/*
 * A format of model files that nobody has: a line that says what it is, then JSON. Its maps are NHWC, its tensors go by numbers,
 * its options stand in the nodes: nothing of it is like ONNX. A test puts this file into a copy of the product.
 */

const MAGIC = 'MADE-UP 1\n';

/** What stands in the file behind the magic line. */
export interface MadeUpModel {
  readonly tensors: readonly { readonly name: string; readonly shape?: number[]; readonly data?: number[] }[];
  readonly nodes: readonly MadeUpNode[];
  readonly input: number;
  readonly output: number;
}

interface MadeUpNode {
  readonly operator: 'AVERAGE' | 'FULL' | 'ADD';
  readonly reads: readonly number[];
  readonly makes: number;
  readonly options: { readonly size?: number };
}

export const madeUp: ReadFormat = {
  id: 'madeUp',
  name: 'Made-Up',
  endings: ['.madeup'],
  begins: (start) => latin1(start, 0, MAGIC.length) === MAGIC,
  operators: () => Promise.resolve({ general: [], operators: [{ name: 'AVERAGE', note: '' }] }),
  read: (bytes, options) => Promise.resolve(readMadeUp(bytes, options)),
};

export function madeUpFile(model: MadeUpModel): string {
  return MAGIC + JSON.stringify(model);
}

interface NamedNode extends FileNode {
  readonly options: MadeUpNode['options'];
}

function readMadeUp(bytes: Uint8Array, options: ImportOptions): Graph {
  const model = parsed(bytes);
  const names = model.tensors.map((t) => t.name);
  checkNames(names);
  checkOutputNames([names[model.output]!]);
  new Dimensions(options.defines).checkAllUsed();
  const nodes = model.nodes.map(({ operator, reads, makes, options }): NamedNode => ({
    type: operator,
    name: '',
    inputs: reads.map((k) => names[k]!),
    outputs: [names[makes]!],
    options,
  }));
  const input = model.tensors[model.input]!;
  const constants = model.tensors.filter((t) => t.data);
  const outputs = [names[model.output]!];
  const live = liveNodes(nodes, [input, ...constants].map((t) => t.name), outputs); // prettier-ignore
  const graph = new GraphImport(new Set(names), live.used);
  return importNetwork(graph, {
    name: options.name,
    inputs: [input.name],
    outputs,
    nodes: live.nodes,
    refused: undefined,
    shapes: () => new Map([[input.name, input.shape]]),
    define: () => {
      for (const { name, shape, data } of constants)
        graph.constant(name, { kind: 'float', shape: shape!, data: Float32Array.from(data!) });
      checkedElements(input.shape!, say`Input '${input.name}'`);
      graph.input({ name: input.name, shape: input.shape! });
    },
    importNode: (node) => OPERATORS[node.file.type]!(new OperatorContext(graph, node, false)),
  });
}

function parsed(bytes: Uint8Array): MadeUpModel {
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(MAGIC.length))) as MadeUpModel;
  } catch {
    throw new UserError(
      'input',
      say`The file is not a whole model of this format.`,
      say`Make it up once more.`,
    );
  }
}

const OPERATORS: Readonly<Record<string, (ctx: OperatorContext<NamedNode>) => Operand>> = {
  AVERAGE: (ctx) => {
    const x = ctx.real(0);
    const [, height, width, channels] = x.shape as [number, number, number, number];
    const two = [ctx.node.options.size!, ctx.node.options.size!] as const;
    const window = {
      kernel: two,
      strides: two,
      dilations: [1, 1],
      padding: 'same upper',
      ceil: false,
    } as const;
    const { kernel, strides, dilations, pads, out } = placeWindow(ctx, window, [height, width]);
    const pool = { kind: 'avgpool', kernel, strides, dilations, pads, countIncludePad: false } as const;
    return ctx.emit(pool, [x], [1, ...out, channels]);
  },
  FULL: (ctx) => {
    const x = ctx.real(0);
    const { data, shape } = ctx.floats(1, say`the weights`);
    const [outputs, inputs] = shape as [number, number];
    const weights = { data, outputs, inputs };
    return linear(
      ctx,
      ctx.reshape(x, [1, inputs], '/flat'),
      weights,
      new Float32Array(outputs),
      [1, outputs],
      '',
    );
  },
  ADD: (ctx) => ctx.emit({ kind: 'add', clamp: NO_CLAMP }, [ctx.real(0), ctx.real(1)], ctx.real(0).shape),
};
