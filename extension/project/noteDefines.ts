import type { BoardData } from '../board/catalogue.ts';

/** Macros that AN13438 (section 5) asks for in every project; `PRINTF_ADVANCED_ENABLE` where the flash has room for it. */
export function noteDefines(board: BoardData): string[] {
  return [
    'MCUXPRESSO_SDK',
    'SDK_DEBUGCONSOLE=1',
    'CR_INTEGER_PRINTF',
    'PRINTF_FLOAT_ENABLE=0',
    'SCANF_FLOAT_ENABLE=0',
    `PRINTF_ADVANCED_ENABLE=${board.sdk.printfAdvanced ? 1 : 0}`,
    'SCANF_ADVANCED_ENABLE=0',
    '__USE_CMSIS',
    '__NEWLIB__',
  ];
}
