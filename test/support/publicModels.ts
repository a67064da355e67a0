import { existsSync } from 'node:fs';
import path from 'node:path';
import { npy } from '../data/npyBuilder.ts';
import { Random } from './random.ts';

/** A public model that developers put on microcontrollers, and what becomes of it. */
export interface PublicModel {
  readonly file: string;
  /** A simulated board that it fits; undefined where none does, or it is refused. */
  readonly board?: string;
  /** The shape of a float model's input, for samples; a quantized one needs none. */
  readonly shape?: readonly number[];
  /** Why it is ported to no simulated board. */
  readonly refused?: RegExp;
}

const TOO_LARGE = /does not fit .*it needs [\d.]+ KB flash/;

/** Every model of the list. They are no part of this project: ../shared/models/models.tsv says where they come from. */
export const PUBLIC_MODELS: readonly PublicModel[] = [
  { file: 'tflite-micro__hello_world_int8.tflite', board: 'frdmke04z' },
  { file: 'tflite-micro__sine_float.tflite', board: 'frdmke04z', shape: [1] },
  { file: 'tflite-micro__micro_speech_quantized.tflite', board: 'frdmmcxc444' },
  { file: 'tflite-micro__person_detect.tflite', refused: TOO_LARGE },
  { file: 'tflite-micro__trained_lstm_int8.tflite', board: 'frdmk32l2b' },
  { file: 'tiny__model_ToyCar_quant_fullint_micro_intio.tflite', refused: TOO_LARGE },
  { file: 'tiny__kws_ref_model.tflite', board: 'frdmmcxc444' },
  { file: 'mltk__image_classification.tflite', refused: /does not fit .*it needs [\d.]+ KB RAM/ },
  { file: 'mcuxsdk-examples__cifarnet_quant_int8.tflite', board: 'frdmke17z' },
  { file: 'ds_cnn_s_npu.tflite', refused: /NeutronGraph, which is compiled for an NPU/ },
  { file: 'TinyMaix__mnist_valid_q.tflite', board: 'frdmke16z' },
  { file: 'TinyML__sine_model_quantized.tflite', board: 'lpc845breakout' },
  { file: 'TinyMaix__mnist_dw.h5', board: 'frdmke16z', shape: [28, 28, 1] },
  { file: 'TinyMaix__mnist_resnet.h5', board: 'frdmk32l2b', shape: [28, 28, 1] },
  { file: 'tiny__model_ToyCar.hdf5', shape: [640], refused: TOO_LARGE },
  { file: 'TinyML__model.keras', board: 'frdmke04z', shape: [8, 8, 1] },
  { file: 'cnn-fashion-mnist-classifier__model.keras', board: 'frdmke17z', shape: [28, 28, 1] },
  { file: 'onnx2c__mnist.simplified.onnx', board: 'frdmkv11z', shape: [14, 14] },
  { file: 'esp-dl__streaming.onnx', board: 'frdmk32l2b', shape: [16, 24] },
  { file: 'ap-ml-person-detector__dperson_shufflenetv2.onnx', shape: [3, 192, 320], refused: TOO_LARGE },
];

/** Where a model is, of those that are at hand: beside this folder, or where GLOWPORT_MODELS says. */
export function publicModel(file: string, root: string): string | undefined {
  const folders = [path.join(root, '../shared/models/files'), process.env['GLOWPORT_MODELS'] ?? []].flat();
  return folders.map((folder) => path.join(folder, file)).find((place) => existsSync(place));
}

/** A few samples of a shape, as NumPy saves them. */
export function publicSamples(shape: readonly number[]): Uint8Array {
  const random = new Random(3);
  const count = 4 * shape.reduce((n, d) => n * d, 1);
  return npy(
    [4, ...shape],
    Array.from({ length: count }, () => random.real(0, 1)),
  );
}
