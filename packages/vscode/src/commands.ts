import { answerInList } from './answer.ts';
import { oneLine } from './core/tree.ts';
import type { Editor } from './editor.ts';
import type { Mission } from './mission.ts';
import { showChanges } from './show-changes.ts';

/** What the palette, the tree and the buttons do; the argument is an id, or nothing. */
export type Commands = Readonly<Record<string, (id: string | undefined) => Promise<void>>>;

/** Every command of the extension. Each tells people when it fails. */
export function createCommands(editor: Editor, mission: Mission): Commands {
  async function pickSession(id: string | undefined, title: string, wanted: (status: string) => boolean) {
    const { sessions } = mission.facts;
    const known = sessions.find((session) => session.session_id === id);
    if (known) return known;
    mission.rpc();
    return editor.choose(
      title,
      sessions
        .filter(({ status }) => wanted(status))
        .map((session) => ({
          label: oneLine(session.title, 80),
          description: session.phase,
          value: session,
        })),
    );
  }

  async function steer(id: string | undefined, type: 'HALT' | 'RESUME'): Promise<void> {
    const session = await pickSession(id, `${type} which session?`, (status) =>
      type === 'HALT' ? status === 'running' || status === 'created' : status === 'halted',
    );
    if (!session) return;
    const { state = 'queued' } = await mission
      .rpc()
      .call('session.command', { session_id: session.session_id, type });
    // Accepted is not done: the tree shows when it is.
    editor.log(`${type} of ${session.session_id}: ${state}`);
    await mission.refresh();
  }

  async function startAgent(): Promise<void> {
    const folder = editor.folder();
    if (folder === null) {
      await editor.tell('warning', 'Open the folder first in which the agent is to work.');
      return;
    }
    const { agents } = await mission.rpc().call('agents.list', {});
    const agent = await editor.choose(
      `Which agent is to work in ${oneLine(folder)}?`,
      agents.map((each) => ({
        label: each.name,
        icon: each.available ? 'rocket' : 'circle-slash',
        description: each.version ?? '',
        detail: each.reason ?? '',
        value: each,
      })),
    );
    if (!agent) return;
    if (!agent.available) {
      await editor.tell('warning', oneLine(agent.reason ?? `${agent.name} cannot be started here.`, 300));
      return;
    }
    const prompt = await editor.ask(
      `What is ${agent.name} to do?`,
      'It asks before it does what its sandbox forbids.',
    );
    if (!prompt?.trim()) return;
    const session = await mission.rpc().call('agent.run', { agent: agent.name, folder, prompt });
    editor.log(`started ${agent.name}: ${session.session_id}`);
    await mission.refresh();
  }

  const doings: Commands = {
    'vigiles.refresh': () => mission.refresh(),
    'vigiles.startAgent': startAgent,
    async 'vigiles.answer'(id) {
      const { decisions } = mission.facts;
      const known = decisions.find((each) => each.decision_id === id);
      mission.rpc();
      const decision =
        known ??
        (await editor.choose(
          'Which question?',
          decisions.map((each) => ({ label: oneLine(each.question, 120), value: each })),
        ));
      if (decision) await answerInList(editor, mission, decision);
    },
    async 'vigiles.showChanges'(id) {
      const session = await pickSession(id, 'Changes of which session?', () => true);
      if (session) await showChanges(editor, session);
    },
    'vigiles.halt': (id) => steer(id, 'HALT'),
    'vigiles.resume': (id) => steer(id, 'RESUME'),
    async 'vigiles.acknowledge'(id) {
      const incident =
        mission.facts.incidents.find((each) => each.id === id) ??
        (await editor.choose(
          'Which incident?',
          mission.facts.incidents.map((each) => ({ label: oneLine(each.title), value: each })),
        ));
      if (!incident) return;
      await mission.rpc().call('incident.acknowledge', { id: incident.id });
      await mission.refresh();
    },
    async 'vigiles.openDashboard'() {
      const { status } = mission;
      if (!status) mission.rpc();
      else await editor.openUrl(`http://127.0.0.1:${status.server.port}/`);
    },
    async 'vigiles.showLog'() {
      editor.showLog();
    },
  };

  return Object.fromEntries(
    Object.entries(doings).map(([name, run]) => [
      name,
      async (id: string | undefined) => {
        try {
          await run(id);
        } catch (thrown) {
          const why = oneLine(thrown instanceof Error ? thrown.message : String(thrown), 300);
          editor.log(`${name}: ${why}`);
          await editor.tell('error', `Vigiles: ${why}`);
        }
      },
    ]),
  );
}
