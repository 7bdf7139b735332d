import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { Severity } from '../finding.ts';

/** A wrong thing, the one code that tells it, its severity, a part of its evidence. */
export type AuditCase = readonly [wrong: string, snapshot: AuditSnapshot, code: string, severity: Severity, evidence: string];
