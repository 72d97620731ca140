import { bounded, fieldsOf, listOf, short, textOf, type Fields } from '../read.ts';

/** A request of Codex as a question for people, and what each choice is answered with. */
export interface MappedRequest {
  kind: 'permission' | 'question';
  question: string;
  /** In the order they are offered. Empty: any text. */
  options: readonly string[];
  refusal: string | null;
  context: Record<string, unknown>;
  /** The result Codex gets for a choice; undefined: no such choice. */
  answer(choice: string): unknown;
}

const single = (label: string) => ({ type: label });
const labels: Record<string, string> = {
  accept: 'allow',
  acceptForSession: 'allow for this session',
  decline: 'deny',
  cancel: 'deny and end the turn',
};

/** A choice that Codex offers, by what people read. */
function labelOf(decision: unknown): string | null {
  if (typeof decision === 'string') return labels[decision] ?? null;
  const fields = fieldsOf(decision);
  const amendment = listOf(fieldsOf(fields['acceptWithExecpolicyAmendment'])['execpolicy_amendment']);
  if (amendment.length > 0) return `allow and remember: ${short(amendment.map(String).join(' '), 120)}`;
  const { action, host } = fieldsOf(
    fieldsOf(fields['applyNetworkPolicyAmendment'])['network_policy_amendment'],
  );
  return textOf(host) === null ? null : `${String(action)} ${String(host)} from now on`;
}

function decisions(offered: readonly unknown[], wrap: (decision: unknown) => unknown) {
  const book = new Map<string, unknown>();
  for (const decision of offered) {
    const label = labelOf(decision);
    if (label !== null && !book.has(label)) book.set(label, decision);
  }
  // A person can always say no, whatever is offered.
  if (!book.has('deny') && !book.has(labels['cancel'] as string)) book.set('deny', 'decline');
  return {
    options: [...book.keys()],
    refusal: book.has('deny') ? 'deny' : (labels['cancel'] as string),
    answer: (choice: string) => (book.has(choice) ? wrap(book.get(choice)) : undefined),
  };
}

const whole = ['accept', 'acceptForSession', 'decline', 'cancel'];
const decided = (decision: unknown) => ({ decision });

/** What is asked, as it is asked over the app-server protocol; null: nothing that a person could answer. */
export function mapRequest(method: string, params: Fields, item: Fields): MappedRequest[] | null {
  const reason = short(params['reason'], 1000);
  switch (method) {
    case 'item/commandExecution/requestApproval': {
      const offered = listOf(params['availableDecisions']);
      const network = fieldsOf(params['networkApprovalContext']);
      const host = textOf(network['host']);
      const question = host === null ? `Run: ${short(params['command'], 500)}` : `Let it reach ${host}`;
      const context = {
        command: short(params['command']),
        cwd: params['cwd'],
        reason,
        host,
        item_id: params['itemId'],
      };
      return [
        {
          kind: 'permission',
          question,
          context,
          ...decisions(offered.length > 0 ? offered : whole, decided),
        },
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
      const context = {
        changes: changes.slice(0, 50),
        reason,
        root: params['grantRoot'] ?? null,
        item_id: params['itemId'],
      };
      return [{ kind: 'permission', question, context, ...decisions(whole, decided) }];
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

function permissions(params: Fields, reason: string | null): MappedRequest {
  const wanted = fieldsOf(params['permissions']);
  const granted = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
  const book: Record<string, unknown> = {
    'allow for this turn': { permissions: granted, scope: 'turn' },
    'allow for this session': { permissions: granted, scope: 'session' },
    deny: { permissions: {}, scope: 'turn' },
  };
  return {
    kind: 'permission',
    question: 'Give it more rights',
    options: Object.keys(book),
    refusal: 'deny',
    context: { permissions: bounded(granted), cwd: params['cwd'], reason, item_id: params['itemId'] },
    answer: (choice) => book[choice],
  };
}

function question(asked: Fields): MappedRequest {
  const options = listOf(asked['options']).map((one) => String(fieldsOf(one)['label']));
  const free = options.length === 0 || asked['isOther'] === true;
  return {
    kind: 'question',
    question: short(asked['question'], 2000) ?? '',
    options: free ? [] : options,
    refusal: null,
    context: {
      header: short(asked['header'], 200),
      question_id: asked['id'],
      suggestions: free ? options : [],
    },
    answer: (choice) => (free || options.includes(choice) ? { answers: [choice] } : undefined),
  };
}

function elicitation(params: Fields): MappedRequest {
  const properties = fieldsOf(fieldsOf(params['requestedSchema'])['properties']);
  // A form with fields has to be filled in where the agent runs; here it can be turned down.
  const plain = params['mode'] === 'form' && Object.keys(properties).length === 0;
  const book: Record<string, string> = {
    ...(plain ? { allow: 'accept' } : {}),
    deny: 'decline',
    'deny and end the turn': 'cancel',
  };
  return {
    kind: 'permission',
    question: short(params['message'] ?? params['title'], 2000) ?? 'A tool server asks for something',
    options: Object.keys(book),
    refusal: 'deny',
    context: {
      server: params['serverName'],
      ...single(String(params['mode'])),
      fields: Object.keys(properties).slice(0, 30),
    },
    answer: (choice) =>
      book[choice] === undefined
        ? undefined
        : { action: book[choice], content: plain ? {} : null, _meta: null },
  };
}
