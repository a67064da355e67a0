/** What a board's board.h says. */
export interface BoardHeader {
  /** NXP's name, such as `FRDM-MCXC444`. */
  readonly name: string | undefined;
  /** Peripheral of the debug console, such as `LPUART0`. */
  readonly uart: string | undefined;
  readonly baudRate: number | undefined;
  /** The call that connects the console's clock, where the board needs one (LPC, MCX). */
  readonly attach: { readonly call: string; readonly value: string } | undefined;
}

/** Reads board.h. Where a macro is defined for several variants, the first counts. Pure. */
export function readBoardHeader(text: string): BoardHeader {
  const plain = text.replace(/\r\n?/g, '\n').replace(/\\\n/g, ' ');
  const value = (name: string): string | undefined =>
    new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}[ \\t]+([^\\n]{1,200})$`, 'm').exec(plain)?.[1]?.trim();
  const of = (what: string): string | undefined =>
    value(`BOARD_DEBUG_UART_${what}`) ?? value(`BOARD_DEBUG_USART_${what}`);
  const uart = /\b((?:LP|S|I)?US?ART\d{1,2}|FLEXCOMM\d{1,2})\b/.exec(of('BASEADDR') ?? '')?.[1];
  const baudRate = Number(/\d{3,8}/.exec(of('BAUDRATE') ?? '')?.[0]);
  return {
    name: /^"([\w .+-]{1,60})"/.exec(value('BOARD_NAME') ?? '')?.[1],
    uart,
    baudRate: Number.isNaN(baudRate) ? undefined : baudRate,
    attach: attachOf(value),
  };
}

/** The LPC800's clock driver names its function in another way. */
function attachOf(value: (name: string) => string | undefined): BoardHeader['attach'] {
  for (const [macro, call] of [
    ['BOARD_DEBUG_USART_CLK_ATTACH', 'CLOCK_Select'],
    ['BOARD_DEBUG_UART_CLK_ATTACH', 'CLOCK_AttachClk'],
  ] as const) {
    const connection = value(macro);
    if (connection !== undefined) return { call: `${call}(${macro})`, value: connection };
  }
  return undefined;
}
