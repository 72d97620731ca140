import type { TreeNode } from '../core/tree.ts';
import type { Choice, Editor, Side, Weight } from '../editor.ts';

/** An editor whose person does what the script says, and which remembers all it was shown. */
export interface ScriptedEditor extends Editor {
  status: { text: string; tooltip: string; alarm: boolean };
  tree: readonly TreeNode[];
  told: { weight: Weight; message: string; buttons: readonly string[] }[];
  compared: { left: Side; right: Side; title: string }[];
  opened: string[];
  logged: string[];
  settings: Record<'home' | 'toasts' | 'toastsPerMinute' | 'askQuestions', unknown>;
  workspace: string | null;
  /** Which button is pressed; none unless said otherwise. */
  press(message: string, buttons: readonly string[]): string | undefined | Promise<string | undefined>;
  /** Label of what is chosen in a list, or a part of it. */
  pick: string;
  words: string;
}

export function scriptedEditor(home: string): ScriptedEditor {
  const editor: ScriptedEditor = {
    status: { text: '', tooltip: '', alarm: false },
    tree: [],
    told: [],
    compared: [],
    opened: [],
    logged: [],
    settings: { home, toasts: 'all', toastsPerMinute: 2, askQuestions: true },
    workspace: null,
    press: () => undefined,
    pick: '',
    words: '',
    folder: () => editor.workspace,
    setting: ((name: keyof ScriptedEditor['settings']) => editor.settings[name]) as Editor['setting'],
    showStatus(text, tooltip, alarm) {
      editor.status = { text, tooltip, alarm };
    },
    showTree(roots) {
      editor.tree = roots;
    },
    async tell(weight, message, buttons = []) {
      editor.told.push({ weight, message, buttons });
      return editor.press(message, buttons);
    },
    async choose<T>(_title: string, choices: readonly Choice<T>[]) {
      return choices.find(({ label }) => label.includes(editor.pick))?.value;
    },
    ask: async () => editor.words,
    async compare(left, right, title) {
      editor.compared.push({ left, right, title });
    },
    async openUrl(url) {
      editor.opened.push(url);
    },
    showLog: () => undefined,
    log: (line) => void editor.logged.push(line),
  };
  return editor;
}
