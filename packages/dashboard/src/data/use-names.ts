import { useQuery } from '@tanstack/react-query';
import { devicesQuery } from './devices.ts';

/** Draws whoever calls it again once devices have names: texts that were drawn before say “a person”. */
export const useNames = (): void => void useQuery(devicesQuery);
