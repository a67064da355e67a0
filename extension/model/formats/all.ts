/** Every format of model files, each named here once. */
export { keras } from './keras.ts';
export { onnx } from './onnx.ts';
export { pytorch } from './pytorch.ts';
export { savedModel } from './savedModel.ts';
export { tflite } from './tflite.ts';
