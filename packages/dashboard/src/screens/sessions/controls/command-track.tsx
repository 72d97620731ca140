import type { SessionCommand } from '@vigiles/contract';
import { Check, LoaderCircle, X } from 'lucide-react';
import { useNames } from '../../../data/use-names.ts';
import { actorName, withNames } from '../../../live/actor-names.ts';
import { titled } from '../../../live/describe-event.ts';
import { cx } from '../../../ui/cx.ts';
import { toneText } from '../../../ui/state.tsx';
import { Ago, Countdown } from '../../../ui/time.tsx';
import { commandTone } from '../session-face.ts';

const steps = ['queued', 'delivered', 'applied'] as const;

/** How far a command is: queued → delivered → applied, or where and why it ended. */
export function CommandTrack({ command }: { command: SessionCommand }) {
  useNames();
  const { state, type, note, actor } = command;
  const at = steps.indexOf(state as (typeof steps)[number]);
  const reached = at >= 0 ? at : command.delivered_at === null ? 0 : 1;
  const failed = at < 0;
  const open = state === 'queued' || state === 'delivered';
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-0.5 text-sm">
      <span className="font-medium">{titled(type.toLowerCase())}</span>
      <span className="text-text-3">by {actorName(actor)}</span>
      <ol aria-label="How far it is" className="flex items-center gap-1">
        {steps.map((step, place) => {
          const end = failed && place === 2;
          const done = place < reached || state === 'applied' || (failed && place <= reached);
          const now = open && place === reached;
          return (
            <li key={step} className="flex items-center gap-1">
              {place > 0 && <span aria-hidden className="h-px w-2.5 bg-line-strong" />}
              <span
                aria-current={now ? 'step' : undefined}
                className={cx(
                  'inline-flex items-center gap-1',
                  end ? toneText[commandTone[state]] : now ? 'text-busy' : done ? 'text-text' : 'text-text-3',
                )}
              >
                {end ? (
                  <X aria-hidden size={12} />
                ) : now ? (
                  <LoaderCircle aria-hidden size={12} className="spin" />
                ) : done ? (
                  <Check aria-hidden size={12} className="text-ok" />
                ) : null}
                {end ? state : step}
              </span>
            </li>
          );
        })}
      </ol>
      {state === 'queued' && (
        <span className="text-text-3">
          nobody took it yet, <Countdown until={command.deadline} /> left
        </span>
      )}
      {note && <span className="min-w-0 break-words text-text-2">{withNames(note)}</span>}
      <Ago ts={command.settled_at ?? command.created_at} className="ml-auto shrink-0 text-text-3" />
    </div>
  );
}
