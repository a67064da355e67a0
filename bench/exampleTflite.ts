/**
 * Writes examples/mnist/mnist.tflite: the example network as TensorFlow's converter quantizes it to int8, its ranges measured over the
 * calibration images.
 *
 *     npx tsx bench/exampleTflite.ts
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exampleTflite } from '../test/support/exampleTflite.ts';

const place = fileURLToPath(new URL('../examples/mnist/mnist.tflite', import.meta.url));
writeFileSync(place, await exampleTflite());
