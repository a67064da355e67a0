import type { RemedyKind, RemedyOf } from '../../extension/common/errors/remedy.ts';
import { say } from '../../extension/common/errors/sentence.ts';

/** Remedies of every kind, in all their forms; the compiler asks for a new kind's. */
export const REMEDIES: { readonly [K in RemedyKind]: readonly RemedyOf<K>[] } = {
  advice: [{ do: 'advice', sentence: say`Check the path.` }],
  seeDetail: [{ do: 'seeDetail' }],
  seeSource: [
    {
      do: 'seeSource',
      messages: [{ file: '/home/a b/main.c', line: 12, column: 5, severity: 'error', text: "expected ';'" }],
    },
  ],

  convertModel: [
    { do: 'convertModel', by: { command: ['python', 'a b.tflite'], packages: ['tf2onnx'] } },
    { do: 'convertModel', by: { python: 'torch.onnx.export(model, "a.onnx")' } },
  ],
  showProblems: [{ do: 'showProblems' }],
  giveDimension: [{ do: 'giveDimension', symbol: 'N' }],
  giveSamples: [{ do: 'giveSamples' }],
  giveTestData: [{ do: 'giveTestData' }],
  renameNetwork: [{ do: 'renameNetwork', such: 'main_net' }],
  mendChoices: [{ do: 'mendChoices', file: '/home/a b/glowport.json' }],

  resizeImages: [{ do: 'resizeImages' }],
  swapImageLayout: [{ do: 'swapImageLayout' }],
  mixChannels: [{ do: 'mixChannels' }],
  cutSegments: [{ do: 'cutSegments' }, { do: 'cutSegments', samples: 16000 }],
  resampleSound: [{ do: 'resampleSound' }],
  chooseFeatures: [{ do: 'chooseFeatures' }],
  changeFrames: [{ do: 'changeFrames' }],
  chooseFeatureLayout: [{ do: 'chooseFeatureLayout' }],
  leaveTask: [{ do: 'leaveTask' }],
  leaveThreshold: [{ do: 'leaveThreshold' }],
  chooseFftSize: [{ do: 'chooseFftSize', size: 512 }],
  keepWholeRange: [{ do: 'keepWholeRange' }],
  quantizePerTensor: [{ do: 'quantizePerTensor' }],
  quantizeInInt8: [{ do: 'quantizeInInt8' }],
  takeInt32Biases: [{ do: 'takeInt32Biases' }],
  quantizePlaceholders: [{ do: 'quantizePlaceholders' }],
  reuseInput: [{ do: 'reuseInput' }],
  useBuiltinCompiler: [{ do: 'useBuiltinCompiler' }],
  stopAfterBuild: [{ do: 'stopAfterBuild' }],
  printOnUart: [{ do: 'printOnUart' }],
  answerSemihosting: [{ do: 'answerSemihosting' }],
  allowOverwriting: [{ do: 'allowOverwriting' }],

  chooseBoard: [
    { do: 'chooseBoard', which: 'any' },
    { do: 'chooseBoard', which: 'any', near: ['frdmke16z', 'frdmkv11z', 'frdmke04z'] },
    { do: 'chooseBoard', which: 'simulated' },
    { do: 'chooseBoard', which: 'fitting' },
    { do: 'chooseBoard', which: 'more RAM' },
    { do: 'chooseBoard', which: 'more flash' },
    { do: 'chooseBoard', which: 'with an FPU' },
  ],
  nameProjectBoard: [{ do: 'nameProjectBoard' }, { do: 'nameProjectBoard', says: 'evkmimxrt1010' }],
  compileForBoard: [{ do: 'compileForBoard', board: 'frdmke16z' }],

  nameOutputs: [{ do: 'nameOutputs', such: 'dense_2' }],

  getSdk: [{ do: 'getSdk' }, { do: 'getSdk', board: 'FRDM-KE16Z' }],
  buildOnSdk: [{ do: 'buildOnSdk' }],
  buildWithoutSdk: [{ do: 'buildWithoutSdk' }],
  giveSdkOfProject: [{ do: 'giveSdkOfProject' }],

  installToolchain: [{ do: 'installToolchain', command: 'sudo apt-get install gcc-arm-none-eabi' }],
  checkTools: [{ do: 'checkTools' }],
  correctToolPlace: [
    { do: 'correctToolPlace', of: 'toolchain' },
    { do: 'correctToolPlace', of: 'gdb' },
    { do: 'correctToolPlace', of: 'glow' },
  ],
  installGlow: [
    { do: 'installGlow', instead: false },
    { do: 'installGlow', instead: true },
  ],
  measureAnew: [{ do: 'measureAnew' }],
  measureInstead: [{ do: 'measureInstead' }],
  installFlashTool: [
    { do: 'installFlashTool', able: ['LinkServer', 'pyOCD'], wanted: false },
    { do: 'installFlashTool', able: ['LinkServer', 'pyOCD'], wanted: true },
  ],
  installPack: [{ do: 'installPack', command: ['pyocd', 'pack', 'install', 'mke04z8vfk4'] }],
  flashFirmware: [{ do: 'flashFirmware', firmware: '/home/me/mnist/build/mnist.elf', board: 'frdmke16z' }],
  connectProbe: [{ do: 'connectProbe', board: 'FRDM-KE16Z' }],

  profileModel: [{ do: 'profileModel' }],
  compileModel: [{ do: 'compileModel' }],
  generateProject: [{ do: 'generateProject' }],
  buildProject: [{ do: 'buildProject' }],
  portModel: [{ do: 'portModel' }],
  trustFolder: [{ do: 'trustFolder' }],
};
