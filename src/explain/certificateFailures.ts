import type { InspectorAction } from '../protocol.ts';
import { isSayable, variant } from './failureCase.ts';
import type { Case, Id, Plan } from './failureCase.ts';
import { weaknessOf } from './weakCertificate.ts';

const showCertificate: readonly [Id, InspectorAction] = ['show-certificate', 'show-certificate'];

/** The last steps of every certificate that was refused. */
const certificateSteps: Plan['steps'] = [showCertificate, 'without-verification'];

/** What is said of a certificate whose time has passed. */
export function expiredPlan(c: Case): Plan {
  return {
    texts: variant(c, 'text-certificate-expired', 'text-certificate-expired-date'),
    steps: ['renew', 'check-clock', ...certificateSteps],
  };
}

/** What is said of a certificate whose time has not come. */
export function notYetValidPlan(c: Case): Plan {
  return {
    texts: variant(c, 'text-certificate-not-yet-valid', 'text-certificate-not-yet-valid-date'),
    steps: ['check-clock', ...certificateSteps],
  };
}

/** What is said of a certificate, or of the last one of a chain, that signed itself. */
export function selfSignedPlan(c: Case): Plan {
  const isChain = (c.exchange.connection?.tls?.facts?.certificateChain.length ?? 0) > 1;
  return {
    texts: [isChain ? 'text-certificate-self-signed-chain' : 'text-certificate-self-signed'],
    steps: [...isChain ? systemSteps(c) : [], 'trust-authority', ...certificateSteps],
  };
}

/** Where the operating system may trust an authority, and is not asked. */
function systemSteps({ exchange }: Case): Id[] {
  return exchange.spec.options.tls?.systemRoots === false ? ['trust-system'] : [];
}

/** What is said of a chain that ends at no authority that is trusted. */
export function untrustedPlan(c: Case): Plan {
  return {
    texts: variant(c, 'text-certificate-untrusted', 'text-certificate-untrusted-issuer'),
    steps: [...systemSteps(c), 'trust-authority', 'send-intermediates', ...certificateSteps],
  };
}

/** What is said of a certificate for other names (RFC 9110 §4.3.4). */
export function nameMismatchPlan(c: Case): Plan {
  return {
    texts: [
      ...variant(c, 'text-certificate-name-mismatch', 'text-certificate-name-mismatch-names'),
      ...isSayable('name-mismatch-near', c.places) ? ['name-mismatch-near' as const] : [],
      ...isOtherwiseSound(c) ? ['name-mismatch-rest' as const] : [],
    ],
    steps: [['name-likely', 'show-certificate'], 'add-san', 'without-verification'],
  };
}

/** OpenSSL has a word for most rules; for what is too weak it has none that the platform passes on. */
export function invalidPlan(c: Case): Plan {
  const { tls, proxy } = c.exchange.connection ?? {};
  const facts = tls?.facts ?? proxy?.tls;
  const weakness = facts && weaknessOf(facts);
  if (weakness) {
    return {
      texts: [`text-certificate-weak-${weakness.kind}`],
      steps: [`renew-weak-${weakness.kind}`, ...certificateSteps],
    };
  }
  return {
    texts: c.failure.cause?.message === 'UNSPECIFIED' ? ['text-certificate-invalid']
      : variant(c, 'text-certificate-invalid', 'text-certificate-invalid-cause'),
    steps: certificateSteps,
  };
}

function isOtherwiseSound({ exchange: { connection, startedAt } }: Case): boolean {
  const facts = connection?.tls?.facts;
  const leaf = facts?.certificateChain[0];
  return leaf !== undefined && facts?.chainError === undefined
    && leaf.validTo > startedAt && leaf.validFrom < startedAt;
}
