import type { Service } from '@vigiles/contract';
import type { ComponentProps } from 'react';
import { useBeats } from '../../live/use-beats.ts';
import { BeatBar } from '../../ui/beat-bar.tsx';

/** The last looks at a service as they are made: a new one draws this bar again and nothing around it. */
export const LiveBeats = ({
  service,
  ...look
}: { service: Service } & Omit<ComponentProps<typeof BeatBar>, 'beats'>) => (
  <BeatBar beats={useBeats(service)} {...look} />
);
