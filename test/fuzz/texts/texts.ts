import type { Fuzzer } from '../driver/fuzzer.ts';
import { targetCase } from '../driver/targets.ts';
import { archiveTargets } from './archives.ts';
import { bundleTargets } from './bundles.ts';
import { packetTargets } from './packets.ts';
import { projectTargets } from './projects.ts';
import { sampleTargets } from './samples.ts';
import { settingTargets } from './settings.ts';
import { toolTargets } from './tools.ts';
import { uartTargets } from './uart.ts';

/**
 * Everything else that is read: a board's output, bundles, projects, settings, other programs' output, zip files, a debugger's
 * packets.
 */
export const texts: Fuzzer = {
  name: 'texts',
  short: 150,
  open: async () => {
    const targets = [
      ...uartTargets(),
      ...(await bundleTargets()),
      ...settingTargets(),
      ...sampleTargets(),
      ...(await projectTargets()),
      ...toolTargets(),
      ...archiveTargets(),
      ...packetTargets(),
    ];
    return (random) => targetCase(random, targets);
  },
};
