import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import type { ChannelQuiet } from './channel-quiet.ts';
import { newSpan, QuietFields, spanText } from './quiet-fields.tsx';

/** The quiet hours of one channel: everybody’s, none, or spans of its own. */
export function ChannelQuietPart({
  value,
  onChange,
  errorAt,
}: {
  value: ChannelQuiet;
  onChange: (value: ChannelQuiet) => void;
  /** What is wrong below `quiet_hours`, by the rest of the path. */
  errorAt: (path: string) => string | undefined;
}) {
  const { whose, spans } = value;
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="sr-only">Quiet hours of this channel</legend>
      <SelectField
        label="Quiet hours"
        value={whose}
        onChange={(next) =>
          onChange({
            whose: next as ChannelQuiet['whose'],
            spans: next === 'own' && spans.length === 0 ? [newSpan()] : spans,
          })
        }
        choices={[
          { id: 'everybody', label: 'As for every channel' },
          { id: 'none', label: 'None: it is always told at once' },
          { id: 'own', label: 'Its own' },
        ]}
        hint={whose === 'own' ? 'In place of those of every channel.' : undefined}
        error={errorAt('')}
      />
      {whose === 'own' && (
        <>
          {spans.map((span, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- its place is what it is
            <div key={at} className="flex flex-col gap-3 rounded-md border border-line p-3">
              <QuietFields
                span={span}
                onChange={(next) => onChange({ whose, spans: spans.with(at, next) })}
                errorOf={(name) => errorAt(`${at}.${name}`)}
              />
              {spans.length > 1 && (
                <Button
                  variant="danger"
                  className="self-start"
                  aria-label={`Remove ${spanText(span)}`}
                  onClick={() => onChange({ whose, spans: spans.toSpliced(at, 1) })}
                >
                  Remove
                </Button>
              )}
            </div>
          ))}
          <Button className="self-start" onClick={() => onChange({ whose, spans: [...spans, newSpan()] })}>
            Add another span
          </Button>
        </>
      )}
    </fieldset>
  );
}
