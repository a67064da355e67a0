import { CORE_NAMES } from '../../board/board.ts';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { english } from '../../common/errors/sentence.ts';
import { readElf } from '../../toolchain/elf.ts';
import type { ModelReport } from '../../../webview/shared/report.ts';
import { modelReport } from '../report/data.ts';
import { firmwareMemory } from '../report/memory.ts';
import { readFirmware } from '../steps/run.ts';
import { floatSentence } from './floats.ts';
import type { PortResult } from './port.ts';

/** The report of a finished port: layers as measured, memories as linked, accuracy over the samples. */
export async function reportOfPort(result: PortResult): Promise<ModelReport> {
  const { board, bundle, graph, quantized, ranges, run, choices } = result;
  const elf = readElf(await readFirmware(result.elf));
  return modelReport({
    graph,
    file: { name: path.basename(choices.model), bytes: (await stat(choices.model)).size },
    ranges,
    quantized,
    bundle,
    size: result.model,
    board,
    simulation: run?.simulation,
    timeUs: run?.report.timeUs,
    memory: firmwareMemory(elf, board, bundle, run?.simulation.stackBytes),
    accuracy: result.check?.accuracy,
    cycles: run?.cycles,
    precision: choices.quantization.precision,
    notes: quantized ? [] : glowNotes(result),
    boardsNote: quantized ? undefined : glowBoardsNote(result),
    boards: result.fit.map(({ board: b, fit }) => ({
      id: b.id,
      name: b.name,
      fits: fit.fits,
      reasons: fit.reasons.map(english),
      timeUs: fit.timeUs,
      timeBasis: fit.timeBasis,
      basis: fit.basis,
      flash: fit.flash,
      ram: fit.ram,
    })),
  });
}

/** What of a network that Glow compiled is not known, and where to find it out. */
function glowNotes(result: PortResult): string[] {
  const { insteadBecause } = result;
  const floats = floatSentence(result);
  return [
    ...(insteadBecause === undefined ? [] : [`The built-in compiler refuses this model: ${insteadBecause}`]),
    ...(floats ? [english(floats)] : []),
    'Compiled by Glow, whose object does not tell layers apart. Not known: code, constants, cycles and quantization of each layer, and the plan of the activations memory.',
    'Nothing on this computer repeats Glow\u2019s integers. Not known: accuracy over the samples; \u201cCompare Built-in Compiler and Glow\u201d measures it on the simulated board.',
  ];
}

/** Which boards the list of a network that Glow compiled lacks, and what it does not say of the others. */
function glowBoardsNote({ board, run }: PortResult): string {
  const core = CORE_NAMES[board.core];
  return run?.cycles === undefined
    ? `Glow compiled for the ${core}: sizes on boards with another core are not known. Times are not either, as Glow predicts none and the firmware has not run on the simulated board.`
    : `Glow compiled for the ${core}: sizes on boards with another core are not known.`;
}
