import { say } from '../../../common/errors/sentence.ts';
import { INVENTED } from '../../builder.ts';
import { OperatorContext } from '../../import/context.ts';
import type { FileNode } from '../../import/fileNode.ts';
import type { CurrentNode, GraphImport, Result } from '../../import/graphImport.ts';
import type { ModelConstant, Operand } from '../../import/operand.ts';
import { toNumber } from './proto.ts';
import type { AttributeProto, NodeProto } from './proto.ts';
import { readTensor } from './tensor.ts';

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

/** Operators that only move data. */
const MOVES: ReadonlySet<string> = new Set(['Transpose', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

export interface OnnxNode extends FileNode {
  readonly domain: string;
  readonly attributes: readonly AttributeProto[];
}

export function onnxNode({ opType, name, input, output, domain, attribute }: NodeProto): OnnxNode {
  return { type: opType, name, inputs: input, outputs: output, domain, attributes: attribute };
}

/** One ONNX node while it is imported: beside what all formats have, its operator set and its attributes. */
export class OnnxContext extends OperatorContext<OnnxNode> {
  readonly opset: number;

  constructor(graph: GraphImport, node: CurrentNode<OnnxNode>, opset: number) {
    super(graph, node, MOVES.has(node.file.type));
    this.opset = opset;
  }

  /** The same node with other operands: for an operator that is another one between conversions, and still to be rounded. */
  reading(operands: readonly (Operand | undefined)[], opset = this.opset): OnnxContext {
    const outputs = this.node.outputs.map((output) => `${output}${INVENTED}real`);
    const file = { ...this.node, outputs };
    return new OnnxContext(this.graph, { ...this.current, file, operands }, opset);
  }

  #attribute(name: string, type: keyof typeof ATTRIBUTE_TYPES): AttributeProto | undefined {
    const found = this.node.attributes.find((a) => a.name === name);
    if (!found) return undefined;
    if (found.refAttrName !== '') this.refuse(say`refers to a function's attribute '${found.refAttrName}'`);
    if (found.type !== 0 && found.type !== ATTRIBUTE_TYPES[type]) {
      this.refuse(say`has an attribute '${name}' of another type than ${type}`);
    }
    return found;
  }

  has(name: string): boolean {
    return this.node.attributes.some((a) => a.name === name);
  }

  int(name: string, fallback: number): number {
    const a = this.#attribute(name, 'int');
    return a ? toNumber(a.i) : fallback;
  }

  float(name: string, fallback: number): number {
    return this.#attribute(name, 'float')?.f ?? fallback;
  }

  string(name: string, fallback: string): string {
    const a = this.#attribute(name, 'string');
    return a ? decoded(a.s) : fallback;
  }

  strings(name: string): readonly string[] | undefined {
    return this.#attribute(name, 'strings')?.strings.map(decoded);
  }

  ints(name: string): readonly number[] | undefined {
    return this.#attribute(name, 'ints')?.ints.map(toNumber);
  }

  floatList(name: string): readonly number[] | undefined {
    return this.#attribute(name, 'floats')?.floats;
  }

  tensor(name: string): ModelConstant | undefined {
    const a = this.#attribute(name, 'tensor');
    if (!a) return undefined;
    if (!a.t) this.refuse(say`has an empty attribute '${name}'`);
    return readTensor(a.t, say`Attribute '${name}' of ${this.label}`);
  }
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** What reads an operator. */
export type OperatorImporter = (ctx: OnnxContext) => Result;
