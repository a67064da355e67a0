/**
 * Glow's tools print about twenty lines with every good run that mean nothing: LLVM's complaints about the features of
 * this computer's processor, which it applies to the board's, and glog's information. They are counted, not logged.
 */
export class NoiseFolder {
  readonly #log: (line: string) => void;
  readonly #cpu: string | undefined;
  #folded = 0;

  /** @param cpu the processor that was asked for: a complaint about that one is no noise */
  constructor(log: (line: string) => void, cpu?: string) {
    this.#log = log;
    this.#cpu = cpu;
  }

  push(line: string): void {
    if (isNoise(line, this.#cpu)) this.#folded++;
    else if (line.trim() !== '') this.#log(printable(line));
  }

  end(): void {
    if (this.#folded > 0)
      this.#log(`(${this.#folded} harmless line${this.#folded === 1 ? '' : 's'} of Glow left out)`);
    this.#folded = 0;
  }
}

/** True for a line that a good run prints too. */
export function isNoise(line: string, cpu?: string): boolean {
  const unknown = unknownProcessor(line);
  if (unknown !== undefined) return unknown !== cpu;
  return (
    // older versions of glog, in every run of model-compiler
    line.startsWith('WARNING: Logging before InitGoogleLogging() is written to STDERR') ||
    /^'[^']{1,64}' is not a recognized feature for this target \(ignoring feature\)/.test(line) ||
    /^[IW]\d{8} \d\d:\d\d:\d\d\.\d{6}\s+\d+ [\w.]+:\d+\] /.test(line)
  );
}

/** True for a line of the stack traces that LLVM, glog and Glow print when a tool fails: it says nothing to a user. */
export function isStackTrace(line: string): boolean {
  return (
    /^ {0,2}#\d{1,3} 0x[\da-f]{4,16} /i.test(line) ||
    /^ {1,8}@ {1,12}0x[\da-f]{4,16} /i.test(line) ||
    /^(?:\*\*\* Check failure stack trace|Error return stack:|Stack dump|PLEASE submit a bug report|-{20,}$)/.test(
      line,
    ) ||
    /^[^\s]{1,300}\.(?:cpp|h):\d{1,6}$/.test(line)
  );
}

/** The processor that LLVM does not know and ignores, when the line says so. */
export function unknownProcessor(line: string): string | undefined {
  return /^'([^']{1,64})' is not a recognized processor for this target/.exec(line)?.[1];
}

/** A tool may print anything: control characters never reach a terminal or a log. */
export function printable(line: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is replaced
  return line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd').slice(0, 2000);
}
