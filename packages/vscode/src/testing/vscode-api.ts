import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/**
 * What the extension uses of `vscode`, for tests, with the rules of the real one that matter: a command is registered once and not
 * called when nobody has it, ids of a tree are unique, what was disposed of is not used, `[words](command:…)` in notices and prompts
 * becomes a link, `$(name)` in lists an icon.
 */
const linkShape = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
const iconShape = /\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/g;

export interface Notice {
  weight: 'info' | 'warning' | 'error';
  message: string;
  buttons: readonly string[];
  links: string[];
}

export interface ShownItem {
  id: string | undefined;
  label: string;
  description: string;
  context: string;
  icon: string;
  command: { command: string; arguments?: unknown[] } | undefined;
  children: ShownItem[];
}

type Pick = { label: string; description?: string; detail?: string };

/** What was shown, and what the person does. */
export const shown = {
  status: null as StatusBarItem | null,
  tree: [] as ShownItem[],
  notices: [] as Notice[],
  prompts: [] as { title: string; prompt: string; links: string[] }[],
  lists: [] as { title: string; items: readonly Pick[]; icons: string[] }[],
  opened: [] as string[],
  compared: [] as { left: string; right: string; title: string }[],
  log: [] as string[],
  /** Broken rules of the editor; none must be. */
  wrong: [] as string[],
  settings: {} as Record<string, unknown>,
  press: (_notice: Notice): string | undefined => undefined,
  pick: (_items: readonly Pick[]): Pick | undefined => undefined,
  type: (_prompt: string): string | undefined => undefined,
};

const matches = (text: string, shape: RegExp, group: number): string[] =>
  [...text.matchAll(shape)].map((match) => match[group] ?? '');

class Disposable {
  readonly #end: () => void;
  constructor(end: () => void = () => undefined) {
    this.#end = end;
  }
  dispose(): void {
    this.#end();
  }
}

class Uri {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
  constructor(scheme: string, path: string, query: string) {
    if (!path.startsWith('/') && scheme !== 'http' && scheme !== 'https')
      throw new Error(`[UriError]: the path must begin with a slash: ${path}`);
    Object.assign(this, { scheme, path, query });
    this.scheme = scheme;
    this.path = path;
    this.query = query;
  }
  static file(path: string): Uri {
    return new Uri('file', path, '');
  }
  static parse(text: string): Uri {
    const { protocol, pathname, search, host } = new URL(text);
    return new Uri(protocol.slice(0, -1), `//${host}${pathname}`, search.slice(1));
  }
  static from({ scheme, path, query = '' }: { scheme: string; path: string; query?: string }): Uri {
    return new Uri(scheme, path, query);
  }
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    if (this.scheme === 'file') return pathToFileURL(this.path).href;
    return `${this.scheme}:${this.path}${this.query ? `?${encodeURIComponent(this.query)}` : ''}`;
  }
}

class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => void this.#listeners.delete(listener));
  };
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

class Named {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  constructor(label: string, state: number) {
    this.label = label;
    this.collapsibleState = state;
  }
}

class StatusBarItem extends Disposable {
  text = '';
  tooltip = '';
  command?: string;
  backgroundColor?: Named;
  visible = false;
  gone = false;
  constructor() {
    super(() => {
      this.gone = true;
      this.visible = false;
    });
  }
  show(): void {
    if (this.gone) shown.wrong.push('a status bar item was shown after it was disposed of');
    this.visible = true;
  }
}

interface Provider {
  onDidChangeTreeData: (listener: () => void) => Disposable;
  getTreeItem(element: unknown): unknown;
  getChildren(element?: unknown): readonly unknown[];
}

function readTree(provider: Provider, ids: Set<string>, parent?: unknown): ShownItem[] {
  return provider.getChildren(parent).map((element) => {
    const item = provider.getTreeItem(element) as {
      id?: string;
      label: unknown;
      tooltip: unknown;
      description?: string;
      contextValue?: string;
      iconPath?: Named;
      command?: ShownItem['command'];
    };
    const { id, label, description = '', contextValue = '', command, iconPath, tooltip } = item;
    if (id !== undefined && ids.has(id)) shown.wrong.push(`Element with id ${id} is already registered`);
    if (id !== undefined) ids.add(id);
    if (typeof label !== 'string' || typeof tooltip !== 'string')
      shown.wrong.push('texts of the tree are plain text');
    return {
      id,
      label: String(label),
      description,
      context: contextValue,
      icon: iconPath?.id ?? '',
      command,
      children: readTree(provider, ids, element),
    };
  });
}

