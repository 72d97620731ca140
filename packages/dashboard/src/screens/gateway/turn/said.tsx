import { useMutation } from '@tanstack/react-query';
import type { TurnRecord } from '@vigiles/contract';
import { readRecord } from '../../../data/gateway-queries.ts';
import { Button } from '../../../ui/button.tsx';

/** JSON with its lines; anything else as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Text({ title, text }: { title: string; text: string }) {
  return (
    <details className="group">
      <summary className="rounded-sm py-1 font-medium">
        {title}{' '}
        <span className="num font-normal text-text-3">{text.length.toLocaleString('en')} characters</span>
      </summary>
      <pre
        tabIndex={0}
        role="region"
        aria-label={title}
        className="mt-1 max-h-80 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap"
      >
        {readable(text)}
      </pre>
    </details>
  );
}

function Content({ content }: { content: TurnRecord['content'] }) {
  if (!content) {
    return (
      <p className="text-pretty text-text-3">
        Nothing of it was kept. <code className="font-mono text-xs">gateway.store_prompts</code> decides
        whether prompts are: <code className="font-mono text-xs">off</code>,{' '}
        <code className="font-mono text-xs">redacted</code> or <code className="font-mono text-xs">full</code>
        .
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-1">
      <Text title="Asked" text={content.request} />
      {content.sent !== null && <Text title="Sent to the provider" text={content.sent} />}
      {content.received && (
        <Text title={`Received, ${content.received.status}`} text={content.received.body} />
      )}
      <Text title="Answered" text={content.answered} />
      {content.cut && <p className="text-sm text-warn">Some of it was too long to be kept whole.</p>}
    </div>
  );
}

/** What was said in the turn, where it is kept. Asked for by hand: the audit log says who read it. */
export function Said({ id }: { id: string }) {
  const record = useMutation({ mutationFn: () => readRecord(id) });
  if (record.data) return <Content content={record.data.content} />;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button disabled={record.isPending} onClick={() => record.mutate()}>
        {record.isPending ? 'Reading…' : 'Show what was said'}
      </Button>
      <p className="text-sm text-text-3">Reading it is noted in the audit log.</p>
      {record.isError && (
        <p role="alert" className="w-full text-bad">
          {record.error.message}
        </p>
      )}
    </div>
  );
}
