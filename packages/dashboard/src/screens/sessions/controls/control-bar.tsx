import { useQuery } from '@tanstack/react-query';
import type { Session } from '@vigiles/contract';
import { CirclePause, CirclePlay, CirclePlus, CornerUpRight, Undo2, type LucideIcon } from 'lucide-react';
import { useId, useState } from 'react';
import { sessionCommandsQuery } from '../../../data/session-queries.ts';
import { Button } from '../../../ui/button.tsx';
import { useCompact } from '../../../ui/use-media.ts';
import { CommandTrack } from './command-track.tsx';
import { InjectForm } from './inject-form.tsx';
import { RedirectForm } from './redirect-form.tsx';
import { useCommand } from './use-command.ts';
import { haltHint, reasonAgainst, type Verb } from './verbs.ts';

const buttons: { verb: Verb; label: string; icon: LucideIcon }[] = [
  { verb: 'HALT', label: 'Halt', icon: CirclePause },
  { verb: 'RESUME', label: 'Resume', icon: CirclePlay },
  { verb: 'REDIRECT', label: 'Redirect', icon: CornerUpRight },
  { verb: 'INJECT', label: 'Inject', icon: CirclePlus },
  { verb: 'ROLLBACK', label: 'Roll back', icon: Undo2 },
];
/** How many commands are followed above the buttons; all of them are in the log. */
const TRACKS = 2;
const TRACKS_COMPACT = 1;

/**
 * The verbs at the foot of a session. One that cannot be used stays where it is and says why, to the mouse and to a
 * screen reader alike (so it is `aria-disabled` and keeps the focus).
 */
export function ControlBar({ session, onRollback }: { session: Session; onRollback: () => void }) {
  const id = useId();
  const compact = useCompact();
  const [form, setForm] = useState<'REDIRECT' | 'INJECT' | null>(null);
  const { data: commands = [] } = useQuery(sessionCommandsQuery(session.session_id));
  const command = useCommand(session.session_id);
  const tracks = [...commands]
    .sort((a, b) => b.seq - a.seq || b.created_at - a.created_at)
    .slice(0, compact ? TRACKS_COMPACT : TRACKS);
  const use = (verb: Verb): void => {
    if (verb === 'ROLLBACK') onRollback();
    else if (verb === 'REDIRECT' || verb === 'INJECT') setForm(form === verb ? null : verb);
    else command.mutate({ type: verb, args: {} });
  };
  const close = (): void => setForm(null);
  return (
    <div className="shrink-0 border-t border-line bg-surface px-(--gutter) py-2.5">
      {tracks.length > 0 && (
        <ul aria-label="Commands" aria-live="polite" className="mb-2 flex flex-col gap-1">
          {tracks.map((each) => (
            <li key={each.command_id}>
              <CommandTrack command={each} />
            </li>
          ))}
        </ul>
      )}
      {form === 'REDIRECT' && <RedirectForm session={session} onDone={close} />}
      {form === 'INJECT' && <InjectForm session={session} onDone={close} />}
      <div role="toolbar" aria-label="Steer the session" className="flex gap-2">
        {buttons.map(({ verb, label, icon: Icon }) => {
          const reason = reasonAgainst(session, verb);
          const tip = reason ?? (verb === 'HALT' ? haltHint(session) : undefined);
          return (
            <span key={verb}>
              <Button
                size="md"
                variant={
                  verb === 'HALT' && !reason
                    ? 'danger'
                    : verb === 'RESUME' && !reason
                      ? 'primary'
                      : 'secondary'
                }
                aria-disabled={reason !== null || command.isPending}
                aria-describedby={tip ? `${id}-${verb}` : undefined}
                aria-expanded={verb === 'REDIRECT' || verb === 'INJECT' ? form === verb : undefined}
                data-tip={tip}
                onClick={() => !reason && !command.isPending && use(verb)}
              >
                <Icon aria-hidden size={15} />
                <span className={verb === 'HALT' || verb === 'RESUME' ? '' : 'max-sm:sr-only'}>{label}</span>
              </Button>
              {tip && (
                <span id={`${id}-${verb}`} className="sr-only">
                  {tip}
                </span>
              )}
            </span>
          );
        })}
      </div>
    </div>
  );
}