const registered = new Map<string, (...given: unknown[]) => unknown>();
const providers = new Map<string, { provideTextDocumentContent(uri: Uri): string | PromiseLike<string> }>();

const textAt = async (uri: Uri): Promise<string> => {
  if (uri.scheme === 'file') return readFile(uri.fsPath, 'utf8');
  const provider = providers.get(uri.scheme);
  if (!provider) throw new Error(`cannot open ${uri.toString()}`);
  return provider.provideTextDocumentContent(uri);
};

const tell =
  (weight: Notice['weight']) =>
  async (message: string, ...buttons: string[]): Promise<string | undefined> => {
    const notice = { weight, message, buttons, links: matches(message, linkShape, 2) };
    shown.notices.push(notice);
    const pressed = shown.press(notice);
    if (pressed !== undefined && !buttons.includes(pressed)) throw new Error(`there is no button ${pressed}`);
    return pressed;
  };

const exported = {
  Uri,
  EventEmitter,
  TreeItem,
  ThemeIcon: Named,
  ThemeColor: Named,
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  StatusBarAlignment: { Left: 1, Right: 2 },
  window: {
    createStatusBarItem(): StatusBarItem {
      shown.status = new StatusBarItem();
      return shown.status;
    },
    createOutputChannel: () => ({
      appendLine: (line: string) => void shown.log.push(line),
      show: () => undefined,
      dispose: () => undefined,
    }),
    createTreeView(_id: string, { treeDataProvider }: { treeDataProvider: Provider }): Disposable {
      const read = (): void => void (shown.tree = readTree(treeDataProvider, new Set()));
      read();
      return treeDataProvider.onDidChangeTreeData(read);
    },
    showInformationMessage: tell('info'),
    showWarningMessage: tell('warning'),
    showErrorMessage: tell('error'),
    async showQuickPick(items: readonly Pick[], { title }: { title: string }): Promise<Pick | undefined> {
      const texts = items.flatMap((item) => [item.label, item.description ?? '', item.detail ?? '']);
      shown.lists.push({ title, items, icons: texts.flatMap((text) => matches(text, iconShape, 1)) });
      return shown.pick(items);
    },
    async showInputBox({ title, prompt }: { title: string; prompt: string }): Promise<string | undefined> {
      shown.prompts.push({ title, prompt, links: matches(prompt, linkShape, 2) });
      return shown.type(prompt);
    },
  },
  workspace: {
    workspaceFolders: undefined as { uri: Uri }[] | undefined,
    getConfiguration: () => ({
      get: (key: string, otherwise: unknown) => shown.settings[key] ?? otherwise,
    }),
    registerTextDocumentContentProvider(
      scheme: string,
      provider: { provideTextDocumentContent(uri: Uri): string | PromiseLike<string> },
    ): Disposable {
      providers.set(scheme, provider);
      return new Disposable(() => void providers.delete(scheme));
    },
  },
  commands: {
    registerCommand(id: string, run: (...given: unknown[]) => unknown): Disposable {
      if (registered.has(id)) throw new Error(`command '${id}' already exists`);
      registered.set(id, run);
      return new Disposable(() => void registered.delete(id));
    },
    async executeCommand(id: string, ...given: unknown[]): Promise<unknown> {
      if (id === 'vscode.diff') {
        const [left, right, title] = given as [Uri, Uri, string];
        shown.compared.push({ left: await textAt(left), right: await textAt(right), title });
        return undefined;
      }
      const run = registered.get(id);
      if (!run) throw new Error(`command '${id}' not found`);
      return run(...given);
    },
    getCommands: async () => [...registered.keys()],
  },
  env: {
    async openExternal(uri: Uri): Promise<boolean> {
      shown.opened.push(uri.toString());
      return true;
    },
  },
};
export const editorApi = exported;
