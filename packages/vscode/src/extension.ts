import * as vscode from 'vscode';
import { offerDecision } from './answer.ts';
import { homeOf } from './bridge/discovery.ts';
import { createCommands } from './commands.ts';
import { createMission } from './mission.ts';
import { createVscodeEditor } from './vscode-editor.ts';

/** The id a command is about: given by a click, or that of the tree's entry, `session:…`. */
function idOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  const id = (given as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id.slice(id.indexOf(':') + 1).replace(/^.*\//, '') : undefined;
}

/** Called by the editor once it is up. */
export function activate(context: vscode.ExtensionContext): void {
  const editor = createVscodeEditor(context.subscriptions);
  const mission = createMission(editor, {
    home: () => homeOf(editor.setting('home')),
    version: context.extension.packageJSON.version,
    now: () => Date.now(),
    asked: (decision) =>
      void offerDecision(editor, mission, decision).catch((thrown: unknown) =>
        editor.log(`a question could not be answered: ${String(thrown)}`),
      ),
  });
  const commands = createCommands(editor, mission);
  for (const [id, run] of Object.entries(commands))
    context.subscriptions.push(vscode.commands.registerCommand(id, (given) => run(idOf(given))));
  context.subscriptions.push({ dispose: () => mission.stop() });
  mission.start();
}

/** Called by the editor when it goes; what was made is disposed of with the subscriptions. */
export function deactivate(): void {}
