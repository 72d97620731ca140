import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CommandResult, CommandType } from '@vigiles/contract';
import { toast } from 'sonner';
import { giveCommand, sessionCommandsQuery, sessionQuery } from '../../../data/session-queries.ts';
import { titled } from '../../../live/describe-event.ts';

/** Gives commands to one session. That one was accepted is seen in its track; that it was not is said at once. */
export function useCommand(sessionId: string, onAccepted?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ type, args }: { type: CommandType; args: Record<string, unknown> }) =>
      giveCommand(sessionId, type, args),
    onSuccess(result: CommandResult, { type }) {
      if (result.success) onAccepted?.();
      else toast.error(`${titled(type.toLowerCase())} was not accepted`, { description: result.error });
    },
    onError: (error, { type }) =>
      toast.error(`${titled(type.toLowerCase())} was not accepted`, { description: error.message }),
    async onSettled() {
      await Promise.all([
        client.invalidateQueries({ queryKey: sessionCommandsQuery(sessionId).queryKey }),
        client.invalidateQueries({ queryKey: sessionQuery(sessionId).queryKey }),
      ]);
    },
  });
}
