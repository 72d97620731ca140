import type { QuietHoursConfig } from '@vigiles/contract';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A span as it is being written: any text may stand in it until it is saved. */
export interface SpanDraft {
  from: string;
  to: string;
  days: readonly string[];
  time_zone: string;
  except: string;
  otherwise: string;
}

/** Most people’s night, where the browser is. */
export const newSpan = (): SpanDraft => ({
  from: '22:00',
  to: '07:00',
  days: [],
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  except: 'critical',
  otherwise: 'hold',
});

/** A span in a few words. */
export const spanText = ({ from, to, days: on, time_zone: zone }: QuietHoursConfig | SpanDraft): string =>
  `${from} to ${to}, ${on.length === 0 ? 'every day' : on.join(', ')}, ${zone}`;

/** The fields of one span of quiet hours. */
export function QuietFields({
  span,
  onChange,
  errorOf,
}: {
  span: SpanDraft;
  onChange: (span: SpanDraft) => void;
  errorOf: (name: string) => string | undefined;
}) {
  const set = (change: Partial<SpanDraft>): void => onChange({ ...span, ...change });
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="From"
          value={span.from}
          onChange={(from) => set({ from })}
          error={errorOf('from')}
        />
        <TextField label="To" value={span.to} onChange={(to) => set({ to })} error={errorOf('to')} />
      </div>
      <TextField
        label="Time zone"
        value={span.time_zone}
        onChange={(zone) => set({ time_zone: zone })}
        error={errorOf('time_zone')}
      />
      <fieldset>
        <legend className="mb-1 text-sm text-text-2">Days on which they begin; none: every day</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {days.map((day) => (
            <CheckField
              key={day}
              label={day}
              checked={span.days.includes(day)}
              onChange={(on) =>
                set({ days: days.filter((each) => (each === day ? on : span.days.includes(each))) })
              }
            />
          ))}
        </div>
      </fieldset>
      <SelectField
        label="What is told all the same"
        value={span.except}
        onChange={(except) => set({ except })}
        choices={[
          { id: 'critical', label: 'What is critical' },
          { id: 'nothing', label: 'Nothing' },
        ]}
      />
      <SelectField
        label="The rest"
        value={span.otherwise}
        onChange={(otherwise) => set({ otherwise })}
        choices={[
          { id: 'hold', label: 'Is told when they end' },
          { id: 'drop', label: 'Is only kept in the history' },
        ]}
      />
    </>
  );
}
