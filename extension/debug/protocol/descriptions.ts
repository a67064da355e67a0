import type { DebugRegister } from '../../simulator/machine/debugPort.ts';
import type { SimulatedBoard } from '../../simulator/machine/mcu.ts';

/** A register as GDB numbers it. */
interface DescribedRegister {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly register: DebugRegister;
  readonly feature: string;
}

const CORE = 'org.gnu.gdb.arm.m-profile';
const SYSTEM = 'org.gnu.gdb.arm.m-system';

function typeOf(index: number): string {
  return index === 13 ? 'data_ptr' : index === 15 ? 'code_ptr' : 'int';
}

/** In the order in which `g` gives them ("ARM Features" in GDB's manual). */
export const REGISTERS: readonly DescribedRegister[] = [
  ...[...Array(16).keys()].map((index) => ({
    number: index,
    name: ['sp', 'lr', 'pc'][index - 13] ?? `r${index}`,
    type: typeOf(index),
    register: index,
    feature: CORE,
  })),
  { number: 25, name: 'xpsr', type: 'int', register: 'xpsr', feature: CORE },
  { number: 26, name: 'msp', type: 'data_ptr', register: 'msp', feature: SYSTEM },
  { number: 27, name: 'psp', type: 'data_ptr', register: 'psp', feature: SYSTEM },
  { number: 28, name: 'primask', type: 'int', register: 'primask', feature: SYSTEM },
  { number: 29, name: 'control', type: 'int', register: 'control', feature: SYSTEM },
];

/** The target description: which registers there are. */
export function targetDescription(): string {
  const features = [CORE, SYSTEM].map((feature) => {
    const registers = REGISTERS.filter((r) => r.feature === feature).map(
      ({ name, type, number }) => `    <reg name="${name}" bitsize="32" type="${type}" regnum="${number}"/>`,
    );
    return [`  <feature name="${feature}">`, ...registers, '  </feature>'].join('\n');
  });
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
    '<target version="1.0">',
    '  <architecture>arm</architecture>',
    ...features,
    '</target>\n',
  ].join('\n');
}

/** What GDB erases at least; the simulator erases any range. All boards' flash sizes are multiples of it. */
const ERASE_BLOCK = 1024;
/** The core's own registers. */
const PRIVATE_BUS = { origin: 0xe0000000, size: 0x100000 };

/** The memory map: what is flash, and where anything is at all. GDB lets its user look nowhere else. */
export function memoryMap({ memories, peripherals }: SimulatedBoard): string {
  const range = (type: string, origin: number, size: number, inside = ''): string =>
    `  <memory type="${type}" start="0x${origin.toString(16)}" length="0x${size.toString(16)}"${inside ? `>${inside}</memory>` : '/>'}`;
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" "http://sourceware.org/gdb/gdb-memory-map.dtd">',
    '<memory-map>',
    ...memories.map(({ kind, origin, size }) =>
      kind === 'flash'
        ? range('flash', origin, size, `<property name="blocksize">0x${ERASE_BLOCK.toString(16)}</property>`)
        : range(kind, origin, size),
    ),
    ...[...peripherals, PRIVATE_BUS].map(({ origin, size }) => range('ram', origin, size)),
    '</memory-map>\n',
  ].join('\n');
}
