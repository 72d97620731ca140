import { foreseeExpiry, type CertificateFacts } from './core/certificate.ts';
import type { Foreteller, Found } from './core/found.ts';

/** What a check saw of a certificate at its last look. */
export interface SeenCertificate extends CertificateFacts {
  service: string;
  check: string;
}

/** Foresees certificates that expire because nobody renews them. */
export const certificateForeteller = (seen: () => readonly SeenCertificate[]): Foreteller => ({
  kinds: ['certificate'],
  look: async () =>
    seen().flatMap(({ service, check, ...facts }): Found[] => {
      const foresight = foreseeExpiry(facts);
      if (!foresight) return [];
      return [
        {
          kind: 'certificate',
          target: service,
          targetClass: 'service',
          part: check,
          sentence: 'its certificate expires',
          basis: 'As it was sent at the last look',
          foresight,
          limit: facts.failsBelowDays,
          unit: 'days',
        },
      ];
    }),
});
