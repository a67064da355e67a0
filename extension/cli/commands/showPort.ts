import { largest } from '../../common/lists.ts';
import path from 'node:path';
import type { PortResult } from '../../workflow/port/port.ts';
import { fitTable } from './fitTable.ts';
import { duration, grouped, textTable, usedOf } from '../table.ts';

/** What `glowport port` ends with: confidences side by side, the verdict, time, memory, and the fit of all boards. */
export function portText(result: PortResult): string {
  return [confidences(result), verdict(result), resources(result), fitTable(result.fit)].join('\n');
}

function confidences({ run, pc, labels, board, compiler }: PortResult): string {
  const printed = new Map(run?.report.confidences.map((c) => [c.classIndex, c.value]));
  const classes = [...pc.expected.quantized.keys()];
  const isNamed = classes.some((i) => labels[i] !== undefined && labels[i] !== String(i));
  const onBoard = run ? [{ title: board.name, align: 'right' as const }] : [];
  return textTable(
    [
      { title: 'class', align: 'right' },
      ...(isNamed ? [{ title: 'label' }] : []),
      ...onBoard,
      ...(compiler === 'glow'
        ? [{ title: 'PC float as int', align: 'right' as const }]
        : [{ title: 'PC quantized', align: 'right' as const }]),
      { title: '(real)', align: 'right' },
      { title: 'PC float', align: 'right' },
    ],
    classes.map((i) => [
      i,
      ...(isNamed ? [labels[i] ?? ''] : []),
      ...(run ? [printed.get(i) ?? '-'] : []),
      pc.expected.quantized[i]!,
      pc.dequantized[i]!.toFixed(3),
      pc.expected.float[i]!.toFixed(3),
    ]),
  );
}

function verdict({ run, comparison, labels, board, compiler, pc }: PortResult): string {
  if (!run || !comparison) return 'Built, not run.\n';
  const named = (i: number | undefined): string => {
    if (i === undefined) return 'none';
    const label = labels[i];
    return label === undefined || label === String(i) ? String(i) : `${i} (${label})`;
  };
  const { top1 } = comparison;
  if (compiler === 'glow') {
    const tops = `Top1    ${board.name} ${named(run.report.top1)}, PC float ${named(top1.float)}`;
    const largestError = largest(
      run.report.confidences.map((c) => Math.abs(c.value - (pc.expected.quantized[c.classIndex] ?? 0))),
    );
    return `${tops}\nMatch   ${
      comparison.match
        ? `yes: Glow's network says the float network's class; confidences differ by ${largestError} at most`
        : "NO: Glow's network says another class than the float network"
    }\n`;
  }
  const tops = `Top1    ${board.name} ${named(run.report.top1)}, PC quantized ${named(top1.quantized)}, PC float ${named(top1.float)}`;
  const match = comparison.match
    ? 'Match   yes: the board printed exactly what the PC computes'
    : `Match   NO: ${comparison.differing.length > 0 ? `classes ${comparison.differing.join(', ')} differ` : 'Top1 differs'}`;
  return `${tops}\n${match}\n`;
}

function resources({ run, board, firmware, model, project, compiler, insteadBecause }: PortResult): string {
  const by =
    insteadBecause !== undefined
      ? `Compiler Glow, as the built-in one refuses the model: ${insteadBecause}\n`
      : compiler === 'glow'
        ? 'Compiler Glow\n'
        : '';
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
    time +
    `Flash   ${usedOf(firmware.flashBytes, board.flash.size)}, the model ${grouped(model.flashBytes)} B\n` +
    `RAM     ${usedOf(firmware.ramBytes, board.ram[0]!.size)}, the model ${grouped(model.ramBytes)} B${stack}\n` +
    `Project ${path.relative(process.cwd(), project) || '.'}\n`
  );
}
