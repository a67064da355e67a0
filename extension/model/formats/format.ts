import type { Help } from '../../common/error.ts';
import type { Sentence } from '../../common/errors/sentence.ts';
import type { Graph, Shape, Value } from '../graph.ts';

export interface ImportOptions {
  /** Name of the model. */
  readonly name: string;
  /** Sizes of symbolic dimensions, as given by `--define N=1`. A batch without one is 1. */
  readonly defines?: Readonly<Record<string, number>> | undefined;
}

/** What goes in and out of a model, as its file says; the network between them may be one that is not read. */
export interface FileEnds {
  readonly inputs: readonly Value[];
  /** Shape undefined where the file does not fix it. */
  readonly outputs: readonly { readonly name: string; readonly shape: Shape | undefined }[];
  /** Its values are integers already: no ranges have to be measured. */
  readonly isQuantized: boolean;
}

/** How many bytes of a file `begins` is given at most. */
export const START_BYTES = 256;

interface AnyFormat {
  /** Its name in code and data. */
  readonly id: string;
  /** What people call it: "ONNX". */
  readonly name: string;
  /** Of its files: the usual one first, small letters, with the dot. No two formats share one. */
  readonly endings: readonly string[];
  /**
   * Whether a file is of this format, whatever it is called. No file begins as two formats do; a file that begins as none
   * does is told by its ending.
   * @param start the file's first START_BYTES bytes, or all that it has
   */
  readonly begins?: (start: Uint8Array) => boolean;
}

/** What a format's models may be made of, for people to read. */
export interface SupportedOperators {
  /** What holds for all of them, a sentence each. */
  readonly general: readonly string[];
  /** In the order of the alphabet. */
  readonly operators: readonly SupportedOperator[];
}

export interface SupportedOperator {
  /** As the format calls it. */
  readonly name: string;
  /** What it asks for beyond what the format does; '' for nothing. */
  readonly note: string;
}

/** Operators with their notes, from the table of a format. */
export function supportedOperators(
  general: readonly string[],
  notes: Readonly<Record<string, string>>,
): SupportedOperators {
  const operators = Object.entries(notes).map(([name, note]) => ({ name, note }));
  return { general, operators: operators.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** A format that models are read from. */
export interface ReadFormat extends AnyFormat {
  /**
   * The graph as the file has it: operators become nodes of the IR, no pass has run. What it takes is loaded by the first
   * model that needs it.
   *
   * @param bytes the whole file
   * @throws UserError 'input' when the bytes are no whole model, 'model' when the model cannot be expressed, 'usage' when a
   *   define fits no dimension
   */
  readonly read: (bytes: Uint8Array, options: ImportOptions) => Promise<Graph>;
  /** Those of its endings that files of other kinds have, too: what opens them first is not up to GlowPort. */
  readonly sharedEndings?: readonly string[];
  /** The operators or layers that are read, with what each asks for. */
  readonly operators: () => Promise<SupportedOperators>;
  /**
   * The ends of a model, for Glow's compiler, which reads files of this format itself; absent for formats that it does not read.
   * What it takes is loaded by the first model that needs it.
   *
   * @param bytes the whole file
   * @throws UserError 'input' when the bytes are no whole model, 'model' when what goes in or out is nothing that can be handled,
   *   'usage' when a define fits no dimension
   */
  readonly ends?: (bytes: Uint8Array, options: Pick<ImportOptions, 'defines'>) => Promise<FileEnds>;
}

/** A format that is known, but not read. */
export interface KnownFormat extends AnyFormat {
  /** One of its models, in a sentence: "a Keras model". */
  readonly model: Sentence;
  /** File by which a folder is known as a model, for a format that keeps models as folders. */
  readonly folderWith?: string;
  /** What makes a model that is read of this one. @param model path of the file or folder */
  readonly advise: (model: string) => Help;
}

export type Format = ReadFormat | KnownFormat;

export function isRead(format: Format): format is ReadFormat {
  return 'read' in format;
}
