import type { ImportOptions } from '../../extension/model/formats/format.ts';
import { importOnnx } from '../../extension/model/formats/onnx/import.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { finished } from '../../extension/model/import/finish.ts';

/** What `importModel` makes of an ONNX file, at once. */
export function importedOnnx(bytes: Uint8Array, options: ImportOptions): Graph {
  return finished(importOnnx(bytes, options));
}
