import type { Frame as WebviewFrame, Page } from 'playwright-core';

/** Strokes of a 3, in shares of the canvas. */
const THREE: readonly (readonly [number, number])[] = [
  [0.28, 0.3],
  [0.45, 0.2],
  [0.65, 0.25],
  [0.62, 0.4],
  [0.45, 0.48],
  [0.65, 0.58],
  [0.66, 0.75],
  [0.45, 0.82],
  [0.28, 0.75],
];

/** Draws a 3 on the monitor's canvas with the mouse. */
export async function drawThree(page: Page, monitor: WebviewFrame): Promise<void> {
  if (!(await monitor.locator('#draw-canvas').isVisible())) await monitor.locator('#draw').click();
  await monitor.locator('#draw-clear').click();
  const canvas = monitor.locator('#draw-canvas');
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  for (const [i, [x, y]] of THREE.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 6 });
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}
