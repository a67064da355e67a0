import { boards } from '../board/catalogue.ts';
import { commandValue, type Shell } from '../common/commandLine.ts';
import { conversionValue } from '../common/errors/conversion.ts';
import { type BoardWish, lookUp, type Remedy, type RemedyTable } from '../common/errors/remedy.ts';
import { anyOf, english, say, type Sentence } from '../common/errors/sentence.ts';
import { AUTO_SDK } from '../workflow/choices/choices.ts';

/** How the shell that most likely called quotes; `"…"` is right for both of Windows'. */
export const SHELL: Shell = process.platform === 'win32' ? 'cmd' : 'posix';

/** Remedies on the command line: with its options and commands, in English. */
export function advice(remedies: readonly Remedy[]): string {
  return remedies.map((remedy) => english(lookUp(SENTENCES, remedy))).join(' ');
}

const SENTENCES: RemedyTable<Sentence> = {
  advice: ({ sentence }) => sentence,
  seeDetail: () => say`Run it again with --debug to see more.`,
  seeSource: ({ messages: [{ file, line }] }) => say`See ${file}, line ${line}.`,

  convertModel: ({ by }) =>
    say`Convert the float model, not a quantized one, with: ${conversionValue(by, SHELL)}.`,
  showProblems: () => say`"glowport inspect MODEL" shows all of them.`,
  giveDimension: ({ symbol }) => say`Give its size: --define ${symbol}=NUMBER.`,
  giveSamples: () =>
    say`Give some typical ones with --samples: pictures, sound (.wav), or numbers in .npy, .npz, .csv, .json or .bin; a folder or files; 100 are plenty.`,
  giveTestData: () => say`Add --input, such as --input digit.png or --input data.npy#3.`,
  renameNetwork: ({ such }) => say`Rename the model, or give another name with --name, such as "${such}".`,

  mendChoices: ({ file }) => say`Mend ${file} or delete it.`,

  resizeImages: () => say`Or let it be scaled with --resize.`,
  swapImageLayout: () => say`Try the other --image-layout.`,
  mixChannels: () => say`Mix them with --mono.`,
  cutSegments: ({ samples }) =>
    samples === undefined
      ? say`Cut recordings into pieces, or fill shorter ones with zeros: --segment SAMPLES.`
      : say`Cut recordings into pieces, or fill shorter ones with zeros: --segment ${samples}.`,
  resampleSound: () => say`Say which one the model was trained with: --sample-rate HZ.`,
  chooseFeatures: () => say`Let features be computed: --features spectrogram, logmel or mfcc.`,
  changeFrames: () =>
    say`Frames follow from --segment, --hop-length, --n-fft and --center-padding, bins from --n-mfcc, --n-mels or --n-fft.`,
  chooseFeatureLayout: () => say`Say which: --feature-layout time-first or bins-first.`,
  leaveTask: () => say`Leave --task out, or give --task raw, which takes every network.`,
  leaveThreshold: () => say`Leave it out, or give --task anomaly.`,
  chooseFftSize: ({ size }) =>
    say`Take a size with small factors, such as --n-fft ${size} with --win-length for the window.`,
  keepWholeRange: () => say`--range minmax represents the whole measured range.`,
  quantizePerTensor: () => say`Quantize weights per tensor with --no-channelwise.`,
  quantizeInInt8: () => say`Quantize to int8: --precision int8.`,
  takeInt32Biases: () => say`Take int32 biases: --bias-precision int32.`,
  quantizePlaceholders: () => say`Leave --float-placeholders out.`,
  reuseInput: () => say`It does with --reuse-input, which lets it overwrite its input.`,
  useBuiltinCompiler: () => say`The built-in compiler may take it: --compiler builtin.`,
  stopAfterBuild: () => say`Stop after the build (--run none, with --sdk).`,
  printOnUart: () => say`Without --console semihost firmware prints on the UART.`,
  answerSemihosting: () => say`Run it with --semihosting, which answers as a debugger does.`,
  allowOverwriting: () => say`--overwrite writes over them.`,

  chooseBoard: ({ which, near }) =>
    near ? say`Did you mean ${anyOf(near)}? "glowport boards" lists all.` : BOARDS[which](),
  nameProjectBoard: ({ says }) =>
    says === undefined
      ? say`Give its board with --board; "glowport boards" lists all.`
      : say`Give its board with --board: the project says "${says}".`,
  compileForBoard: ({ board }) => say`Compile the model with --board ${board}.`,

  nameOutputs: ({ such }) =>
    say`Name each output, such as --bundle-output ${such}; "glowport port MODEL --bundle DIR" takes them from the model.`,

  getSdk: ({ board }) =>
    board === undefined
      ? say`Get the SDK from mcuxpresso.nxp.com (choose the board, download the SDK_2.x zip file) or clone the repositories mcux-sdk and CMSIS_5 of nxp-mcuxpresso side by side; then give its folder or zip file with --sdk or GLOWPORT_SDK.`
      : say`Get an SDK with ${board} from mcuxpresso.nxp.com and give its folder or zip file with --sdk.`,
  buildOnSdk: () => say`Give the SDK's folder or zip file with --sdk, or --sdk ${AUTO_SDK}.`,
  buildWithoutSdk: () => say`It does on the simulated board with the built-in board support: without --sdk.`,
  giveSdkOfProject: () => say`Give the place of that SDK with --sdk.`,

  installToolchain: ({ command }) => say`Install it with: ${command}`,
  checkTools: () => say`"glowport doctor" says what is there and how to get the rest.`,
  correctToolPlace: ({ of }) =>
    of === 'glow'
      ? say`Correct --glow (or GLOWPORT_GLOW), or leave it out so that PATH and the usual places are searched.`
      : say`Correct --toolchain (or GLOWPORT_TOOLCHAIN), or leave it out so that the usual places are searched.`,
  installGlow: ({ instead }) =>
    instead
      ? say`NXP's Glow may take the model as it is: install it and name its folder with --glow.`
      : say`Install eIQ Glow from NXP and name its folder with --glow.`,
  measureAnew: () => say`Run it again with --no-glow-cache, which measures the ranges anew.`,
  measureInstead: () =>
    say`Leave --profile out and give samples with --samples, or measure this model with "glowport profile --compiler glow".`,
  installFlashTool: ({ able, wanted }) =>
    wanted
      ? say`Install it, or leave --with out to use any of ${able}.`
      : say`Install one of ${able}; LinkServer is NXP's own.`,
  installPack: ({ command }) => say`Install its pack once: ${commandValue(command, SHELL)}`,
  flashFirmware: ({ firmware, board }) =>
    say`Write its firmware into the flash first, with ${commandValue(['glowport', 'flash', firmware, '--board', board], SHELL)}.`,
  connectProbe: ({ board }) =>
    say`Connect the USB socket of ${board}'s debugger, and close other programs that use it.`,

  profileModel: () => say`Profile the model again with "glowport profile".`,
  compileModel: () => say`Make one with "glowport compile".`,
  generateProject: () => say`Generate one with "glowport generate".`,
  buildProject: () => say`Build it with "glowport build".`,
  portModel: () => say`Port the model again.`,
  trustFolder: () => say`Trust the folder first.`,
};

const BOARDS: Readonly<Record<BoardWish, () => Sentence>> = {
  any: () => say`Choose one of: ${boards().map((b) => b.id)}.`,
  simulated: () => say`Choose a simulated board, such as FRDM-KE16Z: "glowport boards" marks them.`,
  fitting: () => say`"glowport boards --model" shows the boards it fits.`,
  'more RAM': () => say`Choose a board with more RAM, or a smaller network.`,
  'more flash': () => say`Choose a board with more flash, or a smaller network.`,
  'with an FPU': () => say`Or choose an i.MX RT board.`,
};
