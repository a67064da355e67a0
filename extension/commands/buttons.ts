import { commandLine, type Shell } from '../common/commandLine.ts';
import type { ErrorCode, UserError } from '../common/error.ts';
import { conversionText } from '../common/errors/conversion.ts';
import { lookUp, type Remedy, type RemedyTable } from '../common/errors/remedy.ts';
import type { SourceMessage } from '../common/errors/sourceMessage.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import type { ChoiceChange } from '../workflow/choices/change.ts';

/** A button of a message about an error: what it says and what it does, as data. */
export interface Button {
  readonly title: Sentence;
  readonly does: Action;
}

export type Action =
  | { readonly command: string }
  | { readonly copy: string }
  /** Typed into a new terminal; running it is up to the user. */
  | { readonly type: string }
  | { readonly open: string }
  /** A setting of ours, shown in the settings editor. */
  | { readonly setting: string }
  /** A file, shown in an editor, with the cursor at a place where one is named. */
  | { readonly file: string; readonly at?: Pick<SourceMessage, 'line' | 'column'> }
  /** Choices that help: they are remembered with the answers, and what has failed is done again. */
  | { readonly choose: ChoiceChange }
  /** The remembered choices, in an editor. */
  | 'editChoices'
  | 'setSdkFolder'
  | 'portToAnotherBoard';

/**
 * The buttons of an error's remedies, each once; where none has one, and with a model that is refused, what helps with most errors of
 * its kind.
 * @param shell of the user's terminals
 */
export function buttonsFor({ code, remedies }: UserError, shell: Shell): Button[] {
  const found = remedies.flatMap((remedy) => buttonFor(remedy, shell) ?? []);
  const usual = USUAL[code];
  // what a model is refused for is best seen in its network
  const all = usual && (found.length === 0 || code === 'model') ? [...found, usual] : found;
  return all.filter((button, i) => all.findIndex((b) => b.title.template === button.title.template) === i);
}

/** The button of a remedy that has one. */
export function buttonFor(remedy: Remedy, shell: Shell): Button | undefined {
  return lookUp(buttons(shell), remedy);
}

const command = (title: Sentence, id: string): Button => ({ title, does: { command: `glowport.${id}` } });
const setting = (name: string): Button => ({ title: say`Open Settings`, does: { setting: name } });
const choose = (title: Sentence, change: ChoiceChange): Button => ({ title, does: { choose: change } });
const editChoices: Button = { title: say`Edit Choices`, does: 'editChoices' };
const anotherBoard: Button = { title: say`Choose Another Board`, does: 'portToAnotherBoard' };
const setSdkFolder: Button = { title: say`Set SDK Folder…`, does: 'setSdkFolder' };
const checkTools = command(say`Check Tools`, 'checkTools');
const generate = command(say`Generate Project`, 'generate');
const port = command(say`Port a Model`, 'port');
const linkServer: Button = {
  title: say`Get LinkServer…`,
  does: { open: 'https://www.nxp.com/linkserver' },
};
const none = (): undefined => undefined;

const USUAL: Readonly<Record<ErrorCode, Button | undefined>> = {
  usage: undefined,
  input: undefined,
  model: command(say`Inspect Model`, 'inspect'),
  board: anotherBoard,
  toolchain: checkTools,
  firmware: undefined,
  cancelled: undefined,
  requirement: undefined,
  device: command(say`Open Serial Monitor`, 'monitor.show'),
};

const buttons = (shell: Shell): RemedyTable<Button | undefined> => ({
  advice: none,
  seeDetail: none, // "Show Log" is always there
  seeSource: ({ messages: [{ file, ...at }] }) => ({ title: say`Show Problem`, does: { file, at } }),

  convertModel: ({ by }) => {
    const copy = conversionText(by, shell);
    return copy === undefined ? undefined : { title: say`Copy Conversion Command`, does: { copy } };
  },
  showProblems: () => command(say`Inspect Model`, 'inspect'),
  giveDimension: () => editChoices,
  giveSamples: none,
  giveTestData: none,
  renameNetwork: ({ such }) => choose(say`Call It ${such}`, { name: such }),
  mendChoices: ({ file }) => ({ title: say`Open File`, does: { file } }),

  resizeImages: () => choose(say`Resize`, { image: { resize: true } }),
  swapImageLayout: () => editChoices,
  mixChannels: () => choose(say`Mix to Mono`, { sound: { mono: true } }),
  cutSegments: ({ samples }) =>
    samples === undefined ? editChoices : choose(say`Cut into Pieces`, { sound: { segment: samples } }),
  resampleSound: () => editChoices,
  chooseFeatures: () => editChoices,
  changeFrames: () => editChoices,
  chooseFeatureLayout: () => editChoices,
  leaveTask: () => setting('task'),
  leaveThreshold: () => choose(say`Leave the Threshold Out`, { threshold: undefined }),
  chooseFftSize: () => editChoices,
  keepWholeRange: () => choose(say`Keep the Whole Range`, { quantization: { range: 'minmax' } }),
  quantizePerTensor: () => choose(say`Quantize per Tensor`, { quantization: { channelwise: false } }),
  quantizeInInt8: () => choose(say`Quantize to int8`, { quantization: { precision: 'int8' } }),
  takeInt32Biases: () => choose(say`Take int32 Biases`, { quantization: { biasPrecision: 'int32' } }),
  quantizePlaceholders: () =>
    choose(say`Quantize Inputs and Outputs`, { quantization: { floatPlaceholders: false } }),
  reuseInput: () => choose(say`Reuse the Input’s Memory`, { reuseInput: true }),
  useBuiltinCompiler: () => setting('compiler'),
  stopAfterBuild: none,
  printOnUart: () => setting('sdk.console'),
  answerSemihosting: () => setting('sdk.console'),
  allowOverwriting: none,

  chooseBoard: () => anotherBoard,
  nameProjectBoard: none,
  compileForBoard: none,

  nameOutputs: () => command(say`Port Bundle…`, 'portBundle'),

  getSdk: () => setSdkFolder,
  buildOnSdk: () => setSdkFolder,
  buildWithoutSdk: none,
  giveSdkOfProject: () => setSdkFolder,

  installToolchain: () => command(say`Install Toolchain…`, 'installToolchain'),
  checkTools: () => checkTools,
  correctToolPlace: ({ of }) => setting(`${of}.path`),
  installGlow: () => setting('glow.path'),
  measureAnew: none,
  measureInstead: none,
  installFlashTool: ({ able }) => (able.includes('LinkServer') ? linkServer : undefined),
  installPack: ({ command: words }) => {
    const type = commandLine(words, shell);
    return type === undefined ? undefined : { title: say`Install Pack…`, does: { type } };
  },
  flashFirmware: () => command(say`Flash Board`, 'flash'),
  connectProbe: () => command(say`Try Again`, 'flash'),

  profileModel: none,
  compileModel: none,
  generateProject: () => generate,
  buildProject: () => command(say`Build Project`, 'build'),
  portModel: () => port,
  trustFolder: () => ({ title: say`Manage Workspace Trust`, does: { command: 'workbench.trust.manage' } }),
});
