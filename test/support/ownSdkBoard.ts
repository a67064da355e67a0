import type { BoardData } from '../../extension/board/catalogue.ts';
import { findBoard } from '../../extension/board/catalogue.ts';
import type { SdkLayout } from '../../extension/sdk/layout.ts';
import { ownSdk, placeIn } from './ownSdk.ts';

/*
 * A board that no catalogue has, in an SDK of our own: the FRDM-KE16Z under another name, so that its firmware boots on that
 * one's simulator. What the SDK's files say of a board stands in them as NXP writes it.
 */

export const OWN_BOARD = 'frdmown1';
const PART = 'OWN1Z64VLF4';

/** The SDK's files by path. */
export function sdkWithOwnBoard(layout: SdkLayout): Map<string, string> {
  const like = findBoard('frdmke16z');
  const renamed = (text: string): string =>
    text
      .replaceAll('MKE16Z64xxx4_flash', 'OWN1Z64xxx4_flash')
      .replaceAll('MKE16Z4', 'OWN1Z4')
      .replaceAll('frdmke16z', OWN_BOARD);
  const board: BoardData = {
    ...like,
    id: OWN_BOARD,
    name: 'FRDM-OWN1',
    sdk: JSON.parse(renamed(JSON.stringify(like.sdk))) as BoardData['sdk'],
  };
  const files = ownSdk(
    layout,
    board,
    layout === 'mcuxsdk'
      ? ['BOARD_InitPins()', 'BOARD_BootClockRUN()', 'BOARD_InitDebugConsole()']
      : undefined,
  );
  const change = (file: string, by: (text: string) => string): void => {
    const at = placeIn(layout, file, board);
    files.set(at, by(files.get(at) ?? ''));
  };
  const { boardFolder, deviceFolder } = board.sdk;
  change(
    `${deviceFolder}/fsl_device_registers.h`,
    (t) => `#if (defined(CPU_${PART}) || defined(CPU_OWN1Z32VLF4))\n#include "OWN1Z4.h"\n#endif\n${t}`,
  );
  change(`${deviceFolder}/OWN1Z4.h`, () => '#define __MPU_PRESENT 0\n#include "core_cm0plus.h"\n');
  change(`${deviceFolder}/OWN1Z4_features.h`, () => '#define FSL_FEATURE_SOC_LPUART_COUNT (3)\n');
  change(`${boardFolder}/board.h`, (t) =>
    t.replace(/BOARD_DEBUG_UART_BASEADDR \w+/, 'BOARD_DEBUG_UART_BASEADDR (uint32_t) LPUART0'),
  );
  change(`${boardFolder}/clock_config.h`, (t) =>
    t.replace(
      '#endif',
      '#define BOARD_BOOTCLOCKRUN_CORE_CLOCK 48000000U\nvoid BOARD_BootClockRUN(void);\n#endif',
    ),
  );
  change(
    `${boardFolder}/clock_config.c`,
    (t) =>
      `/*\npackage_id: ${PART}\n*/\n${t.replace('void BOARD_InitBootClocks(void)', 'void BOARD_BootClockRUN(void)')}\nvoid BOARD_InitBootClocks(void)\n{\n    BOARD_BootClockRUN();\n}\n`,
  );
  change(
    `${boardFolder}/board_runner.cmake`,
    () => 'board_runner_args(linkserver "--device=${CONFIG_MCUX_HW_DEVICE_ID}:FRDM-OWN1")\n',
  );
  return files;
}
