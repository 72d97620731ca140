import * as vscode from 'vscode';
import { plainText } from './core/plain-text.ts';
import type { TreeNode } from './core/tree.ts';
import type { Editor } from './editor.ts';
import { uriOf, virtualFiles } from './virtual-files.ts';

const defaults = { home: '', toasts: 'important', toastsPerMinute: 4, askQuestions: true } as const;

function itemOf(node: TreeNode): vscode.TreeItem {
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const opened = node.id === 'ended' ? Collapsed : Expanded;
  const item = new vscode.TreeItem(node.label, node.children.length > 0 ? opened : None);
  return Object.assign(item, {
    id: node.id,
    description: node.description,
    tooltip: node.tooltip,
    iconPath: new vscode.ThemeIcon(node.icon),
    contextValue: node.context,
    ...(node.command
      ? { command: { command: node.command.id, title: node.label, arguments: [node.command.argument] } }
      : {}),
  });
}

/** VS Code as the extension's logic sees an editor. What was made goes with the subscriptions. */
export function createVscodeEditor(subscriptions: vscode.Disposable[]): Editor {
  const output = vscode.window.createOutputChannel('Vigiles');
  const status = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Left, 10);
  status.command = 'vigiles.overview.focus';
  const changed = new vscode.EventEmitter<undefined>();
  let roots: readonly TreeNode[] = [];
  const tree = vscode.window.createTreeView('vigiles.overview', {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: itemOf,
      getChildren: (node?: TreeNode) => node?.children ?? roots,
    },
  });
  subscriptions.push(output, status, changed, tree, virtualFiles());
  const tells = {
    info: vscode.window.showInformationMessage,
    warning: vscode.window.showWarningMessage,
    error: vscode.window.showErrorMessage,
  };

  return {
    folder: () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? null,
    setting: ((name: keyof typeof defaults) =>
      vscode.workspace.getConfiguration('vigiles').get<unknown>(name, defaults[name])) as Editor['setting'],
    showStatus(text, tooltip, alarm) {
      Object.assign(status, { text, tooltip });
      status.backgroundColor = alarm ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
      status.show();
    },
    showTree(shown) {
      roots = shown;
      changed.fire(undefined);
    },
    tell: async (weight, message, buttons = []) => tells[weight](plainText(message), ...buttons),
    async choose(title, choices) {
      const items = choices.map(({ label, icon, description = '', detail = '', value }) => ({
        label: `${icon ? `$(${icon}) ` : ''}${plainText(label)}`,
        description: plainText(description),
        detail: plainText(detail),
        value,
      }));
      const chosen = await vscode.window.showQuickPick(items, {
        title: plainText(title),
        matchOnDescription: true,
      });
      return chosen?.value;
    },
    ask: async (title, prompt) =>
      vscode.window.showInputBox({
        title: plainText(title),
        prompt: plainText(prompt),
        ignoreFocusOut: true,
      }),
    async compare(left, right, title) {
      await vscode.commands.executeCommand('vscode.diff', uriOf(left, title), uriOf(right, title), title);
    },
    async openUrl(url) {
      await vscode.env.openExternal(vscode.Uri.parse(url));
    },
    showLog: () => output.show(true),
    log: (line) => output.appendLine(`${new Date().toISOString()} ${line}`),
  };
}
