import {
  Bot,
  ChevronRight,
  CircleHelp,
  CornerDownRight,
  FilePen,
  LoaderCircle,
  MessageSquare,
  Sparkles,
  SquareTerminal,
  UserRound,
  Wrench,
  XCircle,
} from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { formatClock, formatMs } from '../../../format/duration.ts';
import { actorName } from '../../../live/actor-names.ts';
import { Disclosure } from '../../../ui/disclosure.tsx';
import { cx } from '../../../ui/cx.ts';
import { toneFill } from '../../../ui/state.tsx';
import { DiffView } from '../files/diff-view.tsx';
import type { TranscriptItem } from './build-transcript.ts';

type Of<Kind extends TranscriptItem['kind']> = Extract<TranscriptItem, { kind: Kind }>;

const pre =
  'max-h-72 overflow-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs leading-[18px] whitespace-pre-wrap text-text-2 [overflow-wrap:anywhere]';

function Row({ icon: Icon, tone, children }: { icon: typeof Bot; tone?: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2.5">
      <Icon aria-hidden size={15} className={cx('mt-[2.5px]', tone ?? 'text-text-3')} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}

const speakers = {
  user: { icon: UserRound, label: 'You said', look: 'rounded-lg bg-idle-soft px-3 py-2' },
  assistant: { icon: MessageSquare, label: 'The agent said', look: '' },
  reasoning: { icon: Sparkles, label: 'The agent thought', look: 'text-text-3 italic' },
} as const;

function Message({ item }: { item: Of<'message'> }) {
  const { icon, label, look } = speakers[item.who];
  return (
    <Row icon={icon}>
      <p className={cx('whitespace-pre-wrap [overflow-wrap:anywhere]', look)}>
        <span className="sr-only">{label}: </span>
        {item.text}
      </p>
    </Row>
  );
}

const verbs = { created: 'Created', modified: 'Changed', deleted: 'Deleted' } as const;

function Tool({ item }: { item: Of<'tool'> }) {
  const { name, line, state, input, output, durationMs, files } = item;
  const edit = name === 'edit';
  const Icon = edit ? FilePen : name === 'shell' ? SquareTerminal : Wrench;
  return (
    <Row icon={state === 'failed' ? XCircle : Icon} {...(state === 'failed' ? { tone: 'text-bad' } : {})}>
      <Disclosure
        className="press flex min-h-6 cursor-pointer list-none items-center gap-2 rounded-sm hover:text-text [&::-webkit-details-marker]:hidden"
        summary={
          <>
            {!edit && <span className="shrink-0 font-medium">{name}</span>}
            <span className={cx('min-w-0 truncate', edit ? 'font-medium' : 'font-mono text-xs text-text-2')}>
              {edit ? `${verbs[files[0]?.kind ?? 'modified']} ${files[0]?.path ?? ''}` : line}
            </span>
            {files.length > (edit ? 1 : 0) && (
              <span className="num shrink-0 text-sm text-text-3">
                {edit ? `and ${files.length - 1} more` : `${files.length} files`}
              </span>
            )}
            <ChevronRight aria-hidden size={12} className="shrink-0 text-text-3 group-open:rotate-90" />
            <span className="num ml-auto shrink-0 text-sm text-text-3">
              {state === 'running' ? (
                <span className="inline-flex items-center gap-1.5 text-busy">
                  <LoaderCircle aria-hidden size={13} className="spin" /> running
                </span>
              ) : (
                <>
                  {state === 'failed' && <span className="text-bad">failed </span>}
                  {state === 'ended' && 'ended with its turn '}
                  {durationMs === null ? '' : formatMs(durationMs)}
                </>
              )}
            </span>
          </>
        }
      >
        <div className="mt-1.5 flex flex-col gap-2">
          {input && (
            <pre className={pre} tabIndex={0} role="region" aria-label={`What ${name} was asked`}>
              {input}
            </pre>
          )}
          {output && (
            <pre className={pre} tabIndex={0} role="region" aria-label={`What ${name} answered`}>
              {output}
            </pre>
          )}
          {files.map(({ path, kind, diff }, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- a file may change twice
            <div key={at} className="flex flex-col gap-1">
              <p className="text-sm break-all text-text-2">
                {verbs[kind]} <span className="font-mono text-xs">{path}</span>
              </p>
              {diff && <DiffView diff={diff} label={`Changes of ${path}`} />}
            </div>
          ))}
        </div>
      </Disclosure>
    </Row>
  );
}

const turnEnds = { running: 'running', done: 'done', failed: 'failed', halted: 'halted' } as const;

function One({ item }: { item: TranscriptItem }) {
  switch (item.kind) {
    case 'message':
      return <Message item={item} />;
    case 'tool':
      return <Tool item={item} />;
    case 'turn':
      return (
        <div className="flex items-baseline gap-2 border-t border-line pt-2.5 text-sm text-text-3">
          <CornerDownRight aria-hidden size={13} className="translate-y-0.5" />
          <span className="min-w-0 truncate font-medium text-text-2">{item.title || 'Turn'}</span>
          <span className="num ml-auto shrink-0">
            {turnEnds[item.state]}
            {item.durationMs === null ? '' : ` in ${formatMs(item.durationMs)}`} · {formatClock(item.ts)}
          </span>
        </div>
      );
    case 'agent':
      return (
        <Row icon={Bot}>
          <p className="[overflow-wrap:anywhere]">
            Started an agent <span className="font-medium">{item.role || item.name}</span>{' '}
            <span className="text-text-3">{item.state}</span>
          </p>
        </Row>
      );
    case 'decision':
      return (
        <Row icon={CircleHelp} {...(item.answer === null ? { tone: 'text-warn' } : {})}>
          <p className="[overflow-wrap:anywhere]">
            <span className="font-medium">{item.question}</span>{' '}
            <span className="text-text-3">
              {item.answer === null
                ? 'waits for an answer'
                : `→ ${item.answer}${item.by ? `, ${actorName(item.by)}` : ''}`}
            </span>
          </p>
        </Row>
      );
    case 'note':
      return (
        <p className="flex items-baseline gap-2.5 text-sm text-text-2">
          <span aria-hidden className={cx('ml-1 size-2 shrink-0 rounded-full', toneFill[item.tone])} />
          <span className="min-w-0 [overflow-wrap:anywhere]">{item.text}</span>
          <span className="num ml-auto shrink-0 text-text-3">{formatClock(item.ts)}</span>
        </p>
      );
  }
}

/** One thing of the story. What belongs to a turn stands inside it. */
export const ItemView = memo(function ItemView({ item }: { item: TranscriptItem }) {
  return (
    <div className={item.depth > 0 ? 'ml-3 border-l border-line pl-3' : ''}>
      <One item={item} />
    </div>
  );
});
