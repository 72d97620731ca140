/** What is used of the editor's own module, in our words after its documentation; the module exists only inside the editor. */
declare module 'vscode' {
  export interface Disposable {
    dispose(): unknown;
  }
  export interface ExtensionContext {
    readonly subscriptions: Disposable[];
    readonly extension: { readonly packageJSON: { readonly version: string } };
  }
  export class Uri {
    static file(path: string): Uri;
    static parse(text: string): Uri;
    static from(parts: { scheme: string; path: string; query?: string }): Uri;
    readonly fsPath: string;
    readonly path: string;
    readonly query: string;
    toString(): string;
  }
  export class ThemeIcon {
    constructor(id: string);
    readonly id: string;
  }
  export class ThemeColor {
    constructor(id: string);
    readonly id: string;
  }
  export class EventEmitter<T> {
    readonly event: (listener: (value: T) => unknown) => Disposable;
    fire(value: T): void;
    dispose(): void;
  }
  export const TreeItemCollapsibleState: { readonly None: 0; readonly Collapsed: 1; readonly Expanded: 2 };
  export class TreeItem {
    constructor(label: string, state: number);
    id?: string;
    description?: string;
    tooltip?: string;
    iconPath?: ThemeIcon;
    contextValue?: string;
    command?: { command: string; title: string; arguments?: unknown[] };
  }
  export const StatusBarAlignment: { readonly Left: 1; readonly Right: 2 };
  export interface StatusBarItem extends Disposable {
    text: string;
    tooltip: string;
    command?: string;
    backgroundColor?: ThemeColor | undefined;
    show(): void;
  }
  export interface OutputChannel extends Disposable {
    appendLine(line: string): void;
    show(preserveFocus?: boolean): void;
  }
  export interface QuickPickItem {
    label: string;
    description?: string;
    detail?: string;
  }
  type Tell = (message: string, ...buttons: string[]) => PromiseLike<string | undefined>;
  export const window: {
    createStatusBarItem(alignment: number, priority: number): StatusBarItem;
    createOutputChannel(name: string): OutputChannel;
    createTreeView(id: string, options: { treeDataProvider: object; showCollapseAll?: boolean }): Disposable;
    showInformationMessage: Tell;
    showWarningMessage: Tell;
    showErrorMessage: Tell;
    showQuickPick<T extends QuickPickItem>(
      items: readonly T[],
      options: { title: string; matchOnDescription?: boolean },
    ): PromiseLike<T | undefined>;
    showInputBox(options: {
      title: string;
      prompt: string;
      ignoreFocusOut?: boolean;
    }): PromiseLike<string | undefined>;
  };
  export const workspace: {
    readonly workspaceFolders: readonly { readonly uri: Uri }[] | undefined;
    getConfiguration(section: string): { get<T>(name: string, otherwise: T): T };
    registerTextDocumentContentProvider(
      scheme: string,
      provider: { provideTextDocumentContent(uri: Uri): PromiseLike<string> },
    ): Disposable;
  };
  export const commands: {
    registerCommand(id: string, run: (...given: unknown[]) => unknown): Disposable;
    executeCommand(id: string, ...given: unknown[]): PromiseLike<unknown>;
  };
  export const env: { openExternal(uri: Uri): PromiseLike<boolean> };
}
