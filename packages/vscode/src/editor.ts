import type { TreeNode } from './core/tree.ts';

/** A choice in a list. */
export interface Choice<T> {
  label: string;
  /** Name of one of the editor's icons, before the label. */
  icon?: string;
  description?: string;
  detail?: string;
  value: T;
}

export type Weight = 'info' | 'warning' | 'error';

/** One side of a comparison: a file of the disk, or as a commit of a folder has it; null: it was not there. */
export type Side = { file: string } | { folder: string; commit: string; path: string } | null;

/** What the extension needs of the editor it lives in. */
export interface Editor {
  /** First folder of the workspace; null where none is open. */
  folder(): string | null;
  setting(name: 'home' | 'toasts'): string;
  setting(name: 'toastsPerMinute'): number;
  setting(name: 'askQuestions'): boolean;
  /** The line at the bottom. `alarm`: something waits for a person. */
  showStatus(text: string, tooltip: string, alarm: boolean): void;
  showTree(roots: readonly TreeNode[]): void;
  /** Tells something. @returns the button that was pressed, if any */
  tell(weight: Weight, message: string, buttons?: readonly string[]): Promise<string | undefined>;
  choose<T>(title: string, choices: readonly Choice<T>[]): Promise<T | undefined>;
  ask(title: string, prompt: string): Promise<string | undefined>;
  compare(left: Side, right: Side, title: string): Promise<void>;
  openUrl(url: string): Promise<void>;
  showLog(): void;
  log(line: string): void;
}
