import type { Session } from '@vigiles/contract';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { SelectField, TextAreaField, TextField } from '../../../ui/field.tsx';
import { useCommand } from './use-command.ts';

/** Something more to do: a skill for an orchestrator, words for an agent. */
export function InjectForm({ session, onDone }: { session: Session; onDone: () => void }) {
  const orchestrated = session.agent === null || session.agent.kind === 'http';
  const [skill, setSkill] = useState('');
  const [text, setText] = useState('');
  const [position, setPosition] = useState('next');
  const [problem, setProblem] = useState<string>();
  const command = useCommand(session.session_id, onDone);
  const ready = orchestrated ? skill.trim() !== '' : text.trim() !== '';
  const send = (): void => {
    if (!orchestrated) {
      return command.mutate({ type: 'INJECT', args: { message: text.trim(), position } });
    }
    let parameters: unknown = {};
    try {
      parameters = text.trim() === '' ? {} : JSON.parse(text);
    } catch (error) {
      return setProblem(error instanceof Error ? error.message : 'This is no JSON.');
    }
    setProblem(undefined);
    command.mutate({ type: 'INJECT', args: { skill_name: skill.trim(), parameters, position } });
  };
  return (
    <form
      className="mb-3 flex flex-col gap-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) send();
      }}
    >
      {orchestrated && (
        <TextField label="Skill" value={skill} onChange={setSkill} list="inject-skills" autoFocus />
      )}
      <datalist id="inject-skills">
        {session.skills.slice(0, 100).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <TextAreaField
        label={orchestrated ? 'Parameters (JSON, may be empty)' : 'What it should do as well'}
        value={text}
        onChange={setText}
        error={problem}
        rows={3}
      />
      <SelectField
        label="When"
        wrap="max-w-64"
        value={position}
        onChange={setPosition}
        choices={[
          { id: 'next', label: 'Next' },
          { id: 'end', label: 'At the end' },
        ]}
      />
      <div className="flex gap-2">
        <Button type="submit" variant="primary" disabled={!ready || command.isPending}>
          {command.isPending ? 'Sending…' : 'Inject'}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}
