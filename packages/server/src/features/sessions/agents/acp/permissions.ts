import type {
  PermissionOption,
  RequestPermissionRequest,
  RequestPermissionResponse,
} from '@agentclientprotocol/sdk';
import type { DecisionOption } from '@vigiles/contract';
import type { AgentSink } from '../agent-adapter.ts';
import { lineDiff } from './line-diff.ts';
import { refusalOf } from '../options.ts';
import { bounded, fieldsOf, listOf, short, textOf } from '../read.ts';

export interface PermissionsOptions {
  sink: AgentSink;
  newDecisionId(): string;
  /** How many questions are open now. */
  changed(open: number): void;
}

/** What an agent asks people over the Agent Client Protocol. */
export interface Permissions {
  ask(request: RequestPermissionRequest): Promise<RequestPermissionResponse>;
  answer(decisionId: string, choice: string | null): boolean;
  /** The protocol wants every open question answered with `cancelled` when its turn is cancelled. */
  clear(why: string): void;
}

const MAX_OPEN = 100;
const cancelled: RequestPermissionResponse = { outcome: { outcome: 'cancelled' } };
const kinds = new Set<string>(['allow_once', 'allow_always', 'reject_once', 'reject_always']);

const optionOf = ({ optionId, name, kind }: PermissionOption): DecisionOption => ({
  id: optionId.slice(0, 200),
  label: name.slice(0, 500),
  kind: kinds.has(kind) ? kind : null,
});

interface Open {
  options: readonly DecisionOption[];
  reply(response: RequestPermissionResponse): void;
}

export function createPermissions({ sink, newDecisionId, changed }: PermissionsOptions): Permissions {
  const open = new Map<string, Open>();
  const close = (decisionId: string, response: RequestPermissionResponse): void => {
    open.get(decisionId)?.reply(response);
    open.delete(decisionId);
    changed(open.size);
  };
  return {
    ask({ toolCall, options: offered }) {
      if (open.size >= MAX_OPEN) return Promise.resolve(cancelled);
      const decisionId = newDecisionId();
      const options = offered.slice(0, 50).map(optionOf);
      const { title, kind, rawInput, content, locations, toolCallId } = toolCall;
      const changes = listOf(content).flatMap((entry) => {
        const { type, path, oldText, newText } = fieldsOf(entry);
        if (type !== 'diff') return [];
        const { diff } = lineDiff(textOf(oldText), textOf(newText) ?? '');
        return [{ path: short(path, 1000), diff: short(diff, 8000) }];
      });
      const { command, cwd } = fieldsOf(rawInput);
      sink.decision({
        decisionId,
        kind: 'permission',
        question: short(title, 500) ?? `Allow ${kind ?? 'a tool'}`,
        options,
        context: {
          command: short(command) ?? null,
          cwd: textOf(cwd),
          changes: changes.slice(0, 50),
          tool: kind ?? null,
          input: bounded(rawInput, 4000),
          files: listOf(locations)
            .slice(0, 50)
            .map((each) => short(fieldsOf(each)['path'], 1000)),
          item_id: toolCallId,
        },
      });
      return new Promise((reply) => {
        open.set(decisionId, { options, reply });
        changed(open.size);
      });
    },
    answer(decisionId, choice) {
      const one = open.get(decisionId);
      if (!one) return false;
      const optionId = choice ?? refusalOf(one.options);
      if (optionId !== null && !one.options.some(({ id }) => id === optionId)) return false;
      close(decisionId, optionId === null ? cancelled : { outcome: { outcome: 'selected', optionId } });
      return true;
    },
    clear(why) {
      for (const decisionId of open.keys()) {
        sink.withdraw(decisionId, why);
        close(decisionId, cancelled);
      }
    },
  };
}
