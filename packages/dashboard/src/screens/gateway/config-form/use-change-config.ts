import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { changeConfig, configQuery, type ConfigAnswer, type ConfigEdit } from '../../../data/config.ts';

/** Writes changes into vigiles.yaml, as long as it is still what they were made from. */
export function useChangeConfig(done: string, onDone: () => void = () => {}) {
  const client = useQueryClient();
  return useMutation({
    async mutationFn({ edits, revision }: { edits: readonly ConfigEdit[]; revision: string }) {
      const change = await changeConfig(edits, revision);
      const fresh = await client.fetchQuery({ ...configQuery, staleTime: 0 });
      client.setQueryData<ConfigAnswer>(configQuery.queryKey, fresh);
      void client.invalidateQueries({ queryKey: ['gateway'] });
      return change;
    },
    onSuccess({ overridden }) {
      if (overridden.length > 0) {
        toast.warning('Written, but without effect', {
          description: `The environment stands above ${overridden.join(', ')}.`,
        });
      } else toast(done, { description: 'Written to vigiles.yaml; its comments are kept.' });
      onDone();
    },
  });
}
