import type { DecisionOption } from '@vigiles/contract';
import { option, refusalOf } from '../options.ts';
import { bounded, fieldsOf, listOf, short, textOf, type Fields } from '../read.ts';

/** A request of Codex as a question for people, and what each choice is answered with. */
export interface MappedRequest {
  kind: 'permission' | 'question';
  question: string;
  /** In the order they are offered. Empty: any text. */
  options: readonly DecisionOption[];
  context: Record<string, unknown>;
  /** The result Codex gets for a choice; null refuses; undefined: no such choice. */
  answer(choice: string | null): unknown;
}

const known: Record<string, DecisionOption> = {
  accept: option('allow', 'allow_once'),
  acceptForSession: option('allow for this session', 'allow_always'),
  decline: option('deny', 'reject_once'),
  cancel: option('deny and end the turn', 'reject_always'),
};
const everything = Object.keys(known);

/** A choice that Codex offers, as people read it. */
function optionOf(decision: unknown): DecisionOption | null {
  if (typeof decision === 'string') return known[decision] ?? null;
  const fields = fieldsOf(decision);
  const amendment = listOf(fieldsOf(fields['acceptWithExecpolicyAmendment'])['execpolicy_amendment']);
  if (amendment.length > 0)
    return {
      id: 'allow and remember',
      label: `allow and remember: ${short(amendment.map(String).join(' '), 120)}`,
      kind: 'allow_always',
    };
  const policy = fieldsOf(fieldsOf(fields['applyNetworkPolicyAmendment'])['network_policy_amendment']);
  const host = textOf(policy['host']);
  if (host === null) return null;
  const allows = policy['action'] === 'allow';
  return option(
    `${allows ? 'allow' : 'deny'} ${short(host, 150)} from now on`,
    allows ? 'allow_always' : 'reject_always',
  );
}

/** Choices with what each stands for. */
function choices(book: ReadonlyMap<string, { option: DecisionOption; reply: unknown }>) {
  const options = [...book.values()].map((entry) => entry.option);
  const answer = (choice: string | null) => book.get(choice ?? refusalOf(options) ?? '')?.reply;
  return { options, answer };
}

function decisions(offered: readonly unknown[]) {
  const book = new Map<string, { option: DecisionOption; reply: unknown }>();
  for (const decision of offered) {
    const each = optionOf(decision);
    if (each !== null && !book.has(each.id)) book.set(each.id, { option: each, reply: { decision } });
  }
  // A person can always say no, whatever is offered.
  const no = option('deny', 'reject_once');
  if (refusalOf([...book.values()].map((entry) => entry.option)) === null)
    book.set(no.id, { option: no, reply: { decision: 'decline' } });
  return choices(book);
}

/** What is asked, as it is asked over the app-server protocol; null: nothing that a person could answer. */
export function mapRequest(method: string, params: Fields, item: Fields): MappedRequest[] | null {
  const reason = short(params['reason'], 1000);
  switch (method) {
    case 'item/commandExecution/requestApproval': {
      const offered = listOf(params['availableDecisions']);
      const host = textOf(fieldsOf(params['networkApprovalContext'])['host']);
      const question =
        host === null ? `Run: ${short(params['command'], 500)}` : `Let it reach ${short(host, 200)}`;
      const { cwd, itemId } = params;
      const context = { command: short(params['command']), cwd, reason, host, item_id: itemId };
      return [
        { kind: 'permission', question, context, ...decisions(offered.length > 0 ? offered : everything) },
      ];
    }
    case 'item/fileChange/requestApproval': {
      const changes = listOf(item['changes']).map((entry) => {
        const { path, diff } = fieldsOf(entry);
        return { path: short(path, 1000), diff: short(diff, 8000) };
      });
      const question =
        changes.length === 1
          ? `Change ${changes[0]?.path ?? 'a file'}`
          : `Change ${changes.length || 'some'} files`;
      const { grantRoot = null, itemId } = params;
      const context = { changes: changes.slice(0, 50), reason, root: grantRoot, item_id: itemId };
      return [{ kind: 'permission', question, context, ...decisions(everything) }];
    }
    case 'item/permissions/requestApproval':
      return [permissions(params, reason)];
    case 'item/tool/requestUserInput':
      return listOf(params['questions'])
        .slice(0, 10)
        .map((one) => question(fieldsOf(one)));
    case 'mcpServer/elicitation/request':
      return [elicitation(params)];
    default:
      return null;
  }
}

const bookOf = (entries: readonly { option: DecisionOption; reply: unknown }[]) =>
  choices(new Map(entries.map((entry) => [entry.option.id, entry])));

function permissions(params: Fields, reason: string | null): MappedRequest {
  const wanted = fieldsOf(params['permissions']);
  const granted = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
  return {
    kind: 'permission',
    question: 'Give it more rights',
    context: { permissions: bounded(granted), cwd: params['cwd'], reason, item_id: params['itemId'] },
    ...bookOf([
      { option: option('allow for this turn', 'allow_once'), reply: { permissions: granted, scope: 'turn' } },
      {
        option: option('allow for this session', 'allow_always'),
        reply: { permissions: granted, scope: 'session' },
      },
      { option: option('deny', 'reject_once'), reply: { permissions: {}, scope: 'turn' } },
    ]),
  };
}

function question(asked: Fields): MappedRequest {
  const offered = listOf(asked['options']).map((one) => option(short(fieldsOf(one)['label'], 200) ?? ''));
  const free = offered.length === 0 || asked['isOther'] === true;
  const known = new Set(offered.map(({ id }) => id));
  return {
    kind: 'question',
    question: short(asked['question'], 2000) ?? '',
    options: free ? [] : offered,
    context: {
      header: short(asked['header'], 200),
      question_id: asked['id'],
      suggestions: free ? [...known] : [],
    },
    answer: (choice) => {
      if (choice === null) return { answers: [] };
      return free || known.has(choice) ? { answers: [choice] } : undefined;
    },
  };
}

function elicitation(params: Fields): MappedRequest {
  const fields = Object.keys(fieldsOf(fieldsOf(params['requestedSchema'])['properties']));
  const reply = (action: string, content: unknown = null) => ({ action, content, _meta: null });
  // A form with fields has to be filled in where the agent runs; here it can be turned down.
  const plain = params['mode'] === 'form' && fields.length === 0;
  return {
    kind: 'permission',
    question: short(params['message'] ?? params['title'], 2000) ?? 'A tool server asks for something',
    context: { server: params['serverName'], mode: params['mode'], fields: fields.slice(0, 30) },
    ...bookOf([
      ...(plain ? [{ option: option('allow', 'allow_once'), reply: reply('accept', {}) }] : []),
      { option: option('deny', 'reject_once'), reply: reply('decline') },
      { option: option('deny and end the turn', 'reject_always'), reply: reply('cancel') },
    ]),
  };
}
