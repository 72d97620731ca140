import { useMutation, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Decision, DecisionOption } from '@vigiles/contract';
import { CheckCheck, CircleHelp, ShieldQuestion, Timer } from 'lucide-react';
import { useState } from 'react';
import { ApiError } from '../../../data/api.ts';
import { applyDecision } from '../../../data/apply-decisions.ts';
import {
  answerDecision,
  decisionQuery,
  extendDecision,
  sessionQuery,
  type SessionPage,
} from '../../../data/session-queries.ts';
import { useNames } from '../../../data/use-names.ts';
import { actorName } from '../../../live/actor-names.ts';
import { labelOf } from '../../../format/label.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Ago, Countdown } from '../../../ui/time.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { DiffView } from '../files/diff-view.tsx';
import { asShown, textIn } from '../read-data.ts';
import { decisionOutcome } from './decision-outcome.ts';

/** The narrowest yes is the one that stands out. */
const isYes = ({ kind }: DecisionOption): boolean => kind === 'allow_once';
const isNo = ({ kind }: DecisionOption): boolean => kind === 'reject_once' || kind === 'reject_always';

/** Names of the agent's own, which help nobody to answer. */
const isId = (key: string): boolean => /(?:^|_)ids?$/.test(key);

/** More fields than these nobody reads before answering; the rest is in the log. */
const FIELDS_SHOWN = 8;
const SHOWN_WHOLE = ['diff', 'changes', 'patch'];

