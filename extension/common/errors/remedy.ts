import type { Conversion } from './conversion.ts';
import type { Sentence } from './sentence.ts';
import type { SourceMessage } from './sourceMessage.ts';

/**
 * What a user can do about an error, as data. The engine knows what helps; a surface knows how it is done there: the command
 * line names an option, VS Code a setting, and some become a button. Each surface has a table of all kinds (RemedyTable).
 */
export type Remedy =
  /** What is the same everywhere. */
  | { readonly do: 'advice'; readonly sentence: Sentence }
  /** The detail of the error has what a tool printed. */
  | { readonly do: 'seeDetail' }
  /** A tool names places in sources, the first one being why. */
  | { readonly do: 'seeSource'; readonly messages: readonly [SourceMessage, ...SourceMessage[]] }

  // the model
  | { readonly do: 'convertModel'; readonly by: Conversion }
  /** All nodes that are refused, where a sentence names some. */
  | { readonly do: 'showProblems' }
  | { readonly do: 'giveDimension'; readonly symbol: string }
  | { readonly do: 'giveSamples' }
  | { readonly do: 'giveTestData' }
  | { readonly do: 'renameNetwork'; readonly such: string }
  /** `file`: a glowport.json that says what it cannot mean */
  | { readonly do: 'mendChoices'; readonly file: string }

  // the choices of a port
  | { readonly do: 'resizeImages' }
  | { readonly do: 'swapImageLayout' }
  | { readonly do: 'mixChannels' }
  /** `samples`: how many the model takes, where that is known */
  | { readonly do: 'cutSegments'; readonly samples?: number }
  | { readonly do: 'resampleSound' }
  | { readonly do: 'chooseFeatures' }
  /** Other choices of features, or recordings of another length. */
  | { readonly do: 'changeFrames' }
  | { readonly do: 'chooseFeatureLayout' }
  | { readonly do: 'leaveTask' }
  | { readonly do: 'leaveThreshold' }
  /** `size`: of a Fourier transform that is computed quickly, about as large */
  | { readonly do: 'chooseFftSize'; readonly size: number }
  | { readonly do: 'keepWholeRange' }
  | { readonly do: 'quantizePerTensor' }
  | { readonly do: 'quantizeInInt8' }
  | { readonly do: 'takeInt32Biases' }
  | { readonly do: 'quantizePlaceholders' }
  | { readonly do: 'reuseInput' }
  | { readonly do: 'useBuiltinCompiler' }
  | { readonly do: 'stopAfterBuild' }
  | { readonly do: 'printOnUart' }
  | { readonly do: 'answerSemihosting' }
  | { readonly do: 'allowOverwriting' }

  // boards
  /** @see BoardWish; `near`: ids that were probably meant */
  | { readonly do: 'chooseBoard'; readonly which: BoardWish; readonly near?: readonly string[] }
  /** `says`: what the project calls it */
  | { readonly do: 'nameProjectBoard'; readonly says?: string | undefined }
  | { readonly do: 'compileForBoard'; readonly board: string }

  // bundles
  /** `such`: one of the bundle's placeholders */
  | { readonly do: 'nameOutputs'; readonly such: string }

  // NXP's SDK
  /** `board`: its name, when an SDK is there that lacks it */
  | { readonly do: 'getSdk'; readonly board?: string }
  | { readonly do: 'buildOnSdk' }
  | { readonly do: 'buildWithoutSdk' }
  | { readonly do: 'giveSdkOfProject' }

  // tools
  /** `command`: what installs it on this computer */
  | { readonly do: 'installToolchain'; readonly command: string }
  | { readonly do: 'checkTools' }
  | { readonly do: 'correctToolPlace'; readonly of: 'toolchain' | 'gdb' | 'glow' }
  /** `instead`: the built-in compiler refuses the model */
  | { readonly do: 'installGlow'; readonly instead: boolean }
  /** Glow's ranges, which were kept. */
  | { readonly do: 'measureAnew' }
  /** Glow's ranges, in place of those of a file that the user gave. */
  | { readonly do: 'measureInstead' }
  /** `able`: names of those that can write the board's flash; `wanted`: the one asked for is not there */
  | { readonly do: 'installFlashTool'; readonly able: readonly string[]; readonly wanted: boolean }
  | { readonly do: 'installPack'; readonly command: readonly string[] }
  /** `board`: its name */
  | { readonly do: 'connectProbe'; readonly board: string }
  /** `firmware`: its file, absolute; `board`: id */
  | { readonly do: 'flashFirmware'; readonly firmware: string; readonly board: string }

  // earlier steps
  | { readonly do: 'profileModel' }
  | { readonly do: 'compileModel' }
  | { readonly do: 'generateProject' }
  | { readonly do: 'buildProject' }
  | { readonly do: 'portModel' }
  | { readonly do: 'trustFolder' };

/** Which boards help: any, those that are simulated, that the model fits, with more memory, with an FPU. */
export type BoardWish = 'any' | 'simulated' | 'fitting' | 'more RAM' | 'more flash' | 'with an FPU';

export type RemedyKind = Remedy['do'];
export type RemedyOf<K extends RemedyKind> = Extract<Remedy, { readonly do: K }>;

/** One answer for every kind of remedy; the compiler asks for all of them. */
export type RemedyTable<T> = { readonly [K in RemedyKind]: (remedy: RemedyOf<K>) => T };

/** A table's answer for one remedy. */
export function lookUp<T>(table: RemedyTable<T>, remedy: Remedy): T {
  const answer = table[remedy.do] as (remedy: Remedy) => T;
  return answer(remedy);
}
