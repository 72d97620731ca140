/** A call as the model meant it. */
export interface MeantCall {
  name: string;
  args: Record<string, unknown>;
}

/** One text with what must be found in it. */
export interface CorpusCase {
  format: string;
  title: string;
  text: string;
  /** Empty: this is prose. */
  calls: readonly MeantCall[];
}

export interface Template {
  format: string;
  title: string;
  /** How the format spells these calls. */
  write(calls: readonly MeantCall[]): string;
  /** The format's own notation cannot tell several calls, text before it, or values of other types. */
  only?: 'one-call' | 'whole-answer' | 'one-command' | 'one-url';
}