/** What the question is about: the command, the folder, the files. All of it is the agent's own text. */
function About({ decision }: { decision: Decision }) {
  const { detail } = decision;
  const diff = textIn(detail, ...SHOWN_WHOLE);
  const rows = Object.entries(detail)
    .filter(([key, value]) => value !== null && value !== '' && !SHOWN_WHOLE.includes(key) && !isId(key))
    .slice(0, FIELDS_SHOWN);
  if (rows.length === 0 && !diff) return null;
  return (
    <div className="flex flex-col gap-2">
      {rows.length > 0 && (
        <dl className="flex flex-col gap-1.5">
          {rows.map(([key, value]) => (
            <div key={key} className="min-w-0">
              <dt className="text-xs text-text-3">{labelOf(key)}</dt>
              <dd
                tabIndex={-1}
                className="max-h-40 overflow-auto rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
              >
                {asShown(value, 4_000)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {diff && <DiffView diff={diff} label="The change it asks for" />}
    </div>
  );
}

const timeouts = {
  default: 'then the default is taken',
  deny: 'then it is not allowed',
  halt: 'then the session is halted',
} as const;

/** Given with each press: WCAG 2.2.1 asks that a time limit can be extended, again and again. Seconds. */
const MORE_TIME_S = 300;

function Deadline({ decision, until }: { decision: Decision; until: number }) {
  const client = useQueryClient();
  const left = until - useNow();
  const urgent = left < 30_000;
  const extend = useMutation({
    mutationFn: () => extendDecision(decision, MORE_TIME_S),
    onSuccess: (extended) => applyDecision(client, extended),
    async onError(error) {
      if (!(error instanceof ApiError) || error.status !== 409) return;
      const now = await readAgain(client, decision);
      if (now) applyDecision(client, now);
    },
  });
  const spent = until >= (decision.latest_at ?? Infinity);
  return (
    <div className="flex flex-col gap-1">
      <div className={`flex items-center gap-1.5 text-sm ${urgent ? 'text-bad' : 'text-warn'}`}>
        <Timer aria-hidden size={13} className="shrink-0" />
        <span>
          {left > 0 ? (
            <>
              <Countdown until={until} /> left, {timeouts[decision.on_timeout]}
            </>
          ) : (
            `Time is up: ${timeouts[decision.on_timeout].replace('then ', '')}`
          )}
        </span>
        {!spent && left > 0 && (
          <Button
            variant="ghost"
            className="ml-auto shrink-0"
            disabled={extend.isPending}
            onClick={() => extend.mutate()}
          >
            5 more minutes
          </Button>
        )}
      </div>
      {extend.isError && (
        <p role="alert" className="text-sm break-words text-bad">
          {extend.error.message}
        </p>
      )}
    </div>
  );
}

/** The decision as it is now; null where it cannot be read. */
async function readAgain(
  client: QueryClient,
  { session_id, decision_id }: Decision,
): Promise<Decision | null> {
  try {
    return await client.fetchQuery({ ...decisionQuery(session_id, decision_id), staleTime: 0 });
  } catch {
    return null;
  }
}

function Answers({ decision }: { decision: Decision }) {
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const [text, setText] = useState('');
  const answer = useMutation({
    mutationFn: (choice: string) => answerDecision(decision, choice, note.trim()),
    onSuccess: (settled) => applyDecision(client, settled),
    async onError(error) {
      // Somebody else was first: what they decided is read and shown in place of the question.
      if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 404)) return;
      const now = await readAgain(client, decision);
      if (now) applyDecision(client, now);
    },
  });
  const options = decision.options;
  return (
    <div className="flex flex-col gap-2.5">
      {options.length === 0 ? (
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() !== '') answer.mutate(text.trim());
          }}
        >
          <TextField wrap="flex-1" label="Answer" value={text} onChange={setText} />
          <Button type="submit" size="md" variant="primary" disabled={answer.isPending || text.trim() === ''}>
            Answer
          </Button>
        </form>
      ) : (
        <div className="flex flex-wrap gap-2">
          {options.map((option, at) => (
            <Button
              key={option.id}
              variant={
                isNo(option)
                  ? 'danger'
                  : isYes(option) || (decision.kind === 'question' && at === 0)
                    ? 'primary'
                    : 'secondary'
              }
              className="h-auto min-h-7 max-w-full py-1 text-left !whitespace-normal [overflow-wrap:anywhere]"
              disabled={answer.isPending}
              onClick={() => answer.mutate(option.id)}
            >
              {option.label || option.id}
              {decision.default === option.id && <span className="font-normal"> · default</span>}
            </Button>
          ))}
        </div>
      )}
      <details>
        <summary className="press inline-block min-h-6 rounded-sm text-sm text-text-3 hover:text-text">
          Add a note
        </summary>
        <TextField
          label="Note"
          value={note}
          onChange={setNote}
          hint="It is kept with the answer."
          maxLength={2000}
        />
      </details>
      {answer.isError && (
        <p role="alert" className="text-sm break-words text-bad">
          {answer.error.message}
        </p>
      )}
    </div>
  );
}

/** What the session is called where a list or its page has it; else its id. */
function titleOf(client: QueryClient, id: string): string {
  const lists = client.getQueriesData<InfiniteData<SessionPage>>({ queryKey: ['sessions'] });
  const listed = lists
    .flatMap(([, data]) => data?.pages ?? [])
    .flatMap(({ sessions }) => sessions)
    .find(({ session_id }) => session_id === id);
  const found = client.getQueryData(sessionQuery(id).queryKey) ?? listed;
  return found?.title || id;
}

/** One question of an agent: what it is about, how long there is, and the answers; or what became of it. */
export function DecisionCard({
  decision,
  linked = false,
  answersClass,
}: {
  decision: Decision;
  linked?: boolean;
  answersClass?: string;
}) {
  useNames();
  const client = useQueryClient();
  const Icon = decision.kind === 'permission' ? ShieldQuestion : CircleHelp;
  const pending = decision.state === 'pending';
  const outcome = pending ? null : decisionOutcome(decision, actorName);
  return (
    <article aria-label={decision.question.slice(0, 120)} className="flex flex-col gap-2.5">
      <div className="flex items-center gap-2 text-sm text-text-3">
        {pending ? (
          <Icon aria-hidden size={14} className="text-warn" />
        ) : (
          <CheckCheck aria-hidden size={14} className="text-text-3" />
        )}
        <span className={pending ? 'text-warn' : ''}>
          {pending ? (decision.kind === 'permission' ? 'Asks for permission' : 'Asks') : 'Settled'}
        </span>
        {linked && (
          <Link
            to="/sessions/$id"
            params={{ id: decision.session_id }}
            className="min-w-0 truncate hover:text-text hover:underline"
          >
            {titleOf(client, decision.session_id)}
          </Link>
        )}
        <Ago ts={decision.opened_at} className="ml-auto shrink-0" />
      </div>
      <p className="font-medium text-pretty whitespace-pre-wrap [overflow-wrap:anywhere]">
        {decision.question.slice(0, 2_000)}
      </p>
      {pending && <About decision={decision} />}
      {pending && decision.expires_at !== null && (
        <Deadline decision={decision} until={decision.expires_at} />
      )}
      {outcome ? (
        <div role="status" className="rounded-md bg-idle-soft px-3 py-2">
          <p className="break-words">{outcome.title}</p>
          <p className="text-sm text-pretty text-text-2">{outcome.next}</p>
        </div>
      ) : (
        <div className={answersClass}>
          <Answers decision={decision} />
        </div>
      )}
    </article>
  );
}
