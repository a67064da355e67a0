import path from 'node:path';
import { dataRam } from '../../board/catalogue.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { resetFunction } from '../../bundle/header.ts';
import { rawText } from '../../bundle/rawSteps.ts';
import { english, say, someOf } from '../../common/errors/sentence.ts';
import type { RoundingCheck } from '../../workflow/numbers/roundingMeter.ts';
import { type Closeness, nearness } from '../../workflow/compare/closeness.ts';
import { apartness, type Comparison } from '../../workflow/compare/compare.ts';
import { floatSentence } from '../../workflow/port/floats.ts';
import type { FirmwareResult } from '../../workflow/port/result.ts';
import type { QuantizationCheck } from '../../workflow/numbers/checkNetwork.ts';
import { quantizationOptions } from '../choiceOptions.ts';
import { duration, grouped, usedOf } from '../table.ts';
import { fitTable } from './fitTable.ts';
import { answerTables } from './showAnswer.ts';

/** Classes that differ listed by number. */
const MAX_DIFFERING = 20;

/** What `glowport port` ends with: the board's answer and the PC's side by side, the verdict, time, memory, and the fit of all boards. */
export function portText(result: FirmwareResult): string {
  const parts = [
    ...answerTables(result),
    verdict(result),
    rawInputs(result),
    resources(result),
    fitTable(result.fit),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function verdict(result: FirmwareResult): string {
  const { run, comparison, labels, board, compiler, pc, check, bundle, answer } = result;
  const state = stateText(bundle);
  if (!run) return `Built, not run.\n${check ? closeText(check) : ''}${state}`;
  const named = (i: number | undefined): string => {
    if (i === undefined) return 'none';
    const label = labels[i];
    return label === undefined || label === String(i) ? String(i) : `${i} (${label})`;
  };
  const onBoard = `Top1    ${board.name} ${named(run.report.top1)}`;
  if (!pc || !comparison) {
    const top = answer.task === 'classify' ? `${onBoard}\n` : '';
    return `${top}Match   not compared: nothing on this computer computes the network\n${state}`;
  }
  const { top1 } = comparison;
  if (pc.expected.reference === 'float') {
    const network = compiler === 'glow' ? "Glow's network" : "the bundle's network";
    const { distance } = comparison;
    const close = distance && `Close   ${distance.isFar ? 'NO' : 'yes'}: ${english(apartness(distance))}\n`;
    if (!top1) return `${namedMatch(comparison, network)}\n${close ?? ''}${state}`;
    const match = comparison.match
      ? `yes, in Top1: ${network} says the float network's class; nothing on this PC repeats its integers`
      : `NO: ${network} says another class than the float network`;
    return `${onBoard}, PC float ${named(top1.float)}\nMatch   ${match}\n${close ?? ''}${state}`;
  }
  const tops = top1
    ? `${onBoard}, PC quantized ${named(top1.quantized)}, PC float ${named(top1.float)}\n`
    : '';
  const match = comparison.match
    ? `Match   yes: the board printed exactly what the PC computes${outputCount(comparison)}`
    : `Match   NO: ${differences(comparison).join(', ')}`;
  return `${tops}${match}\n${check ? closeText(check) : ''}${state}`;
}

/** That a network keeps a state, and what that means for its results. */
function stateText({ stateBytes, name }: Bundle): string {
  if (stateBytes === 0) return '';
  return `State   ${stateBytes} bytes live between inferences; results are those of a first one, behind ${resetFunction(name)}()\n`;
}

/** What a network that nothing on the PC repeats has of the float network's results, where it names no class. */
function namedMatch({ match, others, reconstructionIsSame }: Comparison, network: string): string {
  const how = match ? 'yes' : 'NO';
  const positions = others.filter((o) => !o.distance);
  const same = positions.map((o) => `${o.elements - o.differing} of ${o.elements} of ${o.name}`);
  if (same.length > 0) {
    return `Match   ${how}: positions that ${network} and the float network both find: ${same.join(', ')}`;
  }
  if (reconstructionIsSame !== undefined) {
    return `Match   ${how}: ${network} and the float network say ${match ? 'the same' : 'another thing'} of the input`;
  }
  return `Match   ${how}: ${match ? 'all numbers were printed' : 'numbers are missing'}; nothing on this PC repeats the integers of ${network}`;
}

/** Such as `, all 3 outputs`. */
function outputCount({ others, top1 }: Comparison): string {
  const count = others.length + (top1 ? 1 : 0);
  return count < 2 ? '' : count === 2 ? ', both outputs' : `, all ${count} outputs`;
}

/** What of a board's result is not as the PC computes it; a class or two by number. */
function differences({ differing, others, reconstructionIsSame }: Comparison): string[] {
  const found = others
    .filter((o) => o.differing > 0)
    .map((o) => `${o.differing} of ${o.elements} values of ${o.name} differ`);
  if (differing.length > 0) {
    found.unshift(english(say`classes ${someOf(differing.map(String), MAX_DIFFERING)} differ`));
  }
  if (reconstructionIsSame === false) found.push('the reconstruction error differs');
  return found.length > 0 ? found : ['Top1 differs'];
}

/** The other half of the verdict: how near the quantized network stays to the float one, and what would keep it nearer. */
function closeText({ closeness, loss, trials, rounding }: QuantizationCheck): string {
  const lines = [`Close   ${closeness.isClose ? 'yes' : 'NO'}: ${nearnessText(closeness)}`];
  if (rounding) lines.push(roundingText(rounding));
  if (closeness.isClose) return `${lines.join('\n        ')}\n`;
  if (loss) {
    lines.push(
      `most is lost in ${loss.node}: ${decibels(loss.fromDb)} before it, ${decibels(loss.toDb)} behind it`,
    );
  }
  for (const { change, closeness: other } of trials.slice(0, 3)) {
    lines.push(`try ${quantizationOptions(change)}: ${nearnessText(other)}`);
  }
  if (trials.length === 0) {
    lines.push(
      'no other choice of quantization comes much nearer; are the samples and --image-mode those it was trained with?',
    );
  }
  return `${lines.join('\n        ')}\n`;
}

/** What the fast rounding of a network that is quantized already changes. */
function roundingText({ samples, outputs, differing, most }: RoundingCheck): string {
  const over = samples === 1 ? '1 sample' : `${samples} samples`;
  return differing === 0
    ? `all ${outputs} outputs of ${over} are those of exact rounding`
    : `${differing} of ${outputs} outputs of ${over} are others than those of exact rounding, by ${most} at most`;
}

function nearnessText(closeness: Closeness): string {
  const { samples, namesClasses } = closeness;
  const near = english(nearness(closeness));
  if (namesClasses) return `quantized and float name ${near}`;
  return `quantized beside float over ${samples === 1 ? '1 sample' : `${samples} samples`}: ${near}`;
}

function decibels(db: number): string {
  return `${db.toFixed(0)} dB`;
}

/** How inputs that are normalized are made of raw values. */
function rawInputs({ bundle, rawUnits }: FirmwareResult): string {
  const lines = bundle.placeholders.flatMap((p) => {
    if (!Object.hasOwn(rawUnits, p.name)) return [];
    return rawText(p, rawUnits[p.name]!).map((line) => `${p.name}: ${line}`);
  });
  return lines.length === 0 ? '' : `Input   ${lines.join('\n        ')}\n`;
}

function resources(result: FirmwareResult): string {
  const { run, board, firmware, model, project, compiler, insteadBecause } = result;
  const by =
    insteadBecause !== undefined
      ? `Compiler Glow, as the built-in one refuses the model: ${insteadBecause}\n`
      : compiler === 'glow'
        ? 'Compiler Glow\n'
        : '';
  const floats = floatSentence(result);
  const time =
    run?.report.timeUs === undefined
      ? ''
      : `Time    ${duration(run.report.timeUs)}` +
        (run.cycles === undefined
          ? '\n'
          : `, ${grouped(run.cycles)} cycles at ${board.coreClockHz / 1e6} MHz\n`);
  const stack = run ? `, stack ${grouped(run.simulation.stackBytes)} B` : '';
  return (
    by +
    (floats ? `Float   ${english(floats)}\n` : '') +
    time +
    `Flash   ${usedOf(firmware.flashBytes, board.flash.size)}, the model ${grouped(model.flashBytes)} B\n` +
    `RAM     ${usedOf(firmware.ramBytes, dataRam(board).size)}, the model ${grouped(model.ramBytes)} B${stack}\n` +
    `Project ${path.relative(process.cwd(), project) || '.'}\n`
  );
}
