import type { ProviderOverride } from '@vigiles/contract';

/** What an override does, in words that follow the provider's name. */
export function overrideText(override: ProviderOverride): string {
  const parts = [
    override.hold ? 'is held back' : '',
    override.detour_to === null ? '' : `its turns go to ${override.detour_to}`,
    override.idle_timeout_s === null ? '' : `may be silent for ${override.idle_timeout_s} s`,
    override.connect_timeout_s === null ? '' : `has ${override.connect_timeout_s} s to connect`,
  ].filter((part) => part !== '');
  return parts.join(', ') || 'is changed';
}
