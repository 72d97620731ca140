import type { ActionRun, Mail } from '@vigiles/contract';
import type { MailDeps } from './deps.ts';
import type { MailReader } from './reader.ts';
import type { MailStore } from './store.ts';

export interface ApprovalDeps extends Pick<MailDeps, 'clock' | 'log' | 'request' | 'hasRun'> {
  out: MailStore;
  reader: MailReader;
  /** Every change of every run. */
  runs(handler: (run: ActionRun) => void): () => void;
}

/** Mail that waits for a person: a run of the action runner waits for its approval. */
export function createApprovals({ clock, log, request, hasRun, out, reader, runs }: ApprovalDeps) {
  async function ask(mail: Mail): Promise<void> {
    const left = (mail.approval_until ?? clock.now()) - clock.now();
    const asked = await request({
      action: 'send_mail',
      target: `mail:${mail.id}`,
      params: { approval: true, approval_s: Math.max(0, left / 1000) },
      actor: `device:${mail.device_id}`,
      reason: 'its mail has to be approved by a person',
    });
    if (asked.ok) await out.setRun(mail.id, asked.value.run.id);
    else log.info({ mail: mail.id, reason: asked.fault.message }, 'No new wait for an approval was begun');
  }

  async function ended(run: ActionRun): Promise<void> {
    const id = run.target.slice('mail:'.length);
    if (run.cancelled_by !== null) {
      await out.end(id, 'denied', ['awaiting_approval'], `denied by ${run.cancelled_by}`, run.cancelled_by);
      return;
    }
    const mail = await reader.find(id);
    if (mail?.state !== 'awaiting_approval') return;
    const late = (mail.approval_until ?? 0) <= clock.now();
    const reason = late ? 'nobody approved it in time' : run.message;
    await out.end(id, late ? 'expired' : 'denied', ['awaiting_approval'], reason, 'mail');
  }

  let unsubscribe = (): void => {};
  return {
    ask,
    async start(): Promise<void> {
      unsubscribe = runs((run) => {
        if (run.action !== 'send_mail' || run.state !== 'finished' || run.outcome !== 'cancelled') return;
        ended(run).catch((thrown: unknown) =>
          log.error({ err: thrown, run: run.id }, 'The end of a wait for an approval could not be recorded'),
        );
      });
      for (const mail of await reader.awaiting()) {
        const isOver = (mail.approval_until ?? 0) <= clock.now();
        // One that waits already is of before the restart, or of another control.
        if (!isOver && !(await hasRun(`mail:${mail.id}`))) await ask(mail);
      }
    },
    /** Before the runner ends what waits: a restart is nobody's no. */
    stop(): void {
      unsubscribe();
    },
  };
}
