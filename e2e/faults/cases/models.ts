import type { FaultCase } from '../fault-case.ts';
import { say } from '../sick-provider.ts';
import { teachNoTemperature, warm } from '../teach.ts';

const written = (args: string) => `<tool_call>{"name": "bash", "arguments": ${args}}</tool_call>`;

/** What a weak model says, and how often it has to. */
interface Garbled {
  fault: string;
  how: string;
  times: number;
  words: string;
  action?: string;
}

const dsmlCall =
  '<｜DSML｜invoke name="bash"><｜DSML｜parameter name="cmd" string="true">ls</｜DSML｜parameter></｜DSML｜invoke>';

const garbled: readonly Garbled[] = [
  { fault: 'C1', how: 'bare <explore_agent>', times: 3, words: '<explore_agent />' },
  {
    fault: 'C2',
    how: '<require_escalation> in the text',
    times: 5,
    words: '<require_escalation>please</require_escalation>',
  },
  {
    fault: 'C3',
    how: 'calls in a format nobody knows',
    times: 5,
    words: '<tool_call>gibberish</tool_call>',
    action: 'alert_user',
  },
  {
    fault: 'C4',
    how: 'arguments wrapped twice',
    times: 5,
    words: written('{"command": "{\\"command\\": \\"ls\\"}"}'),
  },
  { fault: 'C6', how: 'an empty command', times: 3, words: written('{"command": ""}') },
  { fault: 'C7', how: 'a bare { at the end', times: 3, words: 'I will run it.\n{', action: 'alert_user' },
  {
    fault: 'C8',
    how: '<bash> without a command',
    times: 3,
    words: '<bash>\nsandbox: read-only\n</bash>',
    action: 'alert_user',
  },
  { fault: 'C9', how: 'DSML with cmd for command', times: 10, words: dsmlCall },
];

/** C: models that garble their tool calls. */
export const modelCases: readonly FaultCase[] = [
  ...garbled.map(({ fault, how, times, words, action }): FaultCase => {
    const name = fault.toLowerCase();
    return {
      fault,
      how: `${how}, ${times} times`,
      target: `model:${name}/m`,
      action: action ?? 'suggest_switch_model',
      further: ['alert_user', 'suggest_switch_model'],
      ends: 'told',
      async happen({ sick, turns }) {
        sick.falls(name, say(words));
        await turns(name, times, { tools: true });
        sick.recovers(name);
      },
    };
  }),
  {
    fault: 'C5',
    how: 'commands that are still JSON since something was learned of the model',
    target: 'model:c5/m',
    action: 'clear_schema_cache',
    further: ['suggest_switch_model'],
    ends: 'fixed',
    async happen(world) {
      await teachNoTemperature(world, 'c5');
      const garbles = say(written(`{"command": "{/'cmd/': /'ls/'}"}`));
      world.sick.falls('c5', (seen, res) =>
        (seen.json?.['temperature'] === undefined ? garbles : say('All is well.'))(seen, res),
      );
      return { mend: world.keepAsking('c5', warm) };
    },
  },
  {
    fault: 'C10',
    how: 'four calls in a row that nobody made',
    target: 'model:c10/m',
    action: 'suggest_switch_model',
    further: ['alert_user'],
    ends: 'told',
    async happen({ sick, turns, folder }) {
      sick.falls('c10', say(`I need to see it first. Let me read ${folder}/a.ts`));
      await turns('c10', 5, { route: 'shy', tools: true, session: 'stuck' });
      sick.recovers('c10');
    },
  },
];
