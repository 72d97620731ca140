import type { Session } from '@vigiles/contract';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { TextAreaField, TextField } from '../../../ui/field.tsx';
import { useCommand } from './use-command.ts';

/** New instructions for the running turn; an orchestrator is sent to a skill or a path. */
export function RedirectForm({ session, onDone }: { session: Session; onDone: () => void }) {
  const orchestrated = session.agent === null || session.agent.kind === 'http';
  const [message, setMessage] = useState('');
  const [skill, setSkill] = useState('');
  const command = useCommand(session.session_id, onDone);
  const said = message.trim();
  const target = skill.trim();
  const ready = orchestrated ? target !== '' : said !== '';
  return (
    <form
      className="mb-3 flex flex-col gap-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        const args = orchestrated
          ? { target_skill: target, ...(said ? { message: said } : {}) }
          : { message: said };
        if (ready) command.mutate({ type: 'REDIRECT', args });
      }}
    >
      {orchestrated && (
        <TextField
          label="Skill or path to go on with"
          value={skill}
          onChange={setSkill}
          list="session-skills"
          autoFocus
        />
      )}
      <datalist id="session-skills">
        {session.skills.slice(0, 100).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <TextAreaField
        label={orchestrated ? 'Why (may be empty)' : 'What it should do instead'}
        value={message}
        onChange={setMessage}
        rows={3}
      />
      <div className="flex gap-2">
        <Button type="submit" variant="primary" disabled={!ready || command.isPending}>
          {command.isPending ? 'Sending…' : 'Redirect'}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}
