import { commandValue, type Shell } from '../common/commandLine.ts';
import { conversionValue } from '../common/errors/conversion.ts';
import { type BoardWish, lookUp, type Remedy, type RemedyTable } from '../common/errors/remedy.ts';
import { anyOf, say, type Sentence } from '../common/errors/sentence.ts';
import { defaultCacheFolder } from '../common/cacheFolder.ts';

/** For reading: the shell of the user's terminal may be another one. */
const SHELL: Shell = process.platform === 'win32' ? 'powershell' : 'posix';

/** What VS Code says of a remedy: its own commands, settings and what glowport.json may state; no options of a command line. */
export function adviceOf(remedy: Remedy): Sentence {
  return lookUp(SENTENCES, remedy);
}

const SENTENCES: RemedyTable<Sentence> = {
  advice: ({ sentence }) => sentence,
  seeDetail: () => say`The log says more.`,
  seeSource: ({ messages: [{ file, line }] }) => say`See ${file}, line ${line}.`,

  convertModel: ({ by }) =>
    say`Convert the float model, not a quantized one, with: ${conversionValue(by, SHELL)}.`,
  showProblems: () => say`The model's report ("GlowPort: Inspect Model") shows all of them.`,
  giveDimension: ({ symbol }) => say`Give the size of "${symbol}" under "defines" in glowport.json.`,
  giveSamples: () =>
    say`Give some typical ones: pictures, sound (.wav), or numbers in .npy, .npz, .csv, .json or .bin; a folder or files; 100 are plenty.`,
  giveTestData: () =>
    say`Give what the firmware shall hold, a picture, a recording or a file of numbers: "input" in glowport.json.`,
  renameNetwork: ({ such }) =>
    say`Rename the model, or give another "name" in glowport.json, such as "${such}".`,

  mendChoices: ({ file }) => say`Mend ${file} or delete it.`,

  resizeImages: () => say`Or let it be scaled: "resize" under "image" in glowport.json.`,
  swapImageLayout: () => say`Try the other "layout" under "image" in glowport.json.`,
  mixChannels: () => say`Let them be mixed: "mono" under "sound" in glowport.json.`,
  cutSegments: ({ samples }) =>
    samples === undefined
      ? say`Let recordings be cut into pieces, or filled with zeros: "segment" under "sound" in glowport.json, in samples.`
      : say`Let recordings be cut into pieces, or filled with zeros: "segment": ${samples} under "sound" in glowport.json.`,
  resampleSound: () =>
    say`Say which one the model was trained with: "sampleRate" under "sound" in glowport.json, in Hz.`,
  chooseFeatures: () =>
    say`Let features be computed: "features" under "sound" in glowport.json is "spectrogram", "logmel" or "mfcc".`,
  changeFrames: () =>
    say`Under "sound" in glowport.json frames follow from "segment", "hopLength", "nFft" and "padding", bins from "nMfcc", "nMels" or "nFft".`,
  chooseFeatureLayout: () =>
    say`Say which: "layout" under "sound" in glowport.json is "time-first" or "bins-first".`,
  leaveTask: () => say`Set glowport.task to "auto", or to "raw", which takes every network.`,
  leaveThreshold: () => say`Leave "threshold" out of glowport.json, or set glowport.task to "anomaly".`,
  chooseFftSize: ({ size }) =>
    say`Take a size with small factors: "nFft", such as ${size}, under "sound" in glowport.json, with "winLength" for the window.`,
  keepWholeRange: () =>
    say`Represent the whole measured range: "range" is "minmax" under "quantization" in glowport.json.`,
  quantizePerTensor: () =>
    say`Quantize weights per tensor: "channelwise" is false under "quantization" in glowport.json.`,
  quantizeInInt8: () => say`Quantize to int8: leave "precision" out of "quantization" in glowport.json.`,
  takeInt32Biases: () =>
    say`Take int32 biases: leave "biasPrecision" out of "quantization" in glowport.json.`,
  quantizePlaceholders: () => say`Leave "floatPlaceholders" out of glowport.json.`,
  reuseInput: () => say`It does when it may overwrite its input: the setting glowport.reuseInput.`,
  useBuiltinCompiler: () => say`The built-in compiler may take it: the setting glowport.compiler.`,
  stopAfterBuild: () => say`Choose "Build Only", or a new project on the SDK.`,
  printOnUart: () => say`Firmware prints on the UART when the setting glowport.sdk.console says so.`,
  answerSemihosting: () =>
    say`It prints through a debugger: the setting glowport.sdk.console lets the simulated board answer.`,
  allowOverwriting: () => say`Porting again asks whether to write over them.`,

  chooseBoard: ({ which, near }) => (near ? say`Did you mean ${anyOf(near)}?` : BOARDS[which]),
  nameProjectBoard: ({ says }) =>
    says === undefined
      ? say`Choose the board of the project.`
      : say`Choose the board of the project: it says "${says}".`,
  compileForBoard: ({ board }) => say`Compile the model for ${board}.`,

  nameOutputs: () => say`"GlowPort: Port Bundle to Board" asks which one is the input.`,

  getSdk: ({ board }) =>
    board === undefined
      ? say`Get the SDK from mcuxpresso.nxp.com (choose the board, download the SDK_2.x zip file) or clone the repositories mcux-sdk and CMSIS_5 of nxp-mcuxpresso side by side; then set its folder (glowport.sdk.path).`
      : say`Get an SDK with ${board} from mcuxpresso.nxp.com and set its folder (glowport.sdk.path).`,
  buildOnSdk: () => say`Set the folder of the SDK (glowport.sdk.path).`,
  buildWithoutSdk: () => say`It does on the simulated board with the built-in board support.`,
  giveSdkOfProject: () => say`Set the folder of that SDK (glowport.sdk.path).`,

  installToolchain: ({ command }) => say`Install it with: ${command}`,
  checkTools: () => say`"GlowPort: Check Tools" says what is there and how to get the rest.`,
  correctToolPlace: ({ of }) =>
    of === 'glow'
      ? say`Correct the setting glowport.glow.path, or clear it so that PATH and the usual places are searched.`
      : of === 'gdb'
        ? say`Correct the setting glowport.gdb.path, or clear it so that PATH and the usual places are searched.`
        : say`Correct the setting glowport.toolchain.path, or clear it so that the usual places are searched.`,
  installGlow: ({ instead }) =>
    instead
      ? say`NXP's Glow may take the model as it is: install it and set its folder (glowport.glow.path).`
      : say`Install eIQ Glow from NXP and set its folder (glowport.glow.path).`,
  measureAnew: () =>
    say`Ranges are measured anew once the profiles kept in ${defaultCacheFolder()} are deleted.`,
  measureInstead: () => say`Run "GlowPort: Profile Model" again.`,
  installFlashTool: ({ able, wanted }) =>
    wanted ? say`Install it, or use any of ${able}.` : say`Install one of ${able}; LinkServer is NXP's own.`,
  installPack: ({ command }) => say`Install its pack once: ${commandValue(command, SHELL)}`,
  flashFirmware: ({ firmware }) => say`Write ${firmware} into its flash first ("GlowPort: Flash Board").`,
  connectProbe: ({ board }) =>
    say`Connect the USB socket of ${board}'s debugger, and close other programs that use it.`,

  profileModel: () => say`Run "GlowPort: Profile Model" again.`,
  compileModel: () => say`Run "GlowPort: Compile Bundle" first.`,
  generateProject: () => say`Run "GlowPort: Generate Project" or "GlowPort: Port Model to Board" first.`,
  buildProject: () => say`Run "GlowPort: Build Project".`,
  portModel: () => say`Port the model again.`,
  trustFolder: () => say`Trust the folder with "Workspaces: Manage Workspace Trust".`,
};

const BOARDS: Readonly<Record<BoardWish, Sentence>> = {
  any: say`Choose one of the boards in the picker.`,
  simulated: say`Choose a simulated board, such as FRDM-KE16Z.`,
  fitting: say`The board picker shows the boards it fits.`,
  'more RAM': say`Choose a board with more RAM, or a smaller network.`,
  'more flash': say`Choose a board with more flash, or a smaller network.`,
  'with an FPU': say`Or choose an i.MX RT board.`,
};
