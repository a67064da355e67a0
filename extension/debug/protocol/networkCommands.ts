import { english } from '../../common/errors/sentence.ts';
import { UserError } from '../../common/error.ts';
import type { NetworkWatch } from '../network/networkWatch.ts';
import { layersText, tensorText } from '../network/texts.ts';
import type { MonitorCommand, MonitorTarget } from './monitorCommand.ts';

/** What follows `monitor` and is about the firmware's network. */
export const NETWORK_COMMANDS: Readonly<Record<string, MonitorCommand>> = {
  layers: {
    help: "the network's layers: functions, shapes, cycles, and whether their tensors are there and the PC's",
    run: (target) => onNetwork(target, async (watch) => layersText(await watch.layers())),
  },
  tensor: {
    argument: 'LAYER [CHANNEL]',
    help: "numbers that a layer has written, and the PC's where they differ; LAYER is a name or a number",
    run: (target, argument) =>
      onNetwork(target, async (watch) => {
        const [name = '', channel, ...more] = argument.trim().split(/\s+/);
        const layer = layerOf(watch, name);
        const plane = channel === undefined ? undefined : Number(channel) - 1;
        if (layer === undefined || more.length > 0)
          return 'Give the name or the number of a layer; "monitor layers" lists them.';
        if (plane !== undefined && !(Number.isInteger(plane) && plane >= 0))
          return 'Channels are counted from 1.';
        announce(target, watch);
        return tensorText(await watch.tensor(layer), plane);
      }),
  },
  differ: {
    argument: 'on|off',
    help: "whether the board stops where a layer's tensor first differs from the PC's, and at the end of the inference",
    run: (target, argument) =>
      onNetwork(target, async (watch) => {
        const wanted = argument.trim();
        if (wanted !== 'on' && wanted !== 'off' && wanted !== '') return 'Say on or off.';
        if (wanted === 'on') announce(target, watch);
        if (wanted !== '') await watch.stopAtDifference(wanted === 'on');
        return watch.stopsAtDifference
          ? "The board stops where board and PC first differ, and at the inference's end."
          : 'The board does not stop where board and PC differ.';
      }),
  },
};

async function onNetwork(
  { network }: MonitorTarget,
  answer: (watch: NetworkWatch) => Promise<string>,
): Promise<string> {
  if ('template' in network) return english(network);
  try {
    return await answer(network);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Says what takes long before it does. */
function announce(target: MonitorTarget, watch: NetworkWatch): void {
  if (!watch.isPcSettled) target.tell("Computing the PC's network from the model and its samples ...\n");
}

/** A layer by its number, counted from 1, its name or its function. */
function layerOf({ network: { layers } }: NetworkWatch, text: string): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) - 1 : -1;
  const found = layers[number] ? number : layers.findIndex((l) => l.name === text || l.symbol === text);
  return found < 0 ? undefined : found;
}
