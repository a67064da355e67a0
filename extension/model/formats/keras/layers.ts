import type { LayerImporter } from './context.ts';
import { activation, leakyRelu, named, prelu, relu, rescaling, softmax } from './layers/activation.ts';
import { conv, depthwiseConv, separableConv } from './layers/conv.ts';
import { convTranspose } from './layers/convTranspose.ts';
import { dense } from './layers/dense.ts';
import { add, average, concatenate, multiply, subtract } from './layers/merge.ts';
import { cropping, flatten, identity, permute, repeatVector, reshape, zeroPadding } from './layers/move.ts';
import { batchNormalization, normalization } from './layers/normalization.ts';
import { getItem } from './layers/indexing.ts';
import { globalPool, pool } from './layers/pool.ts';
import { resizing, upSampling } from './layers/resize.ts';

/**
 * Every supported layer, by its class; operations of Keras 3 have `ops.` before theirs. Models are spread out before; notes.ts
 * says what each asks for.
 */
const LAYER_IMPORTERS = [
  ['Activation', activation],
  ['ActivityRegularization', identity],
  ['Add', add],
  ['AlphaDropout', identity],
  ['Average', average],
  ['AveragePooling1D', pool('avgpool', 1)],
  ['AveragePooling2D', pool('avgpool', 2)],
  ['BatchNormalization', batchNormalization],
  ['Concatenate', concatenate],
  ['Conv1D', conv(1)],
  ['Conv1DTranspose', convTranspose(1)],
  ['Conv2D', conv(2)],
  ['Conv2DTranspose', convTranspose(2)],
  ['Cropping1D', cropping(1)],
  ['Cropping2D', cropping(2)],
  ['Dense', dense],
  ['DepthwiseConv1D', depthwiseConv(1)],
  ['DepthwiseConv2D', depthwiseConv(2)],
  ['Dropout', identity],
  ['Flatten', flatten],
  ['GaussianDropout', identity],
  ['GaussianNoise', identity],
  ['GlobalAveragePooling1D', globalPool('avgpool', 1)],
  ['GlobalAveragePooling2D', globalPool('avgpool', 2)],
  ['GlobalMaxPooling1D', globalPool('maxpool', 1)],
  ['GlobalMaxPooling2D', globalPool('maxpool', 2)],
  ['Identity', identity],
  ['LeakyReLU', leakyRelu],
  ['MaxPooling1D', pool('maxpool', 1)],
  ['MaxPooling2D', pool('maxpool', 2)],
  ['Multiply', multiply],
  ['Normalization', normalization],
  ['PReLU', prelu],
  ['Permute', permute],
  ['RandomBrightness', identity],
  ['RandomContrast', identity],
  ['RandomFlip', identity],
  ['RandomRotation', identity],
  ['RandomTranslation', identity],
  ['RandomZoom', identity],
  ['ReLU', relu],
  ['RepeatVector', repeatVector],
  ['Rescaling', rescaling],
  ['Reshape', reshape],
  ['Resizing', resizing],
  ['SeparableConv1D', separableConv(1)],
  ['SeparableConv2D', separableConv(2)],
  ['SlicingOpLambda', getItem],
  ['Softmax', softmax],
  ['SpatialDropout1D', identity],
  ['SpatialDropout2D', identity],
  ['Subtract', subtract],
  ['UpSampling1D', upSampling(1)],
  ['UpSampling2D', upSampling(2)],
  ['ZeroPadding1D', zeroPadding(1)],
  ['ZeroPadding2D', zeroPadding(2)],
  ['ops.Add', add],
  ['ops.GetItem', getItem],
  ['ops.Multiply', multiply],
  ['ops.Relu', named('relu')],
  ['ops.Relu6', named('relu6')],
  ['ops.Sigmoid', named('sigmoid')],
  ['ops.Subtract', subtract],
  ['ops.Tanh', named('tanh')],
] as const satisfies readonly (readonly [string, LayerImporter])[];

/** The class of a supported layer. */
export type KerasLayer = (typeof LAYER_IMPORTERS)[number][0];

export const LAYERS: ReadonlyMap<string, LayerImporter> = new Map<string, LayerImporter>(LAYER_IMPORTERS);

/** What a TFOpLambda layer calls: functions of TensorFlow, by the names that it stores. */
export const FUNCTIONS: ReadonlyMap<string, LayerImporter> = new Map<string, LayerImporter>([
  ['__operators__.add', add],
  ['math.add', add],
  ['math.multiply', multiply],
  ['math.sigmoid', named('sigmoid')],
  ['math.subtract', subtract],
  ['math.tanh', named('tanh')],
  ['nn.relu', named('relu')],
  ['nn.relu6', named('relu6')],
]);
