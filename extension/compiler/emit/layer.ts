import { pushAll } from '../../common/lists.ts';
import { commentSafe } from '../../common/cComment.ts';
import { type Code, plus, pointerTo, textLines, writablePointerTo } from '../c/code.ts';
import type { AddressAs, CType } from '../c/types.ts';
import { fillBorder } from '../kernels/border.ts';
import type { AssemblyFunction, Kernel, LayerContext } from '../kernels/kernel.ts';
import type { Operand, Step } from '../values/step.ts';
import { assemblyText } from './assembly.ts';
import type { SourceFile } from './sourceFile.ts';

/** A pointer that the entry function is called with, and how far behind it something lies. */
export interface Address {
  readonly base: EntryPointer;
  /** A number of bytes, or a macro that is one. */
  readonly offset: number | string;
}

export const ENTRY_POINTERS = ['constantWeight', 'mutableWeight', 'activations'] as const;
export type EntryPointer = (typeof ENTRY_POINTERS)[number];

/** Where a step's operands and its scratch memory lie. */
export interface Addresses {
  readonly operand: (o: Operand) => Address;
  readonly scratch: (step: number) => Address;
}

/** A layer as it stands in the file. */
export interface LayerText {
  readonly symbol: string;
  /** Symbols of assembly that is this layer's alone. */
  readonly assemblySymbols: readonly string[];
  readonly lines: readonly string[];
  /** The statement that calls it, and which of the entry function's pointers that takes. */
  readonly call: string;
  readonly pointers: ReadonlySet<EntryPointer>;
  /** Bytes that its tables add to the constant memory. */
  readonly constantBytes: number;
}

export function layerText(
  file: SourceFile,
  symbol: string,
  step: Step,
  kernel: Kernel,
  addresses: Addresses,
  index: number,
): LayerText {
  const layer = new Layer(file, symbol, step);
  const before = file.constants.length;
  const body: Code = [
    ...(step.inPlace === undefined ? fillBorder(layer, step.output) : []),
    ...kernel.emit(layer),
  ];
  const y = step.output;
  const parameters: { declare: string; type: CType; at: Address; writes: boolean }[] = [
    ...step.inputs.map((x, i) => ({
      declare: `${x.isUpdated ? '' : 'const '}${x.layout.type} *${layer.inputs[i]!}`,
      type: x.layout.type,
      at: addresses.operand(x),
      writes: x.isUpdated ?? false,
    })),
    {
      declare: `${y.layout.type} *${layer.output}`,
      type: y.layout.type,
      at: addresses.operand(y),
      writes: true,
    },
  ];
  if (layer.usesScratch) {
    const at = addresses.scratch(index);
    parameters.push({ declare: 'uint8_t *scratch', type: 'uint8_t', at, writes: true });
  }
  if (layer.usesConstants) {
    const at = { base: 'constantWeight', offset: 0 } as const;
    parameters.push({ declare: 'const uint8_t *constants', type: 'uint8_t', at, writes: false });
  }
  const passed = parameters.map(({ type, at, writes }) =>
    (writes ? writablePointerTo : pointerTo)(type, addressText(at)),
  );
  const level = kernel.optimize === 'size' ? file.macros.size : file.macros.speed;
  const declared = parameters.map((p) => p.declare).join(', ');
  return {
    symbol,
    assemblySymbols: layer.assemblySymbols,
    lines: [
      ...layer.assemblyLines,
      ...layerComment(step, kernel),
      `static ${level} void ${symbol}(${declared}) {`,
      ...textLines(body),
      '}',
    ],
    call: `${symbol}(${passed.join(', ')});`,
    pointers: new Set(parameters.map((p) => p.at.base)),
    constantBytes: file.constants.length - before,
  };
}

function addressText({ base, offset }: Address): string {
  return typeof offset === 'number' ? plus(base, offset) : `${base} + ${offset}`;
}

/** What a kernel writes one layer with; keeps book of what it asks for. */
class Layer implements LayerContext {
  readonly inputs: readonly string[];
  readonly output = 'out';
  usesScratch = false;
  usesConstants = false;
  /** Functions of assembly that are this layer's alone. */
  readonly assemblyLines: string[] = [];
  readonly #own = new Map<string, string>();
  readonly #file: SourceFile;
  readonly #symbol: string;
  readonly #step: Step;

  constructor(file: SourceFile, symbol: string, step: Step) {
    this.#file = file;
    this.#symbol = symbol;
    this.#step = step;
    this.inputs = step.inputs.length > 1 ? step.inputs.map((_, i) => `in${i}`) : ['in'];
  }

  get assemblySymbols(): string[] {
    return [...this.#own.values()];
  }

  table(data: ArrayLike<number>, bytesPerElement: 1 | 2 | 4): AddressAs {
    this.usesConstants = true;
    const offset = this.#file.constants.add(data, bytesPerElement);
    return (type) => pointerTo(type, `constants + ${offset}`);
  }

  scratch(type: CType): string {
    this.usesScratch = true;
    return writablePointerTo(type, 'scratch');
  }

  helper(name: Parameters<LayerContext['helper']>[0]): string {
    return this.#file.helper(name);
  }

  struct(name: string, about: string, members: readonly string[]): string {
    return this.#file.struct(name, about, members);
  }

  assembly(routine: AssemblyFunction): string {
    if (routine.shared) return this.#file.sharedAssembly(routine);
    const known = this.#own.get(routine.name);
    if (known !== undefined) return known;
    const name = this.#file.ownAssembly(this.#symbol, routine);
    this.#own.set(routine.name, name);
    const text = assemblyText(routine, name, `${stepNames(this.#step)}, in assembly.`);
    pushAll(this.assemblyLines, [...this.#file.guarded(text), '']);
    return name;
  }

  twin(assembly: Code, portable: Code): Code {
    return [
      `#if ${this.#file.macros.thumb}`,
      ...assembly,
      ...(portable.length > 0 ? ['#else', ...portable] : []),
      '#endif',
    ];
  }
}

function stepNames({ node, pool }: Step): string {
  return [node.name, ...(pool ? [pool.name] : [])].map(commentSafe).join(' + ');
}

/** What a layer computes, in a reader's words. */
function operation({ node, pool, output }: Step): string {
  // only a border keeps elements apart
  if (node.kind === 'copy' && !output.layout.contiguous) return 'copy into memory with a border';
  return pool ? `${node.kind} + maxpool` : node.kind;
}

function layerComment(step: Step, kernel: Kernel): string[] {
  const { node, pool } = step;
  const shape = (o: Operand): string => `[${o.layout.shape.join('][')}]`;
  const quantization = (o: Operand): string =>
    o.value.type === 'float32' ? 'float32' : `scale ${o.value.scale}, offset ${o.value.offset}`;
  const geometry =
    'kernel' in node
      ? [
          ` * kernel ${node.kernel.join('x')}, stride ${node.strides.join('x')}` +
            (node.dilations.some((d) => d !== 1) ? `, dilation ${node.dilations.join('x')}` : '') +
            (pool ? `; then maximum of ${pool.kernel.join('x')}` : ''),
        ]
      : [];
  return [
    '/*',
    ` * ${stepNames(step)}: ${operation(step)}, ${kernel.variant} (${kernel.note})`,
    ` * ${step.inputs.map(shape).join(', ')} -> ${shape(step.output)}`,
    ...geometry,
    ...step.inputs.map((x) => ` * in: ${quantization(x)}`),
    ` * out: ${quantization(step.output)}`,
    ' */',
  ];
}
