import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { OperatorContext } from '../../import/context.ts';
import type { FileNode } from '../../import/fileNode.ts';
import type { CurrentNode, GraphImport } from '../../import/graphImport.ts';
import type { FloatConstant, Operand, Real } from '../../import/operand.ts';
import { field, isList, type JsonObject } from './json.ts';
import type { LayerWeights } from './weights.ts';

/** A call of a layer. */
export interface KerasNode extends FileNode {
  readonly config: JsonObject;
  /** Names of what it is called with, where it goes by a name. */
  readonly named: readonly string[];
  /** The major version of the Keras that saved it. */
  readonly version: number;
  readonly weights: LayerWeights;
}

/** The order of axes of a map that the file does not tell. */
export const UNTOLD_ORDER = 'untold';

/** Layers that only move data. */
const MOVES: ReadonlySet<string> = new Set(['Flatten', 'Reshape', 'Permute']);

/** One layer while it is imported: beside what all formats have, its configuration and its weights. */
export class KerasContext extends OperatorContext<KerasNode> {
  constructor(graph: GraphImport, node: CurrentNode<KerasNode>) {
    super(graph, node, MOVES.has(node.file.type));
  }

  /** The same layer with the configuration of one that it is around. */
  within(config: JsonObject): KerasContext {
    return new KerasContext(this.graph, { ...this.current, file: { ...this.node, config } });
  }

  override get label(): Sentence {
    return layerLabel(this.node.type, this.node.name);
  }

  get version(): number {
    return this.node.version;
  }

  /** Whether the layer's maps have their channels before rows and columns. */
  get channelsFirst(): boolean {
    const order = this.string('data_format', 'channels_last');
    if (order === UNTOLD_ORDER) {
      this.refuse(
        say`has maps whose order of axes Keras 1 leaves out of its files, and no other layer tells it`,
        say`Load the model with Keras 2 and save it again.`,
      );
    }
    if (order !== 'channels_first' && order !== 'channels_last') {
      this.refuse(say`has the data_format '${order}'; channels_last and channels_first are supported`);
    }
    return order === 'channels_first';
  }

  /** Its only operand. */
  get input(): Real {
    if (this.inputs.length !== 1) this.refuse(say`reads ${this.inputs.length} tensors; one is needed`);
    return this.real(0);
  }

  // -------------------------------------------------------------------------------------------------- configuration

  bool(name: string, fallback: boolean): boolean {
    const value = field(this.node.config, name) ?? fallback;
    if (typeof value !== 'boolean') this.refuse(say`has a '${name}' that is not true or false`);
    return value;
  }

  string(name: string, fallback: string): string {
    const value = field(this.node.config, name) ?? fallback;
    if (typeof value !== 'string') this.refuse(say`has a '${name}' that is no text`);
    return value;
  }

  number(name: string, fallback: number): number {
    return this.optionalNumber(name) ?? fallback;
  }

  /** Undefined where it is left out, or None. */
  optionalNumber(name: string): number | undefined {
    const value = field(this.node.config, name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value))
      this.refuse(say`has a '${name}' that is no number`);
    return value;
  }

  /** A list of numbers; one number is a list of one. Undefined where it is left out, or None. */
  numbers(name: string): readonly number[] | undefined {
    const value = field(this.node.config, name);
    if (value === undefined) return undefined;
    const list = isList(value) ? value.flat(2) : [value];
    if (!list.every((v) => typeof v === 'number' && Number.isFinite(v))) {
      this.refuse(say`has a '${name}' that is no list of numbers`);
    }
    return list as readonly number[];
  }

  /**
   * A size for each of `count` axes, from 1 on; one number stands for all. Refused where it is something else.
   * @param fallback where it is left out, or None
   */
  sizes(name: string, count: number, fallback: number | readonly number[]): readonly number[] {
    const given = this.numbers(name) ?? (typeof fallback === 'number' ? [fallback] : fallback);
    const sizes = given.length === 1 ? new Array<number>(count).fill(given[0]!) : given;
    if (sizes.length !== count || sizes.some((n) => !Number.isInteger(n) || n < 1 || n > 65535)) {
      this.refuse(say`has ${name} [${given}]; ${count} numbers from 1 to 65535 are needed`);
    }
    return sizes;
  }

  // -------------------------------------------------------------------------------------------------------- weights

  /**
   * The weights of the layer, in the order in which it made them, each with its shape.
   * @param shapes of all that it has
   * @param more whether there may be others behind them
   */
  weights(shapes: readonly (readonly number[])[], more = false): Float32Array[] {
    const { weights } = this.node;
    if (weights.count < shapes.length || (weights.count > shapes.length && !more)) {
      this.refuse(
        say`has ${weights.count} weights in the file; ${shapes.length} are needed`,
        say`Save the model again: model.save('model.keras').`,
      );
    }
    return shapes.map((expected, k) => {
      const { shape, data } = weights.read(k);
      const fits = shape.length === expected.length && shape.every((d, i) => d === expected[i]);
      if (!fits) this.refuse(say`has weights [${shape}] in the file, where [${expected}] are needed`);
      return data;
    });
  }

  constant(shape: readonly number[], data: Float32Array): FloatConstant {
    return { kind: 'float', shape, data };
  }
}

/** A layer in a sentence. */
export function layerLabel(type: string, name: string): Sentence {
  return say`${type} layer '${name}'`;
}

/** What a layer's importer returns: its output. */
export type LayerImporter = (ctx: KerasContext) => Operand;
