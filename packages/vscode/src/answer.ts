import { Decision } from '@vigiles/contract';
import { BridgeFailure } from './bridge/rpc.ts';
import { oneLine } from './core/tree.ts';
import type { Editor } from './editor.ts';
import type { Mission } from './mission.ts';

const mostButtons = 3;
const otherButton = 'Answer…';

const labelOf = ({ id, label }: Decision['options'][number]): string => oneLine(label || id, 60);

/** Who decided, in words for people. */
function wonBy(decision: Decision): string {
  const { resolution } = decision;
  if (!resolution) return 'it is being decided';
  const chosen = decision.options.find(({ id }) => id === resolution.choice);
  const what = chosen ? labelOf(chosen) : oneLine(resolution.choice ?? 'nothing', 60);
  return resolution.source === 'operator'
    ? `${oneLine(resolution.by, 60)} chose “${what}”`
    : `${resolution.source}: “${what}”`;
}

/** Sends an answer, and says so when somebody else was first. */
async function send(editor: Editor, mission: Mission, decision: Decision, choice: string): Promise<void> {
  const { session_id, decision_id } = decision;
  try {
    await mission.rpc().call('decision.answer', { session_id, decision_id, choice });
  } catch (thrown) {
    if (!(thrown instanceof BridgeFailure) || thrown.code !== 'decision_made') throw thrown;
    const made = Decision.safeParse(thrown.details['decision']);
    await editor.tell(
      'warning',
      `Too late: ${made.success ? wonBy(made.data) : oneLine(thrown.message)} (${oneLine(decision.question, 80)})`,
    );
  } finally {
    void mission.refresh();
  }
}

/** Asks for an answer in a list of the options, or for words where there are none. */
export async function answerInList(editor: Editor, mission: Mission, decision: Decision): Promise<void> {
  const title = oneLine(decision.question, 200);
  const choice =
    decision.options.length === 0
      ? await editor.ask('Answer the agent', title)
      : await editor.choose(
          title,
          decision.options.map((option) => ({
            label: labelOf(option),
            description: option.id === decision.default ? 'default' : '',
            value: option.id,
          })),
        );
  if (choice) await send(editor, mission, decision, choice);
}

/** Shows a question as soon as it is asked: up to three short options as buttons, else one that opens the list. */
export async function offerDecision(editor: Editor, mission: Mission, decision: Decision): Promise<void> {
  if (!editor.setting('askQuestions')) return;
  const labels = decision.options.map(labelOf);
  const asButtons =
    labels.length > 0 &&
    labels.length <= mostButtons &&
    new Set(labels).size === labels.length &&
    labels.every((label) => label.length <= 24);
  const title = mission.facts.sessions.find(({ session_id: id }) => id === decision.session_id)?.title;
  const message = `${title ? `${oneLine(title, 60)}: ` : ''}${oneLine(decision.question, 300)}`;
  const pressed = await editor.tell('info', message, asButtons ? labels : [otherButton]);
  if (pressed === undefined) return;
  if (!asButtons) return answerInList(editor, mission, decision);
  const option = decision.options[labels.indexOf(pressed)];
  if (option) await send(editor, mission, decision, option.id);
}
